import { AludelError } from "../error/error.js";
import type { Revision } from "../revision/revision.js";
import type { RunContext } from "./run-context.js";

/** The error of a statement that must stand outside, in a run or a script that is one transaction. */
export function cannotJoin(revision: Revision, statement: string): AludelError {
  return new AludelError(
    "usage",
    "A statement cannot run inside a transaction, and --transaction all wants one around everything",
    {
      where: { revision: revision.id, file: revision.file, statement },
      remedy: "Use --transaction each (the default), which commits around this statement.",
    },
  );
}

/**
 * Looks, before a commit, at what statements have left behind that needed foreign keys off.
 * @throws AludelError `foreign-key-violation` with the rows that would point nowhere.
 */
export async function requireNoViolations(
  { connection, dialect }: Pick<RunContext, "connection" | "dialect">,
  { id, file }: Revision,
): Promise<void> {
  const violations = (await dialect.foreignKeySwitch?.violations(connection)) ?? [];
  if (violations.length === 0) return;
  throw new AludelError(
    "foreign-key-violation",
    `${violations.length} ${violations.length === 1 ? "row" : "rows"} would point at rows that do not exist`,
    {
      where: { revision: id, file },
      details: violations.slice(0, 10),
      remedy: "Mend these rows in the revision, or before it, then run the command again.",
    },
  );
}
