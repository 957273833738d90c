import type { Dialect } from "../dialect/dialect.js";
import { type Step, step } from "../dialect/step.js";
import { AludelError } from "../error/error.js";
import type { Op } from "../op/op.js";

/**
 * A script of a user's as steps, one for each statement.
 *
 * `origin` says where the script begins in its file, for errors.
 * @throws AludelError `revision-invalid` for BEGIN, COMMIT and their like: the transaction is Aludel's.
 */
export async function statementSteps(
  dialect: Dialect,
  script: string,
  because: Op | null,
  origin: { readonly file: string; readonly line: number } | null,
): Promise<readonly Step[]> {
  const statements = await dialect.splitScript(script);
  return statements.map((statement) => {
    if (statement.effect === "transaction") {
      throw new AludelError("revision-invalid", "A revision must not begin or end transactions itself", {
        where: {
          ...(origin === null ? {} : { file: origin.file, line: origin.line + statement.line - 1 }),
          statement: statement.sql,
        },
        remedy:
          "Take the statement out: each revision runs in a transaction of its own. What cannot be in one goes into op.autocommit, or under `-- aludel:no-transaction`.",
      });
    }
    return step(statement.sql, because, { transaction: statement.transactional ? "joins" : "forbidden" });
  });
}
