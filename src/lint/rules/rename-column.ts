import { findRelation, type Relation, showRelation } from "../../effect/world.js";
import { worldAtEnd } from "../ahead.js";
import type { StatementContext } from "../context.js";
import { defineRule } from "../rule.js";

/** What is outside knows the table by another name than it has at last: something else has that one, a view. */
function isBehindAnother(context: StatementContext, table: Relation, now: Relation | undefined): boolean {
  const first = context.unit.statements[0]?.before.relations.get(table.id) ?? table;
  const stand = findRelation(worldAtEnd(context), first);
  return stand !== undefined && stand.id !== now?.id;
}

export const rule = defineRule({
  id: "rename-column",
  title: "RENAME COLUMN",
  why: "Code of the running release names the column as it was, and fails from the moment of the commit on. There is no moment at which both the old and the new code work.",
  remedy:
    "Add the new column, write both (a trigger does it for code that does not know), fill it in batches, release code that reads the new one, and drop the old one then. Or leave the column's name as it is and change the one in the code.",
  expands: true,
  severity: "error",
  group: "compatibility",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  aliases: {
    squawk: ["renaming-column"],
    atlas: ["BC102"],
    pgsafe: ["rename"],
    pgfence: ["rename-column"],
    pgls: ["renamingColumn"],
    "pg-migration-lint": ["PGM505"],
    "drizzle-migration-lint": ["rename-column"],
  },
  bad: [
    "ALTER TABLE orders RENAME COLUMN note TO remark;",
    {
      note: "COLUMN may be left out",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, note text);",
      sql: "ALTER TABLE orders RENAME note TO remark;",
    },
    { dialect: "sqlite", sql: "ALTER TABLE orders RENAME COLUMN note TO remark;" },
  ],
  good: [
    {
      note: "the table is behind a view that has the old names",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, note text);",
      sql: `ALTER TABLE orders RENAME TO purchases;
ALTER TABLE purchases RENAME COLUMN note TO remark;
CREATE VIEW orders AS SELECT id, remark AS note FROM purchases;`,
    },
    {
      note: "another column has taken its name",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, note text);",
      sql: `ALTER TABLE orders RENAME COLUMN note TO remark;
ALTER TABLE orders ADD COLUMN note text GENERATED ALWAYS AS (remark) VIRTUAL;`,
    },
    {
      note: "a column of the same file",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: `ALTER TABLE orders ADD COLUMN note text;
ALTER TABLE orders RENAME COLUMN note TO remark;`,
    },
  ],
  on: {
    rename: (act, context) => {
      if (act.object !== "column" || act.member === null) return undefined;
      const relation = context.existing(act.name);
      if (relation === undefined) return undefined;
      // What nobody outside this unit has seen can be called anything.
      const [first] = context.unit.statements;
      const bornAt = relation.columns.get(act.member)?.bornAt ?? null;
      if (first !== undefined && bornAt !== null && bornAt >= first.position) return undefined;
      const now = worldAtEnd(context).relations.get(relation.id);
      if (now?.columns.has(act.member) || isBehindAnother(context, relation, now)) return undefined;
      const object = `${showRelation(relation)}.${act.member}`;
      return {
        message: `Code that names ${object} fails as soon as it is called ${act.to}`,
        object,
        at: act.member,
        ...(relation.kind === "table"
          ? { long: { kind: "rename-column", table: act.name, column: act.member, to: act.to } as const }
          : {}),
      };
    },
  },
});
