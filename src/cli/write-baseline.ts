import type { Baseline } from "../check/baseline.js";
import type { AutogenerateOptions } from "../check/find-change.js";
import { writeRevision } from "../check/write-revision.js";
import { selectionOf } from "../config/environment.js";
import type { Connection } from "../dialect/connection.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import { stamp } from "../run/stamp.js";
import { showName } from "../schema/name.js";
import type { Context } from "./context.js";
import { tellLeftOut } from "./print/left-out.js";
import { finishWritten, proveWritten, tellWritten, withRevision } from "./written-revision.js";

export interface BaselineOptions {
  readonly target: AutogenerateOptions;
  readonly verify: boolean;
  /** Prove it with rows. */
  readonly rows: boolean;
  /** Mark the database as being at it. */
  readonly stamp: boolean;
}

const lockTimeoutMs = 60_000;

/** Writes a baseline, proves it, and marks the database as being at it or says how to. */
export async function writeBaseline(
  context: Context,
  project: Project,
  connection: Connection,
  baseline: Baseline,
  options: BaselineOptions,
): Promise<Revision> {
  const { change, schema } = baseline;
  const revision = await finishWritten(project, await writeRevision(project, options.target, change));
  tellWritten(context, revision, change);
  tellLeftOut(context, baseline.leftOut);
  warnOfUninspected(context, baseline);
  if (options.verify)
    await proveWritten(context, project, revision, { schema, unsaid: [] }, { rows: options.rows });
  if (options.stamp) {
    await stamp(withRevision(project, revision), connection, {
      targets: [revision.id],
      purge: false,
      lockTimeoutMs,
      onWait: (holder) => context.out.talk(`waiting for ${holder}`),
    });
    context.out.talk(`${connection.target} is now stamped with ${revision.id}. Nothing was run on it.`);
  } else {
    context.out.talk(
      `${connection.target} has all of this already. Say so, before it is upgraded:\n  ${await stampCommand(context, revision)}`,
    );
  }
  return revision;
}

/** What a machine is told. */
export function baselineAnswer(revision: Revision, baseline: Baseline, stamped: boolean) {
  return {
    file: revision.file,
    revision: revision.id,
    revises: revision.revises,
    ops: baseline.change.upgrade,
    loses: baseline.change.loses,
    uninspected: baseline.uninspected,
    ignored: baseline.leftOut,
    stamped,
  };
}

async function stampCommand(context: Context, revision: Revision): Promise<string> {
  const { name } = await context.environment();
  const which = selectionOf(name);
  return `aludel stamp ${revision.id} ${which}`;
}

/** Not to be overlooked: a new database would lack them. */
export function warnOfUninspected({ out }: Context, { uninspected }: Baseline): void {
  if (uninspected.length === 0) return;
  const count = uninspected.length === 1 ? "1 object is" : `${uninspected.length} objects are`;
  out.warn(
    `${out.style("yellow", "warning:")} ${count} not in the revision, because there is no op for them:`,
  );
  for (const { kind, name, table } of uninspected) {
    out.warn(`  ${kind} ${table === null ? showName(name) : `${name.name} of ${showName(table)}`}`);
  }
  out.warn(
    "  They stay as they are in this database. For a new one to have them too, add the SQL that makes them to the\n" +
      "  revision with op.execute.",
  );
}
