import type { Activity } from "../activity.js";
import type { Connection } from "../connection.js";
import { describeSession, sessionColumns } from "./describe-session.js";

/** Milliseconds from which a transaction is told of when nobody says. */
const defaultLongMs = 5_000;

const transactions = `SELECT ${sessionColumns}
FROM pg_catalog.pg_stat_activity AS a
WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
  AND a.backend_type = 'client backend'
  AND a.xact_start < pg_catalog.clock_timestamp() - $1::float8 * interval '1 millisecond'
ORDER BY a.xact_start`;

const rest = `SELECT pg_catalog.pg_is_in_recovery() AS replica,
  ARRAY(SELECT query FROM pg_catalog.pg_stat_activity
    WHERE backend_type = 'autovacuum worker' AND datname = pg_catalog.current_database() AND query <> '' ORDER BY query) AS vacuums,
  (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', coalesce(nullif(application_name, ''), pg_catalog.host(client_addr), pid::text),
      'seconds', extract(epoch FROM replay_lag)) ORDER BY application_name), '[]')
    FROM pg_catalog.pg_stat_replication) AS replicas`;

/** Source: PostgreSQL manual, "The Cumulative Statistics System" (pg_stat_activity, pg_stat_replication). */
export async function activity(connection: Connection, longMs = defaultLongMs): Promise<Activity> {
  const open = await connection.query(transactions, [longMs]);
  const [row] = await connection.query(rest);
  return {
    isReplica: row?.["replica"] === true,
    openTransactions: open.map(describeSession),
    vacuums: (row?.["vacuums"] ?? []) as readonly string[],
    replicas: (row?.["replicas"] ?? []) as Activity["replicas"],
  };
}
