import type { ColumnType } from "../schema/schema.js";

/** Types of the SQL standard whose every value is also one of the types after them. */
const chains: readonly (readonly string[])[] = [
  ["smallint", "integer", "bigint", "numeric"],
  ["real", "double precision"],
  ["character varying", "text"],
];

/** Types of the SQL standard that are assigned to each other without a cast being written. */
const families: readonly (readonly string[])[] = [
  ["smallint", "integer", "bigint", "numeric", "decimal", "real", "double precision"],
  ["date", "timestamp without time zone", "timestamp with time zone"],
];

/** Every type is assigned to these by its text form (PostgreSQL manual, CREATE CAST, Notes). */
const texts: readonly string[] = ["text", "character varying", "character"];

/** What is stored where the type only says how values are made (PostgreSQL manual, 8.1.4, Serial Types). */
const stored: Readonly<Record<string, string>> = {
  smallserial: "smallint",
  serial: "integer",
  bigserial: "bigint",
};

function standardName(type: ColumnType): string | null {
  if (type.namespace !== null) return null;
  const name = type.name.toLowerCase();
  return Object.hasOwn(stored, name) ? (stored[name] ?? name) : name;
}

/** The same type but for its modifiers: both `character varying`, both `mood[]`. */
export function sameBaseType(a: ColumnType, b: ColumnType): boolean {
  return a === b || (a.name === b.name && a.namespace === b.namespace && a.dimensions === b.dimensions);
}

/** True when the types are kindred, so that a column may have gone from one to the other. */
export function sameFamily(a: ColumnType, b: ColumnType): boolean {
  if (sameBaseType(a, b)) return true;
  const [left, right] = [standardName(a), standardName(b)];
  if (left === null || right === null || a.dimensions !== b.dimensions) return false;
  return [...families, texts].some((family) => family.includes(left) && family.includes(right));
}

/** True when every value of `from` is a value of `to` without a change, as far as standard types tell. */
export function isWidening(from: ColumnType, to: ColumnType): boolean {
  if (sameBaseType(from, to)) return widensModifiers(from, to);
  const [left, right] = [standardName(from), standardName(to)];
  if (left === null || right === null || from.dimensions !== to.dimensions) return false;
  if (to.modifiers.length > 0) return false;
  return chains.some((chain) => chain.includes(left) && chain.indexOf(right) >= chain.indexOf(left));
}

function widensModifiers(from: ColumnType, to: ColumnType): boolean {
  if (to.modifiers.length === 0) return true;
  if (from.modifiers.length !== to.modifiers.length) return false;
  const [first = 0, second = 0] = from.modifiers.map(
    (modifier, place) => Number(to.modifiers[place]) - Number(modifier),
  );
  // numeric(precision, scale): the digits before the point must not become fewer.
  return first >= 0 && second >= 0 && first >= second;
}

/** True when values of `from` do not become values of `to` by assignment alone, so that a cast has to be written. */
export function needsCast(from: ColumnType, to: ColumnType): boolean {
  const right = standardName(to);
  if (to.dimensions === 0 && right !== null && texts.includes(right)) return false;
  if (sameBaseType(from, to)) return false;
  return !sameFamily(from, to);
}
