import type { ObjectName } from "../../../schema/name.js";
import type { Constraint } from "../../../schema/schema.js";
import { step } from "../../step.js";
import { normalize } from "../normalize.js";
import { quoteIdentifier, quoteName } from "../quote.js";
import { constraintClause, constraintUsingIndex, requireVersion } from "./clause.js";
import { constraintComments } from "./comment.js";
import type { Group } from "./contract.js";

export const compileConstraint: Group<
  "add-constraint" | "drop-constraint" | "rename-constraint" | "validate-constraint"
> = {
  "add-constraint": (op, context) => {
    requireConstraintVersion(op.table, op.constraint, context.serverVersion);
    const constraint = normalize.constraint(op.table, op.constraint);
    const clause =
      op.usingIndex === undefined
        ? constraintClause(constraint)
        : constraintUsingIndex(op.table, constraint, op.usingIndex);
    const comments = constraintComments(op.table, constraint).map((sql) => step(sql, op));
    return [step(`ALTER TABLE ${quoteName(op.table)} ADD ${clause}`, op), ...comments];
  },
  "drop-constraint": (op) => {
    const name = constraintName(op.table, op.constraint);
    const exists = op.ifExists ? "IF EXISTS " : "";
    return [step(`ALTER TABLE ${quoteName(op.table)} DROP CONSTRAINT ${exists}${quoteIdentifier(name)}`, op)];
  },
  "rename-constraint": (op) => {
    const names = `${quoteIdentifier(op.constraint)} TO ${quoteIdentifier(op.to)}`;
    return [step(`ALTER TABLE ${quoteName(op.table)} RENAME CONSTRAINT ${names}`, op)];
  },
  // Others may write while rows are checked, unless an earlier statement of the transaction has locked them out.
  "validate-constraint": (op) => [
    step(`ALTER TABLE ${quoteName(op.table)} VALIDATE CONSTRAINT ${quoteIdentifier(op.constraint)}`, op, {
      transaction: "alone",
    }),
  ],
};

function constraintName(table: ObjectName, constraint: string | Constraint): string {
  return typeof constraint === "string" ? constraint : (normalize.constraint(table, constraint).name ?? "");
}

/** @throws AludelError `op-unsupported` for what the server is too old for. */
export function requireConstraintVersion(
  table: ObjectName,
  constraint: Constraint,
  serverVersion: number | null,
): void {
  for (const [major, what] of newFeatures(constraint)) {
    requireVersion(serverVersion, major, what, table, "Leave it out, or upgrade the server.");
  }
}

/** What a constraint has that not every version knows, with the first that does. */
function newFeatures(constraint: Constraint): readonly (readonly [major: number, what: string])[] {
  const { kind } = constraint;
  if (kind === "exclude") return [];
  if (kind === "primary-key" || kind === "unique") {
    return [
      ...(kind === "unique" && constraint.nullsNotDistinct
        ? [[15, "UNIQUE NULLS NOT DISTINCT"] as const]
        : []),
      ...(constraint.withoutOverlaps ? [[18, "WITHOUT OVERLAPS"] as const] : []),
    ];
  }
  return [
    ...(kind === "foreign-key" && constraint.setColumns !== undefined
      ? [[15, "SET NULL or SET DEFAULT of some columns"] as const]
      : []),
    ...(kind === "foreign-key" && constraint.period ? [[18, "PERIOD in a foreign key"] as const] : []),
    ...(constraint.enforced === false ? [[18, "NOT ENFORCED"] as const] : []),
  ];
}
