import type { Revision } from "../../revision/revision.js";
import { findLine } from "./find-line.js";
import type { Finding } from "./finding.js";

/** Revisions that say they are older than one that they revise. */
export function chainFindings(revisions: readonly Revision[]): readonly Finding[] {
  const created = new Map<string, Date | null>();
  for (const { id, createdAt } of revisions) created.set(id, createdAt);
  const findings: Finding[] = [];
  for (const revision of revisions) {
    for (const id of revision.revises) {
      const parent = created.get(id) ?? null;
      const { createdAt } = revision;
      if (createdAt !== null && parent !== null && createdAt < parent)
        findings.push(backwards(revision, createdAt, id, parent));
    }
  }
  return findings;
}

function backwards({ id, file }: Revision, createdAt: Date, parentId: string, parent: Date): Finding {
  return {
    code: "created-backwards",
    severity: "error",
    message: `Revision ${id} was created ${show(createdAt)}, before ${parentId}, which it revises (${show(parent)})`,
    remedy:
      'Correct "Created:" in the header, so that the order of the files is that of the revisions; `aludel linear --fix --dates` does it.',
    file,
    line: findLine(file, "created"),
    revision: id,
  };
}

const show = (date: Date): string => date.toISOString().replace(/\.000Z$/, "Z");
