import { findType, showRelation } from "../../effect/world.js";
import { rewriteCause } from "../added-column.js";
import { showType } from "../changed-type.js";
import { defineRule } from "../rule.js";
import { showTable } from "../work.js";

export const rule = defineRule({
  id: "add-constrained-domain-column",
  title: "ADD COLUMN of a domain with constraints",
  why: "The server does not know whether NULL, or the default, is a value of a domain that has a CHECK or NOT NULL, and finds out row by row: all rows and indexes are written anew under an ACCESS EXCLUSIVE lock, also where the column may be NULL and has no default.",
  remedy:
    "Give the column the domain's base type and a CHECK of its own, NOT VALID, and validate it in a transaction of its own.",
  severity: "error",
  group: "rewrites",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {},
  bad: [
    {
      before: "CREATE DOMAIN amount AS numeric CHECK (VALUE >= 0);",
      sql: "ALTER TABLE orders ADD COLUMN total amount;",
    },
    {
      before: "CREATE DOMAIN amount AS numeric NOT NULL DEFAULT 0;",
      sql: "ALTER TABLE orders ADD COLUMN total amount DEFAULT 1;",
    },
  ],
  good: [
    {
      before: "CREATE DOMAIN amount AS numeric;",
      sql: "ALTER TABLE orders ADD COLUMN total amount DEFAULT 1;",
    },
    "ALTER TABLE orders ADD COLUMN total numeric;",
  ],
  on: {
    "add-column": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || rewriteCause(act, context) !== "domain") return undefined;
      const { type } = act.definition;
      const known = findType(context.before, type) !== undefined;
      const reason = known ? "" : ` if ${showType(type)} is a domain with constraints`;
      return {
        message: `All rows of ${showTable(context.before, table)} are written anew while nobody can read or write them${reason}`,
        object: `${showRelation(table)}.${act.definition.name}`,
        relations: context.relations(context.effectOf(act).rewrites),
        at: type.name,
        ...(known ? {} : { severity: "warning" as const }),
      };
    },
  },
});
