import type { Dialect } from "../dialect/dialect.js";
import { type Step, step } from "../dialect/step.js";
import { AludelError } from "../error/error.js";
import type { Op } from "../op/op.js";
import { scanLines } from "../revision/sql-line.js";

/** Only what reads can be asked as a part of another query. */
const query = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()*(?:SELECT|WITH|VALUES|TABLE)\b/i;

/** The step of an assertion. @throws AludelError `revision-invalid` for what is not one query. */
export async function assertionStep(
  dialect: Pick<Dialect, "splitScript">,
  asked: { readonly message: string; readonly query: string },
  because: Op | null,
): Promise<Step> {
  const [only, second] = await dialect.splitScript(asked.query);
  if (only !== undefined && second === undefined && query.test(only.sql)) {
    return step(only.sql, because, { assertion: asked.message });
  }
  throw notOneQuery(only?.sql ?? asked.query);
}

function notOneQuery(statement: string, place: { readonly file?: string; readonly line?: number } = {}) {
  return new AludelError("revision-invalid", "An assertion has to be one query", {
    where: { ...place, statement },
    remedy: "Write a SELECT that gives the rows which must not be there.",
  });
}

/** `-- aludel:assert message`, above the statement that is the question. */
interface AssertLine {
  readonly offset: number;
  /** From 0. */
  readonly line: number;
  readonly message: string;
}

const assertLine = /^[ \t]*--[ \t]*aludel:assert(?:[ \t]+(.*?))?[ \t]*$/;

function assertLines(script: string): readonly AssertLine[] {
  if (!script.includes("aludel:assert")) return [];
  const { quoted } = scanLines(script);
  const found: AssertLine[] = [];
  let offset = 0;
  for (const [line, text] of script.split("\n").entries()) {
    const match = quoted[line] === true ? null : assertLine.exec(text);
    if (match !== null) found.push({ offset, line, message: match[1] ?? "" });
    offset += text.length + 1;
  }
  return found;
}

interface Spot {
  readonly sql: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The messages of the statements of a script that are assertions, by their numbers.
 * @throws AludelError `revision-invalid` for a line that stands above no query, or says nothing.
 */
export function assertionsIn(
  script: string,
  statements: readonly Spot[],
  origin: { readonly file: string; readonly line: number } | null,
): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const { offset, line, message } of assertLines(script)) {
    const place = origin === null ? {} : { file: origin.file, line: origin.line + line };
    const at = statements.findIndex(({ end }) => end > offset);
    const statement = statements[at];
    if (statement === undefined || statement.start < offset || found.has(at)) throw misplaced(place);
    if (message === "") throw silent(place);
    if (!query.test(statement.sql)) throw notOneQuery(statement.sql, place);
    found.set(at, message);
  }
  return found;
}

function misplaced(where: { readonly file?: string; readonly line?: number }) {
  return new AludelError("revision-invalid", '"-- aludel:assert" does not stand above a query of its own', {
    where,
    remedy: "Put it on the line above the SELECT that gives the rows which must not be there.",
  });
}

function silent(where: { readonly file?: string; readonly line?: number }) {
  return new AludelError("revision-invalid", '"-- aludel:assert" does not say what should be so', {
    where,
    remedy: "Write it behind: `-- aludel:assert every order has a customer`.",
  });
}
