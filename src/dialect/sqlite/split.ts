import { AludelError } from "../../error/error.js";
import type { Statement } from "../dialect.js";
import { isMark, isWord, lineAt, type Token, tokenize } from "./parse/tokenize.js";

/**
 * Splits a script as `sqlite3_complete` does: at semicolons, but a trigger ends only with `; END ;`.
 * @throws AludelError `sql-failed` with the line of a quote that is never closed or a trigger without its END.
 */
export function splitStatements(script: string): readonly Statement[] {
  const statements: Statement[] = [];
  let current: Token[] = [];
  const lineOf = lineCounter(script);
  const close = () => {
    if (current.length > 0) statements.push(statementOf(script, current, lineOf));
    current = [];
  };
  for (const token of tokenize(script)) {
    const isEnd = isMark(token, ";") && (!isTrigger(current) || endsTrigger(current));
    if (isEnd) close();
    else current.push(token);
  }
  if (isTrigger(current) && !endsTrigger(current) && current.some((token) => isMark(token, ";"))) {
    throw unfinished(script, current);
  }
  close();
  return statements;
}

function isTrigger(tokens: readonly Token[]): boolean {
  // EXPLAIN may be before it.
  const start = isWord(tokens[0], "EXPLAIN") ? (isWord(tokens[1], "QUERY") ? 3 : 1) : 0;
  const word = isWord(tokens[start + 1], "TEMP", "TEMPORARY") ? start + 2 : start + 1;
  return isWord(tokens[start], "CREATE") && isWord(tokens[word], "TRIGGER");
}

/** `; END` stands at the end. */
function endsTrigger(tokens: readonly Token[]): boolean {
  return isWord(tokens.at(-1), "END") && isMark(tokens.at(-2), ";");
}

function unfinished(script: string, tokens: readonly Token[]): AludelError {
  const start = tokens[0]?.start ?? 0;
  return new AludelError("sql-failed", "The trigger that begins here has no END", {
    where: { line: lineAt(script, start), statement: script.slice(start) },
    remedy: "End the trigger with END; after its last statement.",
  });
}

/** The line of an offset, for offsets that grow: a long script is gone through once. */
function lineCounter(script: string): (offset: number) => number {
  let [line, at] = [1, 0];
  return (offset) => {
    for (let next = script.indexOf("\n", at); next >= 0 && next < offset; next = script.indexOf("\n", at)) {
      line += 1;
      at = next + 1;
    }
    return line;
  };
}

function statementOf(
  script: string,
  tokens: readonly Token[],
  lineOf: (offset: number) => number,
): Statement {
  const start = tokens[0]?.start ?? 0;
  const end = tokens.at(-1)?.end ?? start;
  return {
    sql: script.slice(start, end),
    line: lineOf(start),
    start,
    end,
    effect: effectOf(tokens),
    transactional: isTransactional(tokens),
    // A checkpoint, for one, is refused inside.
    ...(isWord(tokens[0], "PRAGMA") ? { prefersOutside: true } : {}),
  };
}

function effectOf(tokens: readonly Token[]): Statement["effect"] {
  const [first] = tokens;
  if (isWord(first, "CREATE", "ALTER", "DROP")) return "definition";
  if (isWord(first, "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE")) return "transaction";
  // With writable_schema rows of sqlite_schema can be changed like any other.
  const writesSchema = tokens.some((token) =>
    /^(writable_schema|sqlite_(schema|master))$/i.test(token.value),
  );
  const writes = isWord(first, "PRAGMA", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH");
  return writes && writesSchema ? "unknown" : "data";
}

/** Settings that SQLite refuses, or silently ignores, inside a transaction ("PRAGMA Statements"). */
const outsidePragmas = new Set([
  "foreign_keys",
  "journal_mode",
  "synchronous",
  "auto_vacuum",
  "page_size",
  "temp_store",
]);

function isTransactional(tokens: readonly Token[]): boolean {
  const [first, second, third, fourth] = tokens;
  if (isWord(first, "VACUUM", "DETACH", "ATTACH")) return false;
  if (!isWord(first, "PRAGMA")) return true;
  const name = isMark(third, ".") ? fourth : second;
  const isSet = tokens.some((token) => isMark(token, "=") || isMark(token, "("));
  return !(isSet && outsidePragmas.has((name?.value ?? "").toLowerCase()));
}
