import { AludelError } from "../../error/error.js";

/** The error of a file of another tool that is not what it should be. */
export function unreadable(file: string, line: number, message: string, remedy: string): AludelError {
  return new AludelError("import-unreadable", message, { remedy, where: { file, line } });
}
