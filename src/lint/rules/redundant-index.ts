import {
  findRelation,
  type IndexState,
  type Relation,
  showRelation,
  type World,
} from "../../effect/world.js";
import { perUnit } from "../acts-of.js";
import { actsOfKind } from "../ahead.js";
import type { RevisionContext } from "../context.js";
import { defineRule } from "../rule.js";

const keyTexts = ({ keys }: IndexState): readonly string[] =>
  keys.map(
    ({ column, expression, collation, operatorClass, descending, nullsFirst }) =>
      `${column ?? expression?.sql} ${collation?.name} ${operatorClass?.name} ${descending} ${nullsFirst}`,
  );

/** Whatever `index` is good for, `other` is too. */
function serves(other: IndexState, index: IndexState): boolean {
  // Most indexes differ here, and the text of an expression is looked for only when it is asked for.
  if (other.keys[0]?.column !== index.keys[0]?.column || other.method !== index.method) return false;
  if (other.where?.sql !== index.where?.sql) return false;
  const [keys, more] = [keyTexts(index), keyTexts(other)];
  if (index.method !== "btree" && keys.length !== more.length) return false;
  if (!keys.every((key, at) => more[at] === key)) return false;
  if (!index.include.every((name) => other.include.includes(name))) return false;
  return !index.unique || (other.unique && keys.length === more.length);
}

interface Pair {
  readonly needless: Relation;
  readonly by: Relation;
}

type ByColumn = ReadonlyMap<string | null, readonly Relation[]>;

/** Valid indexes of tables by their first column: only those that share it can serve the same. */
const byColumn = perUnit(() => new Map<number, ByColumn>());

function alike(known: Map<number, ByColumn>, world: World, { table, keys }: IndexState): readonly Relation[] {
  const found = known.get(table) ?? grouped(world, table);
  known.set(table, found);
  return found.get(keys[0]?.column ?? null) ?? [];
}

function grouped(world: World, table: number): ByColumn {
  const groups = new Map<string | null, Relation[]>();
  for (const id of world.relations.get(table)?.indexes ?? []) {
    const one = world.relations.get(id);
    if (one?.index == null || !one.index.valid) continue;
    const column = one.index.keys[0]?.column ?? null;
    const group = groups.get(column);
    if (group === undefined) groups.set(column, [one]);
    else group.push(one);
  }
  return groups;
}

/** Of a new index and the others of its table: a pair of which one need not be there. */
function pairOf({ after: world, unit }: RevisionContext, made: Relation): Pair | null {
  const own = made.index;
  if (own === null || own.constraint !== null) return null;
  for (const other of alike(byColumn(unit), world, own)) {
    if (other.index === null || other.id === made.id) continue;
    if (serves(other.index, own)) return { needless: made, by: other };
    if (other.index.constraint === null && serves(own, other.index)) return { needless: other, by: made };
  }
  return null;
}

export const rule = defineRule({
  id: "redundant-index",
  title: "An index that another one makes needless",
  why: "An index over `(a)` is of no use beside one over `(a, b)`, nor is a second one like the first: every INSERT and UPDATE maintains both, and both take room in the cache.",
  remedy: "Leave out the shorter one, or drop it when the new one is there.",
  severity: "warning",
  group: "design",
  dialects: "all",
  small: "harmless",
  directions: "upgrade",
  aliases: { pgls: ["duplicateIndex"], "pg-migration-lint": ["PGM508"] },
  bad: [
    {
      before: `CREATE TABLE orders (id bigint PRIMARY KEY, shop int, state text);
CREATE INDEX orders_shop_state ON orders (shop, state);`,
      sql: "CREATE INDEX orders_shop ON orders (shop);",
    },
    {
      note: "the primary key has one",
      sql: `CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE INDEX orders_id ON orders (id);`,
    },
  ],
  good: [
    {
      note: "another order serves other queries",
      before: `CREATE TABLE orders (id bigint PRIMARY KEY, shop int, state text);
CREATE INDEX orders_shop_state ON orders (shop, state);`,
      sql: "CREATE INDEX orders_state ON orders (state);",
    },
    {
      note: "the old one is dropped",
      before: `CREATE TABLE orders (id bigint PRIMARY KEY, shop int, state text);
CREATE INDEX orders_shop ON orders (shop);`,
      sql: `CREATE INDEX orders_shop_state ON orders (shop, state);
DROP INDEX orders_shop;`,
    },
    {
      note: "it keeps duplicates out, which the longer one does not",
      before: `CREATE TABLE orders (id bigint PRIMARY KEY, number text, shop int);
CREATE INDEX orders_number_shop ON orders (number, shop);`,
      sql: "CREATE UNIQUE INDEX orders_number ON orders (number);",
    },
  ],
  revision: (context) =>
    actsOfKind(context.unit.statements, "create-index").flatMap(({ act, statement }) => {
      const { after, position } = statement;
      // The newest one stands last.
      const born = findRelation(after, act.table)
        ?.indexes.toArray()
        .findLast((id) => after.relations.get(id)?.bornAt === position);
      const made = born === undefined ? undefined : context.after.relations.get(born);
      const pair = made === undefined ? null : pairOf(context, made);
      if (pair === null) return [];
      const object = showRelation(pair.needless);
      return [
        {
          message: `${object} serves nothing that ${showRelation(pair.by)} does not serve, too`,
          object,
          line: statement.line,
        },
      ];
    }),
});
