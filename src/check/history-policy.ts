import { AludelError } from "../error/error.js";
import type { Project } from "../run/project.js";

/**
 * Refuses a new revision that would bring a branch or a merge into a history that is to be one line (`history: "linear"`).
 * @throws AludelError `history-linear`.
 */
export function requireLine(
  { config, graph }: Pick<Project, "config" | "graph">,
  revises: readonly string[],
): void {
  if (config.history !== "linear") return;
  if (revises.length > 1) {
    throw new AludelError(
      "history-linear",
      "A merge has no place here: the revisions are to stand in one line",
      {
        where: { file: config.file },
        data: { revises },
        remedy:
          'Put one branch after the other with `aludel rebase`, or set `history: "graph"` in the configuration.',
      },
    );
  }
  const beside = revises.flatMap((id) => graph.nodes.get(id)?.children ?? []);
  if (beside.length === 0) return;
  throw new AludelError(
    "history-linear",
    "A branch has no place here: the revisions are to stand in one line",
    {
      where: { file: config.file },
      data: { revises, beside: beside.map(({ id }) => id) },
      remedy: 'Let the revision follow the head, or set `history: "graph"` in the configuration.',
    },
  );
}
