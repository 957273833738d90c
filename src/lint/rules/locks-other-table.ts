import type { Act } from "../../effect/act.js";
import {
  findRelation,
  type Relation,
  showRelation,
  type World,
  withDescendants,
} from "../../effect/world.js";
import type { ObjectName } from "../../schema/name.js";
import type { StatementContext } from "../context.js";
import { defineRule } from "../rule.js";
import { showAll, workOn } from "../work.js";
import { written, writtenName } from "../written.js";

/** What the act names, of which it is no surprise that it is locked; `null` for acts that lock nothing else. */
function named(act: Act): readonly ObjectName[] | null {
  switch (act.kind) {
    case "drop":
      return act.object === "table" ? act.names : null;
    case "drop-constraint":
    case "drop-column":
    case "alter-type":
    case "alter-constraint":
      return [act.table];
    default:
      return null;
  }
}

/** All that the names stand for: partitions and what they are partitions of go with them. */
function family(world: World, names: readonly ObjectName[]): ReadonlySet<number> {
  const relations = names.flatMap((name) => findRelation(world, name) ?? []);
  const all = relations.flatMap((one) => withDescendants(world, one).map(({ id }) => id));
  return new Set([...all, ...relations.flatMap(({ parents }) => parents)]);
}

/** Tables that nobody named and nobody can use meanwhile. */
function others(act: Act, names: readonly ObjectName[], context: StatementContext): readonly Relation[] {
  const effect = context.effectOf(act);
  const own = family(context.before, names);
  const ids = [...effect.locks]
    .filter(([id, mode]) => mode === "ACCESS EXCLUSIVE" && !own.has(id))
    .map(([id]) => id);
  return context.relations(ids).filter(({ kind }) => kind === "table" || kind === "partitioned-table");
}

/** The foreign keys one by one, then the table: no more than one other table is locked at a time. */
function oneByOne({ statement: { acts }, before, sql }: StatementContext): { instead?: readonly string[] } {
  const [act] = acts;
  const [name] = act?.kind === "drop" ? act.names : [];
  if (act?.kind !== "drop" || acts.length > 1 || act.names.length > 1 || name === undefined) return {};
  const table = findRelation(before, name);
  if (act.cascade || table === undefined || table.parents.length > 0) return {};
  const keys = [...table.constraints.values()].filter(
    (one) => one.kind === "foreign-key" && one.targetId !== table.id,
  );
  const drops = keys.map(
    (key) =>
      `ALTER TABLE ${act.ifExists ? "IF EXISTS " : ""}${writtenName(name, sql)} DROP CONSTRAINT ${written(key.name, sql)}`,
  );
  return { instead: [...drops, sql] };
}

export const rule = defineRule({
  id: "locks-other-table",
  title: "Statement that locks tables which it does not name",
  why: "A foreign key has triggers on both of its tables. Whoever drops it, alone or with its column or its table, or alters the type of one of its columns, takes an ACCESS EXCLUSIVE lock on the other table, too: also on one that everybody uses. Several such locks in one statement are taken one after the other, and each can be what another transaction waits with.",
  remedy:
    "Drop each foreign key in a transaction of its own, with a short `lock_timeout`, and try again when it runs out. Drop the table after that.",
  fix: "Drop each foreign key in a transaction of its own, then the table",
  severity: "info",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {},
  bad: [
    {
      before: `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);`,
      sql: "ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;",
    },
    {
      note: "two tables that others use at once: a warning",
      before: `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE products (id bigint PRIMARY KEY);
CREATE TABLE orders (customer_id bigint REFERENCES customers, product_id bigint REFERENCES products);`,
      sql: "DROP TABLE orders;",
    },
  ],
  good: [
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, note text CHECK (note <> ''));",
      sql: "ALTER TABLE orders DROP COLUMN note;",
    },
    {
      note: "the foreign keys went before",
      before: [
        `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);`,
        "ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;",
      ],
      sql: "DROP TABLE orders;",
    },
  ],
  statement: (context) => {
    const found = new Map<number, Relation>();
    const worked = workOn(context.effect);
    for (const act of context.statement.acts) {
      const names = named(act);
      // A rewrite keeps the other table locked for as long as it lasts: the rule about that speaks of it.
      if (names === null || (act.kind === "alter-type" && worked.size > 0)) continue;
      const locked = others(act, names, context);
      for (const one of locked) found.set(one.id, one);
    }
    if (found.size === 0) return undefined;
    const relations = [...found.values()];
    return {
      message: `${showAll(relations)}, at the other end of foreign keys, ${found.size === 1 ? "is" : "are"} locked, too, against reads and writes`,
      object: relations.map(showRelation).sort().join(" "),
      relations,
      ...(found.size > 1 ? { severity: "warning" as const, ...oneByOne(context) } : {}),
    };
  },
});
