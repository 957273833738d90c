import type { Act } from "../../effect/act.js";
import { type Constraint, type Relation, showRelation } from "../../effect/world.js";
import { isAsserted } from "../asserted.js";
import type { StatementContext } from "../context.js";
import { madeConstraint } from "../new-constraint.js";
import { askBefore, type Precheck, precheckOf } from "../precheck.js";
import { isEmptied, isMended } from "../rows-before.js";
import { defineRule, type Say } from "../rule.js";

/** The columns whose values decide it. */
function columnsOf(constraint: Constraint): readonly string[] {
  switch (constraint.kind) {
    case "check":
      return constraint.expression.columns;
    case "not-null":
      return [constraint.column];
    case "exclude":
      return constraint.elements.flatMap(({ key }) =>
        key.column === null ? (key.expression?.columns ?? []) : [key.column],
      );
    default:
      return constraint.columns;
  }
}

/** All rows have NULL in a column that the same unit has added, and NULL points nowhere. */
function isUnfilled(
  table: Relation,
  { kind }: Constraint,
  columns: readonly string[],
  context: StatementContext,
) {
  const since = context.unit.statements[0]?.position ?? 0;
  return (
    kind === "foreign-key" &&
    columns.some((name) => {
      const column = table.columns.get(name);
      return column !== undefined && (column.bornAt ?? -1) >= since && column.default === null;
    })
  );
}

function saysNotNullAgain(table: Relation, constraint: Constraint): boolean {
  if (constraint.kind !== "check" || constraint.expression.condition.kind !== "not-null") return false;
  const column = table.columns.get(constraint.expression.condition.column);
  return column?.notNull === true && column.notNullValid;
}

function says(
  table: Relation,
  act: Act<"add-constraint"> | Act<"validate-constraint">,
  constraint: Constraint,
  context: StatementContext,
): Say | undefined {
  const { position } = context.statement;
  const columns = columnsOf(constraint);
  if (isEmptied(context.unit, table.id, position) || saysNotNullAgain(table, constraint)) return undefined;
  if (columns.some((column) => isMended(context.unit, table.id, column, position))) return undefined;
  if (isUnfilled(table, constraint, columns, context) || isAsserted(table, columns, context))
    return undefined;
  const asked: Precheck | null = precheckOf({ table, name: act.table, sql: context.sql }, constraint);
  return {
    message: `It fails if a row of ${showRelation(table)} breaks ${constraint.name}`,
    object: `${showRelation(table)}.${constraint.name}`,
    relations: [table],
    ...(asked === null ? {} : { precheck: asked, remedy: askBefore(asked) }),
  };
}

const isNamed = (kind: Constraint["kind"]) => kind !== "unique" && kind !== "primary-key";

export const rule = defineRule({
  id: "constraint-over-existing-rows",
  title: "A constraint that rows which are there already may break",
  why: "The first row that breaks it makes the statement fail where it is deployed, after all the rows before it have been read. On a database without such a row, the one that it was tried on, it succeeds.",
  remedy: "Look for rows that break it before, and mend them.",
  severity: "info",
  group: "data-dependent",
  dialects: ["postgres"],
  small: "same",
  aliases: {},
  bad: [
    "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0);",
    {
      before: "CREATE TABLE customers (id bigint PRIMARY KEY); CREATE TABLE orders (customer_id bigint);",
      sql: "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;",
    },
    "ALTER TABLE bookings ADD CONSTRAINT apart EXCLUDE USING gist (room WITH =, during WITH &&);",
    {
      before: "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;",
      sql: "ALTER TABLE orders VALIDATE CONSTRAINT positive;",
    },
  ],
  good: [
    {
      note: "no row is looked at",
      sql: "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;",
    },
    {
      note: "the run ends before, if a row breaks it",
      message: "nothing is free",
      sql: `-- aludel:assert No order is free
SELECT id FROM orders WHERE NOT (total > 0);
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0);`,
    },
    {
      note: "the column is NOT NULL anyway",
      before: "CREATE TABLE orders (total integer NOT NULL);",
      sql: "ALTER TABLE orders ADD CONSTRAINT filled CHECK (total IS NOT NULL);",
    },
    {
      note: "rows are mended before",
      sql: `UPDATE orders SET total = 1 WHERE total <= 0;
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0);`,
    },
    {
      note: "the column is new, and points nowhere yet",
      sql: `ALTER TABLE orders ADD COLUMN customer_id bigint;
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id);`,
    },
  ],
  on: {
    "add-constraint": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || act.constraint.notValid || !isNamed(act.constraint.kind)) return undefined;
      const { scans, foreignKeyChecks, indexBuilds } = context.effectOf(act);
      if (scans.length + foreignKeyChecks.length + indexBuilds.length === 0) return undefined;
      const made = madeConstraint(table, context.after.relations.get(table.id), act.constraint);
      return made === undefined ? undefined : says(table, act, made, context);
    },
    "validate-constraint": (act, context) => {
      const table = context.existing(act.table);
      const constraint = table?.constraints.get(act.constraint);
      if (table === undefined || constraint === undefined || constraint.validated) return undefined;
      return says(table, act, constraint, context);
    },
  },
});
