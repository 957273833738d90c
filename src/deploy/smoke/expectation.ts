import { isDeepStrictEqual } from "node:util";
import type { Row } from "../../dialect/connection.js";

/**
 * Whether rows are what is expected: a list is all rows in their order, an object is the columns that the only row has among
 * others, anything else is the only value of the only row.
 */
export function meets(rows: readonly Row[], expected: unknown): boolean {
  if (Array.isArray(expected)) {
    return rows.length === expected.length && expected.every((one, at) => rowMeets(rows[at], one));
  }
  return rows.length === 1 && rowMeets(rows[0], expected);
}

function rowMeets(row: Row | undefined, expected: unknown): boolean {
  if (row === undefined) return false;
  if (isRow(expected)) {
    return Object.entries(expected).every(([name, value]) => name in row && same(row[name], value));
  }
  const values = Object.values(row);
  return values.length === 1 && same(values[0], expected);
}

function isRow(value: unknown): value is Row {
  return (
    typeof value === "object" && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array)
  );
}

/** Drivers give one value in several types: a big number as text, a boolean of SQLite as 1. */
function same(found: unknown, expected: unknown): boolean {
  if (typeof expected === "boolean") return found === expected || found === Number(expected);
  if (found instanceof Date) return found.getTime() === new Date(String(expected)).getTime();
  if (typeof expected === "number" || typeof expected === "bigint") return isSameNumber(found, expected);
  return isDeepStrictEqual(found, expected);
}

function isSameNumber(found: unknown, expected: number | bigint): boolean {
  if (typeof found !== "number" && typeof found !== "bigint" && typeof found !== "string") return false;
  if (String(found) === String(expected)) return true;
  // Beyond this several integers are one number.
  const number = found === "" ? Number.NaN : Number(found);
  return number === Number(expected) && Math.abs(number) <= Number.MAX_SAFE_INTEGER;
}

const longest = 200;

/** A value, or rows, for people. */
export function shown(value: unknown): string {
  if (Array.isArray(value) && value.length === 0) return "no rows";
  if (Array.isArray(value) && value.length === 1) return shown(value[0]);
  const text =
    JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part)) ??
    "nothing";
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
