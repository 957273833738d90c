import type { Rename } from "../diff/contract.js";
import { parseRename } from "../diff/place.js";
import { AludelError, messageOf } from "../error/error.js";
import { modelFiles } from "../source/imported-files.js";

/** `aludel: rename persons.name:persons.full_name` in a comment of the models, with its place. */
export interface Hint {
  readonly rename: Rename;
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

/** A comment of SQL or TypeScript, or a line inside of one, that begins with `aludel:`. */
const hintPattern = /(?:--|\/\/|\/\*+|^[ \t]*\*)[ \t]*aludel:[ \t]*(.*?)[ \t]*(?:\*\/.*)?$/gm;

/**
 * The hints in a file's text. They are read from the text and not from what it makes, so that they are the same for every
 * source, and are gone with their line.
 * @throws AludelError `models-unreadable` for a comment that begins with `aludel:` and cannot be understood.
 */
export function hintsIn(text: string, file: string): readonly Hint[] {
  return [...text.matchAll(hintPattern)].map((match) => {
    const line = text.slice(0, match.index + match[0].search(/\S/)).split("\n").length;
    const [, said = ""] = match;
    const [, names] = /^rename\s+(\S.*)$/.exec(said) ?? [];
    if (names === undefined) throw unreadable(said, file, line, "A hint begins with `rename`");
    try {
      return { rename: parseRename(names), text: names, file, line };
    } catch (error) {
      throw unreadable(said, file, line, messageOf(error));
    }
  });
}

function unreadable(said: string, file: string, line: number, why: string): AludelError {
  return new AludelError("models-unreadable", `The hint "${said}" cannot be understood: ${why}`, {
    where: { file, line },
    remedy: "Write it like `aludel: rename persons.name:persons.full_name`, or delete it.",
  });
}

/** The hints in the models' files and in those that they import by a relative path. */
export async function readHints(files: readonly string[]): Promise<readonly Hint[]> {
  const hints: Hint[] = [];
  for await (const { file, text } of modelFiles(files, "imports")) {
    if (text.includes("aludel:")) hints.push(...hintsIn(text, file));
  }
  return hints;
}
