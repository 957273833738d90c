import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";
import { blocked, isRunByUs } from "../sessions.js";

export const rule = defineRule({
  id: "missing-statement-timeout",
  title: "A strong lock without a statement_timeout",
  why: "A statement that takes longer than anybody thought holds its locks for as long as it takes. Nothing ends it.",
  remedy:
    "`SET statement_timeout` to what the table can do without, and to 0 for CREATE INDEX CONCURRENTLY and VALIDATE CONSTRAINT. Aludel does this for its revisions.",
  fix: "Set a statement_timeout",
  severity: "off",
  group: "transaction",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["require-statement-timeout"],
    pgfence: ["missing-statement-timeout"],
    pgls: ["requireStatementTimeout"],
  },
  bad: ["ALTER TABLE orders ADD COLUMN note text;", "CREATE INDEX orders_note ON orders (note);"],
  good: [
    `SET statement_timeout = '30s';
ALTER TABLE orders ADD COLUMN note text;`,
    "CREATE TABLE orders (id bigint PRIMARY KEY);",
  ],
  revision: (context) => {
    if (isRunByUs(context)) return undefined;
    for (const statement of context.unit.statements) {
      const { settings } = statement.before;
      if (settings.has("statement_timeout") || settings.has("transaction_timeout")) continue;
      const table = blocked(context, statement);
      if (table === undefined) continue;
      const object = showRelation(table);
      return {
        message: `Nothing ends this when it takes too long, and ${object} is locked meanwhile`,
        object,
        relations: [table],
        line: statement.line,
        before: ["SET statement_timeout = '30s'"],
      };
    }
    return undefined;
  },
});
