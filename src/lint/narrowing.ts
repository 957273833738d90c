import type { TypeUse } from "../effect/syntax.js";

/** What happens to a value that has no place in the new type. */
export type Narrowing = "refused" | "changed";

const digits: Readonly<Record<string, number>> = { smallint: 4, integer: 9, bigint: 18 };
const integers: readonly string[] = Object.keys(digits);
const floats: readonly string[] = ["real", "double precision"];
const texts: readonly string[] = ["text", "character varying", "character"];
const stamps: readonly string[] = ["timestamp without time zone", "timestamp with time zone"];

const lengthOf = (type: TypeUse): number => {
  if (type.name === "text") return Number.POSITIVE_INFINITY;
  return type.modifiers[0] ?? (type.name === "character" ? 1 : Number.POSITIVE_INFINITY);
};

/** Digits before and behind the point. */
function placesOf(type: TypeUse): readonly [before: number, behind: number] {
  const own = digits[type.name];
  // An integer of so many digits may be of one more: it has no full decade.
  if (own !== undefined) return [own + 1, 0];
  const [precision, scale = 0] = type.modifiers;
  return precision === undefined
    ? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    : [precision - scale, scale];
}

function numbers(from: TypeUse, to: TypeUse): Narrowing | null {
  const [left, right] = [from.name, to.name];
  if (floats.includes(right)) return left === "double precision" && right === "real" ? "changed" : null;
  if (floats.includes(left)) return "refused";
  if (integers.includes(left) && integers.includes(right)) {
    return integers.indexOf(right) < integers.indexOf(left) ? "refused" : null;
  }
  const [from1, from2] = placesOf(from);
  const [to1, to2] = placesOf(to);
  if (integers.includes(right)) return "refused";
  if (to1 < from1) return "refused";
  return to2 < from2 ? "changed" : null;
}

const isNumber = ({ name }: TypeUse): boolean =>
  name === "numeric" || integers.includes(name) || floats.includes(name);

/** A type of moments that leaves out what the other one has: the time of day, digits of the second. */
function moments(from: TypeUse, to: TypeUse): Narrowing | null {
  if (stamps.includes(from.name) && (to.name === "date" || to.name.startsWith("time "))) return "changed";
  const same = from.name === to.name || (stamps.includes(from.name) && stamps.includes(to.name));
  if (!same || !/^(time|interval)/.test(from.name)) return null;
  return (to.modifiers[0] ?? 6) < (from.modifiers[0] ?? 6) ? "changed" : null;
}

/**
 * What an ALTER TYPE does with values that the old type has and the new one has not; `null` where every value keeps
 * its place, as far as the types say it. `cast`: USING column::type, which cuts texts off where the change alone would fail.
 */
export function narrowing(from: TypeUse, to: TypeUse, cast: boolean): Narrowing | null {
  if (from.dimensions !== to.dimensions) return null;
  if (!from.builtIn) return null;
  const [left, right] = [texts.includes(from.name), texts.includes(to.name)];
  if (right) {
    if (lengthOf(to) === Number.POSITIVE_INFINITY) return null;
    const fits = left && lengthOf(to) >= lengthOf(from);
    return fits || !left ? null : cast ? "changed" : "refused";
  }
  if (left) return "refused";
  if (isNumber(from) && isNumber(to)) return numbers(from, to);
  return moments(from, to);
}
