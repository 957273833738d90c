import type { Dialect } from "../../dialect/dialect.js";
import type { Expression } from "../../schema/schema.js";
import { arrayText } from "./array-text.js";
import { elementOf } from "./column-type.js";
import { kindsOf } from "./kind.js";
import type { Library } from "./library.js";
import { isSql, type Renderer } from "./render.js";
import type { ColumnModel } from "./shape.js";

/** What reading a column's default needs to know. */
export interface DefaultContext {
  readonly dialect: Dialect;
  readonly generation: Library["generation"];
  readonly renderer: Renderer;
}

const jsonKinds: ReadonlySet<string> = new Set(["PgJson", "PgJsonb", "SQLiteTextJson"]);

/**
 * The column's default in the database: `` sql`…` `` as text, a JavaScript value as the literal of what Drizzle would
 * store for it. `$defaultFn` and `$onUpdate` are Drizzle's own and no default of the database.
 *
 * @throws Error with a sentence for the user
 */
export function defaultOf(column: ColumnModel, context: DefaultContext): Expression | null {
  const value = column.default;
  if (value === undefined || value === null) return null;
  if (isSql(value)) return context.renderer.plain(value);
  if (typeof value === "function") throw new Error("the default is a function: use $defaultFn for one");
  return literalOf(column, value, context);
}

/** The literal of a value as the column stores it. @throws Error with a sentence for the user. */
export function literalOf(column: ColumnModel, value: unknown, context: DefaultContext): Expression {
  const stored = storedValue(column, value, context.generation);
  if (isSql(stored)) return context.renderer.plain(stored);
  if (stored instanceof Verbatim) return stored.text;
  if (stored === undefined) throw new Error("the default has no value that can be stored");
  if (typeof stored === "number" && !Number.isFinite(stored)) return context.dialect.literal(String(stored));
  return context.dialect.literal(stored);
}

/** SQL text that needs no quoting. */
class Verbatim {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function storedValue(column: ColumnModel, value: unknown, generation: Library["generation"]): unknown {
  const { element, dimensions } = elementOf(column, generation);
  const store = (inner: unknown, depth: number): unknown => {
    if (inner === null) return null;
    if (depth > 0 && Array.isArray(inner)) return inner.map((one) => store(one, depth - 1));
    return storedScalar(element, inner, generation);
  };
  const stored = store(value, dimensions);
  return dimensions > 0 && Array.isArray(stored) ? arrayText(stored) : stored;
}

function storedScalar(column: ColumnModel, value: unknown, generation: Library["generation"]): unknown {
  const kinds = kindsOf(column);
  if (kinds.some((kind) => jsonKinds.has(kind))) return jsonText(value, generation);
  // A number for a `numeric` was written as a number by drizzle-kit before 1.0, and as text since.
  if (
    generation === 0 &&
    kinds.some((kind) => /^(Pg|SQLite)Numeric/.test(kind)) &&
    typeof value !== "string"
  ) {
    return value;
  }
  // SQLite has the words, they are the numbers 1 and 0, and drizzle-kit writes them: the text is that of its databases.
  if (kinds.includes("SQLiteBoolean")) return new Verbatim(value ? "true" : "false");
  if (kinds.includes("SQLiteBlobJson")) return Buffer.from(JSON.stringify(value));
  if (kinds.includes("SQLiteBigInt")) return Buffer.from(String(value));
  const stored = column.mapToDriverValue(value);
  const isDay = value instanceof Date && typeof stored === "string" && column.getSQLType() === "date";
  return isDay ? stored.slice(0, 10) : stored;
}

/** drizzle-kit before 1.0 takes a text for JSON that is already written; since 1.0 it is a value like any other. */
function jsonText(value: unknown, generation: Library["generation"]): string {
  if (generation === 0 && typeof value === "string" && isJson(value)) return value;
  return JSON.stringify(value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
