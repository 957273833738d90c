import { AludelError, messageOf } from "../error/error.js";
import type { Body } from "./revision-body.js";
import { NeedsForeignKeysOff, type RunContext, Session, type Work } from "./session.js";

/** What became of one revision. */
export interface Executed {
  readonly durationMs: number;
  readonly statements: number;
}

/**
 * Carries out one revision in one direction: its statements, its row in the version table and its line in the run
 * log, all in one transaction where the engine and the statements allow it.
 *
 * @throws AludelError `upgrade-failed` with the statement, what the database said, what is and is not committed and
 * what to do next; `irreversible` before anything ran; `connection-lost` and `interrupted` likewise with the state.
 */
export async function executeRevision(context: RunContext, work: Work, body: Body): Promise<Executed> {
  const foreignKeys = { off: context.transaction === "all" && context.dialect.foreignKeySwitch !== null };
  for (;;) {
    const session = new Session(context, work, foreignKeys.off);
    try {
      await body(session);
      await session.finish();
      return { durationMs: session.durationMs, statements: session.statements };
    } catch (error) {
      await session.abandon();
      if (error instanceof NeedsForeignKeysOff && context.dialect.foreignKeySwitch !== null) {
        // Nothing is committed yet, so the revision can start again from its first statement.
        await context.connection.run(context.dialect.foreignKeySwitch.off);
        foreignKeys.off = true;
        continue;
      }
      const failure = describeFailure(interruption(error, context), session, work);
      if (failure.code !== "connection-lost") await session.recordFailure(messageOf(error));
      throw failure;
    }
  }
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
function describeFailure(error: unknown, session: Session, work: Work): AludelError {
  const { revision, direction } = work;
  const base = error instanceof AludelError ? error : null;
  const statement = session.current?.sql ?? base?.where.statement;
  const where = {
    ...base?.where,
    file: base?.where.file ?? revision.file,
    revision: revision.id,
    ...(statement === undefined ? {} : { statement }),
  };
  const kept = session.committed;
  const state =
    kept === 0
      ? `Nothing of revision ${revision.id} is applied: it was rolled back.`
      : `${kept} ${kept === 1 ? "statement" : "statements"} of revision ${revision.id} are committed and stay; the rest was rolled back.`;
  const details = [...(base?.details ?? []), state];
  const again = `Run \`aludel ${direction}\` again`;
  if (base !== null && (base.code === "connection-lost" || base.code === "interrupted")) {
    return new AludelError(
      base.code,
      `${base.message}, in the ${direction} of revision ${revision.id} (${revision.message})`,
      {
        where,
        details,
        cause: base,
        data: base.data,
        remedy: `${again}: it goes on from here.`,
      },
    );
  }
  const position =
    session.statements > 0 && session.current !== null ? ` in statement ${session.statements}` : "";
  return new AludelError(
    base?.code === "sql-failed" || base === null ? "upgrade-failed" : base.code,
    `The ${direction} of revision ${revision.id} (${revision.message}) failed${position}: ${messageOf(error)}`,
    {
      where,
      details,
      cause: error,
      data: base?.data ?? {},
      remedy:
        base !== null && base.code !== "sql-failed"
          ? base.remedy
          : kept === 0
            ? `Mend the revision or the data, then: ${again.toLowerCase()}.`
            : `${again} once the cause is mended: it skips the ${kept} committed ${kept === 1 ? "statement" : "statements"}. Do not edit the part of the revision that already ran.`,
    },
  );
}
