import type { Op } from "../../../op/op.js";
import { nameOf } from "../../../schema/name.js";
import type { Check, Column, Expression, Schema, Table } from "../../../schema/schema.js";
import { quoteIdentifier as quote, quoteName } from "../quote.js";
import { takenNames } from "./indexes.js";
import { inBatches, shortName } from "./pair.js";

/** True for a column that whoever inserts a row has to give a value. */
export function isFilled({ nullable, default: value, identity, generated, own }: Column): boolean {
  return !nullable && value === null && identity === null && generated === null && own === undefined;
}

/** A name for the check that proves a column NOT NULL. */
export function freeName(table: Table, column: string, schema: Schema): string {
  const taken = takenNames(schema);
  for (let count = 0; ; count += 1) {
    const name = shortName(`${table.name}_${column}`, `_filled${count === 0 ? "" : count}`);
    if (!taken.has(name)) return name;
  }
}

/** What proves that a column has no NULL, so that NOT NULL takes no scan. */
export function proofOf(name: string, column: string): Check {
  return {
    kind: "check",
    name,
    implicitName: false,
    comment: null,
    expression: `${quote(column)} IS NOT NULL`,
    noInherit: false,
    validated: true,
  };
}

/** A check of new rows, then of those that are there. */
export function proved(table: Table, { name, column }: { name: string; column: string }): readonly Op[] {
  const on = nameOf(table);
  return [
    { kind: "add-constraint", table: on, constraint: { ...proofOf(name, column), validated: false } },
    { kind: "validate-constraint", table: on, constraint: name },
  ];
}

/** The check has done its work: NOT NULL takes its place in an instant. */
export function taken(table: Table, { name, notNull }: Column, proof: string): readonly Op[] {
  const on = nameOf(table);
  const changes = { nullable: false, ...(notNull === undefined ? {} : { notNull }) };
  return [
    { kind: "alter-column", table: on, column: name, changes },
    { kind: "drop-constraint", table: on, constraint: proof },
  ];
}

/** Gives rows without a value the one there is for them; ends with these rows where nobody knows any. */
export function filledOrAsked(table: Table, column: string, fill: Expression | null): Op {
  const on = nameOf(table);
  const missing = `${quote(column)} IS NULL`;
  if (fill !== null) return inBatches(table, `${quote(column)} = ${fill}`, missing);
  const keys = table.constraints.flatMap((one) => (one.kind === "primary-key" ? one.columns : []));
  const shown = [...new Set([...keys, column])].map(quote).join(", ");
  return {
    kind: "assert",
    message: `No row of ${table.name} has NULL in ${column}`,
    query: `SELECT ${shown} FROM ${quoteName(on)} WHERE ${missing}`,
  };
}

interface Required {
  readonly table: Table;
  readonly column: Column;
  readonly fill: Expression | null;
  /** Of the check. */
  readonly name: string;
}

/** All of it, for when nobody writes NULL any more. */
export function requireValue({ table, column, fill, name }: Required): readonly Op[] {
  return [
    filledOrAsked(table, column.name, fill),
    ...proved(table, { name, column: column.name }),
    ...taken(table, column, name),
  ];
}
