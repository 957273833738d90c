import { AludelError } from "../../error/error.js";

/** The words that stand for revisions without naming one. */
export type Keyword = "head" | "heads" | "base" | "current";

/**
 * A target as written: `[branch@][name][+N or -N]`.
 *
 * `branch` is a label, id or prefix. `name` is a keyword, id, prefix or label, and `null` in `+1`, `-1` and
 * `label@+1`, which count from the rows of the version table. `steps` is `null` where nothing is counted.
 */
export interface Target {
  readonly text: string;
  readonly branch: string | null;
  readonly name: string | null;
  readonly steps: number | null;
}

/** A range as written: `a:b`, `a:`, `:b`, `:`; `null` for an open end. */
export interface Range {
  readonly from: Target | null;
  readonly to: Target | null;
}

const grammar =
  "Write an id or a unique beginning of one, a label, head, heads, base, current, label@head, label@base, " +
  "+1, -1, id+1, id-1 or label@+1.";

/** `target-invalid` with the grammar as the way on. */
export function targetInvalid(message: string, remedy: string = grammar): AludelError {
  return new AludelError("target-invalid", message, { remedy });
}

/**
 * Reads one target. `isName` says which words are ids or labels as they are, so that a label like `release-2` is not
 * taken for `release` and two steps down. Throws `target-invalid`.
 */
export function parseTarget(text: string, isName: (word: string) => boolean): Target {
  const trimmed = text.trim();
  if (trimmed === "") throw targetInvalid("The target is empty");
  const parts = trimmed.split("@");
  if (parts.length > 2) throw targetInvalid(`The target ${JSON.stringify(text)} has more than one @`);
  const branch = parts.length === 2 ? (parts[0] ?? "") : null;
  const rest = parts.at(-1) ?? "";
  if (branch === "" || rest === "") {
    throw targetInvalid(`The target ${JSON.stringify(text)} has nothing on one side of its @`);
  }
  if (branch !== null && isKeyword(branch)) {
    throw targetInvalid(`${branch} before the @ of ${JSON.stringify(text)} is not a branch`);
  }
  if (isName(rest)) return { text: trimmed, branch, name: rest, steps: null };
  return { text: trimmed, branch, ...parseSteps(rest, text) };
}

function parseSteps(rest: string, text: string): Pick<Target, "name" | "steps"> {
  const counted = /^(.*?)([+-]\d+)$/su.exec(rest);
  const name = counted === null ? rest : (counted[1] ?? "");
  const odd = /[:,\s+]|-$/u.exec(name)?.[0];
  if (odd !== undefined) {
    throw targetInvalid(
      `The target ${JSON.stringify(text)} could not be understood at ${JSON.stringify(odd)}`,
    );
  }
  const steps = counted === null ? null : Number(counted[2]);
  if (steps !== null && !Number.isSafeInteger(steps)) {
    throw targetInvalid(`The target ${JSON.stringify(text)} counts further than any history`);
  }
  // `current+1` is `+1`: what is applied now is where an unnamed count starts.
  if (steps !== null && (name === "" || name === "current")) return { name: null, steps };
  return { name, steps };
}

/** Reads a range for `history -r`. Throws `target-invalid`. */
export function parseRange(text: string, isName: (word: string) => boolean): Range {
  const ends = text.trim().split(":");
  const [from = "", to = ""] = ends;
  if (ends.length !== 2) {
    throw targetInvalid(
      `The range ${JSON.stringify(text)} does not have one colon`,
      "Write a range as from:to, from: or :to, for example base:4f2a or -3:current.",
    );
  }
  const read = (end: string) => (end.trim() === "" ? null : parseTarget(end, isName));
  return { from: read(from), to: read(to) };
}

export function isKeyword(word: string): word is Keyword {
  return word === "head" || word === "heads" || word === "base" || word === "current";
}
