import { tokenize } from "../../token.js";

/** A statement without the white space and the comments after its last token. */
export function withoutTail(sql: string): string {
  const trimmed = sql.trimEnd();
  const lastLine = trimmed.slice(trimmed.lastIndexOf("\n") + 1);
  if (!trimmed.endsWith("*/") && !lastLine.includes("--")) return trimmed;
  const last = tokenize(trimmed)?.at(-1);
  return last === undefined ? trimmed : trimmed.slice(0, last.start + last.text.length);
}
