import type { Scratch } from "../dialect/dialect.js";
import { loadRowDialect } from "../dialect/registry.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import type { Replayed } from "../run/replay.js";
import type { Proof, Wanted } from "./proof.js";
import { proveBare } from "./prove-bare.js";
import { proveRows } from "./prove-rows.js";
import { Walk } from "./walk.js";

export interface ProveOptions {
  /** False leaves out the rows: only the schema is proved. */
  readonly rows: boolean;
  /** A scratch database that has run part of the history already; it is disposed of here. */
  readonly begun?: Replayed | null;
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
  const walk = new Walk(project, openScratch, options.begun ?? null);
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
  // What a repeatable one makes has no rows of its own.
  const proved =
    options.rows && revision.repeatable !== true
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
