import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "disable-trigger",
  title: "DISABLE TRIGGER",
  why: "Until it is enabled again the trigger runs for nobody, also in other sessions once this is committed. `DISABLE TRIGGER ALL` switches off foreign keys with it: rows that break them come in, and nothing ever finds them, because the constraint still counts as valid. The table is locked against writes for the rest of the transaction.",
  remedy:
    "Disable only the trigger that is in the way, by its name, and enable it in the same transaction. Where rows are to be loaded past triggers, `SET LOCAL session_replication_role = replica` leaves other sessions alone.",
  severity: "warning",
  group: "locks",
  dialects: ["postgres"],
  small: "same",
  aliases: {
    pgfence: ["enable-disable-trigger"],
    pgls: ["avoidEnableDisableTrigger"],
    "pg-migration-lint": ["PGM020"],
  },
  bad: ["ALTER TABLE orders DISABLE TRIGGER ALL;", "ALTER TABLE orders DISABLE TRIGGER stamp;"],
  good: [
    "ALTER TABLE orders ENABLE TRIGGER stamp;",
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint); ALTER TABLE orders DISABLE TRIGGER ALL;",
    },
  ],
  on: {
    "set-trigger": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || act.state !== "disable") return undefined;
      const name = showRelation(table);
      if (act.trigger !== null) {
        return {
          message: `${act.trigger} of ${name} runs for nobody until it is enabled again`,
          object: `${name}.${act.trigger}`,
          at: act.trigger,
          severity: "info",
        };
      }
      const more = act.users ? "" : ", and its foreign keys are not checked";
      return {
        message: `No trigger of ${name} runs until they are enabled again${more}`,
        object: name,
        at: "DISABLE TRIGGER",
      };
    },
  },
});
