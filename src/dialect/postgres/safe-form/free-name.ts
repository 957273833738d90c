import { applyOps } from "../../../op/apply.js";
import type { Op } from "../../../op/op.js";
import type { ObjectName } from "../../../schema/name.js";
import type { Schema } from "../../../schema/schema.js";
import { madeName } from "../quote.js";

/** Gives names for what is there only while a revision runs. No name is given twice. */
export interface FreeNames {
  /** For an index that is built while the one whose name it will have still stands. */
  index(name: string): string;
  /** For the check that proves a column to be without NULL. */
  notNull(table: ObjectName, column: string): string;
}

function namesIn(schema: Schema, names: Set<string>): void {
  for (const { name } of schema.sequences.values()) names.add(name);
  for (const view of schema.views.values()) {
    names.add(view.name);
    for (const { name } of view.indexes) names.add(name);
  }
  for (const table of schema.tables.values()) {
    names.add(table.name);
    for (const { name } of [...table.indexes, ...table.constraints]) if (name !== null) names.add(name);
  }
}

/** Names that nothing has before or after the ops; collected at the first question, because most lists never ask. */
export function freeNames(before: Schema, ops: readonly Op[]): FreeNames {
  let taken: Set<string> | undefined;
  const free = (made: (label: string) => string, label: string): string => {
    if (taken === undefined) {
      taken = new Set();
      namesIn(before, taken);
      namesIn(applyOps(before, ops), taken);
    }
    for (let pass = 0; ; pass += 1) {
      const name = made(pass === 0 ? label : `${label}${pass}`);
      if (taken.has(name)) continue;
      taken.add(name);
      return name;
    }
  };
  return {
    index: (name) => free((label) => madeName(name, null, label), "new"),
    // Not `not_null`: PostgreSQL 18 calls the constraint itself so.
    notNull: (table, column) => free((label) => madeName(table.name, column, label), "filled"),
  };
}
