import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";
import { showTable } from "../work.js";

export const rule = defineRule({
  id: "add-column-check",
  title: "ADD COLUMN with a CHECK",
  why: "Every row is read for the check under the ACCESS EXCLUSIVE lock that adds the column, although all of them hold the same value, or NULL: neither reads nor writes get through meanwhile.",
  remedy: "Add the column alone, then the CHECK NOT VALID, and validate it in a transaction of its own.",
  severity: "error",
  group: "scans",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["constraint-missing-not-valid"],
    pgls: ["constraintMissingNotValid"],
  },
  bad: [
    "ALTER TABLE orders ADD COLUMN rank integer CHECK (rank > 0);",
    {
      before: "CREATE TABLE orders (id bigint);",
      sql: "ALTER TABLE orders ADD COLUMN rank integer NOT NULL DEFAULT 5 CONSTRAINT positive CHECK (rank > 0);",
    },
  ],
  good: [
    {
      inTransaction: false,
      sql: `ALTER TABLE orders ADD COLUMN rank integer;
ALTER TABLE orders ADD CONSTRAINT positive CHECK (rank > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT positive;`,
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint); ALTER TABLE orders ADD COLUMN rank integer CHECK (rank > 0);",
    },
  ],
  on: {
    "add-column": (act, context) => {
      const table = context.existing(act.table);
      const checked = act.definition.constraints.some(({ kind }) => kind === "check");
      if (table === undefined || !checked) return undefined;
      const { scans, rewrites } = context.effectOf(act);
      // Where the rows are written anew they are checked on the way: the rule about that speaks.
      if (scans.length === 0 || rewrites.length > 0) return undefined;
      return {
        message: `All rows of ${showTable(context.before, table)} are read while nobody can read or write them`,
        object: `${showRelation(table)}.${act.definition.name}`,
        relations: context.relations(scans),
        at: "CHECK",
      };
    },
  },
});
