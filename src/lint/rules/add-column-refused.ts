import type { Act } from "../../effect/act.js";
import { isAsserted } from "../asserted.js";
import { showTable } from "../new-columns.js";
import { noRow } from "../precheck.js";
import { defineRule } from "../rule.js";

/** Why SQLite refuses the column on any table. */
function always({ constraints }: Act<"add-column">["definition"]): string | null {
  if (constraints.some(({ kind }) => kind === "primary-key"))
    return "no column with PRIMARY KEY can be added";
  return constraints.some(({ kind }) => kind === "unique") ? "no column with UNIQUE can be added" : null;
}

/** Why SQLite refuses it on a table that has rows. */
function withRows(definition: Act<"add-column">["definition"]): string | null {
  const { notNull, default: value, generated, constraints } = definition;
  if (generated !== null) return generated.stored ? "no STORED column can be added" : null;
  const hasValue = value !== null && value.constant !== null;
  if (notNull && !hasValue) return "a NOT NULL column needs a default that is not NULL";
  if (value !== null && value.constant === undefined)
    return `the default ${value.sql} is no constant, and is not computed for rows that are there`;
  const refers = constraints.some(({ kind }) => kind === "foreign-key");
  return refers && hasValue
    ? "a column with REFERENCES needs the default NULL where foreign keys are on"
    : null;
}

export const rule = defineRule({
  id: "add-column-refused",
  title: "ADD COLUMN that SQLite refuses",
  why: "PRIMARY KEY and UNIQUE are refused always. NOT NULL without a default, a default that is no constant (`CURRENT_TIMESTAMP`), a STORED column, REFERENCES with a default are refused where the table has rows: it works on the empty database of a developer and fails on the real one.",
  remedy: "Make the table anew: `op.batchAlterTable`. A UNIQUE is an index that is made afterwards.",
  severity: "error",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    "ALTER TABLE orders ADD COLUMN number TEXT UNIQUE;",
    "ALTER TABLE orders ADD COLUMN state TEXT NOT NULL;",
    "ALTER TABLE orders ADD COLUMN at TEXT DEFAULT CURRENT_TIMESTAMP;",
    "ALTER TABLE orders ADD COLUMN double INTEGER GENERATED ALWAYS AS (id * 2) STORED;",
    "ALTER TABLE orders ADD COLUMN shop INTEGER DEFAULT 1 REFERENCES shops (id);",
  ],
  good: [
    "ALTER TABLE orders ADD COLUMN state TEXT NOT NULL DEFAULT 'open';",
    "ALTER TABLE orders ADD COLUMN shop INTEGER REFERENCES shops (id);",
    "ALTER TABLE orders ADD COLUMN double INTEGER AS (id * 2);",
    "ALTER TABLE orders ADD COLUMN change INTEGER DEFAULT -1;",
    {
      note: "the run ends before, if there is a row",
      message: "orders have a date",
      sql: `-- aludel:assert orders has no row
SELECT id FROM orders LIMIT 1;
ALTER TABLE orders ADD COLUMN at TEXT DEFAULT CURRENT_TIMESTAMP;`,
    },
    {
      note: "a table without rows",
      sql: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
ALTER TABLE orders ADD COLUMN at TEXT DEFAULT CURRENT_TIMESTAMP;`,
    },
  ],
  on: {
    "add-column": (act, context) => {
      const table = context.existing(act.table);
      const never = always(act.definition);
      const asked = table !== undefined && never === null && !isAsserted(table, [], context);
      const why = never ?? (asked ? withRows(act.definition) : null);
      if (why === null) return undefined;
      const precheck = asked ? { precheck: noRow({ table, name: act.table, sql: context.sql }) } : {};
      const object = `${showTable(context.before, act.table)}.${act.definition.name}`;
      return { message: `${object} is refused: ${why}`, object, at: act.definition.name, ...precheck };
    },
  },
});
