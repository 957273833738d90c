import type { Ailment } from "../../dialect/ailment.js";
import type { Connection } from "../../dialect/connection.js";
import type { Scratch } from "../../dialect/dialect.js";
import { AludelError } from "../../error/error.js";
import { closure } from "../../revision/graph/closure.js";
import { keptAsRun } from "../../run/kept.js";
import { planMigration } from "../../run/migrate.js";
import { bookkeepingOf, type Project } from "../../run/project.js";
import type { RunLogState } from "../../run/run-log.js";
import { refuseEdited, refuseEmptied } from "../../run/safety.js";
import { liveDrift } from "../live-drift.js";

/** What an examination looked at, and what it found. */
export interface Examined {
  /** `the version table`, `the schema`. */
  readonly what: string;
  readonly found: readonly Ailment[];
}

/**
 * Looks at a database for everything that commands stumble over, and at what none of them tells. It is only read, but for
 * the lock that runners take, which is asked for and given back at once.
 *
 * @param selection what a command has to say to mean this database, behind a space; empty where it need say nothing.
 * @throws AludelError where the database cannot be asked.
 */
export async function examineDatabase(
  project: Project,
  connection: Connection,
  openScratch: () => Promise<Scratch>,
  selection: string,
): Promise<readonly Examined[]> {
  const history = await examineHistory(project, connection, selection);
  const bookkeeping = bookkeepingOf(project.config);
  const isKnown = history.every(({ severity }) => severity === "note");
  return [
    { what: "what the database says of its revisions", found: history },
    { what: "the lock that runners take", found: await examineLock(project, connection) },
    { what: "the engine", found: (await project.dialect.ailments?.(connection, bookkeeping)) ?? [] },
    // Where the revisions are not known there is nothing to hold the schema against.
    ...(isKnown
      ? [{ what: "the schema", found: await examineSchema(project, connection, openScratch, selection) }]
      : []),
  ];
}

/** The message and the remedy of an error are those of the ailment. */
async function asAilments(examine: () => Promise<readonly Ailment[]>): Promise<readonly Ailment[]> {
  try {
    return await examine();
  } catch (error) {
    if (!(error instanceof AludelError) || error.code === "connection-lost") throw error;
    const { code, message, remedy, details } = error;
    const more = details.length === 0 ? "" : ` (${details.join("; ")})`;
    return [{ code, severity: "problem", message: `${message}${more}`, remedy }];
  }
}

function examineHistory(
  given: Project,
  connection: Connection,
  selection: string,
): Promise<readonly Ailment[]> {
  return asAilments(async () => {
    const options = { command: "upgrade", targets: ["heads"] } as const;
    const { project, rows, log, known, steps } = await planMigration(given, connection, options);
    refuseEmptied(project, rows, log);
    const unchanged = [...(known?.moved ?? []), ...(await keptAsRun(project, log))];
    refuseEdited(project, closure(project.graph, rows), log, unchanged);
    return [...unfinished(log, selection), ...pending(steps.length, selection)];
  });
}

function unfinished({ unfinished, cutOff }: RunLogState, selection: string): readonly Ailment[] {
  const keys = new Set([...unfinished.keys(), ...cutOff.keys()]);
  return [...keys].map((key) => {
    const [direction = "upgrade", id = ""] = key.split(" ");
    const done = unfinished.get(key)?.statementsDone ?? cutOff.get(key) ?? 0;
    return {
      code: "unfinished",
      severity: "problem",
      message: `The ${direction} of revision ${id} stopped after ${done} of its statements were committed`,
      remedy: `Run \`aludel ${direction}${selection}\` again: it goes on from there.`,
    };
  });
}

function pending(count: number, selection: string): readonly Ailment[] {
  if (count === 0) return [];
  const revisions = count === 1 ? "a revision" : `${count} revisions`;
  const message = `The database does not have ${revisions} yet`;
  return [{ code: "pending", severity: "note", message, remedy: `Run \`aludel upgrade${selection}\`.` }];
}

/** Whoever has died has given it back; whoever still has it is named. */
function examineLock(project: Project, connection: Connection): Promise<readonly Ailment[]> {
  return asAilments(async () => {
    const options = { bookkeeping: bookkeepingOf(project.config), timeoutMs: 0, onWait: () => undefined };
    const lock = await project.dialect.lock(connection, options);
    await lock.release();
    return [];
  });
}

function examineSchema(
  project: Project,
  connection: Connection,
  openScratch: () => Promise<Scratch>,
  selection: string,
): Promise<readonly Ailment[]> {
  return asAilments(async () => {
    const { byHand, at } = await liveDrift(
      { ...project, config: { ...project.config, schema: [] } },
      connection,
      openScratch,
    );
    if (at === null || byHand === null) return [];
    return byHand.lines.map((line) => ({
      code: "drift",
      severity: "problem",
      message: `Somebody has changed the database by hand: ${line}`,
      remedy: `Take it back, or write a revision that does it: \`aludel drift${selection}\` tells all of it.`,
    }));
  });
}
