import type { Op } from "../../op/op.js";
import type { LintedUnit } from "../found.js";
import type { FileText, Place } from "../place.js";
import type { Calls } from "./calls.js";
import type { Edit } from "./fix.js";
import { editAt, indentAt } from "./replace-statement.js";

const awaited = /^(await\s+)?([A-Za-z_$][\w$]*)\.\w+\(/;
const imported = /import\s*\{([^}]*)\}\s*from\s*["']aludel["']/;

/**
 * Calls in the place of one. `null` where the call is no statement of its own, `await op.x(…);`: what comes of its value is
 * not known then.
 */
export function replaceCall(
  source: FileText,
  { start, end }: Pick<Place, "start" | "end">,
  render: (indent: number) => Calls | null,
): readonly Edit[] | null {
  const { text } = source;
  // What stands within the call would be lost.
  if (/^[ \t]*\/[/*]/m.test(text.slice(start, end))) return null;
  const head = awaited.exec(text.slice(start, end));
  const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const after = /^[ \t]*;?[ \t]*(?:\/\/[^\n]*)?(?=\n|$)/.exec(text.slice(end));
  if (head === null || !/^[ \t]*$/.test(before) || after === null) return null;
  const indent = indentAt(source, start);
  const rendered = render(indent.length);
  if (rendered === null || rendered.calls.length === 0) return null;
  const imports = importEdits(source, rendered.imports);
  if (imports === null) return null;
  const [, wait = "", object = "op"] = head;
  const calls = rendered.calls.map((call) => `${wait}${call.replace(/^op\./, `${object}.`)}`);
  return [...imports, editAt(source, start, end, calls.join(`;\n${indent}`))];
}

/** True where a call is made again for another op: in a loop, in a function. */
export function isSharedCall(
  { judged, places }: Pick<LintedUnit, "judged" | "places">,
  op: Op,
  { start, end }: Place,
): boolean {
  return judged.unit.statements.some(
    (other, at) => other.op !== op && places[at]?.start === start && places[at].end === end,
  );
}

/** Calls above or below one that is a statement of its own. */
export function besideCall(
  source: FileText,
  { start, end }: Pick<Place, "start" | "end">,
  where: "above" | "below",
  render: (indent: number) => Calls,
): readonly Edit[] | null {
  const { text } = source;
  const head = awaited.exec(text.slice(start, end));
  const [behind] = /^[ \t]*;[ \t]*(?:\/\/[^\n]*)?(?=\n|$)/.exec(text.slice(end)) ?? [];
  const indent = indentAt(source, start);
  const isFirst = text.slice(text.lastIndexOf("\n", start - 1) + 1, start) === indent;
  if (head === null || behind === undefined || (where === "above" && !isFirst)) return null;
  const rendered = render(indent.length);
  const imports = importEdits(source, rendered.imports);
  if (imports === null) return null;
  const [, wait = "", object = "op"] = head;
  const lines = rendered.calls.map((call) => `${wait}${call.replace(/^op\./, `${object}.`)};`);
  const at = where === "above" ? start : end + behind.length;
  const added =
    where === "above"
      ? lines.map((line) => `${line}\n${indent}`).join("")
      : lines.map((line) => `\n${indent}${line}`).join("");
  return [...imports, editAt(source, at, at, added)];
}

/** What the file does not import yet is added to what it imports. `null` where that cannot be seen. */
export function importEdits(source: FileText, names: readonly string[]): readonly Edit[] | null {
  const found = imported.exec(source.text);
  const [, list = ""] = found ?? [];
  const has = new Set(list.split(",").map((name) => name.trim()));
  const missing = names.filter((name) => !has.has(name));
  if (missing.length === 0) return [];
  if (found === null) return null;
  const at = found.index + found[0].indexOf("{") + 1 + list.trimEnd().length;
  const comma = list.trimEnd().endsWith(",") || list.trim() === "" ? " " : ", ";
  return [editAt(source, at, at, `${comma}${missing.join(", ")}`)];
}
