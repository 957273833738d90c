import type { Dialect, Statement } from "../../dialect/dialect.js";
import { AludelError } from "../../error/error.js";
import type { FoundRevision, Statements, Way } from "./found.js";

const opens = /^(?:BEGIN|START\s+TRANSACTION)\b/i;
const closes = /^(?:COMMIT(?!\s+PREPARED)|END)\b/i;

/**
 * The revision as the engine can run it here: without the transactions that its SQL opens and commits itself, which are the
 * runner's. What cannot be run here says why instead, and is only a record then.
 */
export async function translate(dialect: Dialect, revision: FoundRevision): Promise<FoundRevision> {
  const upgrade = await translateWay(dialect, revision.upgrade);
  if (typeof upgrade === "string") return { ...revision, upgrade, downgrade: upgrade };
  return { ...revision, upgrade, downgrade: await translateWay(dialect, revision.downgrade) };
}

async function translateWay(dialect: Dialect, way: Way): Promise<Way> {
  if (typeof way === "string") return oneLine(way);
  try {
    return withoutTransactions(way, await dialect.splitScript(way.sql));
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    const line = error.where.line === undefined ? "" : ` (line ${error.where.line})`;
    return oneLine(`its SQL could not be read${line}: ${error.message}`);
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

function withoutTransactions(way: Statements, statements: readonly Statement[]): Way {
  const own = statements.filter(({ effect }) => effect === "transaction");
  if (own.length === 0) return way;
  const odd = own.find(({ sql }) => !opens.test(sql) && !closes.test(sql));
  if (odd !== undefined)
    return `it has ${oneLine(odd.sql).split(" ", 2).join(" ")}, and the transaction is the runner's`;
  let sql = "";
  let from = 0;
  for (const statement of own) {
    sql += way.sql.slice(from, statement.start);
    from = statement.end + (/^\s*;/.exec(way.sql.slice(statement.end))?.[0].length ?? 0);
    // Outside a transaction, what stood before it was done for good.
    const commits = closes.test(statement.sql) || !way.transaction;
    const isBetween = statement !== statements[0] && statement !== statements.at(-1);
    if (commits && isBetween)
      sql = `${sql.trimEnd()}\n\n-- aludel:commit${/^\s*\n/.test(way.sql.slice(from)) ? "" : "\n"}`;
  }
  return { sql: sql + way.sql.slice(from), transaction: true };
}
