import type { Revision } from "../../revision/revision.js";
import { findLine } from "./find-line.js";
import type { Finding } from "./finding.js";

/** Revisions that say they are older than one that they revise. */
export function chainFindings(revisions: readonly Revision[]): readonly Finding[] {
  const byId = new Map(revisions.map((revision) => [revision.id, revision]));
  return revisions.flatMap((revision) =>
    revision.revises.flatMap((id): readonly Finding[] => {
      const { createdAt, file } = revision;
      const parent = byId.get(id)?.createdAt;
      if (createdAt === null || parent === undefined || parent === null || createdAt >= parent) return [];
      return [
        {
          code: "created-backwards",
          severity: "error",
          message: `Revision ${revision.id} was created ${show(createdAt)}, before ${id}, which it revises (${show(parent)})`,
          remedy:
            'Correct "Created:" in the header, so that the order of the files is that of the revisions; `aludel linear --fix --dates` does it.',
          file,
          line: findLine(file, "created"),
          revision: revision.id,
        },
      ];
    }),
  );
}

const show = (date: Date): string => date.toISOString().replace(/\.000Z$/, "Z");
