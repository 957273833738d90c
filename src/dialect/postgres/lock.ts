import { setTimeout as pause } from "node:timers/promises";
import { AludelError } from "../../error/error.js";
import { showName } from "../../schema/name.js";
import type { Connection, Row } from "../connection.js";
import type { Lock, LockOptions } from "../dialect.js";
import { describeSession, sessionColumns } from "./describe-session.js";

/**
 * One round trip. The key says which version table is meant, in the namespace where it is found or would be made;
 * advisory locks are a database's own, so that the database need not be in it.
 */
const attempt = `SELECT key::text AS key, pg_catalog.pg_try_advisory_lock(key) AS taken
FROM (SELECT pg_catalog.hashtextextended(
  pg_catalog.concat_ws('.', 'aludel', coalesce($1::text, pg_catalog.current_schema()::text), $2::text), 0) AS key) AS k`;

/** How pg_locks shows a lock of one bigint: its high half in classid, its low half in objid, and objsubid 1. */
const holders = `SELECT ${sessionColumns}
FROM pg_catalog.pg_locks AS l
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
  AND l.classid = (($1::bigint >> 32) & 4294967295)::oid AND l.objid = ($1::bigint & 4294967295)::oid
LIMIT 1`;

async function holderOf(connection: Connection, key: string): Promise<Row | null> {
  const [row] = await connection.query(holders, [key]);
  return row ?? null;
}

function timeout(options: LockOptions, holder: Row | null): AludelError {
  const table = showName(options.bookkeeping.versionTable);
  const who = holder === null ? "another session" : describeSession(holder);
  return new AludelError("lock-timeout", `The right to migrate (${table}) is held by ${who}`, {
    remedy:
      holder === null
        ? "Try again."
        : `Wait until it has finished, or end it with \`SELECT pg_terminate_backend(${holder["pid"]})\` if it hangs.`,
    data: {
      waitedMs: options.timeoutMs,
      ...(holder === null
        ? {}
        : {
            holder: {
              pid: holder["pid"],
              user: holder["user"],
              application: holder["application"],
              address: holder["address"],
              since: holder["since"] instanceof Date ? holder["since"].toISOString() : null,
            },
          }),
    },
  });
}

/**
 * Takes the right to migrate a database: a session's advisory lock, which ends with the session at the latest.
 *
 * It asks again and again instead of waiting inside the server (`pg_advisory_lock`): a statement that waits holds a
 * snapshot, and CREATE INDEX CONCURRENTLY of the session that has the lock would wait for that snapshot to go, forever.
 * A pooler that gives every transaction another session (PgBouncer's transaction mode) makes the lock meaningless.
 *
 * @throws AludelError `lock-timeout`, with who holds it.
 * Source: PostgreSQL manual, "Advisory Lock Functions", "pg_locks", "CREATE INDEX" (building indexes concurrently).
 */
export async function lockPostgres(connection: Connection, options: LockOptions): Promise<Lock> {
  const { namespace, name } = options.bookkeeping.versionTable;
  const deadline = performance.now() + options.timeoutMs;
  let told = false;
  for (let wait = 50; ; wait = Math.min(wait * 1.5, 1000)) {
    const [row] = await connection.query(attempt, [namespace, name]);
    const key = String(row?.["key"]);
    if (row?.["taken"] === true) return heldLock(connection, key);
    const left = deadline - performance.now();
    if (left <= 0) throw timeout(options, await holderOf(connection, key));
    if (!told) {
      const holder = await holderOf(connection, key);
      if (holder !== null) {
        told = true;
        options.onWait(describeSession(holder));
      }
    }
    // Not quite the same pause for everyone: several who wait shall not ask in step.
    await pause(Math.min(left, wait * (0.75 + Math.random() / 2)));
  }
}

function heldLock(connection: Connection, key: string): Lock {
  let held = true;
  return {
    async release() {
      if (!held) return;
      held = false;
      await connection
        .query("SELECT pg_catalog.pg_advisory_unlock($1::bigint)", [key])
        .catch(() => undefined);
    },
  };
}
