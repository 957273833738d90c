import type { Connection } from "../../connection.js";
import type { Scope, Uninspected } from "../../dialect.js";
import { publicationInScope } from "./publications.js";
import { nameIn, openReading, type Reading, rowsOf } from "./reading.js";
import { isSecret } from "./sql-name.js";

/**
 * Lists the objects in scope that `inspectPostgres` leaves out, or leaves a part of out, so that a command can name
 * them: nothing is dropped silently.
 */
export async function uninspected(connection: Connection, scope: Scope): Promise<readonly Uninspected[]> {
  const reading = await openReading(connection, scope);
  const rows = await rowsOf<{
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly table: string | null;
  }>(connection, queries(reading).join("\nUNION ALL\n").concat("\nORDER BY 1, 2, 4, 3"));
  return rows.map(({ kind, namespace, name, table }) => ({
    kind,
    name: namespace === "" ? { namespace: null, name } : nameIn(reading, namespace, name),
    table: table === null ? null : nameIn(reading, namespace, table),
  }));
}

/** Each gives kind, namespace (oid, or empty for what lives in none), name and table. */
function queries(reading: Reading): readonly string[] {
  const { list } = reading;
  return [
    `SELECT 'invalid index' AS kind, c.relnamespace::text AS namespace, ic.relname::text AS name, c.relname::text AS table
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
WHERE c.relnamespace IN ${list} AND c.relpersistence <> 't' AND NOT i.indisvalid AND c.relkind IN ('r', 'm')`,
    ...secrets(),
    `SELECT 'publication', '', p.pubname::text, NULL FROM pg_catalog.pg_publication p
WHERE NOT (${publicationInScope(reading, "p.oid")})`,
    `SELECT 'subscription', '', s.subname::text, NULL FROM pg_catalog.pg_subscription s
WHERE s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())`,
    `SELECT 'security label', c.relnamespace::text, c.relname::text, NULL
FROM pg_catalog.pg_seclabel l JOIN pg_catalog.pg_class c ON c.oid = l.objoid
WHERE l.classoid = 'pg_catalog.pg_class'::regclass AND c.relnamespace IN ${list}`,
  ];
}

/** What may hold a password is not read. */
function secrets(): readonly string[] {
  const options = (kind: string, catalog: string, name: string, column: string) =>
    `SELECT '${kind}', '', o.option_name || ' of ' || x.${name}, NULL
FROM pg_catalog.${catalog} x CROSS JOIN LATERAL pg_options_to_table(x.${column}) o WHERE ${isSecret("o.option_name")}`;
  return [
    `SELECT 'user mapping', '', u.srvname || ' for ' || coalesce(u.usename::text, 'public'), NULL
FROM pg_catalog.pg_user_mappings u`,
    options("secret option", "pg_foreign_server", "srvname", "srvoptions"),
    options("secret option", "pg_foreign_data_wrapper", "fdwname", "fdwoptions"),
    `SELECT 'secret option', c.relnamespace::text, o.option_name::text, c.relname::text
FROM pg_catalog.pg_foreign_table ft JOIN pg_catalog.pg_class c ON c.oid = ft.ftrelid
CROSS JOIN LATERAL pg_options_to_table(ft.ftoptions) o WHERE ${isSecret("o.option_name")}`,
  ];
}
