import { showRelation } from "../../effect/world.js";
import type { ObjectName } from "../../schema/name.js";
import type { StatementContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

export const rule = defineRule({
  id: "tightened-constraint",
  title: "A new constraint on columns that the running release writes",
  why: "Whether the rows that are there obey the constraint is checked, now or with VALIDATE. The release that is still running is not: what it writes may be refused from the moment of the commit on, also with NOT VALID.",
  remedy: "First release code that obeys the constraint, then add it.",
  severity: "off",
  group: "compatibility",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    "ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0) NOT VALID;",
    "ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL;",
    { sql: "CREATE UNIQUE INDEX CONCURRENTLY one_email ON people (email);", inTransaction: false },
  ],
  good: [
    {
      note: "of a column that the running release does not know",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      sql: `ALTER TABLE orders ADD COLUMN amount int;
ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0) NOT VALID;`,
    },
    "CREATE TABLE orders (id bigint PRIMARY KEY, amount int CHECK (amount > 0));",
  ],
  on: {
    "add-constraint": (act, context) => {
      const { constraint } = act;
      if ("usingIndex" in constraint && constraint.usingIndex !== null) return undefined;
      const columns =
        constraint.kind === "check"
          ? constraint.expression.columns
          : constraint.kind === "not-null"
            ? [constraint.column]
            : constraint.kind === "exclude"
              ? constraint.elements.flatMap(({ key }) => key.column ?? [])
              : constraint.columns;
      return refusing(context, act.table, columns, "ADD");
    },
    "set-not-null": (act, context) => refusing(context, act.table, [act.column], "SET NOT NULL"),
    "create-index": (act, context) =>
      act.unique
        ? refusing(
            context,
            act.table,
            act.keys.flatMap(({ column }) => column ?? []),
            "UNIQUE",
          )
        : undefined,
  },
});

function refusing(
  context: StatementContext,
  name: ObjectName,
  columns: readonly string[],
  at: string,
): Say | undefined {
  const table = context.existing(name);
  if (table === undefined) return undefined;
  const start = context.unit.statements[0]?.position ?? context.statement.position;
  const isNew = (column: string) => (table.columns.get(column)?.bornAt ?? -1) >= start;
  if (columns.length > 0 && columns.every(isNew)) return undefined;
  const object = showRelation(table);
  return { message: `Rows that the running release writes into ${object} may be refused`, object, at };
}
