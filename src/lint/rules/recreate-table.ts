import type { Act } from "../../effect/act.js";
import { findRelation, showRelation } from "../../effect/world.js";
import { type ObjectName, showName } from "../../schema/name.js";
import { isCopiedBefore, successorOf, worldAtEnd } from "../ahead.js";
import type { StatementContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

/** IF EXISTS of a name that nobody saw made: where the history begins in the middle it may be there. */
function mayBeThere(act: Act<"drop">, name: ObjectName, context: StatementContext): boolean {
  const { before, unit } = context;
  if (!act.ifExists || unit.direction === "downgrade" || findRelation(before, name) !== undefined)
    return false;
  const [first] = unit.statements;
  const isWholeHistory = first?.before.complete === true && first.before.relations.size > 0;
  const made = findRelation(worldAtEnd(context), name);
  return !isWholeHistory && made !== undefined && (made.bornAt ?? -1) > context.statement.position;
}

const sayOf = (object: string, at: string): Say => ({
  message: `${object} is made anew, and its rows are lost where it was there before`,
  object,
  at,
});

export const rule = defineRule({
  id: "recreate-table",
  title: "DROP TABLE, then CREATE TABLE of the same name",
  why: "What looks like a definition empties the table wherever it was there before: the rows are gone, and nothing fails that would tell.",
  remedy:
    "Change the table with ALTER TABLE. Where it must be made anew, make it under another name, copy the rows, and swap the names.",
  severity: "error",
  group: "destruction",
  dialects: "all",
  small: "same",
  tag: "destructive",
  aliases: { squawk: ["ban-drop-table"], pgls: ["banDropTable"] },
  bad: [
    `DROP TABLE IF EXISTS orders;
CREATE TABLE orders (id bigint PRIMARY KEY, note text);`,
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: `CREATE TABLE new_orders (id bigint PRIMARY KEY, note text);
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
      note: "nothing was copied",
    },
    {
      dialect: "sqlite",
      sql: `DROP TABLE IF EXISTS orders;
CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);`,
    },
  ],
  good: [
    `CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, note text);`,
    {
      note: "the rows were copied before",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: `CREATE TABLE new_orders (id bigint PRIMARY KEY, note text);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
    {
      note: "it is dropped for good: that is another rule's",
      sql: "DROP TABLE orders;",
    },
  ],
  on: {
    drop: (act, context) => {
      if (act.object !== "table") return undefined;
      return act.names.flatMap((name) => {
        const table = context.existing(name);
        if (table === undefined)
          return mayBeThere(act, name, context) ? [sayOf(showName(name), name.name)] : [];
        if (!context.wasThereBefore(table)) return [];
        if (successorOf(context, table) === undefined || isCopiedBefore(context, table)) return [];
        return [{ ...sayOf(showRelation(table), name.name), relations: [table] }];
      });
    },
  },
});
