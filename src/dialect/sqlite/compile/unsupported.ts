import { AludelError } from "../../../error/error.js";

/** The error of what SQLite has not. `remedy` is a sentence without its full stop. */
export function unsupported(what: string, remedy: string): AludelError {
  return new AludelError("op-unsupported", `SQLite has no ${what}`, { remedy: `${remedy}.` });
}

/** The way out for revisions that are written for several engines. */
export const branchRemedy = 'Leave it out where `op.dialect === "sqlite"`';
