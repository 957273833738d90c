import type { WantedIndex } from "../rule.js";

/** A part of a file that gets another text; in bytes of the file as it is on disk, as `Range` has them. */
export interface Edit {
  readonly start: number;
  /** Behind the last byte; the same as `start` where something is put in. */
  readonly end: number;
  /** With `\n` at the ends of its lines. */
  readonly text: string;
}

/** A mechanical rewrite that takes a finding away and leads to the same schema. */
export interface Fix {
  /** What is done, as an imperative: `Build the index CONCURRENTLY`. */
  readonly title: string;
  /** Apart from one another, in the order of the file. */
  readonly edits: readonly Edit[];
  /** Only when nothing else is to be rewritten in the file: another fix may make it needless. */
  readonly isLast: boolean;
  /** An index that was not there before: the schema is the same but for it. */
  readonly adds?: WantedIndex;
}

const sameEdit = (a: Edit, b: Edit): boolean => a.start === b.start && a.end === b.end && a.text === b.text;

const touches = (a: Edit, b: Edit): boolean =>
  a.start === b.start || (a.start < b.end && b.start < a.end) || a.end === b.end;

/**
 * The fixes that can be made together: an edit that is the very same is made once, a fix that stands in the way of an
 * earlier one is left for another time.
 */
export function together<T extends { readonly fix: Fix }>(
  asked: readonly T[],
): { readonly taken: readonly T[]; readonly edits: readonly Edit[] } {
  const taken: T[] = [];
  const edits: Edit[] = [];
  for (const one of asked) {
    const fresh = one.fix.edits.filter((edit) => !edits.some((other) => sameEdit(edit, other)));
    if (fresh.some((edit) => edits.some((other) => touches(edit, other)))) continue;
    // Two findings may be about one statement: the same edits once more take both away.
    taken.push(one);
    edits.push(...fresh);
  }
  return { taken, edits: edits.sort((a, b) => a.start - b.start || a.end - b.end) };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The file with the edits made; `null` for one that is no UTF-8, whose bytes are not ours to count. */
export function applyEdits(file: Uint8Array, edits: readonly Edit[]): Uint8Array | null {
  try {
    const text = decoder.decode(file);
    if (text.includes("\0")) return null;
    const newline = text.includes("\r\n") ? "\r\n" : "\n";
    const parts: Uint8Array[] = [];
    let at = 0;
    for (const edit of edits) {
      parts.push(file.subarray(at, edit.start), Buffer.from(edit.text.replaceAll("\n", newline)));
      at = edit.end;
    }
    return Buffer.concat([...parts, file.subarray(at)]);
  } catch {
    return null;
  }
}
