import { findRelation, showRelation } from "../../effect/world.js";
import { actsOf } from "../acts-of.js";
import { isAsserted } from "../asserted.js";
import type { Unit } from "../context.js";
import { noNulls, noRow } from "../precheck.js";
import { copiedColumns, type Rebuild, rebuildsOf, rowidColumn } from "../rebuild.js";
import { defineRule } from "../rule.js";

/** Columns that take no NULL and may get one, and those that get nothing at all. */
function refused(rebuild: Rebuild): { readonly some: readonly string[]; readonly all: readonly string[] } {
  const { old, made } = rebuild;
  const copied = new Map(copiedColumns(rebuild).map(({ into, source }) => [into, source]));
  const own = rowidColumn(made);
  const required = [...made.columns.values()].filter(
    ({ name, notNull, generated }) => notNull && generated === null && name !== own,
  );
  const hasDefault = (name: string) => (made.columns.get(name)?.default?.constant ?? null) !== null;
  const isNullable = (name: string | null | undefined) => {
    const column = name == null ? undefined : old.columns.get(name);
    return column !== undefined && !column.notNull && column.name !== rowidColumn(old);
  };
  return {
    some: required.filter(({ name }) => isNullable(copied.get(name))).map(({ name }) => name),
    all: required.filter(({ name }) => !copied.has(name) && !hasDefault(name)).map(({ name }) => name),
  };
}

export const rule = defineRule({
  id: "rebuild-copies-null",
  title: "NULL is copied into a column that is NOT NULL",
  why: "The copy stops at the first row that has a NULL there. On a database without such a row, the one that it was tried on, it succeeds.",
  remedy:
    "`coalesce(note, '')` in the copy, or fill the rows in an earlier revision. Say that none is there: `backfill: ok`.",
  severity: "warning",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  tag: "backfill",
  aliases: { atlas: ["LT101"] },
  bad: [
    {
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT NOT NULL);
INSERT INTO new_orders (id, note) SELECT id, note FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
    {
      note: "a new column gets nothing at all",
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT NOT NULL);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  good: [
    {
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT NOT NULL);
INSERT INTO new_orders (id, note) SELECT id, coalesce(note, '') FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
    {
      note: "the run ends before, if there is a NULL",
      message: "every order has a note",
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);",
      sql: `-- aludel:assert No row of orders has NULL in note
SELECT id, note FROM orders WHERE note IS NULL;
CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT NOT NULL);
INSERT INTO new_orders (id, note) SELECT id, note FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
    {
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT NOT NULL);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open');
INSERT INTO new_orders (id, note) SELECT id, note FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  revision: (context) =>
    rebuildsOf(context.unit).flatMap((rebuild) => {
      const { old, name, copy } = rebuild;
      if (copy === null || isGuarded(context.unit, old.id, copy.statement.position)) return [];
      const { some, all } = refused(rebuild);
      const { statement } = copy;
      const asking = { table: old, name: { namespace: null, name: old.name }, sql: statement.sql };
      const isAnswered = (columns: readonly string[]) =>
        isAsserted(old, columns, { unit: context.unit, statement });
      const object = showRelation({ ...old, name });
      const line = copy.statement.line;
      if (all.length > 0) {
        if (isAnswered([])) return [];
        const message = `${all.join(", ")} of ${object} gets no value, and with one row the copy fails`;
        return [{ message, object, line, severity: "error" as const, precheck: noRow(asking) }];
      }
      const sources = some.map(
        (name) => copiedColumns(rebuild).find(({ into }) => into === name)?.source ?? name,
      );
      if (some.length === 0 || isAnswered(sources)) return [];
      const message = `A NULL in ${some.join(", ")} of ${object} stops the copy`;
      return [{ message, object, line, precheck: noNulls(asking, sources) }];
    }),
});

/** An earlier statement of the unit changed or deleted rows of the table: perhaps just these. */
function isGuarded(unit: Unit, table: number, position: number): boolean {
  return actsOf(unit.statements).some(
    ({ act, statement }) =>
      statement.position < position &&
      (act.kind === "update" || act.kind === "delete") &&
      findRelation(statement.before, act.table)?.id === table,
  );
}
