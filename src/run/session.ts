import type { Step } from "../dialect/step.js";
import { AludelError } from "../error/error.js";
import { requireNoRows } from "./assertion.js";
import type { Tally } from "./cost.js";
import { requireSameHome } from "./home.js";
import type { RunContext, Work } from "./run-context.js";
import { insertRecord, type RunRecord, updateRecord } from "./run-log.js";
import { cannotJoin, requireNoViolations } from "./statement-refused.js";
import { versionStatements } from "./version-table.js";

interface Place {
  readonly autocommit: boolean;
  readonly ends: boolean;
}

/** Thrown inside the transaction when a step needs foreign keys off: the revision starts anew with them off. */
export class NeedsForeignKeysOff extends Error {}

/**
 * The statements of one revision on their way into the database: opens the transaction at the first statement that
 * can be in one, commits before one that cannot, counts, and writes version table and run log in the same commit as
 * the statements they tell of.
 */
export class Session {
  private open = false;
  /** A statement must be committed before the next one (a new enum value). */
  private commitFirst = false;
  private logged = false;
  /** The open transaction is that of statements that were asked for outside, of which some are to come. */
  private apart = false;
  /** It is known what became of the statement in which an earlier run was cut off. */
  private settled = false;
  /** Statements that are counted so far. */
  statements = 0;
  /** Of these, committed ones. */
  committed: number;
  /** The statement that is running or has failed. */
  current: Step | null = null;
  /** The last COMMIT is on its way: if the connection is lost now, nobody knows what became of it. */
  finishing = false;
  readonly startedAt = new Date();
  private readonly startedMs = performance.now();

  private readonly context: RunContext;
  private readonly work: Work;
  private readonly tally: Tally;
  private foreignKeysOff: boolean;

  constructor(context: RunContext, work: Work, tally: Tally, foreignKeysOff: boolean) {
    this.context = context;
    this.work = work;
    this.tally = tally;
    this.foreignKeysOff = foreignKeysOff;
    this.committed = work.statementsDone;
  }

  get direction(): Work["direction"] {
    return this.work.direction;
  }

  get durationMs(): number {
    return performance.now() - this.startedMs;
  }

  /** Runs the statements one after the other, each in the place that it needs. */
  async steps(steps: readonly Step[], autocommit: boolean): Promise<void> {
    for (const one of steps) {
      this.statements += 1;
      await this.step(one, { autocommit, ends: true });
    }
  }

  /**
   * Runs statements that count as one, because how many they are depends on the schema that they find: who goes on
   * after them would count others. They are made only if an earlier run has not committed them.
   */
  async stepsAsOne(make: () => Promise<readonly Step[]>, autocommit: boolean): Promise<void> {
    this.statements += 1;
    if (this.statements <= this.work.statementsDone) return;
    const steps = await make();
    const foreignKeysOff = steps.some((one) => one.foreignKeysOff);
    for (const [at, one] of steps.entries()) {
      await this.step({ ...one, foreignKeysOff }, { autocommit, ends: at === steps.length - 1 });
    }
  }

  /**
   * Runs what commits as it goes along, and knows by itself how far an earlier run has come. `run` is told how many
   * statements there are with it, and gives what is to be committed together with the word that it is done.
   */
  async inParts(whole: Step, run: (position: number) => Promise<string>): Promise<void> {
    this.statements += 1;
    this.throwIfInterrupted();
    if (this.statements <= this.work.statementsDone) return;
    this.settled = true;
    this.current = whole;
    await this.commitPart();
    await this.restoreForeignKeys();
    await this.announce();
    const last = await run(this.statements);
    const { connection, dialect } = this.context;
    const record = this.progressStatement("running", null, this.statements);
    this.open = true;
    await connection.run([dialect.begin, last, record, "COMMIT"].join(";\n"));
    this.open = false;
    this.committed = this.statements;
    this.current = null;
  }

  /** Runs what is no text of its own in the place of a statement, within the revision's transaction. */
  async inPlaceOf(whole: Step, run: () => Promise<void>): Promise<void> {
    this.statements += 1;
    this.throwIfInterrupted();
    if (this.statements <= this.work.statementsDone) return;
    this.settled = true;
    this.current = whole;
    if (this.commitFirst) await this.commitPart();
    await this.begin();
    await this.counted(run);
    this.current = null;
  }

  /** A part of what commits as it goes along has changed so many rows. */
  wrote(rows: number): void {
    this.tally.changed(rows);
    this.tally.commit();
  }

  /** A part of what commits as it goes along gave way, after so long. */
  partGaveWay(milliseconds: number): void {
    this.tally.gives();
    this.tally.waited(milliseconds);
    const { revision } = this.work;
    this.context.report({ kind: "lock-waited", revision, milliseconds, gaveWay: true });
  }

