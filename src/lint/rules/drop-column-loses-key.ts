import { type Constraint, type Relation, showRelation, type World } from "../../effect/world.js";
import { worldAtEnd } from "../ahead.js";
import { defineRule } from "../rule.js";

const kindWords: Readonly<Record<Constraint["kind"], string>> = {
  check: "the check",
  "not-null": "the NOT NULL constraint",
  "primary-key": "the primary key",
  unique: "the unique constraint",
  exclude: "the exclusion constraint",
  "foreign-key": "the foreign key",
};

function columnsOf(constraint: Constraint): readonly string[] {
  switch (constraint.kind) {
    case "check":
      return constraint.expression.columns;
    case "not-null":
      return [constraint.column];
    case "exclude":
      return constraint.elements.flatMap(({ key }) => key.column ?? []);
    case "primary-key":
    case "unique":
    case "foreign-key":
      return constraint.columns;
  }
}

/** What goes with the column although it is about other columns, too, and is not back when the unit is over. */
function lostWith(world: World, end: World, table: Relation, column: string): readonly string[] {
  const now = end.relations.get(table.id);
  const isBack = ({ name, kind }: Constraint) =>
    now?.constraints.has(name) === true ||
    (kind === "primary-key" && [...(now?.constraints.values() ?? [])].some((one) => one.kind === kind));
  const names = new Set(now?.indexes.toArray().map((id) => end.relations.get(id)?.name));
  const isShared = (columns: readonly string[]) =>
    columns.includes(column) && columns.some((one) => one !== column);
  const constraints = [...table.constraints.values()].filter(
    (one) =>
      (isShared(columnsOf(one)) || (one.kind === "primary-key" && one.columns.includes(column))) &&
      !isBack(one),
  );
  const indexes = [...table.indexes].flatMap((id) => {
    const relation = world.relations.get(id);
    const index = relation?.index;
    if (relation === undefined || index == null || index.constraint !== null || names.has(relation.name))
      return [];
    const columns = [
      ...index.keys.flatMap((key) => key.column ?? key.expression?.columns ?? []),
      ...index.include,
      ...(index.where?.columns ?? []),
    ];
    return isShared(columns) ? [`the ${index.unique ? "unique " : ""}index ${relation.name}`] : [];
  });
  return [...constraints.map((one) => `${kindWords[one.kind]} ${one.name}`), ...indexes];
}

export const rule = defineRule({
  id: "drop-column-loses-key",
  title: "DROP COLUMN that takes a key, a check or an index of other columns with it",
  why: "Constraints and indexes in which the column stands beside others are dropped with it, without a word. What they guaranteed about the other columns no longer holds, and queries that used the index slow down.",
  remedy:
    "Make what is to remain for the other columns first, drop the old constraint or index by name, and then the column.",
  severity: "warning",
  group: "destruction",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  tag: "destructive",
  aliases: { "pg-migration-lint": ["PGM010", "PGM011", "PGM012"] },
  bad: [
    {
      before: "CREATE TABLE seats (id bigint PRIMARY KEY, hall int, place int, UNIQUE (hall, place));",
      sql: "ALTER TABLE seats DROP COLUMN hall;",
    },
    {
      before: `CREATE TABLE orders (id bigint PRIMARY KEY, shop int, state text);
CREATE INDEX orders_shop_state ON orders (shop, state);`,
      sql: "ALTER TABLE orders DROP COLUMN state;",
    },
  ],
  good: [
    {
      note: "an index of this column alone",
      before: `CREATE TABLE orders (id bigint PRIMARY KEY, state text);
CREATE INDEX orders_state ON orders (state);`,
      sql: "ALTER TABLE orders DROP COLUMN state;",
    },
    {
      note: "another key takes its place",
      before: "CREATE TABLE seats (id bigint PRIMARY KEY, number bigint NOT NULL);",
      sql: "ALTER TABLE seats DROP COLUMN id, ADD PRIMARY KEY (number);",
    },
    {
      note: "the constraint was dropped by name",
      before:
        "CREATE TABLE seats (id bigint PRIMARY KEY, hall int, place int, CONSTRAINT one UNIQUE (hall, place));",
      sql: `ALTER TABLE seats DROP CONSTRAINT one;
ALTER TABLE seats DROP COLUMN hall;`,
    },
  ],
  on: {
    "drop-column": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined) return undefined;
      const lost = lostWith(context.before, worldAtEnd(context), table, act.column);
      if (lost.length === 0) return undefined;
      const object = `${showRelation(table)}.${act.column}`;
      return {
        message: `${object} takes ${lost.join(", ")} with it`,
        object,
        relations: [table],
        at: act.column,
      };
    },
  },
});
