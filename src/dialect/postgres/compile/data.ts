import type { BulkValue } from "../../../op/op.js";
import { nameKey } from "../../../schema/name.js";
import type { Column, ColumnType } from "../../../schema/schema.js";
import { assignments } from "../../backfill.js";
import { step } from "../../step.js";
import { updateInBatches } from "../../update-in-batches.js";
import {
  bytesText,
  jsonText,
  literal,
  quoteIdentifier,
  quoteName,
  quoteString,
  timestampText,
} from "../quote.js";
import type { Group } from "./contract.js";

type BulkRow = Readonly<Record<string, BulkValue>>;

/** Rows of one INSERT; more make a statement that is hard to read in a log and no faster. */
const rowsPerStatement = 500;

export const compileData: Group<"execute" | "bulk-insert" | "backfill" | "assert"> = {
  execute: (op) => [step(op.sql, op)],
  assert: (op) => [step(op.query, op, { assertion: op.message })],
  backfill: (op) => {
    const { set, where } = assignments(quoteIdentifier, op);
    return [step(updateInBatches(quoteName(op.table), set, where, null), op, { transaction: "forbidden" })];
  },
  "bulk-insert": (op, context) => {
    const columns = context.before.tables.get(nameKey(op.table))?.columns ?? [];
    const types = new Map(columns.map((column) => [column.name, column]));
    return chunks(op.rows).map((rows) => {
      const names = Object.keys(rows[0] ?? {});
      const table = quoteName(op.table);
      if (names.length === 0) return step(`INSERT INTO ${table} DEFAULT VALUES`, op);
      const lines = rows.map(
        (row) => `  (${names.map((name) => valueText(row[name] ?? null, types.get(name))).join(", ")})`,
      );
      // A row that comes with a value for a GENERATED ALWAYS column means that value.
      const always = names.some((name) => types.get(name)?.identity?.generation === "always");
      const head = `INSERT INTO ${table} (${names.map(quoteIdentifier).join(", ")})`;
      const overriding = always ? " OVERRIDING SYSTEM VALUE" : "";
      return step(`${head}${overriding} VALUES\n${lines.join(",\n")}`, op);
    });
  },
};

/** Neighbours with the same columns go into one statement; a row without columns has one of its own. */
function chunks(rows: readonly BulkRow[]): readonly (readonly BulkRow[])[] {
  const result: BulkRow[][] = [];
  let current = "";
  for (const row of rows) {
    const columns = JSON.stringify(Object.keys(row).sort());
    const last = result.at(-1);
    if (last === undefined || columns !== current || columns === "[]" || last.length === rowsPerStatement) {
      result.push([row]);
    } else last.push(row);
    current = columns;
  }
  return result;
}

/**
 * A value for a column. Where the column's type is known, an array becomes one of PostgreSQL's or JSON as the type
 * says, and values are constants without a type, which the column's type reads.
 */
export function valueText(value: BulkValue, column: Pick<Column, "type"> | undefined): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (column === undefined || value === null || typeof value !== "object") return literal(value);
  const { type } = column;
  if (type.dimensions > 0 && Array.isArray(value)) return quoteString(arrayText(value, type));
  if (value instanceof Date || value instanceof Uint8Array) return literal(value);
  return isJson(type) ? quoteString(jsonText(value)) : literal(value);
}

function isJson(type: ColumnType): boolean {
  return type.namespace === null && (type.name === "json" || type.name === "jsonb");
}

/** Text form of an array (manual 8.15.6). */
function arrayText(values: readonly unknown[], type: ColumnType): string {
  const inner = values.map((value) => {
    if (value === null || value === undefined) return "NULL";
    if (Array.isArray(value) && type.dimensions > 1)
      return arrayText(value, { ...type, dimensions: type.dimensions - 1 });
    return `"${elementText(value, type).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  });
  return `{${inner.join(",")}}`;
}

function elementText(value: unknown, type: ColumnType): string {
  if (isJson(type)) return jsonText(value);
  if (value instanceof Date) return timestampText(value);
  if (value instanceof Uint8Array) return bytesText(value);
  return typeof value === "object" ? jsonText(value) : String(value);
}
