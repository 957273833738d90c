import type { ColumnType } from "../schema/schema.js";

/** Types of the SQL standard whose every value is also one of the types after them. */
const chains: readonly (readonly string[])[] = [
  ["smallint", "integer", "bigint", "numeric"],
  ["real", "double precision"],
  ["character varying", "text"],
];

/** True when every value of `from` is a value of `to` without a change, as far as standard types tell. */
export function isWidening(from: ColumnType, to: ColumnType): boolean {
  if (from.dimensions !== to.dimensions) return false;
  if (from.name === to.name && from.namespace === to.namespace) return widensModifiers(from, to);
  if (from.namespace !== null || to.namespace !== null || to.modifiers.length > 0) return false;
  return chains.some((chain) => {
    const start = chain.indexOf(from.name);
    return start >= 0 && chain.indexOf(to.name) > start;
  });
}

function widensModifiers(from: ColumnType, to: ColumnType): boolean {
  if (to.modifiers.length === 0) return true;
  if (from.modifiers.length !== to.modifiers.length) return false;
  const [first = 0, ...more] = from.modifiers.map((modifier, place) => {
    return Number(to.modifiers[place]) - Number(modifier);
  });
  // numeric(precision, scale): the digits before the point must not become fewer.
  const [second = 0] = more;
  return first >= 0 && second >= 0 && first >= second;
}
