import type { ObjectName } from "../../../schema/name.js";
import { type Step, step } from "../../step.js";
import { quoteIdentifier, quoteName, quoteString } from "../quote.js";
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
    const sql = indexStatement(quoteName(table), index, {
      concurrently,
      ifNotExists: op.ifNotExists === true,
    });
    const steps = [
      step(
        sql,
        op,
        concurrently ? { transaction: "forbidden", leftover: invalidIndex(table, index.name) } : {},
      ),
    ];
    if (index.comment !== null) {
      steps.push(step(commentStatement(indexTarget(table, index.name), index.comment), op));
    }
    return steps;
  },
  "drop-index": (op) => {
    const name = quoteName({ namespace: op.table.namespace, name: op.index });
    const concurrently = op.concurrently ? "CONCURRENTLY " : "";
    const sql = `DROP INDEX ${concurrently}${op.ifExists ? "IF EXISTS " : ""}${name}`;
    return [step(sql, op, { transaction: op.concurrently ? "forbidden" : "joins" })];
  },
  "rename-index": (op) => {
    const name = quoteName({ namespace: op.table.namespace, name: op.index });
    return [step(`ALTER INDEX ${name} RENAME TO ${quoteIdentifier(op.to)}`, op)];
  },
};

/**
 * An index whose CONCURRENTLY failed stays, invalid, and has the name (manual, CREATE INDEX, "Building Indexes
 * Concurrently"). Only one of this table is meant, and only one that is no use to anybody.
 */
function invalidIndex(table: ObjectName, index: string): Step["leftover"] {
  const name = quoteName({ namespace: table.namespace, name: index });
  return {
    find: `SELECT 1 FROM pg_catalog.pg_index WHERE NOT indisvalid AND indexrelid = pg_catalog.to_regclass(${quoteString(name)})
  AND indrelid = pg_catalog.to_regclass(${quoteString(quoteName(table))})`,
    remove: `DROP INDEX CONCURRENTLY ${name}`,
  };
}
