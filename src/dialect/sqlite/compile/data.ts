import { AludelError } from "../../../error/error.js";
import type { BulkValue, Op } from "../../../op/op.js";
import { showName } from "../../../schema/name.js";
import { type Step, step } from "../../step.js";
import { literal, quote, quoteName } from "../quote.js";
import { splitStatements } from "../split.js";

/** Rows in one INSERT: long enough to be fast, short enough to be read when one fails. */
const rowsPerStatement = 200;

/** The user's SQL, one step for each statement, each in the transaction it can be in. */
export function execute(op: Op<"execute">): readonly Step[] {
  return splitStatements(op.sql).map((statement) => {
    if (statement.effect === "transaction") {
      throw new AludelError(
        "revision-invalid",
        `A revision cannot end its own transaction: ${statement.sql}`,
        {
          where: { statement: statement.sql, line: statement.line },
          remedy: "Leave the statement out: Aludel begins and commits. For work outside, use op.autocommit.",
        },
      );
    }
    const { sql, transactional, prefersOutside = false } = statement;
    return step(sql, op, { transaction: transactional ? "joins" : "forbidden", prefersOutside });
  });
}

export function assertion(op: Op<"assert">): readonly Step[] {
  return [step(op.query, op, { assertion: op.message })];
}

type BulkRow = Readonly<Record<string, BulkValue>>;

/** Rows one after the other that have the same columns go into one statement. */
function groups(rows: readonly BulkRow[]): readonly { columns: readonly string[]; rows: BulkRow[] }[] {
  const found: { columns: readonly string[]; rows: BulkRow[] }[] = [];
  for (const row of rows) {
    const columns = Object.keys(row).filter((name) => row[name] !== undefined);
    const last = found.at(-1);
    const fits =
      last !== undefined &&
      last.rows.length < rowsPerStatement &&
      last.columns.length === columns.length &&
      columns.every((name) => last.columns.includes(name));
    if (fits) last.rows.push(row);
    else found.push({ columns, rows: [row] });
  }
  return found;
}

/** INSERT with the values as literals. @throws AludelError `revision-invalid` for a value that SQLite cannot hold. */
export function bulkInsert(op: Op<"bulk-insert">): readonly Step[] {
  return groups(op.rows).flatMap(({ columns, rows }) => {
    const table = quoteName(op.table);
    if (columns.length === 0) return rows.map(() => step(`INSERT INTO ${table} DEFAULT VALUES`, op));
    const values = rows.map((row) => `(${columns.map((name) => value(op, name, row[name])).join(", ")})`);
    const into = columns.map(quote).join(", ");
    return [step(`INSERT INTO ${table} (${into}) VALUES\n  ${values.join(",\n  ")}`, op)];
  });
}

function value(op: Op<"bulk-insert">, column: string, given: BulkValue | undefined): string {
  try {
    return literal(given ?? null);
  } catch (error) {
    throw error instanceof AludelError ? error.at({ object: `${showName(op.table)}.${column}` }) : error;
  }
}
