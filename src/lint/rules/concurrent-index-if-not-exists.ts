import { actsOf, perUnit } from "../acts-of.js";
import { defineRule } from "../rule.js";

/** Where the first statement drops an index of a name. */
const dropsOf = perUnit((unit) => {
  const first = new Map<string, number>();
  for (const { act, statement } of actsOf(unit.statements)) {
    if (act.kind !== "drop" || act.object !== "index") continue;
    for (const { name } of act.names) if (!first.has(name)) first.set(name, statement.position);
  }
  return first;
});

export const rule = defineRule({
  id: "concurrent-index-if-not-exists",
  title: "CREATE INDEX CONCURRENTLY IF NOT EXISTS",
  why: "A concurrent build that fails leaves an invalid index of that name, which no query uses and every write keeps up to date. The next attempt finds the name taken, does nothing and succeeds: the index never comes to be, and nobody is told.",
  remedy:
    "Leave IF NOT EXISTS out, so that the next attempt fails where an invalid index is left; or run `DROP INDEX CONCURRENTLY IF EXISTS` of the same name first. Whether it is valid says `pg_index.indisvalid`.",
  severity: "warning",
  group: "locks",
  dialects: ["postgres"],
  small: "same",
  aliases: {},
  bad: [
    {
      inTransaction: false,
      sql: "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_customer ON orders (customer_id);",
    },
    {
      inTransaction: false,
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, number text);",
      sql: "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS orders_number ON orders (number);",
    },
  ],
  good: [
    { inTransaction: false, sql: "CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);" },
    {
      note: "what an earlier attempt left goes first",
      inTransaction: false,
      sql: `DROP INDEX CONCURRENTLY IF EXISTS orders_customer;
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_customer ON orders (customer_id);`,
    },
    {
      note: "a build that is not concurrent is rolled back when it fails",
      sql: "CREATE INDEX IF NOT EXISTS orders_customer ON orders (customer_id);",
    },
  ],
  on: {
    "create-index": (act, { statement, unit }) => {
      if (!act.concurrently || !act.ifNotExists || act.name === null) return undefined;
      const dropped = dropsOf(unit).get(act.name);
      if (dropped !== undefined && dropped < statement.position) return undefined;
      return {
        message: `If an earlier build of ${act.name} has failed, its invalid index is taken for the one that is wanted`,
        object: act.name,
        at: "IF NOT EXISTS",
        instead: [statement.sql.replace(/\bIF\s+NOT\s+EXISTS\s+/i, "")],
      };
    },
  },
});
