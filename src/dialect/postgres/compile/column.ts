import { nameKey } from "../../../schema/name.js";
import { step } from "../../step.js";
import { normalize } from "../normalize.js";
import { quoteIdentifier, quoteName } from "../quote.js";
import { alterColumnStatements } from "./alter-column.js";
import { columnClause } from "./clause.js";
import { columnTarget, commentStatement } from "./comment.js";
import type { Group } from "./contract.js";
import { identityOverHeirs } from "./identity-over-heirs.js";
import { newColumnNotNull } from "./not-null.js";
import { ownSequenceStatements } from "./own-sequence.js";
import { addedColumnStorage } from "./storage.js";
import { requireColumnVersion } from "./table.js";

export const compileColumn: Group<"add-column" | "drop-column" | "rename-column" | "alter-column"> = {
  "add-column": (op, context) => {
    const column = normalize.column(op.column);
    requireColumnVersion(op.table, column, context);
    const exists = op.ifNotExists ? "IF NOT EXISTS " : "";
    const unlogged = context.before.tables.get(nameKey(op.table))?.options.unlogged === true;
    const sequence = ownSequenceStatements(op.table, column, unlogged, context.serverVersion);
    const overHeirs = op.ifNotExists ? null : identityOverHeirs(op.table, column, context);
    const steps = [
      ...sequence.before,
      ...(overHeirs ?? [
        `ALTER TABLE ${quoteName(op.table)} ADD COLUMN ${exists}${columnClause(op.table, column)}`,
      ]),
      ...sequence.after,
      ...newColumnNotNull(op.table, column),
      ...addedColumnStorage(op.table, column),
    ].map((sql) => step(sql, op));
    if (column.comment !== null) {
      steps.push(step(commentStatement(columnTarget(op.table, column.name), column.comment), op));
    }
    return steps;
  },
  "drop-column": (op) => {
    const exists = op.ifExists ? "IF EXISTS " : "";
    return [
      step(`ALTER TABLE ${quoteName(op.table)} DROP COLUMN ${exists}${quoteIdentifier(op.column)}`, op),
    ];
  },
  "rename-column": (op) => {
    const names = `${quoteIdentifier(op.column)} TO ${quoteIdentifier(op.to)}`;
    return [step(`ALTER TABLE ${quoteName(op.table)} RENAME COLUMN ${names}`, op)];
  },
  "alter-column": (op, context) => alterColumnStatements(op, context).map((sql) => step(sql, op)),
};
