import type { Rename } from "../diff/contract.js";
import { findPlaces, parsePath } from "../diff/place.js";
import { AludelError } from "../error/error.js";
import type { Schema } from "../schema/schema.js";
import type { Hint } from "./read-hints.js";

/** What the models' hints come to for a change. */
export interface JudgedHints {
  /** Those that the change needs. */
  readonly needed: readonly Hint[];
  /** Those that have done their work: the old name is gone. */
  readonly spent: readonly Hint[];
}

function same(a: string, b: string): boolean {
  return JSON.stringify(parsePath(a)) === JSON.stringify(parsePath(b));
}

/**
 * Which hints a change from `from` to the models needs. `decided` are names that a person has said something else about,
 * which goes before a hint.
 * @throws AludelError `models-invalid` for hints that lead to nothing in the models, all at once.
 */
export function judgeHints(
  from: Schema,
  models: Schema,
  hints: readonly Hint[],
  decided: { readonly renames: readonly Rename[]; readonly drops: readonly string[] },
): JudgedHints {
  const needed: Hint[] = [];
  const spent: Hint[] = [];
  const lost: Hint[] = [];
  for (const hint of hints) {
    const { rename } = hint;
    const isKind = ({ kind }: { kind: string }) => rename.kind === undefined || rename.kind === kind;
    const news = findPlaces(models, parsePath(rename.to)).filter(isKind);
    const kinds = new Set(news.map(({ kind }) => kind));
    const olds = findPlaces(from, parsePath(rename.from)).filter(
      ({ kind }) => isKind({ kind }) && kinds.has(kind),
    );
    const there = findPlaces(from, parsePath(rename.to)).some(({ kind }) => kinds.has(kind));
    const movesOn = hints.some((other) => other !== hint && same(other.rename.from, rename.to));
    if (news.length === 0) lost.push(hint);
    else if (olds.length === 0 || (there && !movesOn)) spent.push(hint);
    else if (!isDecided(rename, decided)) needed.push(hint);
  }
  if (lost.length > 0) throw nowhere(lost);
  return { needed, spent };
}

function isDecided(
  { from }: Rename,
  { renames, drops }: { readonly renames: readonly Rename[]; readonly drops: readonly string[] },
): boolean {
  return renames.some((rename) => same(rename.from, from)) || drops.some((drop) => same(drop, from));
}

function nowhere(hints: readonly Hint[]): AludelError {
  const [first] = hints;
  return new AludelError("models-invalid", "The models have a hint that leads to nothing in them", {
    ...(first === undefined ? {} : { where: { file: first.file, line: first.line } }),
    details: hints.map(({ text, file, line }) => `${file}:${line}: rename ${text}`),
    remedy: "Correct the new name, or delete the hint.",
  });
}
