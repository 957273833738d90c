import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { AludelError, messageOf } from "../error/error.js";

/** Writes an answer into the file that `--output` names. @throws AludelError `usage`. */
export function writeAnswer(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text.endsWith("\n") ? text : `${text}\n`);
  } catch (error) {
    throw new AludelError("usage", `The answer cannot be written: ${messageOf(error)}`, {
      where: { file },
      cause: error,
      remedy: "Give --output a file that can be written.",
    });
  }
}
