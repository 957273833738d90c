import { type LockMode, stronger } from "../../../effect/lock.js";
import type { Connection } from "../../connection.js";
import type { Scratch } from "../../dialect.js";
import type { Measured, Tracer } from "../../tracer.js";
import { namedTables, readMessages, type Told, tablesOfColumns, tablesOfForeignKeys } from "./messages.js";
import { type Sampled, sample, Watchers } from "./sample.js";
import { readState, type TracedRelation, type TracedState, tellsWal } from "./state.js";

/** What a statement has left behind, before names are put to it. */
interface Seen {
  readonly before: TracedState;
  readonly after: TracedState;
  readonly told: Told;
  readonly foreignKeyTables: readonly string[];
  readonly locks: ReadonlyMap<string, readonly LockMode[]>;
  readonly locksSeen: Measured["locksSeen"];
  readonly durationMs: number;
}

/**
 * Watches a session: locks from `pg_locks` (manual 53.13) by the relations' numbers, rewrites from their files, scans,
 * index builds and checks of foreign keys from what the server says with `client_min_messages = debug1`. Statements
 * outside a transaction are watched from two sessions more, where there can be any.
 */
export async function openPostgresTracer({
  connection,
  another,
}: Pick<Scratch, "connection" | "another">): Promise<Tracer> {
  const [row] = await connection.query("SELECT pg_catalog.pg_backend_pid()::text AS pid");
  const pid = String(row?.["pid"]);
  const hasWal = await tellsWal(connection);
  let existing: ReadonlySet<string> = new Set();
  /** The files that tables had before a transaction gave them other ones. */
  const rewritten = new Set<string>();
  const watchers = another === undefined ? null : new Watchers(another);

  return {
    async begin() {
      rewritten.clear();
      existing = new Set((await readState(connection, hasWal)).relations.keys());
    },
    async measure(sql, inTransaction, run) {
      const before = await readState(connection, hasWal);
      if (before.locks.size === 0) rewritten.clear();
      const messages: string[] = [];
      const set = inTransaction ? "SET LOCAL" : "SET";
      await connection.run(`${set} client_min_messages = debug1`);
      const deafen = connection.hear?.((message) => messages.push(message));
      const started = performance.now();
      let sampled: Sampled | null = null;
      try {
        if (inTransaction || watchers === null) await run();
        else sampled = await sample(sql, pid, before.relations.values(), watchers, run);
      } catch (error) {
        // In a transaction the rollback brings it back.
        if (!inTransaction) await restore(connection, set, before.messages).catch(() => undefined);
        throw error;
      } finally {
        deafen?.();
      }
      const durationMs = sampled?.durationMs ?? performance.now() - started;
      const after = await readState(connection, hasWal);
      if (after.messages === "debug1") await restore(connection, set, before.messages);
      const told = readMessages(messages);
      const seen: Seen = {
        before,
        after,
        told,
        foreignKeyTables: await tablesOfForeignKeys(connection, told.foreignKeys),
        locks: inTransaction ? after.locks : (sampled?.locks ?? new Map()),
        locksSeen: inTransaction ? "held" : sampled === null ? "nothing" : "sampled",
        durationMs,
      };
      return measuredOf(seen, existing, rewritten);
    },
    close: async () => watchers?.close(),
  };
}

/** A statement that sets it itself is left its way: then it is not `debug1` any more. */
async function restore(connection: Connection, set: string, value: string): Promise<void> {
  await connection.run(`${set} client_min_messages = ${value}`);
}

