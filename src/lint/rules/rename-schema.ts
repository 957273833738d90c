import { findRelation, showRelation } from "../../effect/world.js";
import { showName } from "../../schema/name.js";
import { worldAtEnd } from "../ahead.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "rename-schema",
  title: "ALTER SCHEMA … RENAME TO, SET SCHEMA",
  why: "Everything that is named with its schema has another name from the moment of the commit on. Code of the running release fails, and so do the bodies of functions and settings of `search_path`, which are text to the server.",
  remedy:
    "Leave it where it is, or leave views behind under the old names until no release uses them any more.",
  severity: "error",
  group: "compatibility",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: { pgfence: ["rename-schema"] },
  bad: [
    "ALTER SCHEMA billing RENAME TO accounting;",
    "ALTER TABLE orders SET SCHEMA archive;",
    "ALTER FUNCTION order_total(bigint) SET SCHEMA archive;",
  ],
  good: [
    {
      note: "a view stands where the table was",
      before: "CREATE SCHEMA archive; CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: `ALTER TABLE orders SET SCHEMA archive;
CREATE VIEW public.orders AS SELECT * FROM archive.orders;`,
    },
    {
      note: "a table of the same file",
      before: "CREATE SCHEMA archive;",
      sql: `CREATE TABLE orders (id bigint PRIMARY KEY);
ALTER TABLE orders SET SCHEMA archive;`,
    },
    {
      note: "a schema of the same file",
      sql: `CREATE SCHEMA draft;
ALTER SCHEMA draft RENAME TO billing;`,
    },
  ],
  on: {
    rename: (act, context) => {
      if (act.object !== "schema") return undefined;
      const { name } = act.name;
      if (context.before.schemas.get(name)?.bornIn === context.statement.run) return undefined;
      return {
        message: `Code that names something in ${name} fails as soon as the schema is called ${act.to}`,
        object: name,
        at: "RENAME TO",
      };
    },
    "set-schema": (act, context) => {
      const isRelation = /^(table|foreign-table|view|materialized-view|sequence)$/.test(act.object);
      // The objects of an extension are found along the search path.
      if (act.object === "extension") return undefined;
      const relation = context.existing(act.name);
      if (isRelation && relation === undefined) return undefined;
      if (relation !== undefined && findRelation(worldAtEnd(context), relation) !== undefined)
        return undefined;
      const object = relation === undefined ? showName(act.name) : showRelation(relation);
      return {
        message: `Code that names ${object} fails as soon as it is in the schema ${act.schema}`,
        object,
        at: "SET SCHEMA",
      };
    },
  },
});
