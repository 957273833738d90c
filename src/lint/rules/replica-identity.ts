import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "replica-identity",
  title: "REPLICA IDENTITY FULL or NOTHING",
  why: "Logical replication, and whatever follows the changes of the table, tells rows apart by this. With NOTHING every UPDATE and DELETE of a published table fails; with FULL every change writes the whole old row into the WAL, and a subscriber without a suitable index reads its whole table for each of them.",
  remedy: "Use the primary key (DEFAULT), or a unique index over columns that are NOT NULL.",
  severity: "warning",
  group: "compatibility",
  dialects: ["postgres"],
  small: "same",
  aliases: { atlas: ["PG314"] },
  bad: ["ALTER TABLE orders REPLICA IDENTITY FULL;", "ALTER TABLE orders REPLICA IDENTITY NOTHING;"],
  good: [
    "ALTER TABLE orders REPLICA IDENTITY DEFAULT;",
    "ALTER TABLE orders REPLICA IDENTITY USING INDEX orders_number;",
  ],
  on: {
    "replica-identity": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || (act.identity !== "full" && act.identity !== "nothing")) return undefined;
      const object = showRelation(table);
      return {
        message:
          act.identity === "full"
            ? `Every change of ${object} writes the whole old row into the WAL`
            : `UPDATE and DELETE of ${object} fail as soon as it is published`,
        object,
        relations: [table],
        at: "REPLICA IDENTITY",
      };
    },
  },
});
