import type { Connection } from "../connection.js";
import type { TableSize } from "../dialect.js";

/**
 * What the server's statistics say (`pg_class.reltuples`, kept by VACUUM and ANALYZE): no table is read or locked. Of a
 * partitioned table, and of one with heirs, the rows of all that are below it. Before version 14 a table that was never
 * looked at has 0 rows and 0 pages, from then on -1.
 */
const question = `WITH RECURSIVE below AS (
  SELECT oid AS top, oid AS member FROM pg_class WHERE relkind IN ('r', 'p', 'm')
  UNION
  SELECT below.top, i.inhrelid FROM below JOIN pg_inherits AS i ON i.inhparent = below.member
)
SELECT n.nspname AS schema, c.relname AS "table",
  CASE WHEN bool_or(m.relkind <> 'p' AND (m.reltuples < 0 OR (m.reltuples = 0 AND m.relpages = 0
      AND current_setting('server_version_num')::int < 140000)))
    THEN -1 ELSE coalesce(sum(greatest(m.reltuples, 0)) FILTER (WHERE m.relkind <> 'p'), 0) END::float8 AS rows,
  (coalesce(sum(m.relpages::bigint), 0) * current_setting('block_size')::bigint)::float8 AS bytes
FROM below
JOIN pg_class AS c ON c.oid = below.top
JOIN pg_class AS m ON m.oid = below.member
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_t%'
GROUP BY n.nspname, c.relname
ORDER BY n.nspname, c.relname`;

/** See `Dialect.tableSizes`. */
export async function tableSizes(connection: Connection): Promise<readonly TableSize[]> {
  await connection.run("BEGIN READ ONLY; SET LOCAL statement_timeout = '15s'; SET LOCAL lock_timeout = '2s'");
  try {
    const rows = await connection.query(question);
    return rows.map(({ schema, table, rows: count, bytes }) => ({
      schema: String(schema),
      table: String(table),
      rows: Number(count),
      bytes: Number(bytes),
    }));
  } finally {
    await connection.run("ROLLBACK");
  }
}
