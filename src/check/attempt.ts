import type { RowDialect } from "../dialect/rows.js";
import type { Op } from "../op/op.js";
import type { Revision } from "../revision/revision.js";
import { applyHistory } from "../run/apply-history.js";
import { record } from "../run/record.js";
import type { Schema } from "../schema/schema.js";
import { adoptUnsaid } from "./adopt.js";
import { differences } from "./differences.js";
import { askConnection } from "./engine.js";
import { filterFound } from "./filtered.js";
import type { ProofPart, ProofStep, Wanted } from "./proof.js";
import type { Stops } from "./rows/judge.js";
import { readRows, type Snapshot } from "./rows/snapshot.js";
import type { Walk } from "./walk.js";

/** A part that the database refused to carry out. */
export interface Refused {
  readonly part: "upgrade" | "run again" | "downgrade" | "upgrade again";
  readonly direction: "upgrade" | "downgrade";
  readonly error: unknown;
}

/** A revision, carried out up, down and up again as far as it went. */
export interface Attempt {
  /** Without the part that was refused. */
  readonly steps: readonly ProofStep[];
  readonly refused: Refused | null;
  /** Every op that was carried out, in order; a refused one is the last. */
  readonly ops: readonly Op[];
  /** How many of these belong to the first upgrade. */
  readonly upgradeOps: number;
  /** The rows on the way; `null` when nobody looked at them, or the first upgrade did not end. */
  readonly stops: Stops | null;
}

/**
 * Carries out a revision up, down and up again from `start`, where the database is, and holds the schema against what it
 * should be each time. A repeatable one is carried out a second time at once, which must change nothing. With `rows` it also reads all rows at every stop.
 */
export async function attempt(
  walk: Walk,
  revision: Revision,
  wanted: Wanted | null,
  start: Schema,
  rows: RowDialect | null,
): Promise<Attempt> {
  const carried = new Carried(walk, revision, rows);
  const { steps } = carried;
  steps.push({ part: "history", result: "held", lines: [] });
  const before = await carried.read(start);
  const end = () => carried.end(before);

  if (!(await carried.run("upgrade", "upgrade"))) return end();
  walk.pass(revision);
  const upgraded = await walk.inspect();
  carried.up = await carried.read(upgraded);
  if (revision.repeatable === true) {
    if (!(await carried.run("run again", "upgrade"))) return end();
    const repeated = await walk.inspect();
    if (!(await carried.holds("run again equal", repeated, { schema: upgraded, unsaid: [] }))) return end();
  } else if (wanted === null) carried.skip("models equal", "there are no models to hold it against");
  else {
    const { schema } = filterFound(walk.project, upgraded, wanted.schema);
    if (!(await carried.holds("models equal", schema, wanted))) return end();
  }

  const down = await record(walk.project, revision, "downgrade");
  if (down.irreversible !== null) {
    carried.skip("downgrade", `there is no way back: ${down.irreversible}`);
    return end();
  }
  if (!(await carried.run("downgrade", "downgrade"))) return end();
  const back = await walk.inspect();
  carried.down = await carried.read(back);
  if (!(await carried.holds("start equal", back, { schema: start, unsaid: [] }))) return end();
  if (!(await carried.run("upgrade again", "upgrade"))) return end();
  const again = await walk.inspect();
  carried.again = await carried.read(again);
  await carried.holds("same again", again, { schema: upgraded, unsaid: [] });
  return end();
}

/** What an attempt gathers on its way. */
class Carried {
  readonly steps: ProofStep[] = [];
  readonly #ops: Op[] = [];
  readonly #walk: Walk;
  readonly #revision: Revision;
  readonly #rows: RowDialect | null;
  #refused: Refused | null = null;
  #upgradeOps = 0;
  up: Snapshot | null = null;
  down: Snapshot | null = null;
  again: Snapshot | null = null;

  constructor(walk: Walk, revision: Revision, rows: RowDialect | null) {
    this.#walk = walk;
    this.#revision = revision;
    this.#rows = rows;
  }

  read(schema: Schema): Promise<Snapshot | null> {
    return this.#rows === null ? Promise.resolve(null) : readRows(this.#rows, this.#walk.connection, schema);
  }

  async run(part: Refused["part"], direction: Refused["direction"]): Promise<boolean> {
    const { project, connection } = this.#walk;
    const before = this.#ops.length;
    try {
      await applyHistory(project, connection, [this.#revision], direction, (event) => {
        if (event.kind === "begun-anew") this.#ops.length = before;
        if (event.kind === "op") this.#ops.push(event.op);
      });
    } catch (error) {
      this.#refused = { part, direction, error };
      return false;
    }
    if (part === "upgrade") this.#upgradeOps = this.#ops.length;
    this.steps.push({ part, result: "held", lines: [] });
    return true;
  }

  async holds(part: ProofPart, is: Schema, wanted: Wanted): Promise<boolean> {
    const { dialect } = this.#walk.project;
    const target = adoptUnsaid(wanted.schema, is, wanted.unsaid);
    const ask = askConnection(dialect, this.#walk.connection);
    const { lines, undecided } = await differences(dialect, is, target, ask);
    const all = [...lines, ...[...undecided].map(([slot, reason]) => `${slot}: ${reason}`)];
    this.steps.push({ part, result: all.length === 0 ? "held" : "failed", lines: all });
    return all.length === 0;
  }

  skip(part: ProofPart, reason: string): void {
    this.steps.push({ part, result: "skipped", lines: [reason] });
  }

  end(start: Snapshot | null): Attempt {
    const { steps, up, down, again } = this;
    const stops = start === null || up === null ? null : { start, up, down, again };
    return { steps, refused: this.#refused, ops: this.#ops, upgradeOps: this.#upgradeOps, stops };
  }
}
