import type { ActKind } from "../../effect/act.js";
import { findRelation, showRelation } from "../../effect/world.js";
import { actsOfKind } from "../ahead.js";
import { defineRule } from "../rule.js";

const definitions: readonly ActKind[] = [
  ...(["create-table", "add-column", "drop-column", "alter-type", "set-not-null", "add-constraint"] as const),
  ...(["create-index", "drop", "rename"] as const),
];

export const rule = defineRule({
  id: "data-in-schema-change",
  title: "Rows are changed in a file that changes the schema",
  why: "The locks of the schema change are held while the rows are written, and the rows' locks while the schema changes. When one of the two fails, both are undone, and the time that each of them needs can no longer be seen.",
  remedy:
    "Put the change of rows into a revision of its own, between the schema change that it needs and the one that needs it.",
  severity: "off",
  group: "data",
  dialects: "all",
  small: "harmless",
  directions: "upgrade",
  tag: "backfill",
  aliases: { "pg-migration-lint": ["PGM303"] },
  bad: [
    `ALTER TABLE orders ADD COLUMN state text;
UPDATE orders SET state = 'open' WHERE paid IS NULL;`,
    `CREATE INDEX orders_state ON orders (state);
DELETE FROM orders WHERE state = 'test';`,
  ],
  good: [
    "UPDATE orders SET state = 'open' WHERE paid IS NULL;",
    {
      note: "rows of a table of the same file",
      sql: `CREATE TABLE states (state text PRIMARY KEY);
INSERT INTO states VALUES ('open'), ('paid');`,
    },
  ],
  revision: (context) => {
    const { statements } = context.unit;
    if (!definitions.some((kind) => actsOfKind(statements, kind).length > 0)) return undefined;
    for (const { acts, before, line } of statements) {
      for (const act of acts) {
        if (act.kind !== "update" && act.kind !== "delete" && act.kind !== "insert") continue;
        const table = findRelation(before, act.table);
        if (table === undefined || !context.isExisting(table)) continue;
        const object = showRelation(table);
        return { message: `Rows of ${object} are written in a file that changes the schema`, object, line };
      }
    }
    return undefined;
  },
});
