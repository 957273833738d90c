import type { Act } from "../../effect/act.js";
import { findRelation, type Relation, showRelation, type World } from "../../effect/world.js";
import { defineRule } from "../rule.js";
import { showAll } from "../work.js";

/** True when the view names the column of this table, and of no other that it might mean. */
function uses(view: Relation, table: Relation, name: string, world: World): boolean {
  const state = view.view;
  const column = table.columns.get(name);
  if (state === null) return false;
  if (state.columns.includes(name)) {
    const others = state.reads.filter((id) => id !== table.id).map((id) => world.relations.get(id));
    return others.every((one) => one?.columnsKnown === true && !one.columns.has(name));
  }
  if (!state.all || column === undefined) return false;
  return view.bornAt !== null && (column.bornAt ?? -1) < view.bornAt;
}

function usedBy(act: Act<"alter-type">, world: World): readonly Relation[] {
  const table = findRelation(world, act.table);
  if (table === undefined) return [];
  const views = [...table.readBy].flatMap((id) => world.relations.get(id) ?? []);
  return views.filter((view) => uses(view, table, act.column, world));
}

export const rule = defineRule({
  id: "type-change-of-used-column",
  title: "ALTER COLUMN … TYPE of a column that a view or a generated column uses",
  why: "The server refuses it: `cannot alter type of a column used by a view or rule`, or by a generated column. It fails where it is deployed, whatever the rows are, also where the type stays the same.",
  remedy:
    "Drop the view before it and make it again after it, in the same transaction, with its grants and comments. A generated column has to go and come back, too; its rows are then written anew.",
  severity: "error",
  group: "rewrites",
  dialects: ["postgres"],
  small: "same",
  aliases: {},
  bad: [
    {
      before: [
        "CREATE TABLE orders (id integer, code varchar(10));",
        "CREATE VIEW codes AS SELECT code FROM orders;",
      ],
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE text;",
    },
    {
      before: "CREATE TABLE orders (net integer, gross integer GENERATED ALWAYS AS (net * 2) STORED);",
      sql: "ALTER TABLE orders ALTER COLUMN net TYPE bigint;",
    },
  ],
  good: [
    {
      before: [
        "CREATE TABLE orders (id integer, code varchar(10));",
        "CREATE VIEW codes AS SELECT code FROM orders;",
      ],
      sql: `DROP VIEW codes;
ALTER TABLE orders ALTER COLUMN code TYPE text;
CREATE VIEW codes AS SELECT code FROM orders;`,
    },
    {
      note: "the view names another column",
      before: [
        "CREATE TABLE orders (id integer, code varchar(10));",
        "CREATE VIEW ids AS SELECT id FROM orders;",
      ],
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE text;",
    },
  ],
  on: {
    "alter-type": (act, { before, statement }) => {
      const table = findRelation(before, act.table);
      if (table === undefined) return undefined;
      const object = `${showRelation(table)}.${act.column}`;
      const views = usedBy(act, before);
      const gone = new Set(statement.acts.flatMap((one) => (one.kind === "drop-column" ? [one.column] : [])));
      const generated = [...table.columns.values()].filter(
        ({ name, generated }) =>
          generated?.expression.columns.includes(act.column) === true &&
          name !== act.column &&
          !gone.has(name),
      );
      const users = [showAll(views), ...generated.map(({ name }) => `${showRelation(table)}.${name}`)];
      const shown = users.filter((one) => one !== "").join(", ");
      if (shown === "") return undefined;
      return { message: `The server refuses it: ${object} is used by ${shown}`, object, at: act.column };
    },
  },
});
