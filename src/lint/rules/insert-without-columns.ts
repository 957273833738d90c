import { showRelation } from "../../effect/world.js";
import type { ObjectName } from "../../schema/name.js";
import type { StatementContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

function positional(context: StatementContext, name: ObjectName, at: string): Say | undefined {
  const table = context.existing(name);
  if (table === undefined) return undefined;
  const object = showRelation(table);
  return { message: `Which columns of ${object} are written depends on their order`, object, at };
}

export const rule = defineRule({
  id: "insert-without-columns",
  title: "INSERT without a list of columns",
  why: "Values go to the columns in the order in which the table has them. On a database on which a column was added, or added in another order, the same statement fails or writes into other columns.",
  remedy: "Name the columns.",
  severity: "warning",
  group: "data",
  dialects: "all",
  small: "same",
  aliases: {},
  bad: [
    "INSERT INTO states VALUES (1, 'open');",
    "INSERT INTO states SELECT * FROM old_states;",
    { dialect: "sqlite", sql: "INSERT INTO states VALUES (1, 'open');" },
  ],
  good: [
    "INSERT INTO states (id, name) VALUES (1, 'open') ON CONFLICT DO NOTHING;",
    "INSERT INTO states DEFAULT VALUES;",
    {
      note: "a table of the same file",
      sql: `CREATE TABLE states (id bigint PRIMARY KEY, name text);
INSERT INTO states VALUES (1, 'open');`,
    },
  ],
  on: {
    insert: (act, context) =>
      act.columns.length > 0 || act.rows === 0 ? undefined : positional(context, act.table, "INSERT INTO"),
    copy: (act, context) =>
      act.table === null || act.direction === "to" || act.columns.length > 0
        ? undefined
        : positional(context, act.table, "COPY"),
  },
});
