import { type Constraint, type Relation, showRelation } from "../../effect/world.js";
import { worldAtEnd } from "../ahead.js";
import type { StatementContext } from "../context.js";
import { defineRule } from "../rule.js";

const lost: Readonly<Record<Constraint["kind"], string>> = {
  check: "rows that break it are let in",
  "not-null": "rows without a value are let in",
  "primary-key": "rows are no longer told apart by it",
  unique: "duplicates are let in",
  exclude: "rows that exclude each other are let in",
  "foreign-key": "rows may point at nothing",
};

const columnsOf = (one: Constraint): string => ("columns" in one ? one.columns.join(",") : "");

/** The table has another one of its kind on the same columns, or of its name, when the unit is over. */
function isReplaced(context: StatementContext, table: Relation, old: Constraint): boolean {
  const others = [...(worldAtEnd(context).relations.get(table.id)?.constraints.values() ?? [])];
  return others.some(
    (one) =>
      one.name === old.name ||
      (one.kind === old.kind && (one.kind === "primary-key" || columnsOf(one) === columnsOf(old))),
  );
}

/** A check that says of a column what its NOT NULL says. */
function isProvedOtherwise(table: Relation, constraint: Constraint): boolean {
  if (constraint.kind !== "check" || constraint.expression.condition.kind !== "not-null") return false;
  return table.columns.get(constraint.expression.condition.column)?.notNull === true;
}

export const rule = defineRule({
  id: "drop-constraint",
  title: "DROP CONSTRAINT",
  why: "From now on rows get in that the constraint kept out, and nothing says so. To have it back one day means to clean the rows first.",
  remedy:
    "Make sure that nobody relies on it: code that looks for one row, an upsert, a join that must not multiply.",
  severity: "info",
  group: "destruction",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  tag: "destructive",
  aliases: {
    atlas: ["CD101", "CD102", "CD103"],
    pgsafe: ["drop-constraint"],
    pgfence: ["drop-constraint"],
  },
  bad: [
    "ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey;",
    {
      before: "CREATE TABLE people (id bigint PRIMARY KEY, email text CONSTRAINT one_email UNIQUE);",
      sql: "ALTER TABLE people DROP CONSTRAINT one_email;",
    },
  ],
  good: [
    {
      note: "another one takes its place",
      before:
        "CREATE TABLE orders (id bigint PRIMARY KEY, amount int CONSTRAINT positive CHECK (amount > 0));",
      sql: `ALTER TABLE orders DROP CONSTRAINT positive;
ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount >= 0) NOT VALID;`,
    },
    {
      note: "the column's NOT NULL says the same",
      before: [
        "CREATE TABLE orders (id bigint PRIMARY KEY, amount int, CONSTRAINT present CHECK (amount IS NOT NULL));",
        "ALTER TABLE orders ALTER COLUMN amount SET NOT NULL;",
      ],
      sql: "ALTER TABLE orders DROP CONSTRAINT present;",
    },
  ],
  on: {
    "drop-constraint": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined) return undefined;
      const constraint = table.constraints.get(act.constraint);
      const object = `${showRelation(table)}.${act.constraint}`;
      const say = { object, relations: [table], at: act.constraint };
      if (constraint === undefined) {
        // A name that a known table does not have is that of a NOT NULL, or fails.
        if (table.columnsKnown) return undefined;
        const isBack = worldAtEnd(context).relations.get(table.id)?.constraints.has(act.constraint);
        return isBack ? undefined : { ...say, message: `What ${object} guaranteed no longer holds` };
      }
      if (isReplaced(context, table, constraint) || isProvedOtherwise(table, constraint)) return undefined;
      return { ...say, message: `Without ${object} ${lost[constraint.kind]}` };
    },
  },
});
