import type { Dialect } from "../../dialect/dialect.js";
import type { Expression } from "../../schema/schema.js";
import { arrayText } from "./array-text.js";
import { type Casing, columnName } from "./casing.js";
import { isKind } from "./kind.js";
import type { QueryConfiguration, SqlText } from "./shape.js";

/** True for what `` sql`…` `` makes, and for conditions made of it. */
export function isSql(value: unknown): value is SqlText {
  return isKind(value, "SQL");
}

/** Makes SQL text of Drizzle's `` sql`…` `` in the spelling of a dialect. */
export interface Renderer {
  /** Columns without their table: for checks, defaults, generated columns and indexes, which have one table. */
  plain(sql: unknown): Expression;
  /** Columns with their table: for views and policies, which may name several. */
  qualified(sql: unknown): Expression;
}

/**
 * Values within the SQL become literals of the dialect, whatever their type. Text that the user typed stays as it is,
 * with the table before a column where the user wrote it.
 *
 * @throws Error with a sentence for the user
 */
export function createRenderer(dialect: Dialect, casing: Casing | null): Renderer {
  const configuration = (): QueryConfiguration => ({
    casing: {
      getColumnCasing: (column) => columnName(column, column.keyAsName === true, casing),
    },
    escapeName: (name) => dialect.quote(name),
    escapeParam: (_position, value) => {
      if (
        isKind(value, "Placeholder") ||
        isKind((value as { value?: unknown } | null)?.value, "Placeholder")
      ) {
        throw new Error("a placeholder has no value in a schema");
      }
      // As Drizzle sends a date: as text, so that it takes the type of the column it is held against.
      return dialect.literal(value instanceof Date ? value.toISOString() : value);
    },
    escapeString: (text) => dialect.literal(text),
    paramStartIndex: { value: 0 },
    codecs: {
      codecsOf: () => ({
        normalizeParam: (value, dimensions = 0) =>
          dimensions > 0 && Array.isArray(value) ? arrayText(value) : value,
      }),
    },
  });
  return {
    plain: (sql) => render(sql, { ...configuration(), invokeSource: "indexes" }),
    qualified: (sql) => render(sql, configuration()),
  };
}

function render(sql: unknown, configuration: QueryConfiguration): Expression {
  const text = toSql(sql);
  // A view's query asks for Drizzle's own way to inline values, which is wrong for dates and throws for bigints.
  const parametrized: SqlText = Object.create(text as object, { shouldInlineParams: { value: false } });
  const rendered = parametrized.toQuery(configuration).sql.trim().replace(/;\s*$/, "");
  if (rendered === "") throw new Error("the SQL is empty");
  return rendered;
}

function toSql(value: unknown): SqlText {
  if (isSql(value)) return value;
  const wrapper = value as { getSQL?: () => unknown } | null | undefined;
  const inner = typeof wrapper?.getSQL === "function" ? wrapper.getSQL() : undefined;
  if (isSql(inner)) return inner;
  throw new Error("expected sql`…`");
}
