import type { Connection, Row } from "../dialect/connection.js";
import { AludelError } from "../error/error.js";

/** As many rows are shown; the rest is counted. */
const shown = 5;

/** @throws AludelError `assertion-failed` with the rows that the query gives. */
export async function requireNoRows(connection: Connection, query: string, message: string): Promise<void> {
  // The query may end in a comment.
  const rows = `(\n${query}\n) AS found_row`;
  const examples = await connection.query(`SELECT * FROM ${rows} LIMIT ${shown}`);
  if (examples.length === 0) return;
  const [counted] = await connection.query(`SELECT count(*) AS number FROM ${rows}`);
  const count = Number(counted?.["number"] ?? examples.length);
  const more = count - examples.length;
  throw new AludelError("assertion-failed", message, {
    where: { statement: query },
    details: [
      `${count} ${count === 1 ? "row is" : "rows are"} not so:`,
      ...examples.map((row) => `  ${showRow(row)}`),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ],
    data: { rows: count, examples: examples.map(showRow) },
    remedy: "Mend these rows, or write into the revision, above the assertion, what becomes of them.",
  });
}

function showRow(row: Row): string {
  return Object.entries(row)
    .map(([name, value]) => `${name} = ${showValue(value)}`)
    .join(", ");
}

const longest = 60;

function showValue(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const text = value instanceof Date ? value.toISOString() : plain(value);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function plain(value: unknown): string {
  if (typeof value === "string") return `'${value.replace(/[\r\n\t]+/g, " ")}'`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
