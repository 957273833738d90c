import type { Relation } from "../../effect/world.js";
import { showRelation } from "../../effect/world.js";
import { actsOf } from "../acts-of.js";
import type { RevisionContext } from "../context.js";
import { isEffective, rebuildsOf, switchAt } from "../rebuild.js";
import { defineRule } from "../rule.js";

/** Tables whose rows are deleted or lose their value when the table is emptied. */
function stricken(context: RevisionContext, table: Relation): readonly string[] {
  return [...table.referencedBy].flatMap(({ table: id, constraint }) => {
    const other = context.after.relations.get(id) ?? context.before.relations.get(id);
    const key = other?.constraints.get(constraint);
    const acts = key?.kind === "foreign-key" && /^(cascade|set-null|set-default)$/.test(key.onDelete ?? "");
    return other !== undefined && acts && other.id !== table.id ? [showRelation(other)] : [];
  });
}

export const rule = defineRule({
  id: "rebuild-with-foreign-keys-on",
  title: "A table is made anew while foreign keys are on",
  why: "DROP TABLE deletes the rows first, as DELETE does: ON DELETE CASCADE and SET NULL reach the tables that refer to it, and without an action the statement, or the COMMIT, fails. `PRAGMA defer_foreign_keys` only puts off the check: the actions run at once.",
  remedy:
    "`PRAGMA foreign_keys = OFF` before BEGIN, `PRAGMA foreign_key_check` before COMMIT, and ON again afterwards. `op.batchAlterTable` does all of it.",
  severity: "error",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id) ON DELETE CASCADE);`,
      sql: `PRAGMA defer_foreign_keys = ON;
CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id) ON DELETE SET NULL);`,
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  good: [
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id) ON DELETE CASCADE);`,
      sql: `PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;
CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;
PRAGMA foreign_key_check;
COMMIT;
PRAGMA foreign_keys = ON;`,
    },
    {
      note: "no table refers to it",
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  revision: (context) =>
    rebuildsOf(context.unit).flatMap(({ old, name, drop, isOurs }) => {
      if (isOurs || switchAt(context.unit, "foreign_keys", drop.position, isEffective) === false) return [];
      // That a pragma in a transaction does nothing is a finding of its own, at the pragma.
      const inVain = actsOf(context.unit.statements).some(
        ({ act, statement }) => act.kind === "set" && act.name === "foreign_keys" && !isEffective(statement),
      );
      const others = stricken(context, old);
      const isDeferred = switchAt(context.unit, "defer_foreign_keys", drop.position) === true;
      if (inVain || (others.length === 0 && !(isDeferred && old.referencedBy.length > 0))) return [];
      const object = showRelation({ ...old, name });
      const message =
        others.length === 0
          ? `Foreign keys to ${object} are checked at the COMMIT, which fails`
          : `Where foreign keys are on, dropping ${object} deletes or changes rows of ${others.join(", ")}`;
      return [{ message, object, relations: [old], line: drop.line }];
    }),
});
