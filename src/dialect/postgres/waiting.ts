import { messageOf } from "../../error/error.js";
import type { Connection } from "../connection.js";
import type { Cancelled, Waiting } from "../dialect.js";
import { describeSession, sessionColumns } from "./describe-session.js";

/** Serialization failure and deadlock (PostgreSQL manual, appendix "Error Codes"): the transaction may be tried again. */
const tryAgain: ReadonlySet<unknown> = new Set(["40001", "40P01"]);

const blockers = `SELECT ${sessionColumns}
FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::integer)) AS b (pid)
JOIN pg_catalog.pg_stat_activity AS a ON a.pid = b.pid
ORDER BY a.xact_start`;

/**
 * Queries that run. A session that is idle in its transaction has none to cancel, one that waits itself is not who is in the way, and
 * neither a dump nor another run of Aludel is to be torn apart.
 */
const cancellable = `a.state = 'active' AND a.backend_type = 'client backend'
  AND coalesce(a.wait_event_type, '') <> 'Lock' AND a.application_name NOT IN ('aludel', 'pg_dump')
  AND a.query_start < pg_catalog.clock_timestamp() - $2::float8 * interval '1 millisecond'`;

const old = `SELECT ${sessionColumns}
FROM pg_catalog.pg_stat_activity AS a
WHERE a.pid = ANY (pg_catalog.pg_blocking_pids($1::integer)) AND ${cancellable} ORDER BY a.query_start`;

// Looked at once more in the same breath: the process may be somebody else's by now.
const cancelOne = `SELECT pg_catalog.pg_cancel_backend(a.pid) AS done FROM pg_catalog.pg_stat_activity AS a
WHERE a.pid = $3 AND a.pid = ANY (pg_catalog.pg_blocking_pids($1::integer)) AND ${cancellable}`;

/** Source: PostgreSQL manual, "Server Signaling Functions" (pg_cancel_backend). */
async function cancel(
  beside: Connection,
  session: string,
  olderThanMs: number,
): Promise<readonly Cancelled[]> {
  const cancelled: Cancelled[] = [];
  for (const row of await beside.query(old, [session, olderThanMs])) {
    try {
      const [one] = await beside.query(cancelOne, [session, olderThanMs, row["pid"]]);
      if (one?.["done"] === true) cancelled.push({ session: describeSession(row), refused: null });
    } catch (error) {
      cancelled.push({ session: describeSession(row), refused: messageOf(error) });
    }
  }
  return cancelled;
}

/** Source: PostgreSQL manual, "Statement Behavior" (lock_timeout, statement_timeout), "pg_blocking_pids". */
export const waiting: Waiting = {
  settings({ lockMs, statementMs }) {
    const set = (name: string, value: number | null) => (value === null ? [] : [`SET ${name} = ${value}`]);
    return [...set("lock_timeout", lockMs), ...set("statement_timeout", statementMs)].join(";\n");
  },
  gaveWay: (error) => error.code === "lock-timeout" || tryAgain.has(error.data["sqlState"]),
  holders: {
    async session(connection) {
      const [row] = await connection.query("SELECT pg_catalog.pg_backend_pid() AS pid");
      return String(row?.["pid"]);
    },
    async ask(beside, session) {
      const rows = await beside.query(blockers, [session]);
      return rows.map(describeSession);
    },
    cancel,
  },
};
