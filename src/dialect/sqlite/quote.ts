import { AludelError } from "../../error/error.js";
import type { ObjectName } from "../../schema/name.js";
import type { Expression } from "../../schema/schema.js";

/**
 * An identifier in double quotes, which SQLite takes for any name (SQLite: "SQLite Keywords").
 * @throws AludelError `op-impossible` for a name with a NUL character, where SQL text would end.
 */
export function quote(identifier: string): string {
  if (identifier.includes("\u0000")) {
    throw new AludelError("op-impossible", "A name contains a NUL character", {
      remedy: "Choose a name without it: SQLite ends a statement there.",
    });
  }
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** A possibly qualified name; `main` and the names of attached databases are namespaces. */
export function quoteName(name: ObjectName): string {
  return name.namespace === null ? quote(name.name) : `${quote(name.namespace)}.${quote(name.name)}`;
}

/** The n-th bound value: SQLite counts `?` by itself. */
export function placeholder(_position: number): string {
  return "?";
}

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

/**
 * SQL text of a value (SQLite: "SQL Language Expressions", Literal Values). Booleans are 1 and 0, dates are text in
 * ISO 8601, bytes a blob, objects and arrays their JSON text.
 * @throws AludelError `revision-invalid` for what SQLite has no value for: NaN, integers beyond 64 bits, functions.
 */
export function literal(value: unknown): Expression {
  if (value === null || value === undefined) return "NULL";
  switch (typeof value) {
    case "string":
      return text(value);
    case "boolean":
      return value ? "1" : "0";
    case "number":
      return number(value);
    case "bigint":
      if (value < smallest || value > largest)
        throw noValue(`the integer ${value}`, "Give it as text: SQLite has integers of 64 bits");
      return value.toString();
    case "object":
      return object(value);
    default:
      throw noValue(`a ${typeof value}`, "Give a string, a number, a boolean, null, a date, bytes or JSON");
  }
}

function text(value: string): string {
  // SQL text ends at a NUL, so that such a string can only be given by its bytes.
  if (value.includes("\u0000")) return `CAST(${bytes(Buffer.from(value, "utf8"))} AS TEXT)`;
  return `'${value.replaceAll("'", "''")}'`;
}

function number(value: number): string {
  if (Number.isNaN(value)) throw noValue("NaN", "Write null where there is no number");
  if (!Number.isFinite(value)) return value > 0 ? "9e999" : "-9e999";
  if (Object.is(value, -0)) return "-0.0";
  // Beyond 2^53 the digits are not exact; as a real they mean what JavaScript meant.
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return value.toExponential();
  return value.toString();
}

function object(value: object): string {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw noValue("an invalid date", "Give a date that exists");
    return text(value.toISOString());
  }
  if (value instanceof Uint8Array) return bytes(value);
  const json = JSON.stringify(value);
  if (json === undefined) throw noValue("an object without JSON", "Give a value that JSON can hold");
  return text(json);
}

function bytes(value: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = value;
  return `x'${Buffer.from(buffer, byteOffset, byteLength).toString("hex")}'`;
}

function noValue(what: string, remedy: string): AludelError {
  return new AludelError("revision-invalid", `SQLite has no value for ${what}`, { remedy: `${remedy}.` });
}
