import type { Op } from "../../op/op.js";
import { nameKey } from "../../schema/name.js";
import { instant } from "../header.js";
import type { Revision } from "../revision.js";
import { commentLines, functionBody } from "./function-body.js";
import { type Remarks, upgradeRemarks } from "./remark.js";
import type { Writer } from "./writer.js";

/** What a new revision file says. */
export interface RevisionContent
  extends Pick<
    Revision,
    "id" | "revises" | "dependsOn" | "labels" | "message" | "repeatable" | "phase" | "waitsFor"
  > {
  readonly createdAt: Date;
  readonly upgrade: readonly Op[];
  /** A string is the reason why there is no way back. */
  readonly downgrade: readonly Op[] | string;
  /** Sentences for whoever reviews the file, at the top of the way up. */
  readonly notes?: readonly string[];
  /** Sentences above ops of the way up. */
  readonly remarks?: ReadonlyMap<Op, readonly string[]>;
  /** What the way back cannot bring back: `the values of persons.email`. */
  readonly loses?: readonly string[];
  /** Enums of the models by `nameKey`, so that columns of them are written as `t.enum("mood")`. */
  readonly enums?: Iterable<string>;
  readonly dialect: Writer["dialect"];
}

/** The lines of a header, without comment signs: the message, then the fields. */
export function headerLines(
  content: Omit<RevisionContent, "upgrade" | "downgrade" | "dialect">,
): readonly string[] {
  const { id, revises, dependsOn, labels, message, createdAt, repeatable, phase, waitsFor } = content;
  const parents = `Revises: ${revises.length === 0 ? "none" : revises.join(", ")}`;
  return [
    ...message.trim().split(/\r?\n/),
    "",
    `Revision: ${id}`,
    repeatable === true ? "Repeatable: yes" : parents,
    ...(dependsOn.length === 0 ? [] : [`Depends-On: ${dependsOn.join(", ")}`]),
    ...(labels.length === 0 ? [] : [`Labels: ${labels.join(", ")}`]),
    ...(phase === undefined ? [] : [`Phase: ${phase}`]),
    ...(waitsFor === undefined ? [] : [`Waits-For: ${waitsFor.join(", ")}`]),
    `Created: ${instant(createdAt)}`,
  ];
}

function headerComment(content: RevisionContent): string {
  const lines = headerLines(content).map((line) => ` * ${line.replaceAll("*/", "* /")}`.trimEnd());
  return ["/**", ...lines, " */"].join("\n");
}

function listLiteral(names: readonly string[]): string {
  const [only] = names;
  if (only === undefined) return "null";
  return names.length === 1
    ? JSON.stringify(only)
    : `[${names.map((name) => JSON.stringify(name)).join(", ")}]`;
}

function metadataLines(content: RevisionContent): readonly string[] {
  const { id, revises, dependsOn, labels, repeatable, phase, waitsFor } = content;
  return [
    `  id: ${JSON.stringify(id)},`,
    repeatable === true ? "  repeatable: true," : `  revises: ${listLiteral(revises)},`,
    ...(dependsOn.length === 0 ? [] : [`  dependsOn: ${listLiteral(dependsOn)},`]),
    ...(labels.length === 0 ? [] : [`  labels: ${listLiteral(labels)},`]),
    ...(phase === undefined ? [] : [`  phase: ${JSON.stringify(phase)},`]),
    ...(waitsFor === undefined ? [] : [`  waitsFor: ${listLiteral(waitsFor)},`]),
  ];
}

const hints = {
  upgrade: 'Write what changes: await op.addColumn("persons", "email", t.text());',
  downgrade: "Write what takes it back, or replace this function with the reason why nothing can.",
};

const repeatableHints = {
  upgrade:
    'Write what makes it, whether it was made before or not: await op.execute("CREATE OR REPLACE VIEW …"); It runs again in an upgrade whenever this file has changed.',
  downgrade: "Write what takes it away, if it is there; without this function it stays.",
};

interface Part {
  readonly name: "upgrade" | "downgrade";
  readonly ops: readonly Op[];
  readonly comments: readonly string[];
  readonly remarks: Remarks;
  readonly hint: string;
}

function functionText(part: Part, writer: Writer, isMerge: boolean): string {
  const comments = part.comments.flatMap((comment) => commentLines(comment, 4));
  if (part.ops.length === 0) {
    if (isMerge) return `  async ${part.name}() {},`;
    return [`  async ${part.name}(op) {`, ...comments, ...commentLines(part.hint, 4), "  },"].join("\n");
  }
  const body = functionBody(part.ops, writer, part.remarks);
  const apart = comments.length === 0 ? [] : [...comments, ""];
  return [`  async ${part.name}(op) {`, ...apart, body, "  },"].join("\n");
}

function enumKeys(content: RevisionContent): ReadonlySet<string> {
  const ops = [...content.upgrade, ...(typeof content.downgrade === "string" ? [] : content.downgrade)];
  const keys = new Set(content.enums ?? []);
  for (const op of ops) {
    if (op.kind === "create-enum") keys.add(nameKey(op.enum));
    else if (op.kind === "add-enum-value" || op.kind === "replace-enum-values") keys.add(nameKey(op.name));
  }
  return keys;
}

/**
 * The text of a TypeScript revision file: what a person would have written. Reading it back and recording it gives the
 * same ops. Without ops in either direction it is a file to be filled in, or, with several parents, a merge.
 *
 * @throws AludelError `models-invalid` for a type that no text gives back.
 */
export function renderRevision(content: RevisionContent): string {
  const writer: Writer = {
    dialect: content.dialect,
    enums: enumKeys(content),
    imports: new Set(),
    types: new Map(),
  };
  const isMerge = content.revises.length > 1;
  const known = upgradeRemarks(content.upgrade, writer);
  const upgrade: Part = {
    name: "upgrade",
    ops: content.upgrade,
    comments: content.notes ?? [],
    remarks: (op) => [...known(op), ...(content.remarks?.get(op) ?? [])],
    hint: hintsOf(content).upgrade,
  };
  const parts = [functionText(upgrade, writer, isMerge), downgradeText(content, writer, isMerge)];
  const imports = ["defineRevision", ...[...writer.imports].sort()];
  return `${headerComment(content)}
import { ${imports.join(", ")} } from "aludel";

export default defineRevision({
${metadataLines(content).join("\n")}
${parts.join("\n")}
});
`;
}

function hintsOf({ repeatable }: RevisionContent): typeof hints {
  return repeatable === true ? repeatableHints : hints;
}

function downgradeText(content: RevisionContent, writer: Writer, isMerge: boolean): string {
  if (typeof content.downgrade === "string") return `  downgrade: ${JSON.stringify(content.downgrade)},`;
  const comments = (content.loses ?? []).map((what) => `Does not bring back ${what}.`);
  const hint = hintsOf(content).downgrade;
  const part: Part = { name: "downgrade", ops: content.downgrade, comments, remarks: () => [], hint };
  return functionText(part, writer, isMerge);
}
