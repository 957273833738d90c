import { sameData } from "../schema/equal.js";
import { nameKey, type ObjectName } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import { readSlot, type Slot, type SlotPart } from "../schema/slot.js";
import type { AskEngine } from "./contract.js";

/**
 * What the engine itself makes anew where a column gets another type (manual, ALTER TABLE, SET DATA TYPE); of what is known by
 * its statement these are the statistics objects.
 */
const madeByEngine: ReadonlySet<SlotPart> = new Set(["check", "exclude", "index", "defined"]);

function isRetyped(from: Schema, to: Schema, object: ObjectName): boolean {
  const before = new Map(from.tables.get(nameKey(object))?.columns.map((column) => [column.name, column]));
  return (to.tables.get(nameKey(object))?.columns ?? []).some(({ name, type, collation }) => {
    const old = before.get(name);
    return old !== undefined && !sameData([old.type, old.collation], [type, collation]);
  });
}

/**
 * Of places that mean the same where the columns have their new types those that also do where they have the old ones.
 * The engine reads what it has printed when a column gets another type, and again on the way back: `n > 100` of an integer
 * is `n > (100)::numeric` of a numeric, which stays one where the column is an integer again.
 */
export async function thoseThatComeBack(
  ask: AskEngine,
  from: Schema,
  to: Schema,
  same: ReadonlySet<Slot>,
): Promise<ReadonlySet<Slot>> {
  const retyped = [...same].filter((slot) => {
    const { object, part } = readSlot(slot);
    return madeByEngine.has(part) && isRetyped(from, to, object);
  });
  if (retyped.length === 0) return same;
  const back = (await ask(to, from, retyped)).same;
  const lost = new Set(retyped.filter((slot) => !back.has(slot)));
  return new Set([...same].filter((slot) => !lost.has(slot)));
}
