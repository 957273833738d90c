import type { Revision } from "./revision.js";

/** What the header of a revision file says. */
export type Header = Pick<Revision, "id" | "revises" | "dependsOn" | "labels" | "message" | "createdAt">;

/** Words that targets already use: an id or a label of that name could never be asked for. */
const reserved = new Set(["head", "heads", "base", "current"]);

/** Why this cannot be a revision's id; `null` when it can. The signs of targets (`@ : + -`) are left out. */
export function idMistake(id: string): string | null {
  if (!/^[A-Za-z0-9_]+$/.test(id)) return `"${id}" has signs beside letters, digits and _`;
  return reserved.has(id) ? `"${id}" is a word that targets use` : null;
}

/** Why this cannot be a branch label; `null` when it can. */
export function labelMistake(label: string): string | null {
  if (!/^[A-Za-z0-9_./]+$/.test(label)) return `"${label}" has signs beside letters, digits, _ . and /`;
  return reserved.has(label) ? `"${label}" is a word that targets use` : null;
}

function firstMistake(names: readonly string[], mistakeOf: (name: string) => string | null): string | null {
  for (const name of names) {
    const found = mistakeOf(name);
    if (found !== null) return found;
  }
  return null;
}

/** Why one of these metadata cannot be what it is; `null` when all can. */
export function headerMistake(
  header: Pick<Header, "id" | "revises" | "dependsOn" | "labels">,
): string | null {
  // depends-on may name a label instead of an id.
  return (
    idMistake(header.id) ??
    firstMistake(header.revises, idMistake) ??
    firstMistake(header.dependsOn, labelMistake) ??
    firstMistake(header.labels, labelMistake)
  );
}

const field = /^(Revision|Revises|Depends-On|Labels|Created):[ \t]*(.*)$/i;

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
    if (found !== null) fields.set((found[1] ?? "").toLowerCase(), (found[2] ?? "").trim());
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
