import { renameColumn } from "../../../op/expression/column.js";
import type { TableOp } from "../../../op/op.js";
import type { Expression, Table } from "../../../schema/schema.js";
import { quote } from "../quote.js";

/** Where the values of a column come from in a rebuild. */
export interface Lineage {
  /** Name in the old table; `null` for a column that is new. */
  readonly old: string | null;
  /** SQL over the old table that gives the value; `null` leaves it to the default. */
  readonly value: Expression | null;
}

/** For each column after the ops, by name, where its values come from. */
export function lineageOf(table: Table, ops: readonly TableOp[]): ReadonlyMap<string, Lineage> {
  const lineage = new Map<string, Lineage>(
    table.columns.map((column) => [column.name, { old: column.name, value: quote(column.name) }]),
  );
  for (const op of ops) {
    if (op.kind === "add-column") {
      if (!lineage.has(op.column.name)) lineage.set(op.column.name, { old: null, value: null });
    } else if (op.kind === "drop-column") lineage.delete(op.column);
    else if (op.kind === "rename-column") rename(lineage, op.column, op.to);
    else if (op.kind === "alter-column") {
      const from = lineage.get(op.column);
      if (from !== undefined) lineage.set(op.column, altered(table, lineage, from, op.changes));
    }
  }
  return lineage;
}

function rename(lineage: Map<string, Lineage>, from: string, to: string): void {
  const entries = [...lineage].map(([name, one]) => [name === from ? to : name, one] as const);
  lineage.clear();
  for (const [name, one] of entries) lineage.set(name, one);
}

type Changes = Extract<TableOp, { readonly kind: "alter-column" }>["changes"];

function altered(
  table: Table,
  lineage: ReadonlyMap<string, Lineage>,
  from: Lineage,
  changes: Changes,
): Lineage {
  const value = changes.using === undefined ? from.value : inOldNames(table, lineage, changes.using);
  // NULLs are filled only with what this very change gives: an older default says nothing about old rows.
  const fills = changes.nullable === false && typeof changes.default === "string" && value !== null;
  return { ...from, value: fills ? `COALESCE(${value}, ${changes.default})` : value };
}

/** An expression in the names of this moment, as one over the old table. */
function inOldNames(table: Table, lineage: ReadonlyMap<string, Lineage>, using: Expression): Expression {
  const columns = [...lineage.keys()];
  const scope = { table, columns };
  const renamed = [...lineage].flatMap(([name, { old }]) =>
    old !== null && old !== name ? [[name, old]] : [],
  );
  return renamed.reduce((text, [name = "", old = ""]) => renameColumn(text, scope, name, old), using);
}
