import type { Dialect, Scratch } from "../dialect/dialect.js";
import { loadRowDialect } from "../dialect/rows.js";
import { AludelError, messageOf } from "../error/error.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import type { Contradiction } from "../schema/contradiction.js";
import type { Schema } from "../schema/schema.js";
import type { Silence } from "./adopt.js";
import { type Attempt, attempt, type Refused } from "./attempt.js";
import { proveRows } from "./prove-rows.js";
import type { RowReport } from "./rows/report.js";
import { unknownTypes } from "./unknown-types.js";
import { Walk } from "./walk.js";

export type ProofPart =
  | "history"
  | "upgrade"
  | "models equal"
  | "downgrade"
  | "start equal"
  | "upgrade again"
  | "same again"
  | "rows kept";

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
  /** `null` when it was made without rows, or failed before them. */
  readonly rows: RowReport | null;
  /** The scratch database it ran on. */
  readonly scratch: string;
  readonly durationMs: number;
}

/** The models to hold the upgraded schema against; without them that part is skipped. */
export interface Wanted {
  readonly schema: Schema;
  readonly unsaid: Silence;
  /** The findings as sentences, with their places in the models. */
  readonly tell?: (found: readonly Contradiction[]) => Promise<readonly string[]>;
}

export interface ProveOptions {
  /** False leaves out the rows: only the schema is proved. */
  readonly rows: boolean;
}

/**
 * Runs a revision up, down and up again on a scratch database that has its history, and holds the schema against
 * the models after the upgrade, against the start after the downgrade, and against the first upgrade after the
 * second; and the rows that the scratch database was filled with against what they were. The first part that fails ends
 * the proof: what follows would say nothing.
 *
 * @throws AludelError only for what is no answer about the revision (`scratch-unavailable`, a broken history).
 */
export async function prove(
  project: Project,
  revision: Revision,
  wanted: Wanted | null,
  openScratch: () => Promise<Scratch>,
  options: ProveOptions = { rows: true },
): Promise<Proof> {
  const proofs = proveAll(project, [revision], () => wanted, openScratch, options);
  for await (const proof of proofs) return proof;
  throw new Error("A revision has a proof");
}

/**
 * Proves revisions one after another, parents first, on one scratch database that goes up with them. Where branches part
 * it begins anew, so that each is proved on its own history alone.
 *
 * @throws AludelError as `prove`.
 */
export async function* proveAll(
  project: Project,
  revisions: readonly Revision[],
  wantedOf: (revision: Revision) => Wanted | null,
  openScratch: () => Promise<Scratch>,
  options: ProveOptions,
): AsyncGenerator<Proof> {
  const walk = new Walk(project, openScratch);
  const left = [...revisions];
  try {
    while (left.length > 0) {
      // Up along one branch as far as it goes.
      const next = Math.max(
        0,
        left.findIndex((one) => walk.fits(one)),
      );
      const [revision] = left.splice(next, 1);
      if (revision !== undefined) yield await proveOne(walk, revision, wantedOf(revision), options);
    }
  } finally {
    await walk.dispose();
  }
}

async function proveOne(
  walk: Walk,
  revision: Revision,
  wanted: Wanted | null,
  options: ProveOptions,
): Promise<Proof> {
  const started = performance.now();
  const proved = options.rows
    ? await proveRows(walk, revision, wanted, await loadRowDialect(walk.project.dialect.name))
    : { ...(await proveBare(walk, revision, wanted)), rows: null };
  const holds = proved.steps.every(({ result }) => result !== "failed");
  if (!holds) walk.spoil();
  return {
    revision: revision.id,
    holds,
    steps: proved.steps,
    rows: proved.rows,
    scratch: walk.description,
    durationMs: performance.now() - started,
  };
}

/** The proof without rows. */
export async function proveBare(
  walk: Walk,
  revision: Revision,
  wanted: Wanted | null,
): Promise<Pick<Attempt, "steps">> {
  await walk.goBefore(revision);
  const { steps, refused } = await attempt(walk, revision, wanted, await walk.inspect(), null);
  if (refused === null) return { steps };
  const step = refusedStep(walk.project.dialect, refused);
  const lines = [...step.lines, ...(await missingTypes(walk, refused, wanted))];
  walk.spoil();
  return { steps: [...steps, { ...step, lines }] };
}

/** What the database named is only the first: every column of the models whose type it does not know. */
async function missingTypes(walk: Walk, refused: Refused, wanted: Wanted | null): Promise<readonly string[]> {
  const { dialect } = walk.project;
  const said = refused.error instanceof AludelError ? refused.error.cause : null;
  if (wanted === null || refused.part !== "upgrade") return [];
  if (!(said instanceof AludelError) || !dialect.isMissingObject(said)) return [];
  const found = await unknownTypes(dialect, walk.connection, wanted.schema);
  return wanted.tell?.(found) ?? found.map(({ text }) => text);
}

/** The step of a part that the database refused. */
export function refusedStep(dialect: Dialect, { part, error }: Refused): ProofStep {
  return { part, result: "failed", ...refusal(dialect, error) };
}

/** What the database said to a revision, without what became of the revision: the scratch database is thrown away. */
export function refusal(dialect: Dialect, error: unknown): Omit<ProofStep, "part" | "result"> {
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
