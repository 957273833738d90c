import type { LongChange } from "../../dialect/expansion.js";
import type { Finding } from "../finding.js";

/** What rules say of a chain that its other revisions have seen to. */
const always: Readonly<Record<string, string>> = {
  "rename-column": "no code that runs names it",
  "drop-object": "the trigger that called it is gone",
  "drop-column-loses-key": "the other column has the same",
  "empty-downgrade": "the values may stay",
};

/** Where both columns have the same values. */
const ofRenames: Readonly<Record<string, string>> = {
  ...always,
  "unique-over-existing-rows": "the other column is unique and has the same values",
};

/** Why a finding in a chain is none; `undefined` for one that stays. */
export function reasonFor({ rule }: Finding, changes: readonly LongChange[]): string | undefined {
  return changes.every(({ kind }) => kind === "rename-column") ? ofRenames[rule] : always[rule];
}

/** The text with a comment above each statement that a finding is about, or at the top for what is about the whole. */
export function quieted(
  text: string,
  findings: readonly { readonly finding: Finding; readonly reason: string }[],
): string {
  const lines = text.split("\n");
  const isCode = text.startsWith("/**");
  const sign = isCode ? "//" : "--";
  const top = lines.findIndex((line) => (isCode ? line.startsWith("import ") : line.trim() === ""));
  const places = findings.map(({ finding: { rule, range, statement }, reason }) => {
    if (statement === null) return { at: top, comment: `${sign} aludel:ignore-file ${rule} ${reason}` };
    const indent = /^\s*/.exec(lines[range.line - 1] ?? "")?.[0] ?? "";
    return { at: range.line - 1, comment: `${indent}${sign} aludel:ignore ${rule} ${reason}` };
  });
  for (const { at, comment } of places.toSorted((a, b) => b.at - a.at)) lines.splice(at, 0, comment);
  return lines.join("\n");
}
