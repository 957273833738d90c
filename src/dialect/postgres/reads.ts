import { type ObjectName, showName } from "../../schema/name.js";
import type { Connection, Row } from "../connection.js";
import type { CountedBefore, Going, Reading, Reads } from "../reads.js";
import { quoteName } from "./quote.js";

const all = `SELECT coalesce(pg_catalog.json_object_agg(id, n), '{}')::text AS counters FROM (
  SELECT relid AS id, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) AS n FROM pg_catalog.pg_stat_user_tables
  UNION ALL SELECT indexrelid, idx_scan FROM pg_catalog.pg_stat_user_indexes) AS counted`;

// A partitioned table is read in its partitions. What older servers do not remember is no key of the object.
const ofTable = `WITH the AS (SELECT pg_catalog.to_regclass($1)::oid AS id)
SELECT s.relid AS id, coalesce(s.seq_scan, 0) + coalesce(s.idx_scan, 0) AS n,
  greatest((to_jsonb(s) ->> 'last_seq_scan')::timestamptz, (to_jsonb(s) ->> 'last_idx_scan')::timestamptz) AS last
FROM the JOIN pg_catalog.pg_stat_user_tables AS s
  ON s.relid = the.id OR s.relid IN (SELECT relid FROM pg_catalog.pg_partition_tree(the.id))`;

const ofIndex = `WITH the AS (SELECT pg_catalog.to_regclass($1)::oid AS id)
SELECT s.indexrelid AS id, s.idx_scan AS n, (to_jsonb(s) ->> 'last_idx_scan')::timestamptz AS last, s.indexrelname AS name
FROM the JOIN pg_catalog.pg_stat_user_indexes AS s
  ON s.indexrelid = the.id OR s.indexrelid IN (SELECT relid FROM pg_catalog.pg_partition_tree(the.id))`;

// Whoever scans an index asks for its first column.
const ofColumn = `SELECT s.indexrelid AS id, s.idx_scan AS n, (to_jsonb(s) ->> 'last_idx_scan')::timestamptz AS last, s.indexrelname AS name
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_index AS i ON i.indrelid = a.attrelid AND i.indkey[0] = a.attnum
JOIN pg_catalog.pg_stat_user_indexes AS s ON s.indexrelid = i.indexrelid
WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attname = $2`;

const reset = `SELECT stats_reset FROM pg_catalog.pg_stat_database WHERE datname = pg_catalog.current_database()`;

/** The version from which a session can be told to hand its own counters in. */
const flushes = 150_000;

/**
 * Source: PostgreSQL manual, "The Cumulative Statistics System" (pg_stat_user_tables, pg_stat_user_indexes,
 * pg_stat_force_next_flush). The counters of a table count dumps, too, and not what is read on replicas.
 */
export const reads: Reading = {
  async count(connection) {
    if (connection.server.version >= flushes)
      await connection.query("SELECT pg_catalog.pg_stat_force_next_flush()");
    const [row] = await connection.query(all);
    return String(row?.["counters"] ?? "{}");
  },
  async of(connection, going, before) {
    const [row] = await connection.query(reset);
    const since = row?.["stats_reset"] instanceof Date ? row["stats_reset"] : null;
    // Counters that began anew meanwhile say nothing of the time before.
    const counts = before !== null && (since === null || since <= before.at) ? before : null;
    const known = counts === null ? {} : (JSON.parse(counts.counters) as Readonly<Record<string, number>>);
    const found: (Reads | null)[] = [];
    for (const one of going) found.push(await readsOf(connection, one, known, counts?.at ?? since));
    return found;
  },
};

async function readsOf(
  connection: Connection,
  going: Going,
  known: Readonly<Record<string, number>>,
  since: CountedBefore["at"] | null,
): Promise<Reads | null> {
  if (!(await isThere(connection, going.kind === "index" ? going.index : going.table))) return null;
  const rows = await counted(connection, going);
  if (rows.length === 0) {
    const told =
      going.kind === "column"
        ? `whether column ${showName(going.table)}.${going.column} is read is not counted: no index begins with it`
        : `the server has not counted reads of ${going.kind === "index" ? showName(going.index) : showName(going.table)}`;
    return { times: null, told, since, last: null };
  }
  let times = 0;
  let last: Date | null = null;
  for (const row of rows) {
    const [now, then] = [Number(row["n"] ?? 0), known[String(row["id"])] ?? 0];
    times += now < then ? now : now - then;
    const read = row["last"] instanceof Date ? row["last"] : null;
    if (read !== null && (last === null || read > last)) last = read;
  }
  return { times, told: whatOf(going, rows), since, last };
}

function whatOf(going: Going, rows: readonly Row[]): string {
  if (going.kind === "table") return `table ${showName(going.table)}`;
  if (going.kind === "index") return `index ${showName(going.index)}`;
  const names = rows.map((row) => String(row["name"])).join(", ");
  return `column ${showName(going.table)}.${going.column}, by its index ${names}`;
}

async function isThere(connection: Connection, name: ObjectName): Promise<boolean> {
  const [row] = await connection.query("SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there", [
    quoteName(name),
  ]);
  return row?.["there"] === true;
}

function counted(connection: Connection, going: Going): Promise<readonly Row[]> {
  switch (going.kind) {
    case "table":
      return connection.query(ofTable, [quoteName(going.table)]);
    case "index":
      return connection.query(ofIndex, [quoteName(going.index)]);
    case "column":
      return connection.query(ofColumn, [quoteName(going.table), going.column]);
  }
}
