import { AludelError, messageOf } from "../error/error.js";
import { describeOp } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { compileOp } from "../plan/compile-op.js";
import { statementSteps } from "../plan/statement-steps.js";
import { createOperations } from "../revision/create-operations.js";
import { loadRevision } from "../revision/load.js";
import { readSqlSections } from "../revision/sql-file.js";
import type { Schema } from "../schema/schema.js";
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
export async function executeRevision(context: RunContext, work: Work): Promise<Executed> {
  const body = await loadBody(context, work);
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
      const failure = describeFailure(error, session, work);
      if (failure.code !== "connection-lost") await session.recordFailure(messageOf(error));
      throw failure;
    }
  }
}

type Body = (session: Session) => Promise<void>;

/** Reads the file's part for the direction; nothing of it runs yet. */
async function loadBody(context: RunContext, work: Work): Promise<Body> {
  const { revision, direction } = work;
  if (revision.format === "sql") {
    const section = readSqlSections(revision)[direction];
    if (section.kind === "irreversible") throw irreversible(work, section.reason);
    return async (session) => {
      const steps = await statementSteps(context.dialect, section.sql, null, {
        file: revision.file,
        line: section.line,
      });
      for (const one of steps) await session.step(one, section.noTransaction);
    };
  }
  const definition = await loadRevision(revision, { root: context.root });
  const run = definition[direction];
  if (typeof run === "string") throw irreversible(work, run);
  return async (session) => {
    const { op, settle } = createOperations({
      dialect: context.dialect,
      arguments: context.arguments,
      perform: (one, options) => performOp(context, work, session, one, options.autocommit),
      query: (sql, parameters) => session.query(sql, parameters),
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

async function performOp(
  context: RunContext,
  work: Work,
  session: Session,
  op: Op,
  autocommit: boolean,
): Promise<void> {
  context.report({ kind: "op", revision: work.revision, description: describeOp(op) });
  const { dialect, connection } = context;
  const steps = await compileOp(dialect, op, () => inspectNow(context), connection.server.version);
  for (const one of steps) await session.step(one, autocommit);
}

/** The database's schema as it is now, in the middle of the revision. */
function inspectNow({ dialect, connection, bookkeeping }: RunContext): Promise<Schema> {
  return dialect.inspect(connection, {
    namespaces: "all",
    ignoreTables: [bookkeeping.versionTable, bookkeeping.runLogTable],
  });
}

function irreversible(work: Work, reason: string): AludelError {
  return new AludelError("irreversible", `Revision ${work.revision.id} cannot be downgraded: ${reason}`, {
    where: { file: work.revision.file, revision: work.revision.id },
    remedy: "Restore a backup from before this revision, or write a new revision that goes forward.",
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
