import type { DiffResult, Rename, RenameCandidate } from "../diff/contract.js";
import { diffWithEngine, withRenames } from "../diff/diff.js";
import { AludelError } from "../error/error.js";
import { applyOps, invertOps } from "../op/apply.js";
import type { Op } from "../op/op.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import type { Schema } from "../schema/schema.js";
import { adoptUnsaid } from "./adopt.js";
import type { Ask } from "./ask.js";
import { noDecisions, type RowDecisions, settle } from "./decision.js";
import { diffOptions } from "./differences.js";
import { type Doubt, findDoubts } from "./doubt.js";
import { withoutNeedlessDrops } from "./needless-drops.js";
import type { Models } from "./read-models.js";
import { fillAtOnce, fillInParts, lostByFills, withFills, withoutSettled, withValues } from "./settle-ops.js";
import { warnOfWaiting } from "./waiting.js";

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
  /** What a person has said of rows that may be in the way. */
  readonly rows?: RowDecisions;
  /** Every op in its plain form, though others may have to wait while it runs. */
  readonly inline: boolean;
  readonly format: Revision["format"];
  /** Stands after the graph; it has no parents and no labels then. */
  readonly repeatable?: true;
  /** Where the file is written; the folder of the first parent unless it is said. */
  readonly folder?: string;
  /** Now, unless it stands for others. */
  readonly createdAt?: Date;
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
  /** Changes that rows may be in the way of and of which nobody has said anything. */
  readonly doubts: readonly Doubt[];
}

/** A change, or what has to be decided before there is one. */
export type Finding =
  | { readonly change: Change }
  /** At least one. */
  | { readonly candidates: readonly RenameCandidate[] };

/** What a change is found by; what is written is TypeScript where no format is said. */
export type FindOptions = Pick<AutogenerateOptions, "renames" | "drops" | "inline" | "rows"> &
  Partial<Pick<AutogenerateOptions, "format">>;

/**
 * The ops that bring `from` (the replay of the heads, or a database) to the models, and those that bring it back.
 *
 * @throws AludelError `autogenerate-ambiguous` with the flags to choose from, when a drop and an add may be a rename;
 * `usage` for decisions that do not fit.
 */
export async function findChange(
  project: Pick<Project, "dialect">,
  from: Schema,
  models: Pick<Models, "schema" | "unsaid">,
  options: FindOptions,
  ask: Ask | null,
): Promise<Change> {
  const finding = await findOrAsk(project, from, models, options, ask);
  if ("change" in finding) return finding.change;
  throw ambiguous(finding.candidates);
}

/** As `findChange`, but gives what may be a rename. @throws AludelError `usage` for decisions that do not fit. */
export async function findOrAsk(
  project: Pick<Project, "dialect">,
  from: Schema,
  models: Pick<Models, "schema" | "unsaid">,
  options: FindOptions,
  ask: Ask | null,
): Promise<Finding> {
  const { dialect } = project;
  // What the source has no words for keeps to a table that gets another name.
  const renamed = withRenames(from, models.schema, { ...diffOptions(dialect), renames: options.renames });
  const to = adoptUnsaid(models.schema, renamed, models.unsaid);
  const result = await diffWithEngine(
    from,
    to,
    { ...diffOptions(dialect), renames: options.renames, drops: options.drops },
    ask,
  );
  if (result.renameCandidates.length > 0) return { candidates: result.renameCandidates };
  const warnings = [...result.warnings, ...warnOfWaiting(models.schema, renamed)];
  return { change: changeOf(dialect, from, to, { ...result, warnings }, options) };
}

function changeOf(
  dialect: Project["dialect"],
  from: Schema,
  to: Schema,
  result: Pick<DiffResult, "ops" | "warnings">,
  options: FindOptions,
): Change {
  const doubts = findDoubts(dialect, from, result.ops);
  const settled = settle(doubts, options.rows ?? noDecisions);
  const ops = withValues(result.ops, settled);
  const plain = dialect.arrange(ops, from);
  // Both ways are made safe from the plain ops, so that the way back of a detour is not a detour.
  const inverse = invertOps(from, plain, dialect.castExpression);
  const safe = options.inline ? undefined : dialect.safeForm;
  // Where others go on working with the table. A script of SQL has no words for it.
  const fill = safe === undefined || options.format === "sql" ? fillAtOnce(dialect) : fillInParts(dialect);
  const filled = settled.fills.size === 0 ? plain : dialect.arrange(withFills(ops, settled, fill), from);
  const upgrade = safe === undefined ? filled : safe(filled, from);
  let downgrade: Change["downgrade"] = inverse.irreversible.join("; ");
  if (inverse.irreversible.length === 0) {
    const back = dialect.arrange(withoutNeedlessDrops(inverse.ops, to), to);
    downgrade = safe === undefined ? back : safe(back, applyOps(from, plain));
  }
  return {
    before: from,
    after: to,
    upgrade: upgrade.map(asWritten),
    downgrade: typeof downgrade === "string" ? downgrade : downgrade.map(asWritten),
    loses: [...inverse.loses, ...lostByFills(settled)],
    warnings: withoutSettled(result.warnings, settled, doubts),
    doubts: settled.open,
  };
}

/** What only the way back had to know is not written. */
function asWritten(op: Op): Op {
  if (op.kind !== "create-view" || op.sameColumns === undefined) return op;
  const { sameColumns: _, ...rest } = op;
  return rest;
}

/** What a command stops with that has nobody to ask. */
export function ambiguous(candidates: readonly RenameCandidate[]): AludelError {
  return new AludelError(
    "autogenerate-ambiguous",
    "A change may be a rename or a drop and an add, and only you know",
    {
      details: groupByOld(candidates).map(askAll),
      data: { candidates },
      remedy: "Run the command again with one of the flags for each line.",
    },
  );
}

/** The candidates of each thing that goes, in the order in which they come first. */
export function groupByOld(
  candidates: readonly RenameCandidate[],
): readonly (readonly [RenameCandidate, ...RenameCandidate[]])[] {
  const groups = new Map<string, [RenameCandidate, ...RenameCandidate[]]>();
  for (const candidate of candidates) {
    const key = `${candidate.kind} ${candidate.from}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [candidate]);
    else group.push(candidate);
  }
  return [...groups.values()];
}

function askAll(group: readonly [RenameCandidate, ...RenameCandidate[]]): string {
  const [{ from, flags }] = group;
  const renames = group.filter(({ moves }) => !moves);
  const moved = group.filter(({ moves }) => moves);
  const all = [...group.map((candidate) => candidate.flags[0]), flags[1]];
  const asked = [
    ...(renames.length > 0 ? [`renamed to ${renames.map(({ to }) => to).join(" or ")}`] : []),
    ...(moved.length > 0 ? [`moved to ${moved.map(({ to }) => to).join(" or ")}`] : []),
  ];
  return `Was ${from} ${asked.join(" or ")}, or is it dropped? ${all.join("  or  ")}`;
}
