import type { Act } from "../../effect/act.js";
import { findRelation, showRelation } from "../../effect/world.js";
import type { ObjectName } from "../../schema/name.js";
import type { StatementContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";
import { writtenName } from "../written.js";

/** `undefined` for an index that nobody can be using, or that cannot be dropped in another way. */
function say(name: ObjectName, act: Act<"drop">, context: StatementContext): Say | undefined {
  const index = findRelation(context.before, name);
  if (index === undefined || index.temporary || (index.index?.constraint ?? null) !== null) return undefined;
  const table = index.index === null ? undefined : context.before.relations.get(index.index.table);
  if (table === undefined ? context.existing(name) === undefined : !context.isExisting(table))
    return undefined;
  const object = showRelation(index);
  const where = table === undefined ? `the table of ${object}` : showRelation(table);
  const message = `Dropping ${object} waits until nobody uses ${where}, and all who come later wait behind it`;
  const about = { message, object, relations: table === undefined ? [] : [table] };
  if (index.kind === "partitioned-index") {
    return {
      ...about,
      severity: "info",
      remedy:
        "An index of a partitioned table cannot be dropped CONCURRENTLY. Set a short `lock_timeout` and try again when it runs out: every partition is locked with it.",
    };
  }
  const at = act.names.length > 1 ? name.name : "DROP INDEX";
  // CONCURRENTLY takes one index, and no CASCADE.
  if (act.cascade) return { ...about, at };
  const words = `DROP INDEX CONCURRENTLY${act.ifExists ? " IF EXISTS" : ""}`;
  return { ...about, at, instead: act.names.map((one) => `${words} ${writtenName(one, context.sql)}`) };
}

export const rule = defineRule({
  id: "drop-index-not-concurrent",
  title: "DROP INDEX without CONCURRENTLY",
  why: "DROP INDEX takes an ACCESS EXCLUSIVE lock on the index's table. It is held for an instant, but the statement first waits for every query that is using the table, and meanwhile all new ones queue up behind it.",
  remedy:
    "Use `DROP INDEX CONCURRENTLY`, outside a transaction, one index a statement. It waits without keeping others from anything.",
  fix: "Drop the index CONCURRENTLY",
  severity: "warning",
  group: "locks",
  dialects: ["postgres"],
  small: "same",
  aliases: {
    squawk: ["require-concurrent-index-deletion"],
    atlas: ["PG102"],
    pgsafe: ["drop-index-non-concurrent"],
    pgfence: ["drop-index-not-concurrent"],
    pgls: ["requireConcurrentIndexDeletion"],
    "pg-migration-lint": ["PGM002"],
  },
  bad: [
    "DROP INDEX orders_customer;",
    {
      before: [
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);",
        "CREATE INDEX orders_customer ON orders (customer_id); CREATE INDEX orders_both ON orders (customer_id, id);",
      ],
      sql: "DROP INDEX IF EXISTS orders_customer, orders_both;",
    },
  ],
  good: [
    { sql: "DROP INDEX CONCURRENTLY orders_customer;", inTransaction: false },
    {
      note: "nobody uses a table that the same file makes",
      sql: `CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
CREATE INDEX orders_customer ON orders (customer_id);
DROP INDEX orders_customer;`,
    },
    {
      note: "there is no such index",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: "CREATE TABLE notes (id bigint); CREATE INDEX note ON notes (id); DROP INDEX note;",
    },
  ],
  on: {
    drop: (act, context) => {
      if (act.object !== "index" || act.concurrently) return undefined;
      return act.names.flatMap((name) => say(name, act, context) ?? []);
    },
  },
});
