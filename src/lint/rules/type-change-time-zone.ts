import { showRelation } from "../../effect/world.js";
import { changesTimeZone } from "../changed-type.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "type-change-time-zone",
  title: "timestamp to timestamptz, or back, by the session's time zone",
  why: "Values are moved by the `TimeZone` of the session that happens to run the statement: a wrong one makes every value of the column wrong, and nothing reports it. Unless it is UTC (and the server is 12 or newer) all rows are written anew, under an ACCESS EXCLUSIVE lock.",
  remedy:
    "Say which zone the values are in: where they are UTC, `SET LOCAL timezone = 'UTC'` before it in the same transaction, which from PostgreSQL 12 on also saves the rewrite; else `USING column AT TIME ZONE '…'`, which writes all rows anew.",
  severity: "error",
  group: "rewrites",
  dialects: ["postgres"],
  small: "same",
  tag: "type-change",
  aliases: {
    squawk: ["changing-column-type"],
    "pg-migration-lint": ["PGM007"],
    "drizzle-migration-lint": ["alter-column-type"],
  },
  bad: [
    {
      before: "CREATE TABLE orders (made_at timestamp);",
      sql: "ALTER TABLE orders ALTER COLUMN made_at TYPE timestamptz;",
    },
    {
      note: "PostgreSQL 11 writes all rows anew whatever the zone",
      serverVersion: 11,
      before: "CREATE TABLE orders (made_at timestamptz);",
      sql: "SET timezone = 'UTC'; ALTER TABLE orders ALTER COLUMN made_at TYPE timestamp;",
    },
  ],
  good: [
    {
      inTransaction: true,
      before: "CREATE TABLE orders (made_at timestamp);",
      sql: "SET LOCAL timezone = 'UTC';\nALTER TABLE orders ALTER COLUMN made_at TYPE timestamptz;",
    },
    {
      note: "more digits of the same type move nothing",
      before: "CREATE TABLE orders (made_at timestamp(3));",
      sql: "ALTER TABLE orders ALTER COLUMN made_at TYPE timestamp;",
    },
  ],
  on: {
    "alter-type": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || !changesTimeZone(act, context.before)) return undefined;
      const { rewrites } = context.effectOf(act);
      const zone = context.before.settings.get("timezone");
      const about = {
        object: `${showRelation(table)}.${act.column}`,
        relations: [table],
        at: "TYPE",
      };
      if (rewrites.length > 0) {
        const moved = zone === undefined ? "by the time zone of the session, " : "";
        return {
          ...about,
          message: `The values of ${act.column} are moved ${moved}and all rows of ${showRelation(table)} written anew while nobody can read or write them`,
        };
      }
      if (zone !== undefined) return undefined;
      return {
        ...about,
        severity: "warning",
        message: `The values of ${act.column} are moved by the time zone of the session, which nothing here says`,
      };
    },
  },
});
