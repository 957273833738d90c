import { AludelError } from "../../error/error.js";
import type { ObjectName } from "../../schema/name.js";
import type { Expression } from "../../schema/schema.js";

/** Longest identifier in bytes: NAMEDATALEN - 1 (manual 4.1.1). */
export const identifierBytes = 63;

/**
 * Quotes an identifier, always, so that reserved words, upper case, spaces and Unicode need no thought.
 *
 * @throws AludelError `models-invalid` for a name that PostgreSQL would silently cut off at 63 bytes, an empty one,
 * or one with a NUL character (manual 4.1.1).
 */
export function quoteIdentifier(identifier: string): string {
  const bytes = byteLength(identifier);
  if (bytes > identifierBytes) {
    throw new AludelError(
      "models-invalid",
      `The name "${identifier}" has ${bytes} bytes, and PostgreSQL cuts names off at ${identifierBytes}`,
      { remedy: `Give it a name of at most ${identifierBytes} bytes.`, where: { object: identifier } },
    );
  }
  if (identifier === "" || identifier.includes("\0")) {
    throw new AludelError(
      "models-invalid",
      identifier === "" ? "A name is empty" : `The name ${JSON.stringify(identifier)} has a NUL character`,
      { remedy: "Give it a name that PostgreSQL can store." },
    );
  }
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** Quotes a possibly qualified name. */
export function quoteName(name: ObjectName): string {
  const last = quoteIdentifier(name.name);
  return name.namespace === null ? last : `${quoteIdentifier(name.namespace)}.${last}`;
}

/** A list of identifiers in parentheses: `("a", "b")`. */
export function quoteList(identifiers: readonly string[]): string {
  return `(${identifiers.map(quoteIdentifier).join(", ")})`;
}

/** A string constant. `standard_conforming_strings` is on (the default since 9.1), so a backslash is itself. */
export function quoteString(text: string): string {
  if (text.includes("\0")) {
    throw new AludelError(
      "models-invalid",
      "A text value has a NUL character, which PostgreSQL cannot store",
      {
        remedy: "Take the NUL character out of the value, or store it as bytea.",
      },
    );
  }
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * SQL text of a value: strings without a type (the context gives it one), numbers (negative ones in parentheses, NaN
 * and infinities as `float8`),
 * bigint, boolean, null, `Date` as `timestamptz`, bytes as `bytea`, and arrays and other objects as `jsonb`.
 *
 * @throws AludelError `models-invalid` for a function, a symbol, `undefined`, an invalid date, or an object that JSON
 * cannot hold.
 */
export function literal(value: unknown): Expression {
  if (value === null) return "NULL";
  switch (typeof value) {
    case "string":
      return quoteString(value);
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return negativeSafe(String(value));
    case "number":
      return numberLiteral(value);
    case "object":
      return objectLiteral(value);
    default:
      throw unwritable(typeof value);
  }
}

/** In parentheses, because a cast binds closer than the sign, and a minus before the sign would make a comment. */
function negativeSafe(number: string): string {
  return number.startsWith("-") ? `(${number})` : number;
}

function numberLiteral(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? "0" : negativeSafe(String(value));
  return `'${Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity"}'::float8`;
}

function objectLiteral(value: object): string {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw unwritable("an invalid Date");
    return `'${timestampText(value)}'::timestamptz`;
  }
  if (value instanceof Uint8Array) return `'${bytesText(value)}'::bytea`;
  return `${quoteString(jsonText(value))}::jsonb`;
}

/** A date as PostgreSQL reads it; years before 1 and after 9999 have a form of their own. */
export function timestampText(date: Date): string {
  const year = date.getUTCFullYear();
  const rest = date.toISOString().replace(/^[+-]?\d+/, "");
  return year > 0
    ? `${String(year).padStart(4, "0")}${rest}`
    : `${String(1 - year).padStart(4, "0")}${rest} BC`;
}

/** The hex form of bytes (manual 8.4.1). */
export function bytesText(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}

/** JSON text of a value; a bigint in it becomes a number with all of its digits. */
export function jsonText(value: unknown): string {
  const marks: string[] = [];
  const mark = "\u0001bigint:";
  const text = JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== "bigint") return inner;
    marks.push(String(inner));
    return `${mark}${marks.length - 1}`;
  }) as string | undefined;
  if (text === undefined) throw unwritable("a value that JSON cannot hold");
  return marks.length === 0
    ? text
    : text.replace(/"\\u0001bigint:(\d+)"/g, (_whole, place: string) => marks[Number(place)] ?? "null");
}

function unwritable(what: string): AludelError {
  return new AludelError("models-invalid", `A value cannot be written as SQL: ${what}`, {
    remedy: "Use a string, number, bigint, boolean, null, Date, Uint8Array, or what JSON can hold.",
  });
}

/** Length in bytes of UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

/** The longest beginning of at most so many bytes that does not cut a character in two. */
export function clipBytes(text: string, bytes: number): string {
  if (byteLength(text) <= bytes) return text;
  let used = 0;
  let clipped = "";
  for (const character of text) {
    used += byteLength(character);
    if (used > bytes) break;
    clipped += character;
  }
  return clipped;
}

/**
 * The name that PostgreSQL makes from a table, perhaps columns, and a label such as `key`: the longer of the two
 * parts is shortened until the whole fits into 63 bytes. (`makeObjectName` of the server.)
 */
export function madeName(table: string, addition: string | null, label: string): string {
  let first = byteLength(table);
  let second = addition === null ? 0 : byteLength(addition);
  const available = identifierBytes - (addition === null ? 0 : 1) - byteLength(label) - 1;
  while (first + second > available) {
    if (first > second) first -= 1;
    else second -= 1;
  }
  const parts = [clipBytes(table, first)];
  if (addition !== null) parts.push(clipBytes(addition, second));
  return [...parts, label].join("_");
}
