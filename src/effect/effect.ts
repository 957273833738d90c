import { type LockMode, stronger } from "./lock.js";
import type { Relation, RelationId, World } from "./world.js";

/**
 * What a statement costs others. Relations are named by their id in the world before the statement; those that the
 * statement itself makes are not there: nobody can wait for them.
 */
export interface Effect {
  /** The strongest lock that it takes on each relation. Indexes only where no table is locked with them. */
  readonly locks: ReadonlyMap<RelationId, LockMode>;
  /** Relations of which the rows are written into a new file (TRUNCATE and REFRESH too). */
  readonly rewrites: readonly RelationId[];
  /** Tables that are read from end to end in order to prove something. */
  readonly scans: readonly RelationId[];
  /** Tables of which an index is built. */
  readonly indexBuilds: readonly RelationId[];
  /** Referencing tables of which every row is looked up in the referenced one. */
  readonly foreignKeyChecks: readonly RelationId[];
  /** Relations that a query reads. */
  readonly reads: readonly RelationId[];
  /** Tables whose scan is skipped because a valid constraint proves the same. */
  readonly proved: readonly RelationId[];
  /**
   * `any`: runs in a transaction with others · `forbidden`: the server refuses it in a transaction block ·
   * `own`: can be in a transaction, and must be committed before anything uses it (a new enum value).
   */
  readonly transaction: "any" | "forbidden" | "own";
  /** Why the server of this version refuses it; `null` when it does not, as far as we know. */
  readonly refused: string | null;
  /** False: there may be more than this. Nothing may be concluded from what is not there. */
  readonly analysed: boolean;
  /** What was not understood; a sentence without its period. */
  readonly reason: string | null;
}

/** One for all: there are several effects for each of thousands of statements, and most of what they list is empty. */
const none: readonly never[] = [];

export const noEffect: Effect = {
  locks: new Map(),
  rewrites: none,
  scans: none,
  indexBuilds: none,
  foreignKeyChecks: none,
  reads: none,
  proved: none,
  transaction: "any",
  refused: null,
  analysed: true,
  reason: null,
};

/** The ids as a list. */
export function idsIn(ids: ReadonlySet<RelationId>): readonly RelationId[] {
  return ids.size === 0 ? none : [...ids];
}

function union(a: readonly RelationId[], b: readonly RelationId[]): readonly RelationId[] {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...new Set([...a, ...b])];
}

/** Both, one after the other, in one statement. */
export function joinEffects(a: Effect, b: Effect): Effect {
  if (a === noEffect) return b;
  if (b === noEffect) return a;
  const locks = new Map(a.locks);
  for (const [id, mode] of b.locks) {
    const before = locks.get(id);
    locks.set(id, before === undefined ? mode : stronger(before, mode));
  }
  return {
    locks,
    rewrites: union(a.rewrites, b.rewrites),
    scans: union(a.scans, b.scans),
    indexBuilds: union(a.indexBuilds, b.indexBuilds),
    foreignKeyChecks: union(a.foreignKeyChecks, b.foreignKeyChecks),
    reads: union(a.reads, b.reads),
    proved: union(a.proved, b.proved),
    transaction: a.transaction === "forbidden" || b.transaction === "any" ? a.transaction : b.transaction,
    refused: a.refused ?? b.refused,
    analysed: a.analysed && b.analysed,
    reason: a.reason ?? b.reason,
  };
}

/** The part of an effect that falls on relations that `keep` is true of. */
export function restrictEffect(effect: Effect, world: World, keep: (relation: Relation) => boolean): Effect {
  if (effect.locks.size === 0 && effect.reads.length === 0) return effect;
  const kept = (id: RelationId): boolean => {
    const relation = world.relations.get(id);
    return relation !== undefined && keep(relation);
  };
  const { rewrites, scans, indexBuilds, foreignKeyChecks, reads, proved } = effect;
  const lists = [rewrites, scans, indexBuilds, foreignKeyChecks, reads, proved];
  if ([...effect.locks.keys()].every(kept) && lists.every((ids) => ids.every(kept))) return effect;
  const locks = [...effect.locks].filter(([id]) => kept(id));
  const own = (ids: readonly RelationId[]) => (ids.some(kept) ? ids.filter(kept) : none);
  return {
    ...effect,
    locks: locks.length === 0 ? noEffect.locks : new Map(locks),
    rewrites: own(rewrites),
    scans: own(scans),
    indexBuilds: own(indexBuilds),
    foreignKeyChecks: own(foreignKeyChecks),
    reads: own(reads),
    proved: own(proved),
  };
}

/** There before the run (`AnalysedStatement.run`), and not the session's own: others may be using it. */
export function existedBefore(relation: Relation, run: number): boolean {
  return !relation.temporary && relation.bornIn !== run;
}
