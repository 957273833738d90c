import { setTimeout as pause } from "node:timers/promises";
import type { LockMode } from "../../../effect/lock.js";
import type { Connection } from "../../connection.js";
import { quoteName } from "../quote.js";
import { type HeldLock, locksOf, modesByRelation, type TracedRelation } from "./state.js";

const pollMs = 4;

/** The sessions beside the one that is watched. */
export class Watchers {
  readonly #open: () => Promise<Connection>;
  readonly #opened: Connection[] = [];

  constructor(open: () => Promise<Connection>) {
    this.#open = open;
  }

  /** The first watches, the others hold tables. */
  async session(number: number): Promise<Connection> {
    for (let next = this.#opened.length; next <= number; next += 1) this.#opened.push(await this.#open());
    const session = this.#opened[number];
    if (session === undefined) throw new RangeError("Sessions are counted from 0");
    return session;
  }

  async close(): Promise<void> {
    for (const session of this.#opened.splice(0)) await session.close();
  }
}

export interface Sampled {
  readonly locks: ReadonlyMap<string, readonly LockMode[]>;
  readonly durationMs: number;
}

/** What is held while a statement runs: what is let go first comes last. */
interface Stages {
  readonly mode: LockMode;
  readonly stages: readonly (readonly TracedRelation[])[];
}

/**
 * Runs a statement that commits by itself, and watches its locks from another session. So that they are there long enough
 * others hold the tables that the statement names, and let go as soon as the statement has been seen waiting: first all
 * but the partitions, which DETACH PARTITION CONCURRENTLY locks last. CONCURRENTLY waits until whole transactions have
 * ended, so that each stage needs one, and a session, of its own.
 */
export async function sample(
  sql: string,
  pid: string,
  relations: Iterable<TracedRelation>,
  watchers: Watchers,
  run: () => Promise<void>,
): Promise<Sampled> {
  const { mode, stages } = stagesOf(sql, [...relations]);
  const watch = await watchers.session(0);
  const held: Connection[] = [];
  try {
    for (const [at, tables] of stages.entries()) {
      const hold = await watchers.session(at + 1);
      held.push(hold);
      const names = tables.map((table) => `ONLY ${quoteName(table)}`).join(", ");
      await hold.run(`BEGIN; LOCK TABLE ${names} IN ${mode} MODE`);
    }
    return await sampleHeld(pid, watch, held, run);
  } finally {
    for (const hold of held) await hold.run("ROLLBACK");
  }
}

async function sampleHeld(
  pid: string,
  watch: Connection,
  held: Connection[],
  run: () => Promise<void>,
): Promise<Sampled> {
  const state = { ended: false };
  const seen: HeldLock[] = [];
  let waitingSince: number | null = null;
  let heldMs = 0;
  const started = performance.now();
  const running = run().finally(() => {
    state.ended = true;
  });
  // Told below, by the await.
  running.catch(() => undefined);
  while (!state.ended) {
    const { locks, waits } = await poll(watch, pid);
    seen.push(...locks.filter((one) => !seen.some((known) => isSame(known, one))));
    if (!waits) waitingSince = null;
    else if (waitingSince === null) waitingSince = performance.now();
    else if (held.length > 0) {
      // Seen waiting twice.
      await held.pop()?.run("ROLLBACK");
      heldMs += performance.now() - waitingSince;
      waitingSince = null;
    }
    if (!state.ended) await pause(pollMs);
  }
  await running;
  return { locks: modesByRelation(seen), durationMs: Math.max(0, performance.now() - started - heldMs) };
}

const isSame = (a: HeldLock, b: HeldLock): boolean => a.oid === b.oid && a.mode === b.mode;

/** What the session holds and waits for; `waits` also for the end of another transaction. */
async function poll(
  watch: Connection,
  pid: string,
): Promise<{ readonly locks: readonly HeldLock[]; readonly waits: boolean }> {
  const [row] = await watch.query(
    `SELECT (${locksOf(pid)})::text AS locks,
      EXISTS (SELECT FROM pg_catalog.pg_locks AS w WHERE w.pid = ${pid} AND NOT w.granted) AS waits`,
  );
  const text = row?.["locks"];
  const locks = typeof text === "string" ? (JSON.parse(text) as readonly HeldLock[] | null) : null;
  return { locks: locks ?? [], waits: row?.["waits"] === true };
}

/**
 * CONCURRENTLY lets others write and waits for their transactions, with its locks in hand. What else cannot be in a
 * transaction waits for whoever holds the lock that VACUUM takes.
 */
function stagesOf(sql: string, relations: readonly TracedRelation[]): Stages {
  const tables = namedIn(sql, relations);
  const stages = [
    tables.filter(({ parents }) => parents.length > 0),
    tables.filter(({ parents }) => parents.length === 0),
  ];
  const mode = /\bconcurrently\b/i.test(sql) ? "ROW EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE";
  return { mode, stages: stages.filter((one) => one.length > 0) };
}

/** The tables whose names, or those of their indexes, are in the text. */
function namedIn(sql: string, relations: readonly TracedRelation[]): readonly TracedRelation[] {
  const text = sql.toLowerCase();
  const named = new Set<string>();
  for (const { oid, name, table } of relations) {
    const written = name.replaceAll('"', '""').toLowerCase();
    if (text.includes(written)) named.add(table ?? oid);
  }
  // Partitions of what is named, however deep.
  for (let size = -1; size !== named.size; ) {
    size = named.size;
    for (const { oid, parents } of relations) if (parents.some((one) => named.has(one))) named.add(oid);
  }
  return relations.filter(({ oid, kind }) => named.has(oid) && /^[rp]$/.test(kind));
}
