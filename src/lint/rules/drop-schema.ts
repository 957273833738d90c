import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "drop-schema",
  title: "DROP SCHEMA … CASCADE",
  why: "Every table, view, type and function of the schema goes with it, and what stands on them elsewhere, too. Nobody is asked, and the statement names none of them.",
  remedy:
    "Drop what is in the schema by name, in revisions of their own, and then the empty schema without CASCADE: it fails when something was forgotten.",
  severity: "error",
  group: "destruction",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  tag: "destructive",
  aliases: {
    atlas: ["DS101"],
    pgls: ["banDropSchema"],
    "pg-migration-lint": ["PGM205"],
  },
  bad: [
    "DROP SCHEMA billing CASCADE;",
    { before: "CREATE SCHEMA billing;", sql: "DROP SCHEMA IF EXISTS billing CASCADE;" },
  ],
  good: [
    { note: "fails unless it is empty", sql: "DROP SCHEMA billing;" },
    {
      note: "it is said to be meant",
      sql: `-- destructive: approved
DROP SCHEMA billing CASCADE;`,
    },
    {
      note: "a schema of the same file",
      sql: `CREATE SCHEMA scratch;
DROP SCHEMA scratch CASCADE;`,
    },
  ],
  on: {
    drop: (act, context) => {
      if (act.object !== "schema" || !act.cascade) return undefined;
      return act.names.flatMap(({ name }) => {
        const known = context.before.schemas.get(name);
        if (known !== undefined && known.bornIn === context.statement.run) return [];
        return [{ message: `Everything in the schema ${name} is lost`, object: name, at: "DROP SCHEMA" }];
      });
    },
  },
});
