import { type Relation, showRelation, type World } from "../../effect/world.js";
import { defineRule } from "../rule.js";

/** What a TRUNCATE CASCADE empties besides the tables that it names, as far as it is known. */
function emptiedWith(world: World, tables: readonly Relation[]): readonly Relation[] {
  const found = new Map(tables.map((one) => [one.id, one]));
  for (const table of found.values()) {
    for (const { table: id } of table.referencedBy) {
      const other = world.relations.get(id);
      if (other !== undefined && !found.has(id)) found.set(id, other);
    }
  }
  const named = new Set(tables.map(({ id }) => id));
  return [...found.values()].filter(({ id }) => !named.has(id));
}

export const rule = defineRule({
  id: "truncate-cascade",
  title: "TRUNCATE … CASCADE",
  why: "Every table with a foreign key to this one is emptied, too, and every table with a foreign key to those: rows that have nothing to do with the ones that were meant, also where the foreign key is NULL.",
  remedy:
    "Name the tables that are to be emptied: without CASCADE the statement fails when one was forgotten. Say that it is meant: `destructive: approved`.",
  severity: "error",
  group: "destruction",
  dialects: ["postgres"],
  small: "same",
  tag: "destructive",
  aliases: {
    squawk: ["ban-truncate-cascade"],
    pgfence: ["truncate-cascade"],
    pgls: ["banTruncateCascade"],
    "pg-migration-lint": ["PGM204"],
  },
  bad: [
    "TRUNCATE customers CASCADE;",
    {
      note: "the orders are emptied, too",
      before: `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);`,
      sql: "TRUNCATE customers CASCADE;",
    },
  ],
  good: [
    { note: "fails when a table refers to it", sql: "TRUNCATE customers;" },
    `-- destructive: approved
TRUNCATE customers, orders CASCADE;`,
  ],
  on: {
    truncate: (act, context) => {
      if (!act.cascade) return undefined;
      const tables = act.tables.flatMap((name) => context.existing(name) ?? []);
      const lost = tables.filter((table) => context.wasThereBefore(table));
      const [first] = lost;
      if (first === undefined) return undefined;
      const others = emptiedWith(context.before, lost).map(showRelation);
      const names = lost.map(showRelation).join(", ");
      return {
        message:
          others.length === 0
            ? `All rows of ${names} are lost, and those of every table that refers to it`
            : `All rows of ${names} are lost, and those of ${others.join(", ")} with them`,
        object: showRelation(first),
        relations: lost,
        at: "CASCADE",
      };
    },
  },
});
