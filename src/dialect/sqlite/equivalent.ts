import { expressionsOf, type Slot } from "../../schema/slot.js";
import type { Dialect } from "../dialect.js";
import { sameExpression } from "./expression.js";

/**
 * See `Dialect.equivalent`. SQLite keeps the text it was given and has no form of its own for an expression, so that
 * the tokens are all there is to hold side by side: what differs in them is different, and nothing is undecided.
 */
export const equivalent: Dialect["equivalent"] = async (_connection, a, b, slots) => {
  const ours = expressionsOf(a);
  const theirs = expressionsOf(b);
  const same = new Set<Slot>();
  for (const slot of slots) {
    const one = ours.get(slot) ?? [];
    const other = theirs.get(slot) ?? [];
    const isSame =
      one.length === other.length &&
      one.every((text, at) => {
        const against = other[at] ?? null;
        return text === null || against === null ? text === against : sameExpression(text, against);
      });
    if (isSame) same.add(slot);
  }
  return { same, undecided: new Map() };
};
