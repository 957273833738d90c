import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Config } from "../config/config.js";
import { AludelError } from "../error/error.js";
import { readRevisions } from "../revision/read-folder.js";
import { apart } from "../revision/repeatable.js";
import type { Revision } from "../revision/revision.js";
import { byFolder, readSum, renderSum, type Summed, sumFileOf } from "../revision/sum.js";
import { unwritten } from "./unwritten.js";

/** What a command did to the files of revisions. */
export interface RevisionChange {
  /** Revisions that were written or changed, as they now are. */
  readonly written: readonly Revision[];
  /** Revisions that are no longer in their folder, as they were. */
  readonly removed?: readonly Pick<Revision, "id" | "file">[];
}

/**
 * Writes into `aludel.sum`, where the configuration wants one, what a command did to revisions; to be called by every
 * command that does, when it is done with the files. The lines of other revisions stay, so that a change to them is
 * still seen.
 *
 * @throws AludelError `sum-unreadable`, `sum-mismatch` for a sum that cannot be trusted; `file-unwritable`.
 */
export async function recordSum(config: Config, change: RevisionChange): Promise<void> {
  if (!config.sum) return;
  const written = byFolder([], apart(change.written).revisions);
  const removed = byFolder([], change.removed ?? []);
  for (const folder of new Set([...written.keys(), ...removed.keys()])) {
    const gone = new Set((removed.get(folder) ?? []).map(({ id }) => id));
    const added = written.get(folder) ?? [];
    for (const { id } of added) gone.add(id);
    const kept = (await linesOf(folder)).filter(({ id }) => !gone.has(id));
    writeSum(folder, [...kept, ...added]);
  }
}

async function linesOf(folder: string): Promise<readonly Summed[]> {
  const sum = readSum(folder);
  if (sum.state === "read") return [...sum.lines.values()];
  if (sum.state === "absent") {
    const all = await readRevisions([folder]);
    return apart(all).revisions.filter(({ file }) => dirname(file) === folder);
  }
  const { code, message, remedy, where } = sum.problem;
  throw new AludelError(code, message, { remedy, where });
}

/** Writes the sum of a folder anew. @throws AludelError `file-unwritable`. */
export function writeSum(folder: string, revisions: readonly Summed[]): void {
  const file = sumFileOf(folder);
  try {
    writeFileSync(file, renderSum(revisions));
  } catch (error) {
    throw unwritten(file, error, { exists: "Remove it.", unwritable: "Make it writable." });
  }
}

/**
 * As `recordSum`, for a command that decides what two branches did: a sum in which git has left a conflict is written anew
 * for all revisions. True when it was.
 * @throws AludelError `file-unwritable`.
 */
export async function settleSum(config: Config, change: RevisionChange): Promise<boolean> {
  try {
    await recordSum(config, change);
    return false;
  } catch (error) {
    const isBroken =
      error instanceof AludelError && (error.code === "sum-unreadable" || error.code === "sum-mismatch");
    if (!isBroken) throw error;
    for (const [folder, revisions] of byFolder(
      [],
      apart(await readRevisions(config.revisionFolders)).revisions,
    ))
      writeSum(folder, revisions);
    return true;
  }
}
