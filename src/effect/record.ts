import type { Effect } from "./effect.js";
import type { LockMode } from "./lock.js";
import type { AnalysedStatement } from "./statement.js";
import { type RelationId, showRelation, type World } from "./world.js";

/** What a statement costs others, for machines: relations by name, `schema.table`. */
export interface EffectRecord {
  readonly locks: Readonly<Record<string, LockMode>>;
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  readonly indexBuilds: readonly string[];
  readonly foreignKeyChecks: readonly string[];
}

/** One statement of a history, for machines. */
export interface StatementRecord extends EffectRecord {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly sql: string;
  readonly transaction: Effect["transaction"];
  readonly analysed: boolean;
  /** What was not understood; only where `analysed` is false. */
  readonly reason?: string;
}

/** The names of relations, in the world that their numbers are from. */
export function namesOf(world: World, ids: Iterable<RelationId>): readonly string[] {
  return [...ids].flatMap((id) => {
    const relation = world.relations.get(id);
    return relation === undefined ? [] : [showRelation(relation)];
  });
}

export function lockRecord(world: World, locks: Effect["locks"]): Readonly<Record<string, LockMode>> {
  return Object.fromEntries(
    [...locks].flatMap(([id, mode]) => namesOf(world, [id]).map((name) => [name, mode])),
  );
}

/** The effect on the relations that existed before the file. */
export function effectRecord({ onExisting, before }: AnalysedStatement): EffectRecord {
  return {
    locks: lockRecord(before, onExisting.locks),
    rewrites: [...namesOf(before, onExisting.rewrites)].sort(),
    scans: [...namesOf(before, onExisting.scans)].sort(),
    indexBuilds: [...namesOf(before, onExisting.indexBuilds)].sort(),
    foreignKeyChecks: [...namesOf(before, onExisting.foreignKeyChecks)].sort(),
  };
}

export function statementRecord(statement: AnalysedStatement): StatementRecord {
  const { file, line, endLine, sql, onExisting } = statement;
  const { transaction, analysed, reason } = onExisting;
  return {
    file,
    line,
    endLine,
    sql,
    ...effectRecord(statement),
    transaction,
    analysed,
    ...(analysed || reason === null ? {} : { reason }),
  };
}
