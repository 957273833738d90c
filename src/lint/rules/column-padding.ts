import type { TypeUse } from "../../effect/syntax.js";
import { showTable } from "../new-columns.js";
import { defineRule } from "../rule.js";

const sizes: Readonly<Record<string, number>> = {
  boolean: 1,
  smallint: 2,
  integer: 4,
  real: 4,
  date: 4,
  bigint: 8,
  "double precision": 8,
  "timestamp without time zone": 8,
  "timestamp with time zone": 8,
  "time without time zone": 8,
};

/** Bytes of a value of fixed length, which it is also aligned to; `null` for all others. */
const sizeOf = (type: TypeUse): number | null =>
  type.dimensions > 0 || !type.builtIn ? null : (sizes[type.name] ?? null);

/** Bytes that lie unused between columns of fixed length in this order. */
function padding(columns: readonly number[]): number {
  let at = 0;
  let lost = 0;
  for (const size of columns) {
    const gap = (size - (at % size)) % size;
    lost += gap;
    at += gap + size;
  }
  return lost;
}

const least = 8;

export const rule = defineRule({
  id: "column-padding",
  title: "An order of columns that wastes room",
  why: "Values of 8 bytes begin at a multiple of 8: a `boolean` before a `bigint` takes 8 bytes instead of 1, in every row.",
  remedy:
    "Put columns of 8 bytes first, then those of 4, 2 and 1, then `text` and other types of any length.",
  severity: "off",
  group: "design",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: { atlas: ["PG110"] },
  bad: [
    "CREATE TABLE flags (a boolean, id bigint PRIMARY KEY, b boolean, at timestamptz);",
    "CREATE TABLE points (n smallint, x double precision, m smallint, y double precision);",
  ],
  good: [
    "CREATE TABLE flags (id bigint PRIMARY KEY, at timestamptz, a boolean, b boolean);",
    "CREATE TABLE names (a boolean, name text, b boolean);",
  ],
  on: {
    "create-table": (act, context) => {
      if (act.temporary) return undefined;
      const all = act.columns.map(({ type }) => sizeOf(type));
      const end = all.indexOf(null);
      const fixed = (end < 0 ? all : all.slice(0, end)).filter((size) => size !== null);
      const lost = padding(fixed) - padding(fixed.toSorted((a, b) => b - a));
      if (lost < least) return undefined;
      const object = showTable(context.after, act.name);
      return { message: `Each row of ${object} is ${lost} bytes longer than it needs to be`, object };
    },
  },
});
