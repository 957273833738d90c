import { AludelError } from "../../../error/error.js";
import type { Op } from "../../../op/op.js";
import { nameKey, type ObjectName, sameName, showName } from "../../../schema/name.js";
import type { Column, Constraint, Schema, Table, View } from "../../../schema/schema.js";
import { indexMentions, mentions, viewsOver } from "../mention.js";
import { byteLength, clipBytes, identifierBytes, quoteIdentifier, quoteName, quoteString } from "../quote.js";
import { formatType } from "../types.js";
import { constraintClause, defaultExpression, indexStatement } from "./clause.js";
import { commentStatement, constraintTarget, indexTarget, policyTarget } from "./comment.js";
import { enumStatements } from "./enum.js";
import { policyStatement } from "./policy.js";
import { viewKind, viewStatement } from "./view.js";

interface Use {
  readonly table: Table;
  readonly columns: readonly Column[];
}

/** What stands in the way of a column's new type, and how it comes back afterwards. */
interface Obstacle {
  readonly drop: string;
  readonly restore: readonly string[];
}

/**
 * Makes an enum anew and moves every column over: PostgreSQL can neither drop a value nor change the order. What the
 * engine refuses to change a type under (views, policies, checks, foreign keys, expressions of indexes) is dropped
 * first and made again after. Anything that the schema does not know of (a function's argument, a trigger) makes
 * the last statement fail, and the transaction is rolled back: nothing is dropped with CASCADE.
 *
 * @throws AludelError `op-unsupported` for a generated column over the enum, `op-impossible` for a mapping to a value
 * that the enum will not have.
 */
export function replaceEnumStatements(op: Op<"replace-enum-values">, before: Schema): readonly string[] {
  const mapping = new Map(Object.entries(op.mapping ?? {}));
  requireMapping(op, mapping);
  const uses = usesOf(before, op.name);
  for (const use of uses) refuseGenerated(op.name, use);
  const obstacles = [
    ...viewObstacles(uses, before),
    ...foreignKeyObstacles(uses, before),
    ...uses.flatMap((use) => tableObstacles(use, op.name)),
  ];
  const old: ObjectName = { namespace: op.name.namespace, name: retiredName(op.name.name) };
  const comment = before.enums.get(nameKey(op.name))?.comment ?? null;
  return [
    ...obstacles.map((obstacle) => obstacle.drop),
    `ALTER TYPE ${quoteName(op.name)} RENAME TO ${quoteIdentifier(old.name)}`,
    ...enumStatements({ ...op.name, values: op.values, comment }),
    ...uses.flatMap((use) => use.columns.flatMap((column) => moveColumn(use.table, column, mapping))),
    `DROP TYPE ${quoteName(old)}`,
    ...obstacles.toReversed().flatMap((obstacle) => obstacle.restore),
  ];
}

function requireMapping(op: Op<"replace-enum-values">, mapping: ReadonlyMap<string, string>): void {
  for (const [from, to] of mapping) {
    if (op.values.includes(to)) continue;
    throw new AludelError("op-impossible", `"${from}" is to become "${to}", which the enum will not have`, {
      remedy: `Map it to one of ${op.values.map((value) => `"${value}"`).join(", ")}.`,
      where: { object: showName(op.name) },
    });
  }
}

/** The name that the old type has until it is dropped. */
function retiredName(name: string): string {
  const suffix = "__old";
  return `${clipBytes(name, identifierBytes - byteLength(suffix))}${suffix}`;
}

function usesOf(schema: Schema, name: ObjectName): readonly Use[] {
  const uses: Use[] = [];
  for (const table of schema.tables.values()) {
    const columns = table.columns.filter((column) => sameName(column.type, name));
    if (columns.length > 0) uses.push({ table, columns });
  }
  return uses;
}

function refuseGenerated(name: ObjectName, use: Use): void {
  for (const column of use.table.columns) {
    const expression = column.generated?.expression ?? null;
    if (expression === null) continue;
    const over = use.columns.some((one) => mentions(expression, one.name)) || mentions(expression, name.name);
    if (!over) continue;
    const where = `${showName(use.table)}.${column.name}`;
    throw new AludelError("op-unsupported", `The generated column ${where} is computed from the enum`, {
      remedy: "Drop that column before the enum's values are replaced, and add it again after.",
      where: { object: where },
    });
  }
}

