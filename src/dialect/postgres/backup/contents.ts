import type { ObjectName } from "../../../schema/name.js";
import type { Connection } from "../../connection.js";

/** Of the user's own: not the server's, and not an extension's. */
const isOwn = (catalogue: string, object: string, namespace: string) => `${namespace}.nspname !~ '^pg_'
  AND ${namespace}.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.${catalogue}'::pg_catalog.regclass
    AND d.objid = ${object}.oid AND d.deptype = 'e')`;

const relations = `SELECT n.nspname || '.' || c.relname AS shown, n.nspname AS namespace, c.relname AS name,
  c.relkind IN ('r', 'p') AS is_table
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND ${isOwn("pg_class", "c", "n")}
ORDER BY c.relkind NOT IN ('r', 'p'), 1`;

const rest = `SELECT n.nspname || '.' || p.proname || '()' AS shown
FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE ${isOwn("pg_proc", "p", "n")}
UNION ALL
SELECT n.nspname || '.' || t.typname
FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
WHERE t.typtype IN ('e', 'd', 'r') AND ${isOwn("pg_type", "t", "n")}
UNION ALL
SELECT 'schema ' || n.nspname FROM pg_catalog.pg_namespace AS n
WHERE n.nspname <> 'public' AND ${isOwn("pg_namespace", "n", "n")}
ORDER BY 1`;

/** Names of what a database has of its own, tables first. */
export async function contents(connection: Connection): Promise<readonly string[]> {
  const all = [...(await connection.query(relations)), ...(await connection.query(rest))];
  return all.map(({ shown }) => String(shown));
}

/** The tables of a database. */
export async function tablesOf(connection: Connection): Promise<readonly ObjectName[]> {
  const rows = await connection.query(relations);
  return rows
    .filter((row) => row["is_table"] === true)
    .map(({ namespace, name }) => ({ namespace: String(namespace), name: String(name) }));
}
