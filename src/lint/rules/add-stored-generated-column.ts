import { showRelation } from "../../effect/world.js";
import { rewriteCause } from "../added-column.js";
import { defineRule } from "../rule.js";
import { showTable } from "../work.js";

export const rule = defineRule({
  id: "add-stored-generated-column",
  title: "ADD COLUMN … GENERATED ALWAYS AS … STORED",
  why: "The expression is worked out for every row at once: all rows and indexes are written anew under an ACCESS EXCLUSIVE lock, and neither reads nor writes get through.",
  remedy:
    "On PostgreSQL 18 a VIRTUAL column, which is worked out when it is read, only changes the catalog. Before, add a plain column, keep it with a trigger BEFORE INSERT OR UPDATE, and fill the old rows in batches.",
  severity: "error",
  group: "rewrites",
  dialects: ["postgres"],
  since: 12,
  small: "harmless",
  aliases: {
    squawk: ["adding-field-with-default"],
    atlas: ["PG309"],
    eugene: ["E11"],
    pgsafe: ["add-column-generated-stored"],
    pgfence: ["add-column-stored-generated"],
    pgls: ["addSerialColumn"],
  },
  bad: [
    "ALTER TABLE orders ADD COLUMN gross numeric GENERATED ALWAYS AS (net * 1.2) STORED;",
    {
      before: "CREATE TABLE orders (id bigint, net numeric);",
      sql: "ALTER TABLE orders ADD COLUMN note text, ADD COLUMN gross numeric GENERATED ALWAYS AS (net * 1.2) STORED;",
    },
  ],
  good: [
    {
      serverVersion: 18,
      sql: "ALTER TABLE orders ADD COLUMN gross numeric GENERATED ALWAYS AS (net * 1.2);",
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: `CREATE TABLE orders (net numeric);
ALTER TABLE orders ADD COLUMN gross numeric GENERATED ALWAYS AS (net * 1.2) STORED;`,
    },
  ],
  on: {
    "add-column": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || rewriteCause(act, context) !== "stored") return undefined;
      return {
        message: `All rows of ${showTable(context.before, table)} are written anew while nobody can read or write them`,
        object: `${showRelation(table)}.${act.definition.name}`,
        relations: context.relations(context.effectOf(act).rewrites),
        at: "STORED",
      };
    },
  },
});
