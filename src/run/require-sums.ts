import { AludelError } from "../error/error.js";
import { byFolder, sumProblems } from "../revision/sum.js";
import type { Project } from "./project.js";

/**
 * Refuses revisions that are not those of `aludel.sum`, where the configuration wants one.
 * @throws AludelError `sum-missing`, `sum-unreadable`, `sum-mismatch`, with the line of `aludel.sum`.
 */
export function requireSums({ config, revisions }: Pick<Project, "config" | "revisions">): void {
  if (!config.sum) return;
  const folders = byFolder(config.revisionFolders, revisions);
  const [first, ...others] = [...folders].flatMap(([folder, own]) => sumProblems(folder, own));
  if (first === undefined) return;
  throw new AludelError(first.code, first.message, {
    remedy: first.remedy,
    where: first.where,
    details: others.slice(0, 20).map(({ message, where }) => `${where.file}:${where.line}: ${message}`),
    data: { problems: [first, ...others] },
  });
}
