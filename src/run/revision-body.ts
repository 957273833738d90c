import { updateText } from "../dialect/backfill.js";
import { schemaNeed } from "../dialect/dialect.js";
import { step } from "../dialect/step.js";
import { AludelError } from "../error/error.js";
import { describeOp } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { compileOp } from "../plan/compile-op.js";
import { statementSteps } from "../plan/statement-steps.js";
import { createOperations } from "../revision/create-operations.js";
import { loadRevision } from "../revision/load.js";
import type { Revision } from "../revision/revision.js";
import { imported, readSqlSections } from "../revision/sql-file.js";
import type { RunContext } from "./run-context.js";
import { SchemaNow } from "./schema-now.js";
import type { Session } from "./session.js";

/** What a revision does in one direction, loaded and ready to run. May be run again after a rollback. */
export type Body = (session: Session) => Promise<void>;

/**
 * Loads a revision's file for one direction; nothing of it runs yet.
 * @throws AludelError `irreversible` for a downgrade that there is none of, `revision-imported` for such an upgrade,
 * and the errors of loading.
 */
export async function loadBody(
  context: RunContext,
  revision: Revision,
  direction: "upgrade" | "downgrade",
): Promise<Body> {
  if (revision.format === "sql") {
    const section = readSqlSections(revision)[direction];
    if (section.kind === "irreversible") throw refused(revision, direction, section.reason);
    const origin = { file: revision.file, line: section.line };
    return async (session) => {
      const steps = await statementSteps(context.dialect, section.sql, null, origin);
      await session.steps(steps, section.noTransaction);
    };
  }
  const definition = await loadRevision(revision, { root: context.root });
  const run = definition[direction];
  if (typeof run === "string") throw refused(revision, direction, run);
  return async (session) => {
    const now = new SchemaNow(context);
    const { op, settle } = createOperations({
      dialect: context.dialect,
      arguments: context.arguments,
      perform: (one, options) => performOp({ context, revision, session, now }, one, options.autocommit),
      commit: () => session.commitBeforeNext(),
      query: (sql, parameters) => {
        now.forget();
        return session.query(sql, parameters);
      },
    });
    try {
      await run(op);
    } catch (error) {
      // The first op that failed is the cause of whatever the function made of it.
      await settle();
      throw error;
    }
    await settle();
  };
}

interface Performing {
  readonly context: RunContext;
  readonly revision: Revision;
  readonly session: Session;
  readonly now: SchemaNow;
}

async function performOp(performing: Performing, op: Op, autocommit: boolean): Promise<void> {
  const { context, revision, session, now } = performing;
  context.report({ kind: "op", revision, op, description: describeOp(op) });
  const { dialect, connection } = context;
  if (op.kind === "backfill") return performBackfill(performing, op, autocommit);
  const compile = () => compileOp(dialect, op, () => now.before(op), connection.server.version);
  if (schemaNeed(dialect, op) !== false) await session.stepsAsOne(compile, autocommit);
  else await session.steps(await compile(), autocommit);
  now.after(op);
}

/** In parts where others work with the table, in one statement where nobody does or everything is to be one transaction. */
async function performBackfill(
  { context, revision, session }: Performing,
  op: Op<"backfill">,
  autocommit: boolean,
): Promise<void> {
  const { backfillTable, dialect, transaction } = context;
  const whole = step(updateText(dialect, op), op);
  if (backfillTable === undefined || transaction === "all") {
    if (op.computed === undefined) return session.steps([whole], autocommit);
    const { computeAll } = await import("./backfill/compute-all.js");
    return session.inPlaceOf(whole, () => computeAll(context, op));
  }
  const { runBackfill } = await import("./backfill/run-backfill.js");
  const { direction } = session;
  await session.inParts(whole, (position) =>
    runBackfill(context, backfillTable, {
      revision,
      op,
      key: { revision: revision.id, direction, position },
      heard: {
        wrote: (rows) => session.wrote(rows),
        gaveWay: (milliseconds) => session.partGaveWay(milliseconds),
      },
    }),
  );
}

function refused(revision: Revision, direction: "upgrade" | "downgrade", reason: string): AludelError {
  if (direction === "upgrade") return imported(revision, reason);
  return new AludelError("irreversible", `Revision ${revision.id} cannot be downgraded: ${reason}`, {
    where: { file: revision.file, revision: revision.id },
    remedy: "Restore a backup from before this revision, or write a new revision that goes forward.",
  });
}
