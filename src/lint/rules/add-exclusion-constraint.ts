import { showRelation } from "../../effect/world.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "add-exclusion-constraint",
  title: "EXCLUDE constraint on a table in use",
  why: "Its index is built, and every row is compared, under an ACCESS EXCLUSIVE lock: neither reads nor writes get through. There is no gentler form: EXCLUDE knows neither USING INDEX nor NOT VALID.",
  remedy:
    "Make a new table that has the constraint, copy the rows in batches while a trigger keeps both alike, and exchange the names; or do it in a window of maintenance.",
  severity: "error",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    atlas: ["PG109"],
    eugene: ["E8"],
    pgsafe: ["add-exclusion-constraint"],
    pgfence: ["add-constraint-exclude"],
    pgls: ["avoidAddingExclusionConstraint"],
    "pg-migration-lint": ["PGM019"],
  },
  bad: [
    "ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);",
    {
      before: "CREATE TABLE bookings (id bigint PRIMARY KEY, during tstzrange);",
      sql: "ALTER TABLE bookings ADD EXCLUDE USING gist (during WITH &&) WHERE (id > 0);",
    },
  ],
  good: [
    "CREATE TABLE bookings (id bigint, during tstzrange, EXCLUDE USING gist (during WITH &&));",
    {
      note: "nobody uses a table that the same file makes",
      sql: `CREATE TABLE bookings (id bigint, during tstzrange);
ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);`,
    },
  ],
  on: {
    "add-constraint": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || act.constraint.kind !== "exclude") return undefined;
      const builds = context.effectOf(act).indexBuilds;
      if (builds.length === 0) return undefined;
      return {
        message: `Nobody can read or write ${showRelation(table)} while the index is built`,
        object: showRelation(table),
        relations: context.relations(builds),
        at: "EXCLUDE",
      };
    },
  },
});
