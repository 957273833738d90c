import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";
import { showTable } from "../work.js";

export const rule = defineRule({
  id: "type-change-scan",
  title: "ALTER COLUMN … TYPE that checks all rows again",
  why: "The change itself is one of the catalog alone, but a CHECK that names the column is made anew with it, and every row is read for it under an ACCESS EXCLUSIVE lock: neither reads nor writes get through.",
  remedy:
    "Drop the CHECK, alter the type, add the CHECK again NOT VALID, and validate it in a transaction of its own.",
  severity: "error",
  group: "rewrites",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {},
  bad: [
    {
      before: "CREATE TABLE orders (code varchar(10) CHECK (code <> ''));",
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE varchar(20);",
    },
    {
      before: [
        "CREATE TABLE orders (code varchar(10));",
        "ALTER TABLE orders ADD CONSTRAINT filled CHECK (length(code) > 2);",
      ],
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE text;",
    },
  ],
  good: [
    {
      before: "CREATE TABLE orders (code varchar(10) CHECK (code <> ''));",
      sql: `ALTER TABLE orders DROP CONSTRAINT orders_code_check;
ALTER TABLE orders ALTER COLUMN code TYPE varchar(20);`,
    },
    {
      note: "the check is about another column",
      before: "CREATE TABLE orders (code varchar(10), total numeric CHECK (total > 0));",
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE varchar(20);",
    },
  ],
  on: {
    "alter-type": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined) return undefined;
      const { rewrites, scans } = context.effectOf(act);
      if (rewrites.length > 0 || scans.length === 0) return undefined;
      const checks = [...table.constraints.values()]
        .filter((one) => one.kind === "check" && one.expression.columns.includes(act.column))
        .map(({ name }) => name);
      const why = checks.length === 0 ? "" : ` for ${checks.join(", ")}`;
      return {
        message: `All rows of ${showTable(context.before, table)} are read again${why} while nobody can read or write them`,
        object: `${showRelation(table)}.${act.column}`,
        relations: context.relations(scans),
        at: "TYPE",
      };
    },
  },
});