  /** Runs one statement that has been counted. `ends`: those that count as one with it are done. */
  private async step(step: Step, { autocommit, ends }: Place): Promise<void> {
    // A signal is heard only between turns, and a driver that works in this thread makes none.
    await new Promise((resolve) => setImmediate(resolve));
    this.throwIfInterrupted();
    if (this.statements <= this.work.statementsDone) return;
    this.current = step;
    const outside = autocommit || step.transaction === "forbidden";
    if (outside && this.context.transaction === "all") throw cannotJoin(this.work.revision, step.sql);
    const isApart = outside && step.transaction !== "forbidden" && !step.prefersOutside;
    // What is in a transaction was rolled back with it.
    if (!outside || isApart) this.settled = true;
    if (isApart) {
      await this.stepApart(step, ends);
      return;
    }
    if (outside || this.commitFirst || step.transaction === "alone") await this.commitPart();
    if (step.foreignKeysOff) await this.switchForeignKeysOff();
    if (outside) {
      await this.announce();
      await this.outside(step);
      if (ends) {
        this.committed = this.statements;
        await this.context.connection.run(this.progressStatement("running", null));
      }
    } else {
      await this.begin();
      await this.carryOut(step, true);
      this.commitFirst = step.transaction !== "joins" && this.context.transaction === "each";
    }
    this.current = null;
  }

  /**
   * Runs what was asked for outside the revision's transaction, and could be in one, in one of its own: it is committed at once, and
   * with it that it is done, so that it is done once.
   */
  private async stepApart(step: Step, ends: boolean): Promise<void> {
    if (!this.apart) await this.commitPart();
    if (step.foreignKeysOff) await this.switchForeignKeysOff();
    await this.begin();
    this.apart = true;
    await this.carryOut(step, true);
    if (ends) await this.commitPart(this.statements);
    this.current = null;
  }

  /** Runs what no rollback takes back, unless an earlier run that was cut off has done it. */
  private async outside(step: Step): Promise<void> {
    const { done } = step;
    const isRemoved = await this.removeLeftover(step);
    const asks = done !== null && (isRemoved || this.isCutOffHere());
    const isDone = asks && (await this.context.connection.query(done)).length > 0;
    this.settled = true;
    if (!isDone) await this.carryOut(step, false);
  }

  private isCutOffHere(): boolean {
    return this.work.cutOff && this.statements === this.work.statementsDone + 1;
  }

  /** What ran so far is committed before the next statement, in a run that commits each revision by itself. */
  commitBeforeNext(): void {
    this.commitFirst = this.open && this.context.transaction === "each";
  }

  private async carryOut(step: Step, inTransaction: boolean): Promise<void> {
    const { connection, report, waits } = this.context;
    const { sql, assertion } = step;
    const run = () => (assertion === null ? connection.run(sql) : requireNoRows(connection, sql, assertion));
    const around = () => this.context.around?.(step, inTransaction, run) ?? run();
    const { revision } = this.work;
    const at = { revision, position: this.statements, sql } as const;
    report({ kind: "statement-started", ...at });
    const began = performance.now();
    const tell = (milliseconds: number, holders: readonly string[]) =>
      report({ kind: "lock-waits", revision, milliseconds, holders });
    const waiting = async () => {
      if (waits !== undefined)
        return inTransaction ? waits.watched(around, tell) : waits.unlimited(around, tell);
      await around();
      return 0;
    };
    const { result: lockWaitMs, rowsChanged } = await this.counted(() => this.waiting(waiting));
    if (!inTransaction) this.tally.commit();
    await requireSameHome(this.context, sql);
    const milliseconds = performance.now() - began;
    report({ kind: "statement-finished", ...at, milliseconds, lockWaitMs, rowsChanged });
  }

  /** Counts how long something waits for locks: what gives way has done nothing else. */
  private async waiting(run: () => Promise<number>): Promise<number> {
    const { dialect, report } = this.context;
    const { revision } = this.work;
    const began = performance.now();
    const waited = (milliseconds: number, gaveWay: boolean) => {
      this.tally.waited(milliseconds);
      report({ kind: "lock-waited", revision, milliseconds, gaveWay });
    };
    try {
      const milliseconds = await run();
      if (milliseconds > 0) waited(milliseconds, false);
      return milliseconds;
    } catch (error) {
      if (error instanceof AludelError && dialect.waiting.gaveWay(error)) {
        this.tally.gives();
        waited(performance.now() - began, true);
      }
      throw error;
    }
  }

  /** Counts the rows that something changes, where the driver says how many. */
  private async counted<T>(
    run: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly rowsChanged: number | null }> {
    const { changedRows } = this.context.connection;
    if (changedRows === undefined) return { result: await run(), rowsChanged: null };
    const before = await changedRows();
    const result = await run();
    const rowsChanged = (await changedRows()) - before;
    this.tally.changed(rowsChanged);
    return { result, rowsChanged };
  }

  /** Reads (or writes) for a revision's own code, within its transaction. */
  async query(
    sql: string,
    parameters: readonly unknown[],
  ): Promise<readonly Readonly<Record<string, unknown>>[]> {
    this.throwIfInterrupted();
    if (this.commitFirst) await this.commitPart();
    await this.begin();
    return (await this.counted(() => this.context.connection.query(sql, parameters))).result;
  }

