import type { Changed } from "../../dialect/backfill.js";
import { AludelError } from "../../error/error.js";
import { showName } from "../../schema/name.js";
import type { Expression } from "../../schema/schema.js";
import type { Running } from "./running.js";

/** How often a table is walked through, where others put rows into it meanwhile. */
const mostPasses = 5;
const mostNamed = 10;

/**
 * Asks whether there are rows that still need the backfill. `more`: there are, which were not there when it came by.
 * @throws AludelError `backfill-incomplete` for rows that the database refused, and for those that were written and still fit.
 */
export async function requireWhole(running: Running): Promise<"whole" | "more"> {
  const { standing, context } = running;
  let found: LeftOver = { names: [], left: 0 };
  const look = async () => {
    found = await leftOver(running);
  };
  // It may read the whole table, and keeps nobody waiting.
  await (context.waits === undefined ? look() : context.waits.unlimited(look));
  const { names, left } = found;
  if (names.length === 0) return "whole";
  const known = standing.refused.length + running.again;
  if (left > known && standing.pass < mostPasses) return "more";
  throw standing.refused.length > 0 ? refused(running, left) : stillFit(running, left, names);
}

interface LeftOver {
  readonly names: readonly string[];
  readonly left: number;
}

async function leftOver({ context, op, walk }: Running): Promise<LeftOver> {
  const where = `(${op.where}\n)`;
  const { connection, dialect } = context;
  const table = dialect.quoteName(op.table);
  // In whatever order the rows lie: names come in the order of the key, for which millions of them are looked up one by one.
  const any = await connection.query(`SELECT 1 AS one FROM ${table} WHERE ${where} LIMIT 1`);
  const names = any.length === 0 ? [] : await walk.names(where, mostNamed);
  if (names.length === 0) return { names, left: 0 };
  const [row] = await connection.query(`SELECT count(*) AS n FROM ${table} WHERE ${where}`);
  return { names, left: Number(row?.["n"] ?? 0) };
}

function refused({ op, standing }: Running, left: number): AludelError {
  const shown = standing.refused.slice(0, mostNamed).map(({ row, message }) => `${row}: ${message}`);
  const more = standing.refused.length - shown.length;
  const rows = standing.refused.length === 1 ? "a row" : `${standing.refused.length} rows`;
  return new AludelError(
    "backfill-incomplete",
    `The database refused ${rows} of ${showName(op.table)}; all others are done`,
    {
      where: { object: showName(op.table) },
      details: [...shown, ...(more === 0 ? [] : [`and ${more} more`])],
      data: { left, refused: standing.refused },
      remedy: "Correct these rows, or leave them out with `where`.",
    },
  );
}

function stillFit({ op }: Running, left: number, names: readonly string[]): AludelError {
  const rows = left === 1 ? "1 row" : `${left} rows`;
  return new AludelError(
    "backfill-incomplete",
    `After the backfill, ${rows} of ${showName(op.table)} still ${left === 1 ? "needs" : "need"} it`,
    {
      where: { object: showName(op.table) },
      details: [...names, ...(left > names.length ? [`and ${left - names.length} more`] : [])],
      data: { left },
      remedy:
        "What `set` gives them still fits `where` (NULL, where NULL is what it looks for?), or others put such rows into the table: have new rows written right first.",
    },
  );
}

/**
 * Looks at the first rows that were written: where the predicate fits all of them as before, it would for ever.
 * @throws AludelError `backfill-incomplete`; nothing is committed then.
 */
export async function requireProgress(running: Running, changed: Changed, range: Expression): Promise<void> {
  const { op, walk, standing } = running;
  if (standing.written > 0 || changed.written === 0 || changed.again < changed.written) return;
  const names = await walk.names(`${range} AND (${op.where}\n)`, mostNamed);
  throw new AludelError(
    "backfill-incomplete",
    `The rows of ${showName(op.table)} that were written first still fit \`where\`, and were left as they were`,
    {
      where: { object: showName(op.table) },
      details: names,
      data: { left: null },
      remedy:
        "Let `where` say which rows still need it, so that it no longer fits a row that has been written.",
    },
  );
}
