import type { Expression } from "../../schema/schema.js";
import { dedent, indent, scanLines } from "../sql-line.js";
import { string } from "./literal.js";
import { call, type Node, text } from "./print.js";
import type { Admits, Writer } from "./writer.js";

/**
 * SQL as it stands in a template: what would end it, or be read as an escape or a hole, is escaped. So is a blank at the
 * end of a line, which a body of a function may have and an editor would take away.
 */
function inTemplate(sql: string): string {
  return sql
    .replace(/\\|`|\$\{/g, "\\$&")
    .replaceAll("\r", "\\r")
    .replace(/ (?=\n)/g, "\\x20")
    .replace(/\t(?=\n)/g, "\\t");
}

// A template cannot hold these as they are: NUL stands for a hole, half a character would not survive the file.
const unfit = (sql: string) => /\0|\p{Surrogate}/u.test(sql);

/** SQL as `` sql`…` ``, its lines where they stand best; `null` where reading it back would not give the same. */
function template(sql: string): Node | null {
  if (unfit(sql)) return null;
  if (sql.includes("\n") && indent(sql, "  ") !== null) {
    const { quoted } = scanLines(sql);
    const lines = inTemplate(sql).split("\n");
    return {
      kind: "template",
      lines: lines.map((text, at) => ({ text, movable: !quoted[at] && text !== "" })),
      flat: "",
    };
  }
  return dedent(sql) === sql ? { kind: "template", lines: null, flat: `sql\`${inTemplate(sql)}\`` } : null;
}

/** Text with its lines as lines, which is nothing but a string. */
function stringTemplate(sql: string): Node {
  if (unfit(sql) || !sql.includes("\n")) return string(sql);
  return { kind: "template", lines: null, flat: `\`${inTemplate(sql)}\`` };
}

/** An expression or statement as `` sql`…` ``; several lines of it are indented where that changes no value. */
export function sqlText(writer: Writer, sql: Expression): Node {
  writer.imports.add("sql");
  return template(sql) ?? call("sql.raw", stringTemplate(sql));
}

/** A statement: text that no template gives back unchanged is a plain string. */
export function statement(writer: Pick<Writer, "imports">, sql: string): Node {
  const found = template(sql);
  if (found === null) return stringTemplate(sql);
  writer.imports.add("sql");
  return found;
}

/** A value that the engine's literal for it is exactly this text; `undefined` when there is none. */
export type PlainValue = string | number | bigint | boolean;

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
