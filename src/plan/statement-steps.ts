import type { Dialect, Statement } from "../dialect/dialect.js";
import { type Step, step } from "../dialect/step.js";
import { AludelError } from "../error/error.js";
import type { Op } from "../op/op.js";
import { scanLines } from "../revision/sql-line.js";
import { assertionsIn } from "./assertion.js";

const commitLine = /^[ \t]*--[ \t]*aludel:commit[ \t]*$/;

/** Offsets of the lines `-- aludel:commit`. */
function commitOffsets(script: string): readonly number[] {
  if (!script.includes("aludel:commit")) return [];
  const { quoted } = scanLines(script);
  const offsets: number[] = [];
  let offset = 0;
  for (const [at, line] of script.split("\n").entries()) {
    if (quoted[at] !== true && commitLine.test(line)) offsets.push(offset);
    offset += line.length + 1;
  }
  return offsets;
}

/** Where a script begins in its file. */
interface Origin {
  readonly file: string;
  readonly line: number;
}

/**
 * A script of a user's as steps, one for each statement. What stands above a line `-- aludel:commit` is committed before
 * what stands below it; `-- aludel:assert message` makes a question of the query below it.
 *
 * `origin` says where the script begins in its file, for errors.
 * @throws AludelError `revision-invalid` for BEGIN, COMMIT and their like: the transaction is Aludel's.
 */
export async function statementSteps(
  dialect: Pick<Dialect, "splitScript">,
  script: string,
  because: Op | null,
  origin: Origin | null,
): Promise<readonly Step[]> {
  const statements = await dialect.splitScript(script).catch((error: unknown) => {
    throw origin === null ? error : inFile(error, origin);
  });
  const commits = commitOffsets(script);
  const assertions = assertionsIn(script, statements, origin);
  const isCommitted = (statement: Statement, next: Statement | undefined) =>
    commits.some((offset) => offset >= statement.end && (next === undefined || offset <= next.start));
  return statements.map((statement, at) => {
    if (statement.effect === "transaction") throw ownTransaction(statement, origin);
    const separate = isCommitted(statement, statements[at + 1]);
    return step(statement.sql, because, {
      transaction: statement.transactional ? (separate ? "separate" : "joins") : "forbidden",
      prefersOutside: statement.prefersOutside ?? false,
      ...statement.repeat,
      assertion: assertions.get(at) ?? null,
    });
  });
}

/** The error of a script, with the line of the file instead of that of the script. */
function inFile(error: unknown, { file, line }: Origin): unknown {
  if (!(error instanceof AludelError)) return error;
  const { code, message, remedy, where, details, data } = error;
  const place = where.line === undefined ? { file } : { file, line: line + where.line - 1 };
  return new AludelError(code, message, {
    remedy,
    where: { ...where, ...place },
    details,
    data,
    cause: error.cause,
  });
}

function ownTransaction(statement: Statement, origin: Origin | null): AludelError {
  return new AludelError("revision-invalid", "A revision must not begin or end transactions itself", {
    where: {
      ...(origin === null ? {} : { file: origin.file, line: origin.line + statement.line - 1 }),
      statement: statement.sql,
    },
    remedy:
      "Take the statement out: each revision runs in a transaction of its own. What cannot be in one goes into op.autocommit, or under `-- aludel:no-transaction`; `-- aludel:commit` divides a section.",
  });
}
