import { AludelError } from "../error/error.js";
import { type Committed, findCommitted } from "../revision/find-committed.js";
import type { Context } from "./context.js";

/** The most ids that git is asked about. */
const most = 8;

/**
 * What was thrown, and for a database at revisions that the files do not have: which branch or commit has them, and what to
 * do. As it was where git knows nothing of them.
 */
export async function explainUnknown(context: Context, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof AludelError) || thrown.code !== "database-revision-unknown") return thrown;
  const unknown = thrown.data["unknown"];
  if (!Array.isArray(unknown) || unknown.length === 0) return thrown;
  const found = await committedOf(context, unknown.map(String));
  const added = found.find(({ change }) => change === "added");
  if (added === undefined) return thrown;
  return new AludelError(thrown.code, thrown.message, {
    where: thrown.where,
    cause: thrown.cause,
    details: [...thrown.details, ...found.slice(0, most).map(sentence)],
    data: { ...thrown.data, committed: found },
    remedy: remedyOf(added, found),
  });
}

/** What git knows of revisions that no file has. */
export async function committedOf(context: Context, ids: readonly string[]): Promise<readonly Committed[]> {
  const config = await context.config().catch(() => null);
  return config === null ? [] : findCommitted(config.root, config.revisionFolders, ids.slice(0, most));
}

/** `Commit 1f2e3d4 of add-email (2026-11-21, "add email") has it: revisions/20261121_add_email.ts` */
export function sentence({ change, commit, branch, date, subject, file }: Committed): string {
  const of = branch === null ? "" : ` of ${branch}`;
  const did = change === "added" ? "has it" : "removed it";
  return `Commit ${commit}${of} (${date}, ${JSON.stringify(subject)}) ${did}: ${file}`;
}

function remedyOf({ branch, local, commit, file }: Committed, found: readonly Committed[]): string {
  const back = `git restore --source=${commit} -- ${quoted(file)}`;
  if (branch === null || found.some(({ change }) => change === "removed")) {
    return `Bring the file back: \`${back}\`. If the revision was deleted on purpose, \`aludel stamp --purge REVISION\` says anew where the database is.`;
  }
  const reference = quoted(branch);
  const away = local ? reference : `--detach ${reference}`;
  return (
    `To take it back from the database: \`git switch ${away} && aludel downgrade -1\`, then switch back; ` +
    `\`aludel history -i\` shows there how far. To keep it: \`git merge ${reference}\`.`
  );
}

/** As a shell takes it. */
function quoted(word: string): string {
  return /^[\w./@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
