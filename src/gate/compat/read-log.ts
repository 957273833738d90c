/** A text of a log, with its line. */
export interface Logged {
  readonly sql: string;
  /** From 1. */
  readonly line: number;
}

/** Keys under which loggers write what was asked: Drizzle's, node-postgres', Prisma's, pgAudit's. */
const keys = ["sql", "query", "text", "statement"] as const;

/**
 * The queries of a log: lines of JSON (`{"sql": "…"}`), one document of JSON with a list of them, or lines of Drizzle's
 * own logger (`Query: … -- params: […]`). Other lines are none.
 */
export function readLog(text: string): readonly Logged[] {
  const whole = text.trimStart().startsWith("[") ? parsed(text) : null;
  if (Array.isArray(whole)) return whole.flatMap((one) => ofValue(one, 1));
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, at) => {
    if (line.trimStart().startsWith("{")) return ofValue(parsed(line), at + 1);
    const first = /(?:^|\s)Query: (.*)$/.exec(line)?.[1];
    return first === undefined ? [] : [{ sql: throughValues(first, lines, at), line: at + 1 }];
  });
}

/** Drizzle writes the values behind a query that has some; one of several lines is known by them alone. */
function throughValues(first: string, lines: readonly string[], at: number): string {
  let sql = first;
  for (let next = at + 1; ; next += 1) {
    const values = sql.lastIndexOf(" -- params: [");
    if (values >= 0) return sql.slice(0, values);
    const line = lines[next];
    if (line === undefined || line.trim() === "" || /(?:^|\s)Query: /.test(line)) return first;
    sql += `\n${line}`;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function ofValue(value: unknown, line: number): readonly Logged[] {
  if (typeof value === "string") return [{ sql: value, line }];
  if (typeof value !== "object" || value === null) return [];
  const record = value as Readonly<Record<string, unknown>>;
  const sql = keys.map((key) => record[key]).find((one) => typeof one === "string" && one.trim() !== "");
  return typeof sql === "string" ? [{ sql, line }] : [];
}

/**
 * The column `query` of a table in CSV, as `\copy (SELECT query FROM pg_stat_statements) TO 'queries.csv' CSV HEADER`
 * writes it; without a column of that name the first one, whose first line then counts, too (RFC 4180).
 */
export function readCsv(text: string): readonly Logged[] {
  const rows = csvRows(text);
  const [head] = rows;
  const names = head?.fields.map((name) => name.trim().toLowerCase()) ?? [];
  const at = names.findIndex((name) => name === "query" || name === "sql");
  const column = Math.max(0, at);
  return rows.slice(at < 0 ? 0 : 1).flatMap(({ fields, line }) => {
    const sql = fields[column] ?? "";
    return sql.trim() === "" ? [] : [{ sql, line }];
  });
}

interface CsvRow {
  readonly fields: readonly string[];
  readonly line: number;
}

function csvRows(text: string): readonly CsvRow[] {
  const rows: CsvRow[] = [];
  let fields: string[] = [];
  let [line, began] = [1, 1];
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    const [all, quoted, bare = "", end = ""] = match;
    if (all === "" && fields.length === 0) break;
    fields.push(quoted?.replaceAll('""', '"') ?? bare);
    line += all.match(/\n/g)?.length ?? 0;
    if (end === ",") continue;
    rows.push({ fields, line: began });
    fields = [];
    began = line;
  }
  return rows;
}
