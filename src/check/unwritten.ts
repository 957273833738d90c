import { AludelError, messageOf } from "../error/error.js";

/** The error of a new file that could not be written: `file-exists` or `file-unwritable`, with what to do about each. */
export function unwritten(
  file: string,
  error: unknown,
  remedies: { readonly exists: string; readonly unwritable: string },
): AludelError {
  const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
  return new AludelError(
    exists ? "file-exists" : "file-unwritable",
    `Cannot write ${file}: ${messageOf(error)}`,
    { where: { file }, cause: error, remedy: exists ? remedies.exists : remedies.unwritable },
  );
}
