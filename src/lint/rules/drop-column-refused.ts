import { findRelation, type Relation, showRelation, type World } from "../../effect/world.js";
import { defineRule } from "../rule.js";

const mentions = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\w$])${name.replace(/[^\w]/g, "\\$&")}(?![\\w$])`, "i").test(text);

function inConstraint(table: Relation, column: string): string | null {
  for (const one of table.constraints.values()) {
    if (one.kind === "primary-key" && one.columns.includes(column)) return "it is in the primary key";
    if (one.kind === "unique" && one.columns.includes(column)) return "it is in a UNIQUE";
    // A CHECK or REFERENCES that stands with the column goes with it; one that names others, too, does not.
    const names =
      one.kind === "check" ? one.expression.columns : one.kind === "foreign-key" ? one.columns : [];
    if (names.includes(column) && names.some((name) => name !== column && table.columns.has(name)))
      return one.kind === "check" ? "a CHECK names it" : "a foreign key of several columns has it";
  }
  for (const { name, generated } of table.columns.values()) {
    if (generated?.expression.columns.includes(column)) return `the generated column ${name} is made of it`;
  }
  return null;
}

function inOther(world: World, table: Relation, column: string): string | null {
  for (const id of table.indexes) {
    const relation = world.relations.get(id);
    const keys = relation?.index?.keys.flatMap((key) => key.column ?? key.expression?.columns ?? []) ?? [];
    if ([...keys, ...(relation?.index?.where?.columns ?? [])].includes(column))
      return `the index ${relation?.name} has it`;
  }
  for (const id of table.readBy) {
    const view = world.relations.get(id);
    if (view?.view?.columns.includes(column)) return `the view ${view.name} reads it`;
  }
  for (const { name, language, body } of [...world.functions.values()].flat()) {
    if (language === "trigger" && mentions(body ?? "", table.name) && mentions(body ?? "", column))
      return `the trigger ${name} names it`;
  }
  return null;
}

export const rule = defineRule({
  id: "drop-column-refused",
  title: "DROP COLUMN that SQLite refuses",
  why: "A column cannot be dropped while a primary key, UNIQUE, index, CHECK of the table, generated column, view or trigger names it, and not at all before SQLite 3.35.",
  remedy: "Drop what names it first, or make the table anew: `op.batchAlterTable`.",
  severity: "error",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT);
CREATE INDEX orders_state ON orders (state);`,
      sql: "ALTER TABLE orders DROP COLUMN state;",
    },
    {
      before: "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT UNIQUE);",
      sql: "ALTER TABLE people DROP COLUMN email;",
    },
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT);
CREATE VIEW states AS SELECT state FROM orders;`,
      sql: "ALTER TABLE orders DROP COLUMN state;",
    },
  ],
  good: [
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT);
CREATE INDEX orders_state ON orders (state);`,
      sql: "DROP INDEX orders_state;\nALTER TABLE orders DROP COLUMN state;",
    },
    {
      note: "REFERENCES that stands with the column goes with it",
      before: "CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id));",
      sql: "ALTER TABLE lines DROP COLUMN order_id;",
    },
  ],
  on: {
    "drop-column": (act, context) => {
      const table = findRelation(context.before, act.table);
      if (table === undefined) return undefined;
      const why = inConstraint(table, act.column) ?? inOther(context.before, table, act.column);
      if (why === null) return undefined;
      const object = `${showRelation(table)}.${act.column}`;
      return { message: `${object} cannot be dropped: ${why}`, object, at: act.column };
    },
  },
});
