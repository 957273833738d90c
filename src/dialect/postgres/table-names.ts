import type { ObjectName } from "../../schema/name.js";
import type { Connection } from "../connection.js";
import { isOfExtension } from "./inspect/reading.js";
import { quoteString } from "./quote.js";

/** See `Dialect.tableNames`. */
export async function tableNames(
  connection: Connection,
  without: readonly ObjectName[],
): Promise<readonly string[]> {
  const others = without.map(
    ({ namespace, name }) =>
      `AND NOT (c.relname = ${quoteString(name)}${namespace === null ? "" : ` AND n.nspname = ${quoteString(namespace)}`})`,
  );
  const rows = await connection.query(
    `SELECT c.relname::text AS name
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND n.nspname !~ '^pg_'
  AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't' ${others.join(" ")}
  AND NOT ${isOfExtension("pg_class", "c.oid")}
ORDER BY c.relname COLLATE "C"`,
  );
  return rows.map((row) => String(row["name"]));
}
