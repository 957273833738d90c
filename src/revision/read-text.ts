import { readFileSync } from "node:fs";
import { AludelError, messageOf } from "../error/error.js";

/** The text of a user's file. @throws AludelError `file-unreadable`. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    const gone = (thrown as NodeJS.ErrnoException).code === "ENOENT";
    throw new AludelError("file-unreadable", `The file could not be read: ${messageOf(thrown)}`, {
      remedy: gone ? "Restore it from version control." : "Check that it is a file and that you may read it.",
      where: { file },
      cause: thrown,
    });
  }
}
