import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Rename, RenameCandidate } from "../diff/contract.js";
import { diffWithEngine } from "../diff/diff.js";
import { AludelError, messageOf } from "../error/error.js";
import { invertOps } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { fileNameOf } from "../revision/file-name.js";
import { newId } from "../revision/new-id.js";
import { readRevision } from "../revision/read-header.js";
import type { Revision } from "../revision/revision.js";
import { renderRevision } from "../revision/write/render-revision.js";
import type { Project } from "../run/project.js";
import type { Schema } from "../schema/schema.js";
import { adoptUnsaid } from "./adopt.js";
import { castExpression, diffOptions } from "./differences.js";
import type { Ask } from "./engine.js";
import type { Models } from "./read-models.js";

export interface AutogenerateOptions {
  readonly message: string;
  /** Parents of the new revision; none makes a base. */
  readonly revises: readonly string[];
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  readonly id: string | null;
  readonly renames: readonly Rename[];
  /** Names that a person has said are really dropped: `persons.name`. */
  readonly drops: readonly string[];
  readonly format: Revision["format"];
}

/** The change that a new revision would make. */
export interface Change {
  readonly upgrade: readonly Op[];
  readonly downgrade: readonly Op[] | string;
  /** What the downgrade cannot bring back, for a person. */
  readonly loses: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * The ops that bring `from` (the replay of the heads, or a database) to the models, and those that bring it back.
 *
 * @throws AludelError `autogenerate-ambiguous` with the flags to choose from, when a drop and an add may be a rename.
 */
export async function findChange(
  project: Pick<Project, "dialect">,
  from: Schema,
  models: Pick<Models, "schema" | "unsaid">,
  options: Pick<AutogenerateOptions, "renames" | "drops">,
  ask: Ask | null,
): Promise<Change> {
  const { dialect } = project;
  const to = adoptUnsaid(models.schema, from, models.unsaid);
  const result = await diffWithEngine(
    from,
    to,
    { ...diffOptions(dialect), renames: options.renames, drops: options.drops },
    ask,
  );
  refuseAmbiguous(result.renameCandidates);
  const upgrade = dialect.arrange(result.ops, from);
  const inverse = invertOps(from, upgrade, castExpression(dialect));
  const downgrade =
    inverse.irreversible.length > 0 ? inverse.irreversible.join("; ") : dialect.arrange(inverse.ops, to);
  return { upgrade, downgrade, loses: inverse.loses, warnings: result.warnings };
}

function refuseAmbiguous(candidates: readonly RenameCandidate[]): void {
  if (candidates.length === 0) return;
  throw new AludelError(
    "autogenerate-ambiguous",
    "A change may be a rename or a drop and an add, and only you know",
    {
      details: candidates.map((candidate) => `${candidate.question} ${candidate.flags.join("  or  ")}`),
      data: { candidates },
      remedy: "Run the command again with one of the flags for each line.",
    },
  );
}

/** Writes the change as a revision file and reads it back. Nothing is overwritten. */
export async function writeRevision(
  project: Project,
  options: AutogenerateOptions,
  change: Change,
): Promise<{ readonly revision: Revision; readonly text: string }> {
  const createdAt = new Date(Math.floor(Date.now() / 1000) * 1000);
  const id = options.id ?? newId();
  const text = renderRevision({
    id,
    revises: options.revises,
    dependsOn: options.dependsOn,
    labels: options.labels,
    message: options.message,
    createdAt,
    upgrade: change.upgrade,
    downgrade: change.downgrade,
    loses: change.loses,
    notes: change.warnings,
    dialect: project.dialect,
  });
  const name = fileNameOf(project.config.fileName, { id, message: options.message, createdAt });
  const file = join(project.config.revisions, `${name}.ts`);
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new AludelError(
      exists ? "file-exists" : "file-unwritable",
      `Cannot write ${file}: ${messageOf(error)}`,
      {
        where: { file },
        cause: error,
        remedy: exists
          ? "Choose another message, or wait a second."
          : "Make the folder writable, or set `revisions` to another one.",
      },
    );
  }
  return { revision: readRevision(file, text), text };
}