function measuredOf(seen: Seen, existing: ReadonlySet<string>, rewritten: Set<string>): Measured {
  const { before, after, told, locks } = seen;
  const relations = before.relations;
  const nameOf = (oid: string): readonly string[] => {
    const one = relations.get(oid);
    return one === undefined || !existing.has(oid) ? [] : [`${one.namespace}.${one.name}`];
  };
  const names = (oids: Iterable<string>): readonly string[] => [...new Set([...oids].flatMap(nameOf))];
  const isLocked = (oid: string) => locks.has(oid);
  const meant = (words: readonly string[]) => namedTables(words, relations.values(), isLocked);
  const files = fileChanges(before, after);
  const earlier = names([...rewritten].filter((oid) => !files.includes(oid)));
  const rewrites = new Set([...files, ...meant(told.rewrites)]);
  for (const oid of files) rewritten.add(oid);
  const writesWal = before.wal !== null && after.wal !== null;
  return {
    locks: byName(newLocks(seen), relations, nameOf),
    held: byName(heldIn(before.locks, relations), relations, nameOf),
    locksSeen: seen.locksSeen,
    rewrites: names(rewrites),
    rewritten: earlier,
    scans: names(meant(told.scans)),
    // Whoever is written anew has its indexes built anew.
    indexBuilds: names(meant(told.indexBuilds).filter((oid) => !rewrites.has(oid))),
    foreignKeyChecks: names(preferLocked(seen.foreignKeyTables, isLocked)),
    reads: seen.locksSeen === "held" ? names(readsOf(before, after)) : null,
    proved: names([
      ...meant(told.provedTables),
      ...tablesOfColumns(told.provedColumns, relations.values(), isLocked),
    ]),
    durationMs: seen.durationMs,
    walBytes: writesWal ? Number((after.wal ?? 0n) - (before.wal ?? 0n)) : null,
  };
}

function preferLocked(oids: readonly string[], isLocked: (oid: string) => boolean): readonly string[] {
  const locked = oids.filter(isLocked);
  return locked.length > 0 ? locked : oids;
}

function fileChanges(before: TracedState, after: TracedState): readonly string[] {
  return [...before.relations.values()].flatMap(({ oid, kind, file }) => {
    const now = after.relations.get(oid);
    return /^[rm]$/.test(kind) && now !== undefined && now.file !== file ? [oid] : [];
  });
}

function readsOf(before: TracedState, after: TracedState): readonly string[] {
  return [...after.relations.values()].flatMap(({ oid, reads }) =>
    reads > (before.relations.get(oid)?.reads ?? 0) ? [oid] : [],
  );
}

function strongest(
  locks: ReadonlyMap<string, readonly LockMode[]>,
): readonly (readonly [oid: string, mode: LockMode])[] {
  return [...locks].flatMap(([oid, [first, ...rest]]) =>
    first === undefined ? [] : [[oid, rest.reduce(stronger, first)] as const],
  );
}

/** Of each relation the strongest mode; an index is named only where its table is not locked with it. */
function heldIn(
  locks: ReadonlyMap<string, readonly LockMode[]>,
  relations: ReadonlyMap<string, TracedRelation>,
): readonly (readonly [oid: string, mode: LockMode])[] {
  return strongest(locks).filter(([oid]) => {
    const table = relations.get(oid)?.table ?? null;
    return table === null || !locks.has(table);
  });
}

/** What is stronger than what was held before. */
function newLocks({ before, locks, locksSeen }: Seen): readonly (readonly [oid: string, mode: LockMode])[] {
  const had = new Map(strongest(locksSeen === "held" ? before.locks : new Map()));
  return heldIn(locks, before.relations).filter(([oid, mode]) => {
    const held = had.get(oid);
    return held === undefined || (mode !== held && stronger(mode, held) === mode);
  });
}

function byName(
  locks: Iterable<readonly [oid: string, mode: LockMode]>,
  relations: ReadonlyMap<string, TracedRelation>,
  nameOf: (oid: string) => readonly string[],
): ReadonlyMap<string, LockMode> {
  const named = new Map<string, LockMode>();
  for (const [oid, mode] of locks) {
    if (!relations.has(oid)) continue;
    for (const name of nameOf(oid)) named.set(name, mode);
  }
  return named;
}
