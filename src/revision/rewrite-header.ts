import { AludelError } from "../error/error.js";
import { instant } from "./header.js";
import { readRevision } from "./read-header.js";
import type { Revision } from "./revision.js";

/** What becomes of a header; what is not named stays. */
export interface HeaderEdit {
  readonly revises?: readonly string[];
  /** Only where the header has a point in time. */
  readonly createdAt?: Date;
}

/** The text of a file around one of its values. */
interface Gap {
  readonly before: string;
  readonly value: string;
  readonly after: string;
}

const codeValue =
  /(?<=(?:\brevises|["']revises["'])\s*:\s*)(?:null\b|"[^"\\\n]*"|'[^'\\\n]*'|`[^`\\$]*`|\[[^\]]*\])/g;
const commentValue = (name: string) =>
  new RegExp(
    String.raw`(?<=^[ \t]*(?:\/?\*+|\/\/+|--)?[ \t]*${name}:[ \t]*)[^\s][^\r\n]*?(?=[ \t]*(?:\*\/)?[ \t]*\r?$)`,
    "gim",
  );
/** What headers call having no parents. */
export const noParents: readonly string[] = ["none", "<base>", "base", "null"];

/** What is left open where the file says nothing of it now. */
export interface Spelling {
  /** What the comment calls having no parents. */
  readonly base?: string;
  /** What stands between the ids of a list. */
  readonly separator?: string;
}

/**
 * Where a file says what a revision revises, so that it can be said anew any number of times. Everything else of the
 * file stays, byte for byte.
 */
export interface RevisesPlace {
  /** The file's text with these parents instead. */
  write(revises: readonly string[], spelling?: Spelling): string;
}

/**
 * @throws AludelError `revision-unreadable` where `revises` is not written out as a literal (it may come from a
 * constant), so that there is no place to write to.
 */
export function findRevises(revision: Pick<Revision, "file" | "format">, text: string): RevisesPlace {
  const { file, format } = revision;
  const header = readRevision(file, text);
  // A stand-in that no file has tells which of the places that look like it is the one that counts.
  const probe = header.revises.length === 0 ? ["aludelprobe"] : [`${header.revises[0]}x`];
  const counts = (gap: Gap, value: string) => readsAs(file, gap.before + value + gap.after, probe);
  if (format === "sql") {
    const gap = gapsOf(text, commentValue("Revises")).find((one) => counts(one, probe.join(", ")));
    if (gap === undefined) throw notWrittenOut(revision);
    return { write: (revises, spelling) => gap.before + commentOf(revises, spelling) + gap.after };
  }
  const code = gapsOf(text, codeValue).find((one) => counts(one, literalOf(one.value, probe, text)));
  if (code === undefined) throw notWrittenOut(revision);
  const comment = gapsOf(code.before, commentValue("Revises")).find(({ value }) =>
    says(value, header.revises),
  );
  return {
    write: (revises, spelling) => {
      const literal = literalOf(code.value, revises, text, spelling);
      if (comment === undefined) return code.before + literal + code.after;
      return comment.before + commentOf(revises, spelling) + comment.after + literal + code.after;
    },
  };
}

/**
 * The text of a revision's file with another header. Only the values themselves are replaced.
 *
 * @throws AludelError `revision-unreadable` where a value is not written out in the file.
 */
export function rewriteHeader(
  revision: Pick<Revision, "file" | "format">,
  text: string,
  edit: HeaderEdit,
): string {
  const moved = edit.revises === undefined ? text : findRevises(revision, text).write(edit.revises);
  return edit.createdAt === undefined ? moved : withCreated(revision.file, moved, edit.createdAt);
}

function withCreated(file: string, text: string, createdAt: Date): string {
  if (readRevision(file, text).createdAt === null) return text;
  const written = gapsOf(text, commentValue("Created")).map(
    ({ before, after }) => before + instant(createdAt) + after,
  );
  const isRight = (one: string) => readRevision(file, one).createdAt?.getTime() === createdAt.getTime();
  return written.find(isRight) ?? text;
}

function gapsOf(text: string, pattern: RegExp): readonly Gap[] {
  return [...text.matchAll(pattern)].map((found) => ({
    before: text.slice(0, found.index),
    value: found[0],
    after: text.slice(found.index + found[0].length),
  }));
}

function readsAs(file: string, text: string, revises: readonly string[]): boolean {
  try {
    return sameList(readRevision(file, text).revises, revises);
  } catch {
    return false;
  }
}

/** In the form that is there: a list stays a list, quotes stay what they are. */
function literalOf(
  value: string,
  revises: readonly string[],
  text: string,
  { separator = ", " }: Spelling = {},
): string {
  const isList = value.startsWith("[");
  const [only] = revises;
  if (only === undefined) return isList ? "[]" : "null";
  const quote = /["'`]/.exec(value)?.[0] ?? /\bid["']?\s*:\s*(["'`])/.exec(text)?.[1] ?? '"';
  const quoted = revises.map((id) => `${quote}${id}${quote}`);
  return isList || quoted.length > 1 ? `[${quoted.join(separator)}]` : quoted.join("");
}

function commentOf(revises: readonly string[], { base = "none" }: Spelling = {}): string {
  return revises.length === 0 ? base : revises.join(", ");
}

/** True for a comment that tells what the code says; another one is the author's own. */
function says(value: string, revises: readonly string[]): boolean {
  if (revises.length === 0) return noParents.includes(value.toLowerCase());
  return sameList(
    value.split(",").map((one) => one.trim()),
    revises,
  );
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

function notWrittenOut({ file }: Pick<Revision, "file">): AludelError {
  return new AludelError(
    "revision-unreadable",
    "What the revision revises is not written out where it is said",
    {
      where: { file },
      remedy: 'Write it as a literal in the definition: revises: "9c1d0b7e55aa".',
    },
  );
}
