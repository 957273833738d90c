import { showRelation } from "../../effect/world.js";
import { isThere } from "../added-column.js";
import { defineRule } from "../rule.js";
import { showTable } from "../work.js";

export const rule = defineRule({
  id: "add-column-with-key",
  title: "ADD COLUMN with UNIQUE or PRIMARY KEY",
  why: "The index is built under the ACCESS EXCLUSIVE lock that adds the column, over every row, even where all values are NULL: neither reads nor writes get through until it is finished.",
  remedy:
    "Add the column alone. Fill it, build the index with `CREATE UNIQUE INDEX CONCURRENTLY`, and add the constraint with USING INDEX.",
  severity: "error",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["disallowed-unique-constraint", "adding-serial-primary-key-field"],
    pgsafe: ["add-unique-constraint"],
    pgls: ["disallowUniqueConstraint", "addingPrimaryKeyConstraint"],
  },
  bad: [
    "ALTER TABLE orders ADD COLUMN number text UNIQUE;",
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: "ALTER TABLE orders ADD COLUMN number text, ADD COLUMN code text CONSTRAINT one_code UNIQUE;",
    },
  ],
  good: [
    "ALTER TABLE orders ADD COLUMN number text;",
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint); ALTER TABLE orders ADD COLUMN number text UNIQUE;",
    },
  ],
  on: {
    "add-column": (act, context) => {
      const table = context.existing(act.table);
      const key = act.definition.constraints.find(({ kind }) => kind === "unique" || kind === "primary-key");
      if (table === undefined || key === undefined || isThere(act, table)) return undefined;
      const effect = context.effectOf(act);
      // Where the rows are written anew, all indexes are: the rule about that speaks.
      if (effect.indexBuilds.length === 0 || effect.rewrites.length > 0) return undefined;
      return {
        message: `Nobody can read or write ${showTable(context.before, table)} while the index is built`,
        object: `${showRelation(table)}.${act.definition.name}`,
        relations: context.relations(effect.indexBuilds),
        at: key.kind === "unique" ? "UNIQUE" : "PRIMARY KEY",
      };
    },
  },
});
