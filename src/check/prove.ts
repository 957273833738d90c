import type { Dialect, Scratch } from "../dialect/dialect.js";
import { AludelError, messageOf } from "../error/error.js";
import type { Revision } from "../revision/revision.js";
import { applyHistory } from "../run/apply-history.js";
import { bookkeepingOf, type Project } from "../run/project.js";
import { record } from "../run/record.js";
import { historyOf } from "../run/replay.js";
import type { Schema } from "../schema/schema.js";
import { adoptUnsaid, type Silence } from "./adopt.js";
import { differences } from "./differences.js";
import { askConnection } from "./engine.js";
import { filterFound } from "./filtered.js";

export type ProofPart =
  | "history"
  | "upgrade"
  | "models equal"
  | "downgrade"
  | "start equal"
  | "upgrade again"
  | "same again";

/** One part of a proof: it held, it did not (with what differs), or it could not be asked. */
export interface ProofStep {
  readonly part: ProofPart;
  readonly result: "held" | "failed" | "skipped";
  /** Why it failed or was skipped, line by line. */
  readonly lines: readonly string[];
  /** The SQL that the database refused. */
  readonly statement?: string;
  /** What to do about what the database said. */
  readonly remedy?: string;
}

export interface Proof {
  readonly revision: string;
  readonly holds: boolean;
  readonly steps: readonly ProofStep[];
  /** The scratch database it ran on. */
  readonly scratch: string;
  readonly durationMs: number;
}

/** The models to hold the upgraded schema against; without them that part is skipped. */
export interface Wanted {
  readonly schema: Schema;
  readonly unsaid: Silence;
}

/**
 * Runs a revision up, down and up again on a scratch database that has its history, and holds the schema against
 * the models after the upgrade, against the start after the downgrade, and against the first upgrade after the
 * second. The first part that fails ends the proof: what follows would say nothing.
 *
 * @throws AludelError only for what is no answer about the revision (`scratch-unavailable`, a broken history).
 */
export async function prove(
  project: Project,
  revision: Revision,
  wanted: Wanted | null,
  openScratch: () => Promise<Scratch>,
): Promise<Proof> {
  const started = performance.now();
  const scratch = await openScratch();
  const steps: ProofStep[] = [];
  try {
    await runProof(project, revision, wanted, scratch, steps);
  } finally {
    await scratch.dispose();
  }
  return {
    revision: revision.id,
    holds: steps.every(({ result }) => result !== "failed"),
    steps,
    scratch: scratch.description,
    durationMs: performance.now() - started,
  };
}

async function runProof(
  project: Project,
  revision: Revision,
  wanted: Wanted | null,
  scratch: Scratch,
  steps: ProofStep[],
): Promise<void> {
  const { connection } = scratch;
  const inspect = () => inspectAll(project, scratch);
  const holds = (part: ProofPart, lines: readonly string[]) => {
    steps.push({ part, result: lines.length === 0 ? "held" : "failed", lines });
    return lines.length === 0;
  };
  const skip = (part: ProofPart, reason: string) => steps.push({ part, result: "skipped", lines: [reason] });
  const run = async (part: ProofPart, direction: "upgrade" | "downgrade") => {
    try {
      await applyHistory(project, connection, [revision], direction);
    } catch (error) {
      steps.push({ part, result: "failed", ...refusal(project.dialect, error) });
      return false;
    }
    return holds(part, []);
  };

  const required = (project.graph.nodes.get(revision.id)?.requires ?? []).map(({ id }) => id);
  const before = historyOf(project, required);
  await applyHistory(project, connection, before, "upgrade");
  steps.push({ part: "history", result: "held", lines: [] });
  const start = await inspect();

  if (!(await run("upgrade", "upgrade"))) return;
  const upgraded = await inspect();
  if (wanted === null) skip("models equal", "there are no models to hold it against");
  else {
    const { schema } = filterFound(project, upgraded, wanted.schema);
    if (!holds("models equal", await whatDiffers(project.dialect, scratch, schema, wanted))) return;
  }

  const down = await record(project, revision, "downgrade");
  if (down.irreversible !== null) {
    skip("downgrade", `there is no way back: ${down.irreversible}`);
    return;
  }
  if (!(await run("downgrade", "downgrade"))) return;
  const back = { schema: start, unsaid: [] };
  if (!holds("start equal", await whatDiffers(project.dialect, scratch, await inspect(), back))) return;
  if (!(await run("upgrade again", "upgrade"))) return;
  const again = { schema: upgraded, unsaid: [] };
  holds("same again", await whatDiffers(project.dialect, scratch, await inspect(), again));
}

/** What the database said to a revision, without what became of the revision: the scratch database is thrown away. */
function refusal(dialect: Dialect, error: unknown): Omit<ProofStep, "part" | "result"> {
  if (!(error instanceof AludelError)) return { lines: [messageOf(error)] };
  const { statement } = error.where;
  const said = error.cause instanceof AludelError ? error.cause : null;
  const remedy =
    said !== null && dialect.isMissingObject(said) ? `${said.remedy} ${elsewhere}` : said?.remedy;
  return {
    lines: [error.message, ...(said?.details ?? [])],
    ...(statement === undefined ? {} : { statement }),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

const elsewhere =
  "A scratch database holds only what your revisions create. If your databases have this from elsewhere, such as a " +
  "platform's roles and functions, then create it where it is missing in an earlier revision, point `scratch` at a " +
  "server that has it (for roles and the packages of extensions), or leave the proof out with --no-verify.";

function inspectAll(project: Project, scratch: Scratch): Promise<Schema> {
  const { versionTable, runLogTable } = bookkeepingOf(project.config);
  return project.dialect.inspect(scratch.connection, {
    namespaces: "all",
    ignoreTables: [versionTable, runLogTable],
  });
}

async function whatDiffers(
  dialect: Dialect,
  scratch: Scratch,
  is: Schema,
  wanted: Wanted,
): Promise<readonly string[]> {
  const target = adoptUnsaid(wanted.schema, is, wanted.unsaid);
  const { lines, undecided } = await differences(
    dialect,
    is,
    target,
    askConnection(dialect, scratch.connection),
  );
  return [...lines, ...[...undecided].map(([slot, reason]) => `${slot}: ${reason}`)];
}
