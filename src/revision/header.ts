import { type NameKind, nameMistake, nameRemedy } from "./name-rule.js";
import type { Revision } from "./revision.js";

/** What the header of a revision file says. */
export type Header = Pick<
  Revision,
  "id" | "revises" | "dependsOn" | "labels" | "repeatable" | "message" | "createdAt" | "phase" | "waitsFor"
>;

function firstMistake(kind: NameKind, names: readonly string[]): HeaderMistake | null {
  for (const name of names) {
    const found = nameMistake(kind, name);
    if (found !== null) return { message: `${JSON.stringify(name)} ${found}`, remedy: nameRemedy[kind] };
  }
  return null;
}

/** What is wrong with a name in a header. */
export interface HeaderMistake {
  readonly message: string;
  readonly remedy: string;
}

/** Why one of these metadata cannot be what it is; `null` when all can. */
export function headerMistake(
  header: Pick<Header, "id" | "revises" | "dependsOn" | "labels">,
): HeaderMistake | null {
  // depends-on may name a label instead of an id.
  return (
    firstMistake("id", [header.id]) ??
    firstMistake("id", header.revises) ??
    firstMistake("label", header.dependsOn) ??
    firstMistake("label", header.labels)
  );
}

/** Why a repeatable revision cannot be one; `null` when it can, and for every other revision. */
export function repeatableMistake({
  repeatable,
  revises,
  labels,
}: Pick<Header, "repeatable" | "revises" | "labels">): HeaderMistake | null {
  if (repeatable !== true) return null;
  if (revises.length > 0)
    return {
      message: "A repeatable revision stands after the graph, and revises nothing",
      remedy: "Take revises out; what has to run before it is named by dependsOn.",
    };
  if (labels.length === 0) return null;
  return {
    message: "A repeatable revision is on no branch, so it has no labels",
    remedy: "Take labels out.",
  };
}

const field = /^(Revision|Revises|Depends[- ]On|Labels|Repeatable|Phase|Waits[- ]For|Created):[ \t]*(.*)$/i;

export interface Fields {
  readonly message: string;
  /** By name in lower case. */
  readonly fields: ReadonlyMap<string, string>;
}

/** A header comment without its comment signs: the message up to the first field, then the fields. */
export function readFields(lines: readonly string[]): Fields {
  const fields = new Map<string, string>();
  const message: string[] = [];
  for (const line of lines) {
    const found = field.exec(line);
    if (found !== null) fields.set((found[1] ?? "").toLowerCase().replace(" ", "-"), (found[2] ?? "").trim());
    else if (fields.size === 0) message.push(line);
  }
  return { message: message.join("\n").trim(), fields };
}

/** The point in time of `Created:`; `null` when it is missing or is not one. */
export function readCreated(fields: Fields["fields"]): Date | null {
  const text = fields.get("created");
  if (text === undefined || !/^\d{4}-\d\d-\d\d/.test(text)) return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** A point in time as headers have it: to the second, in UTC. */
export const instant = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, "Z");

/** The lines of a block comment, without its signs. */
export function blockCommentLines(comment: string): readonly string[] {
  const inner = comment.replace(/^\/\*+/, "").replace(/\*+\/$/, "");
  return inner.split("\n").map((line) => line.replace(/^\s*\*?[ \t]?/, "").trimEnd());
}

const hasField = /\b(?:Revision|Created):/i;

/** Of the comments before a revision, the one that is its header: the one with fields, or else the first. */
export function readComments(comments: readonly string[]): Pick<Header, "message" | "createdAt"> {
  const comment = comments.find((one) => hasField.test(one)) ?? comments[0];
  if (comment === undefined) return { message: "", createdAt: null };
  const lines = comment.startsWith("/*")
    ? blockCommentLines(comment)
    : comment.split("\n").map((line) => line.replace(/^\s*\/\/[ \t]?/, "").trimEnd());
  const { message, fields } = readFields(lines);
  return { message, createdAt: readCreated(fields) };
}
