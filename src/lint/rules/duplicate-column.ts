import type { ObjectName } from "../../schema/name.js";
import type { StatementContext } from "../context.js";
import { showTable } from "../new-columns.js";
import { defineRule, type Say } from "../rule.js";

/** Elements of an array, or fields of a composite: of these a column may stand there several times. */
const assignsParts = /\]\s*=|[\w"]\.\w+\s*=/;

function twice(names: readonly string[], table: ObjectName, context: StatementContext): readonly Say[] {
  const doubled = new Set(names.filter((name, at) => name !== "" && names.indexOf(name) !== at));
  const object = showTable(context.before, table);
  return [...doubled].map((name) => ({
    message: `${name} of ${object} is named twice, and the statement fails`,
    object: `${object}.${name}`,
    at: name,
  }));
}

export const rule = defineRule({
  id: "duplicate-column",
  title: "The same column twice",
  why: "The server refuses a column that is assigned twice, or that a table shall have twice.",
  remedy: "Remove one of them.",
  severity: "error",
  group: "data",
  dialects: ["postgres"],
  small: "same",
  aliases: { squawk: ["ban-duplicate-column-assignments"] },
  bad: [
    "UPDATE orders SET state = 'open', state = 'paid' WHERE id = 1;",
    "INSERT INTO orders (id, id) VALUES (1, 2);",
    "CREATE TABLE orders (id bigint, state text, id text);",
  ],
  good: [
    "UPDATE orders SET state = 'open', paid = false WHERE id = 1;",
    "CREATE TABLE orders (id bigint, state text);",
    { note: "elements of an array", sql: "UPDATE orders SET tags[1] = 'a', tags[2] = 'b' WHERE id = 1;" },
  ],
  on: {
    update: (act, context) =>
      assignsParts.test(context.sql) ? undefined : twice(act.columns, act.table, context),
    insert: (act, context) => twice(act.columns, act.table, context),
    "create-table": (act, context) =>
      twice(
        act.columns.map(({ name }) => name),
        act.name,
        context,
      ),
  },
});
