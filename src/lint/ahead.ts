import type { Act, ActKind } from "../effect/act.js";
import type { AnalysedStatement } from "../effect/statement.js";
import { findRelation, type Relation, type World } from "../effect/world.js";
import { type ObjectName, sameName } from "../schema/name.js";
import type { StatementContext, Unit } from "./context.js";

/** The world that a unit leaves behind. */
export function worldAtEnd(context: { readonly unit: Unit; readonly after: World }): World {
  return context.unit.statements.at(-1)?.after ?? context.after;
}

/** What has, when the unit is over, the name that the relation had before it; the relation itself, or one in its place. */
export function successorOf(
  context: { readonly unit: Unit; readonly after: World },
  relation: Relation,
): Relation | undefined {
  const first = context.unit.statements[0]?.before.relations.get(relation.id) ?? relation;
  return findRelation(worldAtEnd(context), first);
}

/** Statements of the unit before this one, the next one first. */
export function statementsBefore(context: StatementContext): readonly AnalysedStatement[] {
  const { unit, statement } = context;
  return unit.statements.filter((one) => one.position < statement.position).reverse();
}

/** Statements of the unit behind this one. */
export function statementsAfter(context: StatementContext): readonly AnalysedStatement[] {
  const { unit, statement } = context;
  return unit.statements.filter((one) => one.position > statement.position);
}

type OfKind<K extends ActKind> = Extract<Act, { readonly kind: K }>;

/** Acts of a kind, in the order of their statements. */
export function actsOfKind<K extends ActKind>(
  statements: readonly AnalysedStatement[],
  kind: K,
): readonly { readonly act: OfKind<K>; readonly statement: AnalysedStatement }[] {
  const isOfKind = (act: Act): act is OfKind<K> => act.kind === kind;
  return statements.flatMap((statement) =>
    statement.acts.filter(isOfKind).map((act) => ({ act, statement })),
  );
}

/** True when both are names of one relation of the world, or are written in the same way. */
export function isSameRelation(world: World, a: ObjectName, b: ObjectName): boolean {
  const [one, other] = [findRelation(world, a), findRelation(world, b)];
  return one === undefined || other === undefined ? sameName(a, b) : one.id === other.id;
}

/** The rows of the table were put somewhere else by an earlier statement of the unit. */
export function isCopiedBefore(context: StatementContext, table: Relation): boolean {
  return statementsBefore(context).some((statement) =>
    statement.acts.some((act) => {
      if (act.kind !== "insert" && act.kind !== "create-table-as") return false;
      return act.query.reads.some((name) => findRelation(statement.before, name)?.id === table.id);
    }),
  );
}

/** By name: a statement that leaves the schema out may mean the same one as a statement that says it. */
export function isSameFunction(a: ObjectName, b: ObjectName): boolean {
  return a.name === b.name && (a.namespace === null || b.namespace === null || a.namespace === b.namespace);
}
