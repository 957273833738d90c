import type { LongChange, LongChangeKind } from "../../dialect/expansion.js";
import type { Finding } from "../finding.js";

type Reasons = Readonly<Record<string, string>>;

/** What rules say of every chain that its other revisions have seen to. */
const always: Reasons = {
  "rename-column": "no code that runs names it",
  "drop-object": "nothing that runs needs it any more",
  "drop-column-loses-key": "the other column has the same",
  "empty-downgrade": "the values may stay",
};

/** The same of chains with a change of a kind. */
const byKind: Readonly<Record<LongChangeKind, Reasons>> = {
  "rename-table": { "not-analysed": "it gives the view the rights that roles have on the table" },
  "rename-column": {},
  "change-type": {
    "not-analysed": "the sequence is asked for by its column",
    "foreign-key-type-mismatch": "the columns that refer to it get the type in a revision of their own",
    "locks-other-table": "it takes an instant, and a run that has to wait tries again",
    "wide-lock-window": "it takes an instant, and a run that has to wait tries again",
    "replace-primary-key": "the other column has its values",
  },
  "drop-column": {
    "drop-not-null": "the column is about to go",
    "drop-constraint": "it would go with the column",
  },
  "require-column": { "default-changed": "all code that runs writes it" },
};

/** Where both columns have the same values. */
const ofRenames: Reasons = {
  "unique-over-existing-rows": "the other column is unique and has the same values",
};

/** Why a finding in a chain is none; `undefined` for one that stays. */
export function reasonFor({ rule }: Finding, changes: readonly LongChange[]): string | undefined {
  const areRenames = changes.every(({ kind }) => kind === "rename-column");
  const reasons = [always, ...changes.map(({ kind }) => byKind[kind]), ...(areRenames ? [ofRenames] : [])];
  return reasons.map((one) => one[rule]).find((reason) => reason !== undefined);
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
