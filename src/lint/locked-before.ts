import { blocks, type LockMode, stronger } from "../effect/lock.js";
import type { AnalysedStatement } from "../effect/statement.js";
import type { Relation, RelationId } from "../effect/world.js";

export interface LockedBefore {
  readonly relation: Relation;
  readonly mode: LockMode;
}

/** A statement in a transaction, and the tables that those before it there keep others from writing to. */
export interface InTransaction {
  readonly statement: AnalysedStatement;
  readonly locked: ReadonlyMap<RelationId, LockedBefore>;
}

/** Goes through the statements of transactions, and adds up what is locked. The map is the same one, growing. */
export function* throughTransactions(statements: readonly AnalysedStatement[]): Generator<InTransaction> {
  let since: number | null = null;
  let locked = new Map<RelationId, LockedBefore>();
  for (const statement of statements) {
    const { by, since: opened } = statement.transaction;
    if (by === "none" || opened !== since) locked = new Map();
    since = by === "none" ? null : opened;
    if (since === null) continue;
    yield { statement, locked };
    for (const [id, mode] of statement.onExisting.locks) {
      const relation = statement.before.relations.get(id);
      if (relation === undefined || blocks(mode) === "nothing") continue;
      if (relation.kind === "index" || relation.kind === "partitioned-index" || relation.kind === "sequence")
        continue;
      locked.set(id, { relation, mode: stronger(mode, locked.get(id)?.mode ?? mode) });
    }
  }
}
