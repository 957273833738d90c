import { ancestorsOf, parentsOf } from "../op/lookup.js";
import { isSerial, nextValue } from "../op/serial.js";
import { copySchema } from "../schema/build.js";
import { nameKey } from "../schema/name.js";
import type { Column, Schema, Table } from "../schema/schema.js";

/**
 * The new schema with the next values that partitions and heirs take from the sequence of a parent's `serial` column taken from
 * the sequence that is there: one that is renamed with its table or column by nobody keeps its name.
 */
export function alignNextValues(from: Schema, to: Schema): Schema {
  let draft: ReturnType<typeof copySchema> | undefined;
  for (const [key, table] of to.tables) {
    if (parentsOf(table).length === 0) continue;
    const columns = table.columns.map((column) => {
      const text = kept(from, to, table, column);
      return text === null || text === column.default ? column : { ...column, default: text };
    });
    if (columns.every((column, at) => column === table.columns[at])) continue;
    draft ??= copySchema(to);
    draft.tables.set(key, { ...table, columns });
  }
  return draft ?? to;
}

/** The next value that the column takes already, where that is a parent's on both sides. */
function kept(from: Schema, to: Schema, table: Table, { name, default: text }: Column): string | null {
  if (text === null || !text.startsWith("nextval(")) return null;
  for (const parent of ancestorsOf(to, table)) {
    const wanted = parent.columns.find((one) => one.name === name);
    if (wanted === undefined || !isSerial(wanted.type) || wanted.own?.name !== undefined) continue;
    const there = from.tables.get(nameKey(parent));
    const old = there?.columns.find((one) => one.name === name);
    if (there === undefined || old === undefined || !isSerial(old.type)) continue;
    if (nextValue(parent, wanted) === text) return nextValue(there, old);
  }
  return null;
}
