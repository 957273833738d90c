import type { Act } from "../../effect/act.js";
import { findFunctions, findType, type Relation, showRelation, type World } from "../../effect/world.js";
import { showName } from "../../schema/name.js";
import type { StatementContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

/** Views over the relation, and foreign keys of others to it; those that use the column, when one is given. */
function dependents(world: World, relation: Relation, column: string | null): readonly string[] {
  const views = [...relation.readBy].flatMap((id) => {
    const view = world.relations.get(id);
    const uses = column === null || view?.view?.all === true || view?.view?.columns.includes(column) === true;
    return view !== undefined && uses ? [`the view ${showRelation(view)}`] : [];
  });
  const keys = [...relation.referencedBy].flatMap(({ table, constraint }) => {
    const other = world.relations.get(table);
    const key = other?.constraints.get(constraint);
    if (other === undefined || key?.kind !== "foreign-key" || table === relation.id) return [];
    const uses = column === null || key.keyColumns.length === 0 || key.keyColumns.includes(column);
    return uses ? [`the foreign key ${constraint} of ${showRelation(other)}`] : [];
  });
  return [...views, ...keys];
}

function sayOfRelation(context: StatementContext, relation: Relation, column: string | null): readonly Say[] {
  const found = dependents(context.before, relation, column);
  // All of a relation that we saw made is known: nothing stands on it.
  if (found.length === 0 && relation.known) return [];
  const object = column === null ? showRelation(relation) : `${showRelation(relation)}.${column}`;
  const what = found.length === 0 ? "whatever stands on it" : found.join(", ");
  return [{ message: `${object} takes ${what} with it`, object, relations: [relation], at: "CASCADE" }];
}

/** The object was made by this very file, so that nothing of others stands on it. */
function isOfThisUnit(
  act: Act<"drop">,
  name: Act<"drop">["names"][number],
  context: StatementContext,
): boolean {
  const { run } = context.statement;
  if (act.object === "type" || act.object === "domain") return findType(context.before, name)?.bornIn === run;
  const functions = findFunctions(context.before, name);
  const isFunction = act.object === "function" || act.object === "procedure" || act.object === "aggregate";
  return isFunction && functions.length > 0 && functions.every(({ bornIn }) => bornIn === run);
}

const relationKinds = new Set(["table", "foreign-table", "view", "materialized-view", "sequence", "index"]);

export const rule = defineRule({
  id: "drop-cascade",
  title: "DROP … CASCADE",
  why: "The server drops whatever stands on the object as well: views, foreign keys of other tables, defaults, columns of a dropped type. The statement names none of them, and on another database they may be others.",
  remedy:
    "Drop by name what stands on it, each with a statement that can be read, and leave out CASCADE: the statement then fails when something was forgotten.",
  severity: "warning",
  group: "destruction",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  tag: "destructive",
  aliases: { "pg-migration-lint": ["PGM202"] },
  bad: [
    "DROP TABLE orders CASCADE;",
    {
      before: `CREATE TABLE orders (id bigint PRIMARY KEY, state text);
CREATE VIEW open_orders AS SELECT id, state FROM orders WHERE state = 'open';`,
      sql: "ALTER TABLE orders DROP COLUMN state CASCADE;",
    },
    "DROP TYPE mood CASCADE;",
    "ALTER TABLE orders DROP CONSTRAINT orders_pkey CASCADE;",
  ],
  good: [
    { note: "fails when something stands on it", sql: "DROP VIEW open_orders;" },
    {
      note: "nothing stands on it",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, state text);",
      sql: "DROP TABLE orders CASCADE;",
    },
  ],
  on: {
    drop: (act, context) => {
      if (!act.cascade || act.object === "schema") return undefined;
      return act.names.flatMap((name): readonly Say[] => {
        if (relationKinds.has(act.object)) {
          const relation = context.existing(name);
          return relation === undefined ? [] : sayOfRelation(context, relation, null);
        }
        if (isOfThisUnit(act, name, context)) return [];
        const object = showName(name);
        return [{ message: `${object} takes whatever stands on it with it`, object, at: "CASCADE" }];
      });
    },
    "drop-column": (act, context) => {
      const table = act.cascade ? context.existing(act.table) : undefined;
      return table === undefined ? undefined : sayOfRelation(context, table, act.column);
    },
    "drop-constraint": (act, context) => {
      const table = act.cascade ? context.existing(act.table) : undefined;
      if (table === undefined) return undefined;
      const constraint = table.constraints.get(act.constraint);
      const mayBeKey =
        constraint === undefined ? !table.known : /^(primary-key|unique)$/.test(constraint.kind);
      // Only foreign keys and a few views stand on keys; on other constraints nothing does.
      if (!mayBeKey || (table.known && table.referencedBy.length === 0)) return undefined;
      const object = `${showRelation(table)}.${act.constraint}`;
      return {
        message: `${object} takes the foreign keys that refer to it with it`,
        object,
        relations: [table],
        at: "CASCADE",
      };
    },
  },
});
