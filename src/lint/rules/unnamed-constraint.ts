import type { ConstraintDefinition } from "../../effect/syntax.js";
import type { ObjectName } from "../../schema/name.js";
import type { StatementContext } from "../context.js";
import { showTable } from "../new-columns.js";
import { defineRule, type Say } from "../rule.js";

const words: Readonly<Record<ConstraintDefinition["kind"], string>> = {
  check: "CHECK",
  "not-null": "NOT NULL",
  "primary-key": "PRIMARY KEY",
  unique: "UNIQUE",
  exclude: "EXCLUDE",
  "foreign-key": "REFERENCES",
};

function unnamed(
  constraints: readonly ConstraintDefinition[],
  table: ObjectName,
  context: StatementContext,
): readonly Say[] {
  const object = showTable(context.after, table);
  return constraints.flatMap((one) => {
    // A primary key has one name on every server.
    const isNamed = one.name !== null || one.kind === "not-null" || one.kind === "primary-key";
    if (isNamed || ("usingIndex" in one && one.usingIndex !== null)) return [];
    const word = words[one.kind];
    return [
      {
        message: `The server chooses a name for ${word} of ${object}`,
        object: `${object} ${word}`,
        at: word,
      },
    ];
  });
}

export const rule = defineRule({
  id: "unnamed-constraint",
  title: "A constraint without a name",
  why: "The name that the server chooses depends on what is there: `orders_check` here, `orders_check1` there. A later revision that drops it by name fails on one of them, and an error that users see says nothing.",
  remedy: "`CONSTRAINT amount_positive CHECK (amount > 0)`.",
  severity: "off",
  group: "design",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    "ALTER TABLE orders ADD CHECK (amount > 0) NOT VALID;",
    "CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);",
  ],
  good: [
    "ALTER TABLE orders ADD CONSTRAINT amount_positive CHECK (amount > 0) NOT VALID;",
    "CREATE TABLE lines (id bigint PRIMARY KEY, name text NOT NULL);",
  ],
  on: {
    "create-table": (act, context) =>
      unnamed(
        [...act.columns.flatMap(({ constraints }) => constraints), ...act.constraints],
        act.name,
        context,
      ),
    "add-column": (act, context) => unnamed(act.definition.constraints, act.table, context),
    "add-constraint": (act, context) => unnamed([act.constraint], act.table, context),
  },
});
