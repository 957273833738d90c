import type { ObjectName } from "../../schema/name.js";
import type { Connection } from "../connection.js";
import type { NeededPrivileges } from "../dialect.js";
import { quoteName } from "./quote.js";

/** Who is a member of the owner may do what the owner may (manual, "Role Membership"). */
const tablesOfOthers = `SELECT n.nspname AS schema, c.relname AS name, pg_catalog.pg_get_userbyid(c.relowner)::text AS owner,
  current_user::text AS "user"
FROM pg_catalog.unnest($1::text[]) AS t (name)
JOIN pg_catalog.pg_class AS c ON c.oid = pg_catalog.to_regclass(t.name)
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT pg_catalog.pg_has_role(current_user, c.relowner, 'USAGE')
ORDER BY 1, 2`;

const closedNamespaces = `SELECT DISTINCT n.nspname AS schema, current_user::text AS "user"
FROM pg_catalog.unnest($1::text[]) AS s (name)
JOIN pg_catalog.pg_namespace AS n ON n.nspname = coalesce(s.name, pg_catalog.current_schema())
WHERE NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE')
ORDER BY 1`;

/** See `Dialect.missingPrivileges`. Source: PostgreSQL manual, "Access Privilege Inquiry Functions". */
export async function missingPrivileges(
  connection: Connection,
  { altered, makesIn }: NeededPrivileges,
): Promise<readonly string[]> {
  const names = altered.map((name: ObjectName) => quoteName(name));
  const tables = names.length === 0 ? [] : await connection.query(tablesOfOthers, [names]);
  const namespaces = makesIn.length === 0 ? [] : await connection.query(closedNamespaces, [makesIn]);
  return [
    ...tables.map(
      ({ schema, name, owner, user }) =>
        `Only ${owner}, who owns ${schema}.${name}, may alter it, and ${user} is no member of it`,
    ),
    ...namespaces.map(({ schema, user }) => `${user} may make nothing in schema ${schema}`),
  ];
}
