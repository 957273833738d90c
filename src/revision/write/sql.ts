import type { Expression } from "../../schema/schema.js";
import { dedent, indent } from "../sql-line.js";
import { string } from "./literal.js";
import { call, type Node, text } from "./print.js";
import type { Writer } from "./writer.js";

/** SQL as it stands in a template: what would end it, or be read as an escape or a hole, is escaped. */
function inTemplate(sql: string): string {
  return sql.replace(/\\|`|\$\{/g, "\\$&").replaceAll("\r", "\\r");
}

// A template cannot hold these as they are: NUL stands for a hole, half a character would not survive the file.
const unfit = (sql: string) => /\0|\p{Surrogate}/u.test(sql);

/** Where the lines of a template stand, for a statement that begins at `depth` spaces. */
function template(sql: string): Node | null {
  if (unfit(sql)) return null;
  if (!sql.includes("\n")) {
    return dedent(sql) === sql ? { kind: "template", lines: null, flat: `sql\`${inTemplate(sql)}\`` } : null;
  }
  const indented = indent(sql, indentation);
  if (indented !== null) return { kind: "template", lines: inTemplate(indented).split("\n"), flat: "" };
  return dedent(sql) === sql ? { kind: "template", lines: null, flat: `sql\`${inTemplate(sql)}\`` } : null;
}

/** Lines of SQL stand a little deeper than the statements of a function, wherever in a statement they are. */
const indentation = " ".repeat(8);

/** An expression or statement as `` sql`…` ``; several lines of it are indented where that changes no value. */
export function sqlText(writer: Writer, sql: Expression): Node {
  writer.imports.add("sql");
  return template(sql) ?? call("sql.raw", string(sql));
}

/** A statement: text that no template gives back unchanged is a plain string. */
export function statement(writer: Writer, sql: string): Node {
  const found = template(sql);
  if (found === null) return string(sql);
  writer.imports.add("sql");
  return found;
}

/** A value that the engine's literal for it is exactly this text; `undefined` when there is none. */
export type PlainValue = string | number | bigint | boolean;

/** What kinds of plain values the place admits. */
export type Admits = Readonly<Partial<Record<"string" | "number" | "bigint" | "boolean", boolean>>>;

function candidates(expression: Expression): readonly PlainValue[] {
  if (/^'(?:[^']|'')*'$/.test(expression)) return [expression.slice(1, -1).replaceAll("''", "'")];
  if (/^-?\d+(?:\.\d+)?$/.test(expression)) {
    const whole = /^-?\d+$/.test(expression);
    return whole ? [Number(expression), BigInt(expression)] : [Number(expression)];
  }
  if (/^true$/i.test(expression)) return [true];
  return /^false$/i.test(expression) ? [false] : [];
}

/** A default: a plain value where its literal is exactly this expression, SQL otherwise. */
export function defaultValue(writer: Writer, expression: Expression, admits: Admits): Node {
  for (const value of candidates(expression)) {
    const kind = typeof value as keyof Admits;
    if (admits[kind] !== true || (kind === "number" && !isExact(value, expression))) continue;
    if (writer.dialect.literal(value) !== expression) continue;
    if (kind === "string") return string(String(value));
    return text(kind === "bigint" ? `${value}n` : String(value));
  }
  return sqlText(writer, expression);
}

const isExact = (value: PlainValue, expression: Expression): boolean => String(value) === expression;
