import type { Act } from "../../effect/act.js";
import type { AnalysedStatement } from "../../effect/statement.js";
import { findRelation, type Relation, showRelation } from "../../effect/world.js";
import { actsOf } from "../acts-of.js";
import type { RevisionContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

/** What the statement added to the table, and is not validated in the end. */
function unvalidated(end: Relation, act: Act<"add-constraint">, statement: AnalysedStatement): string | null {
  const { constraint } = act;
  if (constraint.kind === "not-null") {
    const column = end.columns.get(constraint.column);
    return column?.notNull === true && !column.notNullValid ? (column.notNullName ?? column.name) : null;
  }
  const own = constraint.name === null ? undefined : end.constraints.get(constraint.name);
  const candidates = own === undefined ? [...end.constraints.values()] : [own];
  const left = candidates.find(
    (one) =>
      one.bornAt === statement.position && one.kind === constraint.kind && !one.validated && one.enforced,
  );
  return left?.name ?? null;
}

function says(context: RevisionContext): readonly Say[] {
  return actsOf(context.unit.statements).flatMap(({ act, statement }) => {
    if (act.kind !== "add-constraint" || !act.constraint.notValid || !act.constraint.enforced) return [];
    const table = findRelation(statement.before, act.table);
    const end = table === undefined ? undefined : context.end.relations.get(table.id);
    if (table === undefined || end === undefined || !context.isExisting(table)) return [];
    const name = unvalidated(end, act, statement);
    if (name === null) return [];
    const object = `${showRelation(end)}.${name}`;
    const wentOn = context.end !== context.after;
    return [
      {
        message: wentOn
          ? `${object} was added NOT VALID, and nothing that came later has validated it`
          : `${object} is NOT VALID until a later revision validates it`,
        object,
        relations: [end],
        line: statement.line,
        ...(wentOn ? { severity: "warning" as const } : {}),
      },
    ];
  });
}

export const rule = defineRule({
  id: "never-validated",
  title: "NOT VALID constraint that nothing validates",
  why: "Rows from before may break it, and nobody is told. The planner does not trust it, PostgreSQL does not take it as proof for SET NOT NULL or ATTACH PARTITION, and a dump that is restored may fail on it.",
  remedy:
    "Validate it in a later revision: `ALTER TABLE … VALIDATE CONSTRAINT …`, once the rows that break it are mended.",
  severity: "info",
  group: "scans",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;",
    {
      serverVersion: 18,
      before: "CREATE TABLE orders (id bigint, total numeric);",
      sql: "ALTER TABLE orders ADD CONSTRAINT has_total NOT NULL total NOT VALID;",
    },
  ],
  good: [
    {
      inTransaction: false,
      sql: `ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT positive;`,
    },
    {
      inTransaction: false,
      note: "it served its purpose and went",
      sql: `ALTER TABLE orders ADD CONSTRAINT present CHECK (total IS NOT NULL) NOT VALID;
ALTER TABLE orders DROP CONSTRAINT present;`,
    },
  ],
  revision: says,
});
