import { step } from "../../step.js";
import { quoteIdentifier, quoteName, quoteString } from "../quote.js";
import type { Group } from "./contract.js";
import { enumStatements } from "./create-enum.js";
import { replaceEnumStatements } from "./replace-enum.js";

export const compileEnum: Group<
  "create-enum" | "drop-enum" | "rename-enum" | "add-enum-value" | "rename-enum-value" | "replace-enum-values"
> = {
  "create-enum": (op) => enumStatements(op.enum).map((sql) => step(sql, op)),
  "drop-enum": (op) => [step(`DROP TYPE ${op.ifExists ? "IF EXISTS " : ""}${quoteName(op.name)}`, op)],
  "rename-enum": (op) => [step(`ALTER TYPE ${quoteName(op.name)} RENAME TO ${quoteIdentifier(op.to)}`, op)],
  "add-enum-value": (op) => {
    const parts = [
      `ALTER TYPE ${quoteName(op.name)} ADD VALUE ${op.ifNotExists ? "IF NOT EXISTS " : ""}${quoteString(op.value)}`,
    ];
    if (op.position !== undefined) {
      parts.push(
        "before" in op.position
          ? `BEFORE ${quoteString(op.position.before)}`
          : `AFTER ${quoteString(op.position.after)}`,
      );
    }
    // The manual (ALTER TYPE): the new value cannot be used until after the transaction has been committed.
    return [step(parts.join(" "), op, { transaction: "separate" })];
  },
  "rename-enum-value": (op) => [
    step(
      `ALTER TYPE ${quoteName(op.name)} RENAME VALUE ${quoteString(op.from)} TO ${quoteString(op.to)}`,
      op,
    ),
  ],
  "replace-enum-values": (op, context) =>
    replaceEnumStatements(op, context.before).map((sql) => step(sql, op)),
};
