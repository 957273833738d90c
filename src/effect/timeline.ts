import { existedBefore } from "./effect.js";
import { type LockMode, rankOf, stronger } from "./lock.js";
import type { AnalysedStatement } from "./statement.js";
import { type RelationId, showRelation } from "./world.js";

/** A statement of a timeline. */
export interface TimelineStatement {
  readonly sql: string;
  /** What its transaction holds before it, by name. */
  readonly held: ReadonlyMap<string, LockMode>;
  /** What it takes. */
  readonly locks: ReadonlyMap<string, LockMode>;
  /** `null` where nobody measured it. */
  readonly durationMs: number | null;
}

/** Which locks are held on a relation while each of the statements runs. */
export interface TimelineRow {
  readonly relation: string;
  /** One for each statement; `null` where nothing is held. */
  readonly modes: readonly (LockMode | null)[];
}

export interface Timeline {
  readonly statements: readonly TimelineStatement[];
  readonly rows: readonly TimelineRow[];
}

/** What is known of a statement without running it. */
export function timelineStatement(statement: AnalysedStatement): TimelineStatement {
  const { before, run, sql, transaction, onExisting } = statement;
  const byName = (locks: Iterable<readonly [RelationId, LockMode]>): ReadonlyMap<string, LockMode> => {
    const named = new Map<string, LockMode>();
    for (const [id, mode] of locks) {
      const relation = before.relations.get(id);
      if (relation !== undefined && existedBefore(relation, run)) named.set(showRelation(relation), mode);
    }
    return named;
  };
  const held = [...transaction.held].map(([id, { mode }]) => [id, mode] as const);
  return { sql, held: byName(held), locks: byName(onExisting.locks), durationMs: null };
}

/**
 * The locks that others meet, statement by statement: what is taken is held until the transaction ends. The relations
 * that are locked most come first.
 */
export function timelineOf(statements: readonly TimelineStatement[]): Timeline {
  const rows = new Map<string, (LockMode | null)[]>();
  for (const [at, { held, locks }] of statements.entries()) {
    for (const [relation, mode] of [...held, ...locks]) {
      const modes = rows.get(relation) ?? statements.map(() => null);
      const before = modes[at] ?? null;
      modes[at] = before === null ? mode : stronger(before, mode);
      rows.set(relation, modes);
    }
  }
  const sorted = [...rows].map(([relation, modes]) => ({ relation, modes }));
  const worst = ({ modes }: TimelineRow) =>
    Math.max(...modes.map((mode) => (mode === null ? -1 : rankOf(mode))));
  const length = ({ modes }: TimelineRow) => modes.filter((mode) => mode !== null).length;
  sorted.sort((a, b) => worst(b) - worst(a) || length(b) - length(a) || (a.relation < b.relation ? -1 : 1));
  return { statements, rows: sorted };
}
