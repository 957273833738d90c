import type { Dialect } from "../../dialect/dialect.js";
import { columnType } from "../../schema/build.js";
import type { ColumnType, Expression, SequenceOptions } from "../../schema/schema.js";
import { columnSpec, type TypeBuilder, type TypeSpec } from "../column-builder.js";
import type { SequenceInput, ValueInput } from "../operations.js";
import { isSqlText, renderSql, type SqlText } from "../sql-text.js";
import { checkOptions, mistake, toName } from "./check-input.js";

/** What a directive needs of the dialect: how it spells and normalises. Nothing that touches a database. */
export type Spelling = Pick<Dialect, "name" | "quote" | "literal" | "parseType" | "formatType" | "normalize">;

/** An expression that must be SQL text: a plain string there is most often a forgotten `` sql`…` ``. */
export function toExpression(spelling: Spelling, directive: string, what: string, text: SqlText): Expression {
  if (isSqlText(text)) return renderSql(text, spelling);
  throw mistake(`${directive} expects SQL text for ${what}`, 'Write sql`…`; import { sql } from "aludel".');
}

/** A value as the expression of a default. `null` is the absence of a default, as it is for the engines. */
export function toDefault(spelling: Spelling, directive: string, value: ValueInput): Expression | null {
  if (value === null) return null;
  if (isSqlText(value)) return renderSql(value, spelling);
  if (value === undefined || (typeof value === "number" && !Number.isFinite(value))) {
    throw mistake(`${directive} was given ${String(value)} as a default`, "Give a value or sql`…`.");
  }
  return spelling.literal(value);
}

/** A type as the dialect's canonical parts. @throws AludelError `revision-invalid` for text that is no type. */
export function toType(spelling: Spelling, directive: string, spec: TypeSpec): ColumnType {
  const { dimensions } = spec;
  if ("name" in spec) {
    const name = toName(directive, "type", spec.name);
    return spelling.normalize.type(columnType(name.name, [], dimensions, name.namespace));
  }
  const parsed = spelling.parseType(spec.text);
  if (dimensions === 0) return spelling.normalize.type(parsed);
  return spelling.normalize.type({ ...parsed, dimensions: parsed.dimensions + dimensions });
}

/** True for a builder that asks for more than a type. */
function hasMoreThanType(builder: TypeBuilder): boolean {
  const { nullable, type: _, ...rest } = columnSpec(builder);
  return !nullable || Object.keys(rest).length > 0;
}

/** A type that is given where nothing more than a type has a meaning. */
export function toPlainType(spelling: Spelling, directive: string, builder: TypeBuilder): ColumnType {
  if (hasMoreThanType(builder)) {
    throw mistake(
      `${directive} takes only a type under "type"`,
      "Give the rest beside it: nullable, default, collation, comment.",
    );
  }
  return toType(spelling, directive, columnSpec(builder).type);
}

const sequenceKeys = ["start", "increment", "minimum", "maximum", "cache", "cycle"] as const;

/** The keys of `SequenceInput`, for checks of options that have more. */
export const sequenceOptionNames: readonly string[] = sequenceKeys;

function wholeNumber(
  directive: string,
  key: string,
  value: number | bigint | string | undefined,
): string | null {
  if (value === undefined) return null;
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw mistake(
      `${directive} was given ${value} for ${key}`,
      "Give a whole number; beyond 2^53 as a bigint.",
    );
  }
  const text = String(value);
  if (/^-?\d+$/.test(text)) return text;
  throw mistake(`${directive} was given "${text}" for ${key}`, "Give a whole number.");
}

/** Options of a sequence, from an input that may have other keys beside them. */
export function toSequenceOptions(directive: string, input: SequenceInput): SequenceOptions {
  return {
    start: wholeNumber(directive, "start", input.start),
    increment: wholeNumber(directive, "increment", input.increment),
    minimum: wholeNumber(directive, "minimum", input.minimum),
    maximum: wholeNumber(directive, "maximum", input.maximum),
    cache: wholeNumber(directive, "cache", input.cache),
    cycle: input.cycle ?? false,
  };
}

/** The same for an input that has nothing else. */
export function toOnlySequenceOptions(directive: string, input: SequenceInput): SequenceOptions {
  checkOptions(directive, input, sequenceKeys);
  return toSequenceOptions(directive, input);
}
