import { AludelError, messageOf } from "../error/error.js";
import { placeOfThrow } from "../revision/load-error.js";
import type { Revision } from "../revision/revision.js";
import { type Cost, Tally } from "./cost.js";
import { failureOf } from "./event.js";
import { gaveUp, pauseAfter, waitFor } from "./give-way.js";
import type { Body } from "./revision-body.js";
import type { RunContext, Work } from "./run-context.js";
import { NeedsForeignKeysOff, Session } from "./session.js";

/** What became of one revision. */
export interface Executed {
  readonly durationMs: number;
  readonly statements: number;
  readonly cost: Cost;
}

/**
 * Carries out one revision in one direction: its statements, its row in the version table and its line in the run
 * log, all in one transaction where the engine and the statements allow it.
 *
 * @throws AludelError `upgrade-failed` with the statement, what the database said, what is and is not committed and
 * what to do next; `irreversible` before anything ran; `connection-lost` and `interrupted` likewise with the state.
 */
export async function executeRevision(context: RunContext, given: Work, body: Body): Promise<Executed> {
  const foreignKeys = { off: context.transaction === "all" && context.dialect.foreignKeySwitch !== null };
  const tally = new Tally(context.connection.changedRows !== undefined);
  const began = performance.now();
  let work = given;
  for (let tries = 1; ; ) {
    const session = new Session(context, work, tally, foreignKeys.off);
    try {
      await body(session);
      await session.finish();
      return { durationMs: session.durationMs, statements: session.statements, cost: tally.cost };
    } catch (error) {
      await session.abandon();
      if (error instanceof NeedsForeignKeysOff && context.dialect.foreignKeySwitch !== null) {
        // Nothing is committed yet, so the revision can start again from its first statement.
        await context.connection.run(context.dialect.foreignKeySwitch.off);
        foreignKeys.off = true;
        context.report({ kind: "begun-anew", revision: work.revision });
        continue;
      }
      if (await triesAgain(error, session, { context, work }, tries)) {
        // What is committed stays, and is skipped.
        work = { ...work, statementsDone: session.committed, cutOff: session.cutOff };
        tries += 1;
        continue;
      }
      const { waits } = context;
      const isPatient = waits !== undefined && waits.timeouts.lockMs !== null;
      const known = isPatient && gaveWay(error, context) ? gaveUp(error, waits, tries) : error;
      const failure = describeFailure(interruption(known, context), session, { context, work });
      if (failure.code !== "connection-lost") await session.recordFailure(messageOf(error));
      const { revision, direction } = work;
      const durationMs = performance.now() - began;
      const told = { durationMs, failure: failureOf(failure), cost: tally.cost };
      context.report({ kind: "revision-failed", revision, direction, ...told });
      throw failure;
    }
  }
}

function gaveWay(error: unknown, context: RunContext): error is AludelError {
  return error instanceof AludelError && context.dialect.waiting.gaveWay(error);
}

/** Waits for others to finish, where the revision can be tried again. The locks that it had are given back. */
async function triesAgain(
  error: unknown,
  session: Session,
  { context, work }: Running,
  tries: number,
): Promise<boolean> {
  const { waits, signal, transaction } = context;
  if (waits === undefined || transaction === "all" || tries > waits.timeouts.retries) return false;
  if (signal.aborted || !gaveWay(error, context)) return false;
  await session.giveWay(error.message);
  const milliseconds = pauseAfter(tries);
  const { revision } = work;
  const { holders, timeouts } = waits;
  context.report({ kind: "gave-way", revision, tries, retries: timeouts.retries, milliseconds, holders });
  await waitFor(milliseconds, signal);
  return !signal.aborted;
}

/** A statement that was cancelled by a signal fails like any other: say what it really was. */
function interruption(error: unknown, { signal }: RunContext): unknown {
  if (!signal.aborted || (error instanceof AludelError && error.code !== "sql-failed")) return error;
  return new AludelError("interrupted", "The run was interrupted", {
    cause: error,
    remedy: "Run the same command again to go on.",
  });
}

/** The error of a revision, with what is and is not in the database. */
function describeFailure(error: unknown, session: Session, { context, work }: Running): AludelError {
  const { revision, direction } = work;
  const known = error instanceof AludelError ? error : null;
  const statement = session.current?.sql ?? known?.where.statement;
  const { line, column, ...about } = known?.where ?? {};
  // A line without a file is one of a text in it.
  const isOfFile = about.file !== undefined && line !== undefined;
  const place = isOfFile
    ? { line, ...(column === undefined ? {} : { column }) }
    : placeOfThrow(error, revision.file, context.root);
  const inText = isOfFile || line === undefined ? [] : [`The place is line ${line} of the SQL text.`];
  const parts = {
    where: {
      ...about,
      ...place,
      file: about.file ?? place?.file ?? revision.file,
      revision: revision.id,
      ...(statement === undefined ? {} : { statement }),
    },
    details: [...(known?.details ?? []), ...inText, stateOf(known, session, work)],
    cause: error,
    data: known?.data ?? {},
  };
  if (known !== null && (known.code === "connection-lost" || known.code === "interrupted")) {
    return new AludelError(
      known.code,
      `${known.message}, in the ${direction} of revision ${nameOf(revision)}`,
      { ...parts, remedy: `Run \`aludel ${direction}\` again: it goes on from here.` },
    );
  }
  const position = session.current === null ? "" : ` in statement ${session.statements}`;
  const title = `The ${direction} of revision ${nameOf(revision)} failed${position}`;
  // What has a code of its own (a right that is missing, a full disk) keeps it.
  const code = known === null || known.code === "sql-failed" ? "upgrade-failed" : known.code;
  return new AludelError(code, `${title}: ${messageOf(error)}`, {
    ...parts,
    remedy: remedyOf(known, session, work),
  });
}

/** `4f2a91c04b7d (add email)`; a message has as many lines as its author likes. */
function nameOf({ id, message }: Revision): string {
  const [first = ""] = message.split("\n");
  return first === "" ? id : `${id} (${first})`;
}

interface Running {
  readonly context: RunContext;
  readonly work: Work;
}

/** What is and is not in the database, as a sentence. */
function stateOf(error: AludelError | null, session: Session, { revision }: Work): string {
  if (session.finishing && error?.code === "connection-lost") {
    return `The connection was lost during COMMIT: \`aludel current\` tells whether revision ${revision.id} is applied.`;
  }
  const kept = session.committed;
  // What runs outside a transaction is not rolled back: it leaves something, and the next run takes that away.
  const left =
    session.current?.leftover == null
      ? ""
      : " What the statement has left, an invalid index, is dropped when it is run again.";
  if (kept === 0) {
    return left === ""
      ? `Nothing of revision ${revision.id} is applied: it was rolled back.`
      : `Nothing of revision ${revision.id} is applied.${left}`;
  }
  const are =
    kept === 1
      ? "1 statement of it is committed and stays"
      : `${kept} statements of it are committed and stay`;
  return `Revision ${revision.id} is not finished: ${are}, the rest was rolled back.${left}`;
}

function remedyOf(error: AludelError | null, session: Session, { direction }: Work): string {
  const cause = error?.remedy ?? "Mend the revision.";
  const kept = session.committed;
  if (kept === 0) return `${cause} Then run \`aludel ${direction}\` again.`;
  const skipped = kept === 1 ? "the first statement" : `the first ${kept} statements`;
  return (
    `${cause} Then run \`aludel ${direction}\` again: it skips ${skipped}. ` +
    "If the file itself has to change, change only what comes after, and add --allow-edited."
  );
}
