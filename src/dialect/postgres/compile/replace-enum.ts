import { AludelError } from "../../../error/error.js";
import { childrenOf, parentsOf } from "../../../op/lookup.js";
import type { Op } from "../../../op/op.js";
import { nameKey, type ObjectName, showName } from "../../../schema/name.js";
import type { Column, Schema, Table } from "../../../schema/schema.js";
import { byteLength, clipBytes, identifierBytes, quoteIdentifier, quoteName, quoteString } from "../quote.js";
import { formatType } from "../types.js";
import { defaultExpression } from "./clause.js";
import { enumStatements } from "./create-enum.js";
import { isAbout, obstaclesTo, type Use, usesOf } from "./enum-obstacle.js";

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
  refuseGenerated(op.name, uses, before);
  const obstacles = obstaclesTo(op.name, uses, before);
  const old: ObjectName = { namespace: op.name.namespace, name: retiredName(op.name.name) };
  const comment = before.enums.get(nameKey(op.name))?.comment ?? null;
  return [
    ...obstacles.flatMap(({ drop }) => drop ?? []),
    `ALTER TYPE ${quoteName(op.name)} RENAME TO ${quoteIdentifier(old.name)}`,
    ...enumStatements({ ...op.name, values: op.values, comment }),
    ...moveColumns(uses, mapping, before),
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

function refuseGenerated(name: ObjectName, uses: readonly Use[], schema: Schema): void {
  for (const table of schema.tables.values()) {
    for (const column of table.columns) {
      if (!isAbout(column.generated?.expression ?? null, table, name, uses)) continue;
      const where = `${showName(table)}.${column.name}`;
      throw new AludelError("op-unsupported", `The generated column ${where} is computed from the enum`, {
        remedy: "Drop that column before the enum's values are replaced, and add it again after.",
        where: { object: where },
      });
    }
  }
}

/**
 * Statements that give columns the new type of the same name, with their defaults taken away meanwhile. Partitions and
 * heirs get the type with their parent's column, and cannot have it alone; a default is one of each table.
 */
function moveColumns(
  uses: readonly Use[],
  mapping: ReadonlyMap<string, string>,
  schema: Schema,
): readonly string[] {
  const moves = uses.map(({ table, columns }) =>
    columns.map((column) => moveOf(table, column, mapping, schema)),
  );
  const related = moves.flat().filter((move) => move.inFamily);
  const alone = moves.flat().filter((move) => !move.inFamily);
  return [
    ...alone.flatMap(({ clear, change, restore }) => [...clear, ...change, ...restore]),
    ...related.flatMap(({ clear }) => clear),
    ...related.flatMap(({ change }) => change),
    ...related.flatMap(({ restore }) => restore),
  ];
}

interface Move {
  readonly inFamily: boolean;
  readonly clear: readonly string[];
  readonly change: readonly string[];
  readonly restore: readonly string[];
}

function moveOf(table: Table, column: Column, mapping: ReadonlyMap<string, string>, schema: Schema): Move {
  const has = (other: Table | undefined) => other?.columns.some(({ name }) => name === column.name) === true;
  const isGiven = parentsOf(table).some((parent) => has(schema.tables.get(nameKey(parent))));
  const inFamily = isGiven || childrenOf(schema, table).length > 0;
  const name = quoteIdentifier(column.name);
  const place = `ALTER COLUMN ${name}`;
  const only = `ALTER TABLE ${inFamily ? "ONLY " : ""}${quoteName(table)} ${place}`;
  const type = `${formatType(column.type)} USING ${convertedValue(column, mapping)}`;
  const change = isGiven ? [] : [`ALTER TABLE ${quoteName(table)} ${place} TYPE ${type}`];
  if (column.default === null) return { inFamily, clear: [], change, restore: [] };
  const value = defaultExpression(mapLiterals(column.default, mapping));
  return {
    inFamily,
    clear: [`${only} DROP DEFAULT`],
    change,
    restore: [`${only} SET DEFAULT ${value}`],
  };
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
