import { showRelation } from "../../effect/world.js";
import type { ObjectName } from "../../schema/name.js";
import type { StatementContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

function say(table: ObjectName, what: string, at: string, context: StatementContext): Say | undefined {
  const relation = context.existing(table);
  if (relation === undefined || relation.kind === "view") return undefined;
  const name = showRelation(relation);
  return {
    message: `${what} the table ${name} waits for those who use it, and those who come later wait behind it`,
    object: name,
    relations: [relation],
    at,
  };
}

export const rule = defineRule({
  id: "trigger-lock",
  title: "CREATE, DROP or RENAME of a trigger",
  why: "CREATE TRIGGER takes a SHARE ROW EXCLUSIVE lock, which keeps others from writing, DROP TRIGGER and ALTER TRIGGER … RENAME an ACCESS EXCLUSIVE one, which also keeps them from reading. All are held for an instant, but wait for the transactions that use the table, while new ones queue up behind them.",
  remedy:
    "Give it a short `lock_timeout` and a transaction of its own, and try again when the time runs out.",
  severity: "off",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    atlas: ["PG308"],
    pgsafe: ["add-trigger"],
    pgfence: ["create-trigger", "drop-trigger"],
    pgls: ["avoidCreateTrigger", "banDropTrigger"],
  },
  bad: [
    "CREATE TRIGGER stamp BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION stamp();",
    "DROP TRIGGER stamp ON orders;",
  ],
  good: [
    {
      note: "nobody uses a table that the same file makes",
      sql: `CREATE TABLE orders (id bigint);
CREATE TRIGGER stamp BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION stamp();`,
    },
    "DROP FUNCTION stamp();",
  ],
  on: {
    "create-trigger": (act, context) => say(act.table, "A new trigger of", "CREATE", context),
    "drop-from-table": (act, context) =>
      act.object === "trigger" ? say(act.table, "Dropping a trigger of", "DROP TRIGGER", context) : undefined,
    rename: (act, context) =>
      act.object === "trigger" ? say(act.name, "Renaming a trigger of", "RENAME", context) : undefined,
  },
});