  /** Writes version table and run log, and commits. */
  async finish(): Promise<void> {
    this.throwIfInterrupted();
    const { dialect, bookkeeping, connection, transaction } = this.context;
    await this.checkForeignKeys();
    const statements = [
      ...(this.open || transaction === "all" ? [] : [dialect.begin]),
      ...versionStatements(dialect, bookkeeping, this.work.rowsBefore, this.work.rowsAfter),
      this.progressStatement("succeeded", null),
      ...(transaction === "all" ? [] : ["COMMIT"]),
    ];
    // Until the engine has answered, nobody knows: a failure here must roll back what was opened.
    this.open = transaction === "each";
    this.finishing = true;
    await connection.run(statements.join(";\n"));
    this.finishing = false;
    this.open = false;
    this.tally.commit();
    this.committed = this.statements;
    await this.restoreForeignKeys();
  }

  /** Undoes what is not committed; never throws, because it runs while another error is on its way. */
  async abandon(): Promise<void> {
    this.tally.rollBack();
    try {
      if (this.open) await this.context.connection.run("ROLLBACK");
      this.open = false;
      await this.restoreForeignKeys();
    } catch {
      // The connection is gone: the engine rolls back by itself.
    }
  }

  /** The revision will be tried again: what the run log says of this try is closed. */
  async giveWay(reason: string): Promise<void> {
    if (this.logged) await this.recordFailure(reason);
  }

  /** Nobody knows what became of the statement after those that are committed. */
  get cutOff(): boolean {
    return this.work.cutOff && !this.settled && this.committed === this.work.statementsDone;
  }

  /** Writes into the run log that the revision failed; best effort for the same reason. */
  async recordFailure(message: string): Promise<void> {
    // What an earlier run has left open would look as if it were known.
    if (this.context.transaction === "all" || this.cutOff) return;
    try {
      const { connection, redact } = this.context;
      await connection.run(this.progressStatement("failed", redact(message)));
    } catch {
      // What the run log cannot be told, the error itself tells.
    }
  }

  /** The run log says that the revision is being run before a statement that no rollback takes back. */
  private async announce(): Promise<void> {
    if (!this.logged) await this.context.connection.run(this.progressStatement("running", null));
  }

  private async removeLeftover({ leftover }: Step): Promise<boolean> {
    if (leftover === null) return false;
    const found = await this.context.connection.query(leftover.find);
    if (found.length > 0) await this.context.connection.run(leftover.remove);
    return found.length > 0;
  }

  private async begin(): Promise<void> {
    if (this.open || this.context.transaction === "all") return;
    const { connection, dialect } = this.context;
    await this.waiting(async () => {
      await connection.run(dialect.begin);
      return 0;
    });
    this.open = true;
  }

  /** Commits what there is so far, together with the line in the run log that says how far that is. */
  private async commitPart(done = this.statements - 1): Promise<void> {
    this.commitFirst = false;
    this.apart = false;
    if (!this.open) return;
    await this.checkForeignKeys();
    const record = this.progressStatement("running", null, done);
    await this.context.connection.run(`${record};\nCOMMIT`);
    this.open = false;
    this.tally.commit();
    this.committed = done;
  }

  private progressStatement(
    result: RunRecord["result"],
    error: string | null,
    statementsDone = result === "succeeded" ? this.statements : this.committed,
  ): string {
    const { dialect, bookkeeping, runner, counts } = this.context;
    const record: RunRecord = {
      revision: this.work.revision.id,
      direction: this.work.direction,
      startedAt: this.startedAt,
      durationMs: result === "running" ? null : this.durationMs,
      checksum: this.work.revision.checksum,
      result,
      statementsDone,
      error,
      counted: counts === undefined ? undefined : { run: counts.run, cost: this.tally.cost },
    };
    if (this.logged) return updateRecord(dialect, bookkeeping, record);
    this.logged = result === "running";
    return insertRecord(dialect, bookkeeping, runner, record);
  }

  private async switchForeignKeysOff(): Promise<void> {
    const { foreignKeySwitch } = this.context.dialect;
    if (foreignKeySwitch === null || this.foreignKeysOff || this.context.transaction === "all") return;
    if (this.open && this.committed === 0) throw new NeedsForeignKeysOff();
    await this.commitPart();
    await this.context.connection.run(foreignKeySwitch.off);
    this.foreignKeysOff = true;
  }

  private async restoreForeignKeys(): Promise<void> {
    const { foreignKeySwitch } = this.context.dialect;
    if (foreignKeySwitch === null || !this.foreignKeysOff || this.context.transaction === "all") return;
    await this.context.connection.run(foreignKeySwitch.on);
    this.foreignKeysOff = false;
  }

  private async checkForeignKeys(): Promise<void> {
    if (this.foreignKeysOff) await requireNoViolations(this.context, this.work.revision);
  }

  private throwIfInterrupted(): void {
    if (!this.context.signal.aborted) return;
    throw new AludelError("interrupted", "The run was interrupted", {
      remedy: "Run the same command again to go on.",
    });
  }
}
