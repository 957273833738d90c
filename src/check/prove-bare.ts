import type { Dialect } from "../dialect/dialect.js";
import { AludelError, messageOf } from "../error/error.js";
import type { Revision } from "../revision/revision.js";
import { type Attempt, attempt, type Refused } from "./attempt.js";
import type { ProofStep, Wanted } from "./proof.js";
import { unknownTypes } from "./unknown-types.js";
import type { Walk } from "./walk.js";

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
