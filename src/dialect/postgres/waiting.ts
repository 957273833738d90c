import type { Waiting } from "../dialect.js";
import { describeSession, sessionColumns } from "./describe-session.js";

/** Serialization failure and deadlock (PostgreSQL manual, appendix "Error Codes"): the transaction may be tried again. */
const tryAgain: ReadonlySet<unknown> = new Set(["40001", "40P01"]);

const blockers = `SELECT ${sessionColumns}
FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::integer)) AS b (pid)
JOIN pg_catalog.pg_stat_activity AS a ON a.pid = b.pid
ORDER BY a.xact_start`;

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
  },
};
