import { expressionsOf, readSlot, type Slot } from "../../schema/slot.js";
import type { Dialect } from "../dialect.js";
import { withoutQualifier } from "./compile/qualifier.js";
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
    const { object, part } = readSlot(slot);
    // Outside a view or trigger only the table itself can be meant, so that naming it says nothing.
    const whole = part === "view" || part === "defined";
    const bare = (text: string) => (whole ? text : withoutQualifier(text, object.name));
    const isSame =
      one.length > 0 &&
      one.length === other.length &&
      one.every((text, at) => {
        const against = other[at] ?? null;
        return text === null || against === null
          ? text === against
          : sameExpression(bare(text), bare(against));
      });
    if (isSame) same.add(slot);
  }
  return { same, undecided: new Map() };
};
