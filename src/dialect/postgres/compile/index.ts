import { step } from "../../step.js";
import { goneIndex, invalidIndex, validIndex } from "../index-state.js";
import { quoteIdentifier, quoteName } from "../quote.js";
import { indexStatement, requireVersion } from "./clause.js";
import { commentStatement, indexTarget } from "./comment.js";
import type { Group } from "./contract.js";

export const compileIndex: Group<"create-index" | "drop-index" | "rename-index"> = {
  "create-index": (op, context) => {
    const { index, table } = op;
    if (index.nullsNotDistinct) {
      const where = { namespace: table.namespace, name: index.name };
      requireVersion(
        context.serverVersion,
        15,
        "NULLS NOT DISTINCT",
        where,
        "Leave it out, or upgrade the server.",
      );
    }
    const concurrently = op.concurrently === true;
    const sql = indexStatement(`${index.only ? "ONLY " : ""}${quoteName(table)}`, index, {
      concurrently,
      ifNotExists: op.ifNotExists === true,
    });
    const steps = [
      step(
        sql,
        op,
        concurrently
          ? {
              transaction: "forbidden",
              leftover: invalidIndex(table, index.name),
              done: validIndex(table, index.name),
            }
          : {},
      ),
    ];
    for (const [place, target] of Object.entries(index.statistics ?? {})) {
      const name = quoteName({ namespace: table.namespace, name: index.name });
      steps.push(step(`ALTER INDEX ${name} ALTER COLUMN ${place} SET STATISTICS ${target}`, op));
    }
    if (index.comment !== null) {
      steps.push(step(commentStatement(indexTarget(table, index.name), index.comment), op));
    }
    return steps;
  },
  "drop-index": (op) => {
    const name = quoteName({ namespace: op.table.namespace, name: op.index });
    const concurrently = op.concurrently ? "CONCURRENTLY " : "";
    const sql = `DROP INDEX ${concurrently}${op.ifExists ? "IF EXISTS " : ""}${name}`;
    const done = goneIndex({ namespace: op.table.namespace, name: op.index });
    return [step(sql, op, op.concurrently ? { transaction: "forbidden", done } : {})];
  },
  "rename-index": (op) => {
    const name = quoteName({ namespace: op.table.namespace, name: op.index });
    return [
      step(`ALTER INDEX ${op.ifExists ? "IF EXISTS " : ""}${name} RENAME TO ${quoteIdentifier(op.to)}`, op),
    ];
  },
};
