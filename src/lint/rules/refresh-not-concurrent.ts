import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "refresh-not-concurrent",
  title: "REFRESH MATERIALIZED VIEW without CONCURRENTLY",
  why: "The view is locked ACCESS EXCLUSIVE until its query has run through and the rows and indexes are written: nobody can read it. WITH NO DATA leaves it empty, and every read fails until the next refresh.",
  remedy:
    "Use `REFRESH MATERIALIZED VIEW CONCURRENTLY`, which lets others read. It needs a unique index over plain columns of the view, and a view that has been filled before. Better still, leave refreshing to a job.",
  fix: "Refresh the view CONCURRENTLY",
  severity: "error",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    pgsafe: ["refresh-matview-non-concurrent"],
    pgfence: ["refresh-matview-blocking"],
    pgls: ["requireConcurrentRefreshMatview"],
  },
  bad: [
    "REFRESH MATERIALIZED VIEW totals;",
    {
      before: [
        "CREATE TABLE orders (id bigint, customer_id bigint);",
        "CREATE MATERIALIZED VIEW totals AS SELECT customer_id, count(*) FROM orders GROUP BY customer_id;",
      ],
      sql: "REFRESH MATERIALIZED VIEW totals WITH NO DATA;",
    },
  ],
  good: [
    "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;",
    {
      note: "nobody reads a view that the same file makes",
      sql: `CREATE TABLE orders (id bigint);
CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM orders WITH NO DATA;
REFRESH MATERIALIZED VIEW totals;`,
    },
  ],
  on: {
    "refresh-view": (act, context) => {
      const view = context.existing(act.name);
      if (view === undefined || act.concurrently) return undefined;
      const name = showRelation(view);
      const about = { object: name, relations: [view], at: "REFRESH" };
      if (!act.withData) return { ...about, message: `${name} is empty, and every read of it fails` };
      const indexes = [...view.indexes].map((id) => context.before.relations.get(id)?.index);
      const unique = indexes.some(
        (index) =>
          index?.unique === true && index.where === null && index.keys.every(({ column }) => column !== null),
      );
      return {
        ...about,
        message: `Nobody can read ${name} until its query has run through`,
        ...(unique ? { instead: [context.sql.replace(/\bVIEW\b/i, "$& CONCURRENTLY")] } : {}),
        ...(view.known && !unique
          ? {
              remedy:
                "CONCURRENTLY lets others read meanwhile. It needs a unique index over plain columns of the view, without WHERE, which this one has not: build that first.",
            }
          : {}),
      };
    },
  },
});
