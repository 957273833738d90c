import type { Rename, RenameCandidate } from "../diff/contract.js";
import { diffWithEngine, withRenames } from "../diff/diff.js";
import { AludelError } from "../error/error.js";
import { applyOps, invertOps } from "../op/apply.js";
import type { Op } from "../op/op.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import { nameKey } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import { adoptUnsaid } from "./adopt.js";
import { diffOptions } from "./differences.js";
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
  /** Every op in its plain form, though others may have to wait while it runs. */
  readonly inline: boolean;
  readonly format: Revision["format"];
}

/** The change that a new revision would make. */
export interface Change {
  readonly before: Schema;
  readonly after: Schema;
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
  options: Pick<AutogenerateOptions, "renames" | "drops" | "inline">,
  ask: Ask | null,
): Promise<Change> {
  const { dialect } = project;
  // What the source has no words for keeps to a table that gets another name.
  const { sameExpression } = dialect;
  const renamed = withRenames(from, models.schema, { renames: options.renames, sameExpression });
  const to = adoptUnsaid(models.schema, renamed, models.unsaid);
  const result = await diffWithEngine(
    from,
    to,
    { ...diffOptions(dialect), renames: options.renames, drops: options.drops },
    ask,
  );
  refuseAmbiguous(result.renameCandidates);
  const plain = dialect.arrange(result.ops, from);
  // Both ways are made safe from the plain ops, so that the way back of a detour is not a detour.
  const inverse = invertOps(from, plain, dialect.castExpression);
  const safe = options.inline ? undefined : dialect.safeForm;
  const upgrade = safe === undefined ? plain : safe(plain, from);
  let downgrade: Change["downgrade"] = inverse.irreversible.join("; ");
  if (inverse.irreversible.length === 0) {
    const back = dialect.arrange(withoutNeedlessDrops(inverse.ops), to);
    downgrade = safe === undefined ? back : safe(back, applyOps(from, plain));
  }
  return { before: from, after: to, upgrade, downgrade, loses: inverse.loses, warnings: result.warnings };
}

/** The ops without those that drop an index of a table that goes anyway: it takes its indexes along. */
function withoutNeedlessDrops(ops: readonly Op[]): readonly Op[] {
  const lastDrop = new Map<string, number>();
  for (const [position, op] of ops.entries()) {
    if (op.kind === "drop-table") lastDrop.set(nameKey(op.name), position);
  }
  return ops.filter(
    (op, position) => op.kind !== "drop-index" || (lastDrop.get(nameKey(op.table)) ?? -1) < position,
  );
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
