import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import type { Dialect } from "../../dialect/dialect.js";
import { AludelError, messageOf } from "../../error/error.js";
import { type Queries, type Query, together, type Unread } from "./query.js";
import { type Logged, readCsv, readLog } from "./read-log.js";

/** What engines prepare against tables; settings, transactions and DDL are none. */
const asks = /^[\s(]*(?:select|with|insert|update|delete|merge|replace|values|table|call)\b/i;

/** Comments that loggers and people put before a query. */
const leading = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;

/** Files that globs name, absolute and sorted. */
export async function queryFiles(root: string, patterns: readonly string[]): Promise<readonly string[]> {
  const wanted = patterns.filter((one) => !one.startsWith("!"));
  const unwanted = patterns.filter((one) => one.startsWith("!")).map((one) => one.slice(1));
  const { glob } = await import("tinyglobby");
  const ignore = ["**/node_modules/**", ...unwanted];
  return (await glob([...wanted], { cwd: root, absolute: true, ignore })).sort();
}

/** A file, and what it is called: in another commit it lies elsewhere. */
export interface QueryFile {
  readonly path: string;
  /** Absolute, in the working tree. */
  readonly file: string;
}

/**
 * The queries of files: all statements of `.sql`, the column `query` of `.csv`, and of anything else a log. What is
 * there several times counts once.
 *
 * @throws AludelError `file-unreadable`.
 */
export async function readQueries(
  root: string,
  files: readonly QueryFile[],
  dialect: Dialect,
): Promise<Queries> {
  const sets: Queries[] = [];
  for (const { path, file } of files) {
    const shown = relative(root, file).split(sep).join("/");
    const text = readText(path);
    const place = (line: number) => ({ file, line, place: `${shown}:${line}` });
    if (/\.sql$/i.test(path)) sets.push(await ofScript(text, place, dialect));
    else sets.push(ofLog(/\.csv$/i.test(path) ? readCsv(text) : readLog(text), place, dialect));
  }
  return together(sets);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    throw new AludelError("file-unreadable", `The queries cannot be read: ${messageOf(error)}`, {
      where: { file: path },
      cause: error,
      remedy: "Correct the path.",
    });
  }
}

type Place = (line: number) => Omit<Query, "sql">;

async function ofScript(text: string, place: Place, dialect: Dialect): Promise<Queries> {
  try {
    const statements = await splitWithNames(text, dialect);
    const asked = statements.filter(({ sql, effect }) => effect === "data" && asks.test(sql));
    return { queries: asked.map(({ sql, line }) => ({ sql, ...place(line) })), unread: [] };
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    return {
      queries: [],
      unread: [{ ...place(error.where.line ?? 1), reason: error.message, isScript: true }],
    };
  }
}

/** Files of queries often name their parameters (`:name`), which some engines know only by number. */
async function splitWithNames(text: string, dialect: Dialect) {
  try {
    return await dialect.splitScript(text);
  } catch (error) {
    if (dialect.placeholder(1) === "?") throw error;
    try {
      return await dialect.splitScript(numbered(text, dialect));
    } catch {
      throw error;
    }
  }
}

/** `:name` as the engine's own placeholder, each name with one number; texts in quotes and comments stay as they are. */
export function numbered(text: string, { placeholder }: Pick<Dialect, "placeholder">): string {
  const names = new Map<string, number>();
  const pattern =
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|::|(?<![\w\]]):([A-Za-z_]\w*)/g;
  return text.replace(pattern, (all: string, _tag: unknown, name: string | undefined) => {
    if (name === undefined) return all;
    const number = names.get(name) ?? names.size + 1;
    names.set(name, number);
    return placeholder(number);
  });
}

/** `interval '1 day'` is noted as `interval $1`, which is no SQL. */
const typedValue = /\b(interval|date|time|timestamp|timestamptz)\s+(\$\d+)/gi;

function preparable(sql: string, dialect: Pick<Dialect, "placeholder">): string {
  if (dialect.placeholder(1) === "?") return sql;
  const named = /(?<![:\w\]]):[A-Za-z_]/.test(sql) ? numbered(sql, dialect) : sql;
  return named.replace(typedValue, "CAST($2 AS $1)");
}

/** Queries that a server or a logger has noted. */
export function ofLog(
  logged: readonly Logged[],
  place: Place,
  dialect: Pick<Dialect, "placeholder">,
): Queries {
  const queries: Query[] = [];
  const unread: Unread[] = [];
  for (const { sql: text, line } of logged) {
    const sql = text.replace(leading, "").replace(/;\s*$/, "").trim();
    if (/^<[a-z ]+>$/.test(sql))
      unread.push({ ...place(line), reason: `its text is ${sql}`, isScript: false });
    else if (asks.test(sql)) queries.push({ sql: preparable(sql, dialect), ...place(line) });
  }
  return { queries, unread };
}
