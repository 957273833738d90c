import type { Dialect } from "../dialect/dialect.js";
import { warnings as texts } from "../diff/warnings.js";
import type { Op } from "../op/op.js";
import { nameOf, type ObjectName, sameName, showName } from "../schema/name.js";
import type { Settled } from "./decision.js";
import { type Doubt, warningOf } from "./doubt.js";

function about<V>(decided: ReadonlyMap<Doubt, V>, op: Extract<Op, { table: unknown }>, column: string) {
  return [...decided].find(([{ place }]) => sameName(place.object, op.table) && place.member === column);
}

/**
 * The ops with what was decided about the rows that a type leaves behind: enum values that take the place of others, and
 * the expressions that make values of a narrower type. The way back is found from these.
 */
export function withValues(ops: readonly Op[], { fills, values }: Settled): readonly Op[] {
  return ops.map((op) => {
    if (op.kind === "replace-enum-values") {
      const mapped = [...values].filter(([{ place }]) => sameName(place.object, op.name));
      if (mapped.length === 0) return op;
      const mapping = Object.fromEntries(mapped.map(([{ place }, value]) => [place.member ?? "", value]));
      return { ...op, mapping: { ...op.mapping, ...mapping } };
    }
    if (op.kind !== "alter-column" || op.changes.type === undefined) return op;
    const [doubt, using] = about(fills, op, op.column) ?? [];
    if (doubt?.kind !== "narrowed" || using === undefined) return op;
    return { ...op, changes: { ...op.changes, using } };
  });
}

/** The op that gives rows which have NULL in a column a value. */
type Fill = (table: ObjectName, column: string, value: string) => Op;

/**
 * The ops with the values that rows get: a column is added without NOT NULL, filled, and only then made NOT NULL. The
 * way back needs nothing of it.
 */
export function withFills(ops: readonly Op[], { fills }: Settled, fill: Fill): readonly Op[] {
  if (fills.size === 0) return ops;
  return ops.flatMap((op): readonly Op[] => {
    if (op.kind === "add-column") {
      const [doubt, value] = about(fills, op, op.column.name) ?? [];
      if (doubt === undefined || value === undefined) return [op];
      const { table, column } = op;
      const notNull = column.notNull === undefined ? {} : { notNull: column.notNull };
      const { notNull: _, ...bare } = column;
      return [
        { ...op, column: { ...bare, nullable: true } },
        fill(nameOf(table), column.name, value),
        { kind: "alter-column", table, column: column.name, changes: { nullable: false, ...notNull } },
      ];
    }
    if (op.kind !== "alter-column" || op.changes.nullable !== false) return [op];
    const [doubt, value] = about(fills, op, op.column) ?? [];
    if (doubt?.kind !== "not-null" || value === undefined) return [op];
    return [fill(nameOf(op.table), op.column, value), op];
  });
}

/** By one statement, in the transaction of what stands around it. */
export function fillAtOnce(dialect: Dialect): Fill {
  return (table, column, value) => {
    const name = dialect.quote(column);
    return {
      kind: "execute",
      sql: `UPDATE ${dialect.quoteName(table)} SET ${name} = ${value} WHERE ${name} IS NULL`,
    };
  };
}

/** Part by part, each in a transaction of its own. */
export function fillInParts(dialect: Dialect): Fill {
  return (table, column, value) => ({
    kind: "backfill",
    table,
    set: { [column]: value },
    where: `${dialect.quote(column)} IS NULL`,
  });
}

/** What the way back cannot bring back of rows that got values. */
export function lostByFills({ fills }: Settled): readonly string[] {
  return [...fills.keys()].flatMap((doubt) =>
    doubt.kind === "not-null"
      ? [`which rows had NULL in ${showName(doubt.place.object)}.${doubt.place.member}`]
      : [],
  );
}

/** The warnings without those about rows that were provided for. */
export function withoutSettled(
  warnings: readonly string[],
  { fills, values }: Settled,
  doubts: readonly Doubt[],
): readonly string[] {
  const settled = new Set([...fills.keys()].map(warningOf));
  for (const [doubt] of values) {
    if (doubt.kind !== "value-removed") continue;
    const gone = doubts.filter(
      (one) => one.kind === "value-removed" && sameName(one.place.object, doubt.place.object),
    );
    if (!gone.every((one) => values.has(one))) continue;
    const names = gone.map(({ place }) => place.member ?? "");
    settled.add(texts.valuesRemoved(showName(doubt.place.object), names));
  }
  return warnings.filter((warning) => !settled.has(warning));
}
