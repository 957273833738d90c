import { findRelation, type Relation, showRelation } from "../../effect/world.js";
import { actsOf } from "../acts-of.js";
import type { RevisionContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

/** The columns of the table's primary key. */
function keyOf(table: Relation | undefined): readonly string[] | undefined {
  if (table === undefined) return undefined;
  for (const constraint of table.constraints.values()) {
    if (constraint.kind === "primary-key") return constraint.columns;
  }
  return undefined;
}

function replaced(context: RevisionContext): readonly Say[] {
  const dropped = new Map<number, readonly string[]>();
  const says: Say[] = [];
  for (const { act, statement } of actsOf(context.unit.statements)) {
    if (act.kind !== "drop-constraint" && act.kind !== "add-constraint") continue;
    const table = findRelation(statement.before, act.table);
    if (table === undefined || !context.isExisting(table)) continue;
    if (act.kind === "drop-constraint") {
      const gone = table.constraints.get(act.constraint);
      if (gone?.kind === "primary-key") dropped.set(table.id, gone.columns);
    } else if (act.constraint.kind === "primary-key") {
      const now = keyOf(statement.after.relations.get(table.id)) ?? act.constraint.columns;
      const old = dropped.get(table.id);
      if (old === undefined || old.join("\n") === now.join("\n")) continue;
      const name = showRelation(table);
      says.push({
        message: `The rows of ${name} are known by (${now.join(", ")}) instead of (${old.join(", ")})`,
        object: name,
        relations: [table],
        line: statement.line,
      });
    }
  }
  return says;
}

export const rule = defineRule({
  id: "replace-primary-key",
  title: "Primary key that is put in the place of another",
  why: "The primary key is what logical replication, change data capture and many an ORM know a row by: from the commit on they look for rows by other columns, and subscribers whose table is not changed at the same moment stop. Foreign keys that point to the old key keep it from being dropped.",
  remedy:
    "Build the new key's index CONCURRENTLY before, and change the keys in one `ALTER TABLE … DROP CONSTRAINT …, ADD PRIMARY KEY USING INDEX …`. Keep a unique constraint over the old columns, and name it in `REPLICA IDENTITY USING INDEX`, as long as anybody needs it.",
  severity: "warning",
  group: "locks",
  dialects: ["postgres"],
  small: "same",
  aliases: { atlas: ["PG312"] },
  bad: [
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, number bigint NOT NULL);",
      sql: "ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (number);",
    },
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, number bigint NOT NULL);",
      sql: `ALTER TABLE orders DROP CONSTRAINT orders_pkey;
ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id, number);`,
    },
  ],
  good: [
    {
      note: "the key has the same columns",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: `ALTER TABLE orders DROP CONSTRAINT orders_pkey;
ALTER TABLE orders ADD CONSTRAINT orders_key PRIMARY KEY (id);`,
    },
    {
      note: "there was none",
      before: "CREATE TABLE orders (id bigint NOT NULL);",
      sql: "ALTER TABLE orders ADD PRIMARY KEY (id);",
    },
  ],
  revision: replaced,
});
