import type { Act } from "../../effect/act.js";
import type { ColumnDefinition } from "../../effect/syntax.js";
import { showTable } from "../new-columns.js";
import { defineRule } from "../rule.js";

const largest: Readonly<Record<string, string>> = {
  smallint: "32 767",
  integer: "2 147 483 647",
};

/** The server gives it its numbers, one after the other. */
function isCounted({ type, identity, default: value }: ColumnDefinition): boolean {
  const isSequence = value?.calls.some((call) => call.name.name === "nextval") === true;
  return type.serial || identity !== null || isSequence;
}

function isKey(act: Act<"create-table">, { name, constraints }: ColumnDefinition): boolean {
  return [...constraints, ...act.constraints].some(
    (one) => one.kind === "primary-key" && (one.columns.length === 0 || one.columns.join() === name),
  );
}

export const rule = defineRule({
  id: "small-key",
  title: "A numbered primary key of 32 bits or less",
  why: "An `integer` ends at 2,147,483,647, and rolled back transactions, upserts and deleted rows use up numbers, too. The day it ends every INSERT fails. To make it larger then means to write the table and every table that refers to it anew.",
  remedy: "Use `bigint`: 4 bytes more a row, mostly hidden in the alignment.",
  severity: "info",
  group: "types",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: {
    squawk: ["prefer-bigint-over-int", "prefer-bigint-over-smallint"],
    pgsafe: ["prefer-bigint-primary-key"],
    pgfence: ["prefer-bigint-over-int"],
    pgls: ["preferBigInt"],
    "pg-migration-lint": ["PGM107"],
  },
  bad: [
    "CREATE TABLE orders (id serial PRIMARY KEY);",
    "CREATE TABLE orders (id integer GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (id));",
  ],
  good: [
    "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
    {
      note: "numbers that people give do not run out by themselves",
      sql: "CREATE TABLE weekdays (day smallint PRIMARY KEY, name text);",
    },
  ],
  on: {
    "create-table": (act, context) =>
      act.columns.flatMap((column) => {
        const end = largest[column.type.name];
        if (end === undefined || act.temporary || !isCounted(column) || !isKey(act, column)) return [];
        const object = `${showTable(context.after, act.name)}.${column.name}`;
        return [{ message: `The numbers of ${object} end at ${end}`, object, at: column.name }];
      }),
  },
});
