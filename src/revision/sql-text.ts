import type { Dialect } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import type { Expression } from "../schema/schema.js";
import { dedent, scanLines } from "./sql-line.js";

/** A plain value that becomes a literal of the engine. */
export type SqlValue = string | number | bigint | boolean | null;

/** A piece of SQL text: text as it is, an identifier to quote, or a value to write as a literal. */
export type SqlPart =
  | { readonly text: string }
  | { readonly identifier: readonly string[] }
  | { readonly value: SqlValue };

/** The mark of SQL text, equal in every copy of this module so that two copies understand each other. */
const mark: unique symbol = Symbol.for("aludel.sql") as never;

/** SQL text, not yet spelled for an engine. Made with `` sql`…` ``. */
export interface SqlText {
  readonly [mark]: true;
  readonly parts: readonly SqlPart[];
}

function sqlText(parts: readonly SqlPart[]): SqlText {
  return Object.freeze({ [mark]: true as const, parts: Object.freeze([...parts]) });
}

/** True for what `` sql`…` `` gives. */
export function isSqlText(value: unknown): value is SqlText {
  return typeof value === "object" && value !== null && mark in value;
}

function invalid(message: string, remedy: string): AludelError {
  return new AludelError("revision-invalid", message, { remedy });
}

// What a backslash may stand before. Any other pair loses its backslash without a word (`\d` becomes `d`).
const knownEscape = /\\(?:[\\`${}nrt'"\n]|u[0-9a-fA-F{]|x[0-9a-fA-F]|\r\n?)/y;

function checkEscapes(raw: string): void {
  for (let at = raw.indexOf("\\"); at !== -1; at = raw.indexOf("\\", at)) {
    knownEscape.lastIndex = at;
    const found = knownEscape.exec(raw);
    if (found === null) {
      const pair = raw.slice(at, at + 2);
      throw invalid(
        `SQL text has "${pair}", which JavaScript reads without its backslash`,
        `Write the backslash twice: "\\${pair}".`,
      );
    }
    at += found[0].length;
  }
}

function partsOf(value: unknown): readonly SqlPart[] {
  if (isSqlText(value)) return value.parts;
  const kind = typeof value;
  if (value === null || kind === "string" || kind === "bigint" || kind === "boolean") {
    return [{ value: value as SqlValue }];
  }
  if (kind === "number" && Number.isFinite(value)) return [{ value: value as number }];
  throw invalid(
    `A value of the kind ${value instanceof Date ? "Date" : String(kind === "number" ? value : kind)} cannot stand in SQL text`,
    "Interpolate strings, finite numbers, booleans, null, sql`…` or sql.identifier(…); write dates as ISO strings.",
  );
}

/**
 * The dedented pieces of a template. Dedenting needs to see the text as a whole, so holes become a character that
 * cannot stand in SQL.
 */
function dedentPieces(pieces: readonly string[]): readonly string[] {
  return dedent(pieces.join("\0")).split("\0");
}

function checkHoles(pieces: readonly string[]): void {
  let before = "";
  for (const piece of pieces.slice(0, -1)) {
    before += piece;
    const { open } = scanLines(before);
    if (open === "'" || open === "E'" || open === '"' || open === "`") {
      throw invalid(
        "SQL text has a value inside quotes",
        `Leave the quotes out: values are quoted where they are needed, names with sql.identifier("…").`,
      );
    }
    before += "0";
  }
}

function tag(strings: TemplateStringsArray, ...values: readonly unknown[]): SqlText {
  for (const raw of strings.raw) checkEscapes(raw);
  if (strings.some((piece) => piece.includes("\0"))) {
    throw invalid("SQL text has a NUL character", "Take the character out.");
  }
  if (values.length > 0) checkHoles(strings);
  const parts: SqlPart[] = [];
  for (const [position, text] of dedentPieces(strings).entries()) {
    if (text !== "") parts.push({ text });
    if (position < values.length) parts.push(...partsOf(values[position]));
  }
  if (parts.length === 0) throw invalid("SQL text is empty", "Write an expression or a statement in it.");
  return sqlText(parts);
}

/**
 * SQL text: `` sql`now()` ``, `` sql`${sql.identifier("Order")}.total > ${limit}` ``.
 *
 * Interpolated strings, numbers, booleans and null become literals of the engine, never text; other `sql` goes in as
 * it is. Backslashes are JavaScript's: write `\\d` for `\d`. Indentation that all lines share is taken away, except
 * inside quoted strings.
 *
 * @throws AludelError `revision-invalid` for a value inside quotes, for an escape that would lose its backslash, for
 * values that have no literal, and for empty text.
 */
export const sql: {
  (strings: TemplateStringsArray, ...values: readonly (SqlValue | SqlText)[]): SqlText;
  /** A name, quoted for the engine: `sql.identifier("billing", "invoices")` is `"billing"."invoices"`. */
  identifier(...names: readonly string[]): SqlText;
  /** Text as it is, not dedented. Never give it what comes from outside the revision. */
  raw(text: string): SqlText;
  /** Pieces one after another, with commas or what is given between them. */
  join(pieces: readonly (SqlValue | SqlText)[], separator?: SqlText): SqlText;
} = Object.assign(tag, {
  identifier(...names: readonly string[]): SqlText {
    if (names.length === 0 || names.some((name) => typeof name !== "string" || name === "")) {
      throw invalid("sql.identifier was given no name", 'Give one or more names: sql.identifier("persons").');
    }
    return sqlText([{ identifier: names }]);
  },
  raw(text: string): SqlText {
    if (text === "") throw invalid("SQL text is empty", "Write an expression or a statement in it.");
    return sqlText([{ text }]);
  },
  join(pieces: readonly (SqlValue | SqlText)[], separator?: SqlText): SqlText {
    const between: readonly SqlPart[] = separator?.parts ?? [{ text: ", " }];
    return sqlText(
      pieces.flatMap((piece, at) => (at === 0 ? partsOf(piece) : [...between, ...partsOf(piece)])),
    );
  },
});

/** Spells SQL text for an engine. */
export function renderSql(text: SqlText, dialect: Pick<Dialect, "quote" | "literal">): Expression {
  return text.parts
    .map((part) => {
      if ("text" in part) return part.text;
      if ("identifier" in part) return part.identifier.map((name) => dialect.quote(name)).join(".");
      return dialect.literal(part.value);
    })
    .join("");
}
