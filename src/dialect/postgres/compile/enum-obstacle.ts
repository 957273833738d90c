import { parentsOf } from "../../../op/lookup.js";
import { nameKey, type ObjectName, sameName } from "../../../schema/name.js";
import type { Column, Constraint, Expression, Schema, Table, View } from "../../../schema/schema.js";
import { mentions, mentionsType, viewsOver } from "../mention.js";
import { quoteIdentifier, quoteName } from "../quote.js";
import { constraintClause, defaultExpression, indexStatement } from "./clause.js";
import { commentStatement, constraintTarget, indexTarget, policyTarget } from "./comment.js";
import { policyStatement } from "./policy.js";
import { viewKind, viewStatement } from "./view.js";

/** The columns of a table that have the enum as their type. */
export interface Use {
  readonly table: Table;
  readonly columns: readonly Column[];
}

/** What the engine refuses to change a column's type under, and how it comes back afterwards. */
export interface Obstacle {
  /** Absent for what goes with the index of the parent. */
  readonly drop: string | null;
  readonly restore: readonly string[];
}

export function usesOf(schema: Schema, name: ObjectName): readonly Use[] {
  const uses: Use[] = [];
  for (const table of schema.tables.values()) {
    const columns = table.columns.filter((column) => sameName(column.type, name));
    if (columns.length > 0) uses.push({ table, columns });
  }
  return uses;
}

/** Everything that has to go while columns get another enum, in the order in which it can be dropped. */
export function obstaclesTo(name: ObjectName, uses: readonly Use[], schema: Schema): readonly Obstacle[] {
  return [
    ...viewObstacles(name, uses, schema),
    ...foreignKeyObstacles(uses, schema),
    ...parentsFirst(schema).flatMap((table) => tableObstacles(table, name, uses)),
  ];
}

/** Partitions and heirs lose with their parent what they have from it, and must have it again before that can find theirs. */
function parentsFirst(schema: Schema): readonly Table[] {
  const sorted = new Set<Table>();
  const add = (table: Table) => {
    if (sorted.has(table)) return;
    for (const parent of parentsOf(table)) {
      const found = schema.tables.get(nameKey(parent));
      if (found !== undefined) add(found);
    }
    sorted.add(table);
  };
  for (const table of schema.tables.values()) add(table);
  return [...sorted];
}

/** True when an expression of a table is about the enum: it names the type, or a column of the type. */
export function isAbout(
  expression: Expression | null,
  table: Table,
  name: ObjectName,
  uses: readonly Use[],
): boolean {
  if (expression === null) return false;
  if (mentionsType(expression, name.name)) return true;
  return uses.some((use) => {
    const reachable = use.table === table || mentions(expression, use.table.name);
    return reachable && use.columns.some((column) => mentions(expression, column.name));
  });
}

function viewObstacles(name: ObjectName, uses: readonly Use[], schema: Schema): readonly Obstacle[] {
  const views = viewsOver(
    uses.map((use) => use.table),
    [...schema.views.values()],
    (view) => mentionsType(view.definition, name.name),
  );
  return views.toReversed().map((view) => ({
    drop: `DROP ${viewKind(view)} ${quoteName(view)}`,
    restore: viewStatements(view),
  }));
}

function viewStatements(view: View): readonly string[] {
  const target = `${viewKind(view)} ${quoteName(view)}`;
  return [
    ...withComment(viewStatement(view), target, view.comment),
    ...view.indexes.flatMap((index) =>
      withComment(
        indexStatement(quoteName(view), index, { concurrently: false, ifNotExists: false }),
        indexTarget(view, index.name),
        index.comment,
      ),
    ),
  ];
}

/** A foreign key must have equal types at both ends, and the two ends change one after the other. */
function foreignKeyObstacles(uses: readonly Use[], schema: Schema): readonly Obstacle[] {
  const moves = (name: ObjectName, columns: readonly string[]) =>
    uses.some(
      (use) => sameName(use.table, name) && use.columns.some((column) => columns.includes(column.name)),
    );
  return [...schema.tables.values()].flatMap((table) =>
    table.constraints.flatMap((one) => {
      if (one.kind !== "foreign-key" || one.inherited) return [];
      const concerned = moves(table, one.columns) || moves(one.references.table, one.references.columns);
      return concerned ? [constraintObstacle(table, one)] : [];
    }),
  );
}

function tableObstacles(table: Table, name: ObjectName, uses: readonly Use[]): readonly Obstacle[] {
  const about = (expression: Expression | null) => isAbout(expression, table, name, uses);
  const obstacles: Obstacle[] = [];
  for (const policy of table.policies) {
    if (![policy.using, policy.check].some(about)) continue;
    obstacles.push({
      drop: `DROP POLICY ${quoteIdentifier(policy.name)} ON ${quoteName(table)}`,
      restore: withComment(policyStatement(table, policy), policyTarget(table, policy.name), policy.comment),
    });
  }
  for (const constraint of table.constraints) {
    if (constraint.inherited) continue;
    if (expressionsIn(constraint).some(about)) obstacles.push(constraintObstacle(table, constraint));
  }
  for (const index of table.indexes) {
    if (![...index.keys.map((key) => key.expression), index.where].some(about)) continue;
    const create = indexStatement(quoteName(table), index, { concurrently: false, ifNotExists: false });
    const drop = `DROP INDEX ${quoteName({ namespace: table.namespace, name: index.name })}`;
    obstacles.push({
      drop: index.attachedTo === undefined ? drop : null,
      restore: withComment(create, indexTarget(table, index.name), index.comment),
    });
  }
  for (const column of table.columns) {
    if (column.default === null || sameName(column.type, name) || !mentionsType(column.default, name.name))
      continue;
    const head = `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdentifier(column.name)}`;
    obstacles.push({
      drop: `${head} DROP DEFAULT`,
      restore: [`${head} SET DEFAULT ${defaultExpression(column.default)}`],
    });
  }
  return obstacles;
}

function expressionsIn(constraint: Constraint): readonly (Expression | null)[] {
  if (constraint.kind === "check") return [constraint.expression];
  if (constraint.kind !== "exclude") return [];
  return [constraint.where, ...constraint.elements.map(({ key }) => key.expression)];
}

function constraintObstacle(table: Table, constraint: Constraint): Obstacle {
  const name = constraint.name ?? "";
  return {
    drop: `ALTER TABLE ${quoteName(table)} DROP CONSTRAINT ${quoteIdentifier(name)}`,
    restore: withComment(
      `ALTER TABLE ${quoteName(table)} ADD ${constraintClause(constraint)}`,
      constraintTarget(table, name),
      constraint.comment,
    ),
  };
}

function withComment(statement: string, target: string, comment: string | null): readonly string[] {
  return comment === null ? [statement] : [statement, commentStatement(target, comment)];
}
