import { isAtLeast } from "../../effect/lock.js";
import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";
import { nobodyCan } from "../work.js";

export const rule = defineRule({
  id: "explicit-lock",
  title: "LOCK TABLE that keeps others out",
  why: "The lock is held until the transaction ends, whatever else it does. Without a mode it is ACCESS EXCLUSIVE, which also keeps readers out.",
  remedy:
    "Leave it out where the statements that follow take the locks that they need. Otherwise choose the weakest mode that will do (manual 13.3.1), and let it be the first of a short transaction.",
  severity: "warning",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {},
  bad: ["LOCK TABLE orders;", "LOCK TABLE orders IN SHARE ROW EXCLUSIVE MODE;"],
  good: [
    "LOCK TABLE orders IN ROW EXCLUSIVE MODE;",
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint); LOCK TABLE orders;",
    },
  ],
  on: {
    "lock-table": (act, context) => {
      if (!isAtLeast(act.mode, "SHARE")) return undefined;
      return act.tables.flatMap((one) => {
        const table = context.existing(one);
        if (table === undefined) return [];
        return [
          {
            message: `${nobodyCan(act.mode)} ${showRelation(table)} until the transaction ends`,
            object: showRelation(table),
            relations: [table],
            at: "LOCK",
          },
        ];
      });
    },
  },
});
