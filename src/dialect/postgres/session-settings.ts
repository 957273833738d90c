import type { Connection } from "../connection.js";

/** Settings that bear on what a statement of DDL means (manual 20.11). */
const names = [
  "search_path",
  "default_tablespace",
  "default_table_access_method",
  "default_toast_compression",
  "standard_conforming_strings",
  "check_function_bodies",
  "DateStyle",
  "IntervalStyle",
  "TimeZone",
];

const query = `SELECT pg_catalog.string_agg(pg_catalog.format('SELECT pg_catalog.set_config(%L, %L, false)', n, v), '; ') AS script
FROM (SELECT n, pg_catalog.current_setting(n, true) AS v
  FROM pg_catalog.unnest(ARRAY[${names.map((name) => `'${name}'`).join(", ")}]) AS n) AS settings
WHERE v IS NOT NULL`;

/** The settings of a session as statements that bring them back. */
export async function sessionSettings(connection: Connection): Promise<string> {
  const [row] = await connection.query(query);
  return String(row?.["script"] ?? "");
}
