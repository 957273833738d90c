import { AludelError, messageOf } from "../error/error.js";
import { placeOfThrow } from "./load-error.js";
import type { Revision } from "./revision.js";

/** What a function of the user's has thrown while it was asked what it does, with its place in the user's own code. */
export function functionFailed(
  { id, file }: Pick<Revision, "id" | "file">,
  direction: "upgrade" | "downgrade",
  thrown: unknown,
  root: string,
): AludelError {
  const where = { file, revision: id };
  if (thrown instanceof AludelError) return thrown.at(where);
  return new AludelError(
    "revision-invalid",
    `The ${direction} of revision ${id} fails: ${messageOf(thrown)}`,
    {
      where: { ...where, ...placeOfThrow(thrown, file, root) },
      cause: thrown,
      remedy: "Correct its function; it is called without a database, in order to see what it asks for.",
    },
  );
}
