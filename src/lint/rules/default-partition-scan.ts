import type { Act } from "../../effect/act.js";
import { type Relation, showRelation } from "../../effect/world.js";
import type { ObjectName } from "../../schema/name.js";
import type { StatementContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

/** The default partition, where the server looks through it for rows that belong into the new one. */
function lookedThrough(parent: Relation, act: Act, context: StatementContext): Relation | undefined {
  const { scans, reads } = context.effectOf(act);
  return [...parent.children]
    .flatMap((id) => context.before.relations.get(id) ?? [])
    .find(({ id, bound }) => bound?.kind === "default" && (scans.includes(id) || reads.includes(id)));
}

function say(name: ObjectName, act: Act, at: string, context: StatementContext): Say | undefined {
  const parent = context.existing(name);
  const rest = parent === undefined ? undefined : lookedThrough(parent, act, context);
  if (rest === undefined || !context.isExisting(rest)) return undefined;
  const shown = showRelation(rest);
  return {
    message: `All rows of the default partition ${shown} are read while nobody can read or write it`,
    object: shown,
    relations: [rest],
    at,
  };
}

export const rule = defineRule({
  id: "default-partition-scan",
  title: "New partition beside a default partition",
  why: "The default partition is locked ACCESS EXCLUSIVE and read from end to end, to see that none of its rows belongs into the new partition; if one does, the statement fails. A check on the new partition does not spare it.",
  remedy:
    "Before it, give the default partition a CHECK that excludes the new bound, NOT VALID, and validate it: then it is not read. Rows that belong into the new partition have to be moved first.",
  severity: "error",
  group: "scans",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {},
  bad: [
    {
      before: `CREATE TABLE events (id bigint) PARTITION BY RANGE (id);
CREATE TABLE events_rest PARTITION OF events DEFAULT;`,
      sql: "CREATE TABLE events_new PARTITION OF events FOR VALUES FROM (0) TO (100);",
    },
    {
      before: `CREATE TABLE events (id bigint) PARTITION BY RANGE (id);
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE TABLE events_new (id bigint);`,
      sql: "ALTER TABLE events ATTACH PARTITION events_new FOR VALUES FROM (0) TO (100);",
    },
  ],
  good: [
    {
      before: "CREATE TABLE events (id bigint) PARTITION BY RANGE (id);",
      sql: "CREATE TABLE events_new PARTITION OF events FOR VALUES FROM (0) TO (100);",
    },
    {
      note: "nobody uses tables that the same file makes",
      sql: `CREATE TABLE events (id bigint) PARTITION BY RANGE (id);
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE TABLE events_new PARTITION OF events FOR VALUES FROM (0) TO (100);`,
    },
  ],
  on: {
    "create-table": (act, context) =>
      act.partitionOf === null ? undefined : say(act.partitionOf.parent, act, "PARTITION OF", context),
    "attach-partition": (act, context) => say(act.table, act, "ATTACH PARTITION", context),
  },
});
