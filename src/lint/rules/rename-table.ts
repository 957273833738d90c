import { findRelation, type RelationKind, showRelation } from "../../effect/world.js";
import { worldAtEnd } from "../ahead.js";
import { defineRule } from "../rule.js";

const named: ReadonlySet<RelationKind> = new Set([
  "table",
  "partitioned-table",
  "foreign-table",
  "view",
  "materialized-view",
]);

export const rule = defineRule({
  id: "rename-table",
  title: "ALTER TABLE … RENAME TO",
  why: "Code of the running release names the table as it was, and fails from the moment of the commit on. There is no moment at which both the old and the new code work.",
  remedy:
    "Rename it and make a view with the old name in the same transaction: `CREATE VIEW old AS SELECT * FROM new` takes reads and writes. Drop the view when no release uses the old name any more. Or leave the name of the table as it is and change the one in the code.",
  expands: true,
  severity: "error",
  group: "compatibility",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  aliases: {
    squawk: ["renaming-table"],
    atlas: ["BC101"],
    pgsafe: ["rename"],
    pgfence: ["rename-table"],
    pgls: ["renamingTable"],
    "pg-migration-lint": ["PGM504"],
    "drizzle-migration-lint": ["rename-table"],
  },
  bad: [
    "ALTER TABLE orders RENAME TO purchases;",
    {
      before:
        "CREATE TABLE orders (id bigint PRIMARY KEY); CREATE VIEW open_orders AS SELECT id FROM orders;",
      sql: "ALTER VIEW open_orders RENAME TO current_orders;",
    },
    { dialect: "sqlite", sql: "ALTER TABLE orders RENAME TO purchases;" },
  ],
  good: [
    {
      note: "a view has the old name",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: `ALTER TABLE orders RENAME TO purchases;
CREATE VIEW orders AS SELECT * FROM purchases;`,
    },
    {
      note: "another table has taken its place",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: `CREATE TABLE orders_new (id bigint PRIMARY KEY, at timestamptz);
INSERT INTO orders_new (id) SELECT id FROM orders;
ALTER TABLE orders RENAME TO orders_old;
ALTER TABLE orders_new RENAME TO orders;`,
    },
    "ALTER INDEX orders_pkey RENAME TO purchases_pkey;",
  ],
  on: {
    rename: (act, context) => {
      if (act.member !== null || act.object === "index" || act.object === "sequence") return undefined;
      const relation = context.existing(act.name);
      if (relation === undefined || !named.has(relation.kind)) return undefined;
      if (findRelation(worldAtEnd(context), relation) !== undefined) return undefined;
      const object = showRelation(relation);
      return {
        message: `Code that names ${object} fails as soon as it is called ${act.to}`,
        object,
        at: `RENAME TO ${act.to}`,
        ...(relation.kind === "table" || relation.kind === "partitioned-table"
          ? { long: { kind: "rename-table", table: act.name, to: act.to } as const }
          : {}),
      };
    },
  },
});
