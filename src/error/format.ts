import { relative } from "node:path";
import { inspect, styleText } from "node:util";
import { AludelError, type Where } from "./error.js";
import { redact } from "./redact.js";
import { excerpt } from "./statement-excerpt.js";

export interface FormatOptions {
  /** Files inside this folder are shown relative to it. */
  readonly directory: string;
  readonly colour: boolean;
  /** With the errors that caused this one, down to the first. */
  readonly verbose: boolean;
}

/** What a person reads: code and message, where, what exactly, and what to do next. Holds no password. */
export function formatError(error: AludelError, options: FormatOptions): string {
  const paint = painter(options.colour);
  const place = showPlace(error.where, options.directory);
  const statement = error.where.statement;
  const lines = [
    `${paint("red", `error[${error.code}]`)} ${paint("bold", error.message)}`,
    ...(place === "" ? [] : [`  at ${place}`]),
    ...(statement === undefined
      ? []
      : excerpt(statement, positionOf(error)).map((line) => paint("dim", `  │ ${line}`))),
    ...reportOfDatabase(error),
    ...otherDetails(error).flatMap((detail) => indent(detail, "  - ", "    ")),
    ...(options.verbose ? causes(error).flatMap((cause) => indent(cause, "  caused by: ", "    ")) : []),
    ...indent(error.remedy, `${paint("cyan", "→")} `, "  "),
  ];
  return redact(lines.join("\n"));
}

/** What a machine reads; the keys are stable. Holds no password. */
export function errorToJson(error: AludelError): Readonly<Record<string, unknown>> {
  const { code, message, remedy, where, details, data } = error;
  return redactStrings({ code, message, remedy, where, details, data }) as Readonly<Record<string, unknown>>;
}

/** The value with `redact` done to every string in it. */
function redactStrings(value: unknown): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map(redactStrings);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, redactStrings(part)]));
}

/** What is printed for a throw that is not an `AludelError`: nobody thought of it, so it is a bug. */
export function formatBug(thrown: unknown, version: string, options: FormatOptions): string {
  const paint = painter(options.colour);
  const stack = thrown instanceof Error ? (thrown.stack ?? String(thrown)) : inspect(thrown);
  const system = `aludel ${version}, node ${process.version}, ${process.platform} ${process.arch}`;
  return redact(
    [
      `${paint("red", "error[bug]")} ${paint("bold", "This is a bug in Aludel, not in your project")}`,
      ...indent(stack, "  ", "  "),
      `  ${system}`,
      `${paint("cyan", "→")} Report it with the text above; it holds no passwords, but do read it before you send it.`,
    ].join("\n"),
  );
}

/** The JSON of such a throw. */
export function bugToJson(thrown: unknown, version: string): Readonly<Record<string, unknown>> {
  const stack = thrown instanceof Error ? (thrown.stack ?? String(thrown)) : inspect(thrown);
  return {
    code: "bug",
    message: redact(thrown instanceof Error ? thrown.message : String(thrown)),
    remedy: "This is a bug in Aludel: report it with this text.",
    where: {},
    details: [],
    data: { stack: redact(stack), version, node: process.version, platform: process.platform },
  };
}

type Paint = (style: "red" | "bold" | "dim" | "cyan", text: string) => string;

function painter(colour: boolean): Paint {
  // The caller has decided about colour; styleText must not decide again by looking at a stream.
  return colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}

/** `src/models.ts:12:3, revision 4f2a91c04b7d, persons.email` with the parts that are known. */
function showPlace(where: Where, directory: string): string {
  const file = where.file === undefined ? undefined : shortPath(where.file, directory);
  const numbers = [where.line, where.column].filter((number) => number !== undefined);
  return [
    file === undefined ? numbers.length > 0 && `line ${numbers.join(":")}` : [file, ...numbers].join(":"),
    where.revision !== undefined && `revision ${where.revision}`,
    where.object,
  ]
    .filter((part) => typeof part === "string")
    .join(", ");
}

/** The path from `directory`; whole where that would begin with `..`. */
export function shortPath(file: string, directory: string): string {
  const short = relative(directory, file);
  return short === "" || short.startsWith("..") ? file : short;
}

/** What the database itself said beside its message. */
function reportOfDatabase(error: AludelError): readonly string[] {
  const parts = [
    ["detail", error.data["detail"]],
    ["hint", error.data["hint"]],
    ["SQLSTATE", error.data["sqlState"]],
  ] as const;
  return parts.flatMap(([name, value]) =>
    typeof value === "string" && value !== "" ? indent(value, `  ${name}: `, "    ") : [],
  );
}

/** Without what the database said, which stands above them already. */
function otherDetails({ details, data }: AludelError): readonly string[] {
  return details.filter((detail) => detail !== data["detail"] && detail !== `Hint: ${data["hint"]}`);
}

/** `data.position` is where the statement failed, in characters from 1, as PostgreSQL counts. */
function positionOf(error: AludelError): number | null {
  const position = Number(error.data["position"]);
  return Number.isInteger(position) && position > 0 ? position : null;
}

function causes(error: Error): readonly string[] {
  const found: string[] = [];
  let cause = error.cause;
  for (let depth = 0; cause !== undefined && depth < 5; depth += 1) {
    const text = cause instanceof AludelError || !(cause instanceof Error) ? String(cause) : cause.stack;
    found.push(text ?? String(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return found;
}

function indent(text: string, first: string, others: string): readonly string[] {
  return text.split("\n").map((line, index) => (index === 0 ? first : others) + line);
}