/** Statements that give a column the new type of the same name, with its default taken away meanwhile. */
function moveColumn(table: Table, column: Column, mapping: ReadonlyMap<string, string>): readonly string[] {
  const name = quoteIdentifier(column.name);
  const head = `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${name}`;
  const change = `${head} TYPE ${formatType(column.type)} USING ${convertedValue(column, mapping)}`;
  if (column.default === null) return [change];
  const value = mapLiterals(column.default, mapping);
  return [`${head} DROP DEFAULT`, change, `${head} SET DEFAULT ${defaultExpression(value)}`];
}

function convertedValue(column: Column, mapping: ReadonlyMap<string, string>): string {
  const name = quoteIdentifier(column.name);
  const type = formatType(column.type);
  const text = `${name}::text${"[]".repeat(column.type.dimensions)}`;
  if (mapping.size === 0) return `${text}::${type}`;
  if (column.type.dimensions > 0) {
    const replaced = [...mapping].reduce(
      (inner, [from, to]) => `array_replace(${inner}, ${quoteString(from)}, ${quoteString(to)})`,
      text,
    );
    return `${replaced}::${type}`;
  }
  const cases = [...mapping].map(([from, to]) => `WHEN ${quoteString(from)} THEN ${quoteString(to)}`);
  return `(CASE ${text} ${cases.join(" ")} ELSE ${text} END)::${type}`;
}

/** A default that is one value of the enum follows the mapping. */
function mapLiterals(expression: string, mapping: ReadonlyMap<string, string>): string {
  const match = /^(\(*)'((?:[^']|'')*)'(.*)$/s.exec(expression.trim());
  const to = match?.[2] === undefined ? undefined : mapping.get(match[2].replaceAll("''", "'"));
  return match === null || to === undefined ? expression : `${match[1]}${quoteString(to)}${match[3]}`;
}

function viewObstacles(uses: readonly Use[], schema: Schema): readonly Obstacle[] {
  const views = viewsOver(
    uses.map((use) => use.table),
    [...schema.views.values()],
  );
  return views.toReversed().map((view) => ({
    drop: `DROP ${viewKind(view)} ${quoteName(view)}`,
    restore: viewStatements(view),
  }));
}

function viewStatements(view: View): readonly string[] {
  const statements = [viewStatement(view, false)];
  if (view.comment !== null)
    statements.push(commentStatement(`${viewKind(view)} ${quoteName(view)}`, view.comment));
  for (const index of view.indexes) {
    statements.push(indexStatement(quoteName(view), index, { concurrently: false, ifNotExists: false }));
    if (index.comment !== null)
      statements.push(commentStatement(indexTarget(view, index.name), index.comment));
  }
  return statements;
}

/** A foreign key must have equal types at both ends, and the two ends change one after the other. */
function foreignKeyObstacles(uses: readonly Use[], schema: Schema): readonly Obstacle[] {
  const moves = (name: ObjectName, columns: readonly string[]) =>
    uses.some(
      (use) => sameName(use.table, name) && use.columns.some((column) => columns.includes(column.name)),
    );
  const obstacles: Obstacle[] = [];
  for (const table of schema.tables.values()) {
    for (const one of table.constraints) {
      if (one.kind !== "foreign-key") continue;
      const { columns, references } = one;
      if (moves(table, columns) || moves(references.table, references.columns)) {
        obstacles.push(constraintObstacle(table, one));
      }
    }
  }
  return obstacles;
}

function tableObstacles(use: Use, name: ObjectName): readonly Obstacle[] {
  const { table } = use;
  const concerned = (sql: string | null) =>
    use.columns.some((column) => mentions(sql, column.name)) || mentions(sql, name.name);
  const obstacles: Obstacle[] = [];
  for (const constraint of table.constraints) {
    const expressions =
      constraint.kind === "check"
        ? [constraint.expression]
        : constraint.kind === "exclude"
          ? [constraint.where, ...constraint.elements.map(({ key }) => key.expression)]
          : [];
    if (expressions.some(concerned)) obstacles.push(constraintObstacle(table, constraint));
  }
  const words = [name.name, ...use.columns.map((column) => column.name)];
  for (const index of table.indexes) {
    if (!words.some((word) => indexMentions(index, word))) continue;
    const create = indexStatement(quoteName(table), index, { concurrently: false, ifNotExists: false });
    obstacles.push({
      drop: `DROP INDEX ${quoteName({ namespace: table.namespace, name: index.name })}`,
      restore: withComment(create, indexTarget(table, index.name), index.comment),
    });
  }
  for (const policy of table.policies) {
    if (![policy.using, policy.check].some(concerned)) continue;
    obstacles.push({
      drop: `DROP POLICY ${quoteIdentifier(policy.name)} ON ${quoteName(table)}`,
      restore: withComment(policyStatement(table, policy), policyTarget(table, policy.name), policy.comment),
    });
  }
  return obstacles;
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
