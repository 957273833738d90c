import type { ObjectName } from "../../../schema/name.js";
import type { Policy } from "../../../schema/schema.js";
import { step } from "../../step.js";
import { quoteIdentifier, quoteName } from "../quote.js";
import { trimExpression } from "../token.js";
import { commentStatement, policyTarget } from "./comment.js";
import type { Group } from "./contract.js";

export const compilePolicy: Group<"create-policy" | "drop-policy"> = {
  "create-policy": (op) => {
    const steps = [step(policyStatement(op.table, op.policy), op)];
    if (op.policy.comment !== null) {
      steps.push(step(commentStatement(policyTarget(op.table, op.policy.name), op.policy.comment), op));
    }
    return steps;
  },
  "drop-policy": (op) => [
    step(
      `DROP POLICY ${op.ifExists ? "IF EXISTS " : ""}${quoteIdentifier(op.policy)} ON ${quoteName(op.table)}`,
      op,
    ),
  ],
};

/** CREATE POLICY, one clause per line. */
export function policyStatement(table: ObjectName, policy: Policy): string {
  const lines = [`CREATE POLICY ${quoteIdentifier(policy.name)} ON ${quoteName(table)}`];
  if (!policy.permissive) lines.push("AS RESTRICTIVE");
  if (policy.command !== "all") lines.push(`FOR ${policy.command.toUpperCase()}`);
  const roles = policy.roles.length === 0 ? ["public"] : policy.roles;
  lines.push(`TO ${roles.map(roleName).join(", ")}`);
  if (policy.using !== null) lines.push(`USING (${trimExpression(policy.using)})`);
  if (policy.check !== null) lines.push(`WITH CHECK (${trimExpression(policy.check)})`);
  return lines.join("\n  ");
}

/** The four that are keywords are not names of roles. */
function roleName(role: string): string {
  return /^(?:public|current_user|session_user|current_role)$/i.test(role)
    ? role.toUpperCase()
    : quoteIdentifier(role);
}
