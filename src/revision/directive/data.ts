import type { BulkValue, Op } from "../../op/op.js";
import type { BackfillInput } from "../operation-input.js";
import type { NameInput } from "../operations.js";
import { isSqlText, renderSql, type SqlText } from "../sql-text.js";
import { backfillOp } from "./backfill.js";
import { mistake, toName } from "./check-input.js";
import type { Spelling } from "./spelling.js";

type BulkRow = Readonly<Record<string, BulkValue>>;

function checkRow(row: BulkRow, position: number): BulkRow {
  if (typeof row !== "object" || row === null || Array.isArray(row) || Object.keys(row).length === 0) {
    throw mistake(
      `bulkInsert was given no values in row ${position + 1}`,
      'Give an object: { name: "Ada" }.',
    );
  }
  for (const [name, value] of Object.entries(row)) {
    if (value === undefined) {
      throw mistake(
        `bulkInsert was given undefined for "${name}" in row ${position + 1}`,
        "Give null, or leave the column out.",
      );
    }
    if (isSqlText(value)) {
      throw mistake(
        `bulkInsert was given SQL text for "${name}" in row ${position + 1}`,
        "Rows hold values only; insert what must be computed with op.execute.",
      );
    }
  }
  return { ...row };
}

/** Directives on rows, and SQL as it is. */
export function dataDirectives(spelling: Spelling) {
  return {
    execute(text: string | SqlText): readonly Op<"execute">[] {
      const sql = isSqlText(text) ? renderSql(text, spelling) : text;
      if (typeof sql === "string" && sql.trim() !== "") return [{ kind: "execute", sql }];
      throw mistake("execute was given no SQL", "Give a statement as a string or as sql`…`.");
    },
    assert(message: string, text: string | SqlText): readonly Op<"assert">[] {
      const query = isSqlText(text) ? renderSql(text, spelling) : text;
      if (typeof message !== "string" || message.trim() === "") {
        throw mistake("assert was given no message", 'Say what should be so: "Every order has a customer".');
      }
      if (typeof query === "string" && query.trim() !== "") {
        return [{ kind: "assert", message: message.replace(/\s+/g, " ").trim(), query }];
      }
      throw mistake("assert was given no query", "Give a SELECT as a string or as sql`…`.");
    },
    backfill(table: NameInput, input: BackfillInput): readonly Op<"backfill">[] {
      return [backfillOp(spelling, table, input)];
    },
    bulkInsert(table: NameInput, rows: readonly BulkRow[]): readonly Op<"bulk-insert">[] {
      const name = toName("bulkInsert", "table", table);
      if (!Array.isArray(rows)) {
        throw mistake("bulkInsert was given no rows", 'Give them in a list: [{ name: "Ada" }].');
      }
      return rows.length === 0 ? [] : [{ kind: "bulk-insert", table: name, rows: rows.map(checkRow) }];
    },
  };
}
