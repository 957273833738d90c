import type { Revision } from "../../revision/revision.js";
import { findLine } from "./find-line.js";
import type { Finding } from "./finding.js";

const remedy =
  'Put one after the other with `aludel rebase` or `aludel linear --fix`, or set `history: "graph"` in the configuration.';

/** Merges, branches and second bases, where the configuration wants the revisions in one line. */
export function lineFindings(revisions: readonly Revision[]): readonly Finding[] {
  const firstAbove = new Map<string, string>();
  return revisions.flatMap((revision): readonly Finding[] => {
    const { id, revises, file } = revision;
    const finding = (message: string): Finding => ({
      code: "history-linear",
      severity: "error",
      message: `${message}: the revisions are to stand in one line`,
      remedy,
      file,
      line: findLine(file, "revises"),
      revision: id,
    });
    const merges = revises.length > 1 ? [finding(`Revision ${id} merges ${revises.join(" and ")}`)] : [];
    const below = revises.length === 0 ? [""] : revises;
    const beside = below.flatMap((parent) => {
      const other = firstAbove.get(parent);
      if (other === undefined) firstAbove.set(parent, id);
      if (other === undefined || other === id) return [];
      return [
        finding(
          parent === ""
            ? `Revision ${id} is a base beside ${other}`
            : `Revision ${id} revises ${parent}, as ${other} does`,
        ),
      ];
    });
    return [...merges, ...beside];
  });
}
