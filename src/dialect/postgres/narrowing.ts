import { isWidening } from "../../op/type-change.js";
import type { ColumnType, Expression } from "../../schema/schema.js";
import type { Narrowing, TypeChange } from "../dialect.js";
import { quoteIdentifier, quoteString } from "./quote.js";
import { formatType, underlyingType } from "./types.js";

const integers: Readonly<Record<string, readonly [least: string, greatest: string]>> = {
  smallint: ["-32768", "32767"],
  integer: ["-2147483648", "2147483647"],
  bigint: ["-9223372036854775808", "9223372036854775807"],
};
const texts: readonly string[] = ["text", "character varying", "character", "citext"];
const numbers: readonly string[] = [...Object.keys(integers), "numeric", "real", "double precision"];
const times: readonly string[] = ["date", "timestamp without time zone", "timestamp with time zone"];

/** Pairs of types between which every value can go, by the name without modifiers. */
const lossless: Readonly<Record<string, readonly string[]>> = {
  json: ["jsonb"],
  jsonb: ["json"],
  boolean: ["integer"],
  cidr: ["inet"],
  macaddr: ["macaddr8"],
  smallint: ["real", "double precision"],
  integer: ["double precision"],
  date: ["timestamp without time zone", "timestamp with time zone"],
  "timestamp without time zone": ["timestamp with time zone"],
  "timestamp with time zone": ["timestamp without time zone"],
};

function plainName(type: ColumnType): string | null {
  return type.dimensions === 0 && (type.namespace === null || type.name === "citext") ? type.name : null;
}

/** See `Dialect.narrowing`. The ranges are those of the manual, table 8.2; `pg_input_is_valid` came with version 16. */
export function narrowing(change: TypeChange, serverVersion: number): Narrowing | null {
  const { column } = change;
  const [from, to] = [underlyingType(change.from), underlyingType(change.to)];
  if (isWidening(from, to)) return null;
  const [left, right] = [plainName(from), plainName(to)];
  if (right !== null && texts.includes(right)) return shorter(column, to, right);
  if (left === null || right === null) return { refuses: null };
  if (to.modifiers.length === 0 && lossless[left]?.includes(right)) return null;
  const name = quoteIdentifier(column);
  if (numbers.includes(left) && numbers.includes(right)) return { refuses: numbersLost(name, from, to) };
  if (times.includes(left) && times.includes(right)) return { refuses: changedByWay(name, from, to) };
  if (!texts.includes(left) || serverVersion < 160_000) return { refuses: null };
  return { refuses: `NOT pg_input_is_valid(${name}::text, ${quoteString(formatType(to))})` };
}

/** Every type has a text; only its length may be too great. */
function shorter(column: string, to: ColumnType, name: string): Narrowing | null {
  const length = to.modifiers[0] ?? (name === "character" ? "1" : undefined);
  if (length === undefined) return null;
  return { refuses: `char_length(${quoteIdentifier(column)}::text) > ${Number(length)}` };
}

/** What comes back from the other type is not what went there. */
function changedByWay(name: Expression, from: ColumnType, to: ColumnType): Expression {
  return `${name}::${formatType(to)}::${formatType(from)} <> ${name}`;
}

function numbersLost(name: Expression, from: ColumnType, to: ColumnType): Expression {
  const range = integers[to.name];
  const exact = `${name}::numeric`;
  if (range !== undefined) {
    const [least, greatest] = range;
    return `(${name} < ${least} OR ${name} > ${greatest} OR ${exact} <> trunc(${exact}))`;
  }
  const [precision, scale = "0"] = to.modifiers;
  if (to.name !== "numeric" || precision === undefined) return changedByWay(name, from, to);
  const [digits, places] = [Number(precision), Number(scale)];
  const rounded = `round(${exact}, ${places})`;
  return `(${rounded} <> ${exact} OR abs(${rounded}) >= 10::numeric ^ ${digits - places})`;
}
