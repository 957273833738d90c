import type { Connection } from "../../dialect/connection.js";
import type { Dialect, Scratch } from "../../dialect/dialect.js";
import type { Measured } from "../../dialect/tracer.js";
import type { Act } from "../../effect/act.js";
import type { AnalysedStatement } from "../../effect/statement.js";
import { AludelError, messageOf } from "../../error/error.js";
import type { Prepared } from "../../lint/prepared.js";
import { differencesOf } from "./differences.js";
import type { FillRows } from "./many-rows.js";
import type { TracedRun, TracedStatement } from "./traced.js";
import { interrupted, startTracing, stoppable, type Tracing } from "./tracing.js";

export interface TraceFilesOptions {
  /** The files run in a transaction each, unless they say otherwise. */
  readonly inTransaction: boolean;
  readonly signal: AbortSignal;
  readonly fill: FillRows;
  readonly progress: (file: string) => void;
}

/**
 * Runs files of SQL, which are one history, on an empty scratch database, and measures every statement.
 *
 * @throws AludelError `sql-failed` with the statement that failed and what was rolled back; `interrupted`.
 */
export async function traceFiles(
  dialect: Dialect,
  files: readonly Prepared[],
  scratch: Scratch,
  options: TraceFilesOptions,
): Promise<readonly TracedRun[]> {
  const { connection } = scratch;
  const analysed = await (dialect.analyse?.(
    files.map(({ upgrade }) => upgrade.sql),
    { serverVersion: Math.floor(connection.server.version / 10_000), inTransaction: options.inTransaction },
  ) ?? []);
  const tracing = await startTracing(dialect, scratch);
  try {
    return await stoppable(options.signal, connection, async () => {
      const runs: TracedRun[] = [];
      for (const [at, { shown }] of files.entries()) {
        options.progress(shown);
        await options.fill(connection);
        await tracing.tracer.begin();
        const statements = analysed.filter(({ source, section }) => source === at && section === "up");
        const file = new FileRun(dialect, tracing, options.signal);
        runs.push({ file: shown, revision: null, statements: await file.run(statements) });
      }
      return runs;
    });
  } finally {
    await tracing.tracer.close();
  }
}

/** What opens and ends transactions is carried out as it stands. */
const control: ReadonlySet<Act["kind"]> = new Set([
  "begin",
  "commit",
  "rollback",
  "savepoint",
  "prepared-transaction",
]);

/** The statements of one file on their way into the database. */
class FileRun {
  readonly #dialect: Dialect;
  readonly #tracing: Tracing;
  readonly #connection: Connection;
  readonly #signal: AbortSignal;
  #open = false;
  /** Statements that a rollback would take back. */
  #uncommitted = 0;

  constructor(dialect: Dialect, tracing: Tracing, signal: AbortSignal) {
    this.#dialect = dialect;
    this.#tracing = tracing;
    this.#connection = tracing.scratch.connection;
    this.#signal = signal;
  }

  async run(statements: readonly AnalysedStatement[]): Promise<readonly TracedStatement[]> {
    const traced: TracedStatement[] = [];
    for (const statement of statements) {
      if (this.#signal.aborted) throw interrupted();
      traced.push(await this.#one(statement).catch((error: unknown) => this.#failed(statement, error)));
    }
    const isLeftOpen = statements.at(-1)?.transaction.by === "script";
    if (this.#open) await this.#end(isLeftOpen ? "ROLLBACK" : "COMMIT");
    return traced;
  }

  async #one(statement: AnalysedStatement): Promise<TracedStatement> {
    const { file, line, endLine, sql, acts } = statement;
    const skipped = whySkipped(acts);
    const place = { file, line, endLine, sql, analysed: statement, skipped, estimated: null };
    if (skipped !== null) return { ...place, measured: null, differences: [] };
    const [first] = acts;
    if (first !== undefined && control.has(first.kind)) {
      await this.#control(sql, acts);
      return { ...place, measured: null, differences: [] };
    }
    const transactional = await isTransactional(this.#dialect, sql);
    const measured = await this.#measure(statement, transactional);
    return { ...place, measured, differences: differencesOf(statement, measured, transactional) };
  }

  async #control(sql: string, acts: readonly Act[]): Promise<void> {
    await this.#connection.run(sql);
    for (const act of acts) {
      if (act.kind === "begin") this.#open = true;
      if (act.kind === "commit" || act.kind === "rollback") this.#open = act.chain;
      if (act.kind === "prepared-transaction" && act.change === "prepare") this.#open = false;
      if (!this.#open) this.#uncommitted = 0;
    }
  }

  async #measure({ sql, transaction }: AnalysedStatement, transactional: boolean): Promise<Measured> {
    const run = () => this.#connection.run(sql);
    const { tracer } = this.#tracing;
    if (transaction.by === "script") return this.#counted(() => tracer.measure(sql, true, run));
    if (!transactional) {
      if (this.#open) await this.#end("COMMIT");
      return tracer.measure(sql, false, run);
    }
    if (!this.#open) await this.#begin();
    const measured = await this.#counted(() => tracer.measure(sql, true, run));
    if (transaction.by === "none") await this.#end("COMMIT");
    return measured;
  }

  async #counted(measure: () => Promise<Measured>): Promise<Measured> {
    const measured = await measure();
    this.#uncommitted += 1;
    return measured;
  }

  async #begin(): Promise<void> {
    await this.#connection.run(this.#dialect.begin);
    this.#open = true;
  }

  async #end(how: "COMMIT" | "ROLLBACK"): Promise<void> {
    await this.#connection.run(how);
    this.#open = false;
    this.#uncommitted = 0;
  }

  #failed({ file, line, sql }: AnalysedStatement, error: unknown): never {
    if (!(error instanceof AludelError) || error.code === "interrupted" || this.#signal.aborted) throw error;
    const undone =
      this.#uncommitted === 0
        ? "Nothing else of the file was rolled back with it."
        : `${this.#uncommitted === 1 ? "The statement" : `The ${this.#uncommitted} statements`} before it in its transaction ${this.#uncommitted === 1 ? "was" : "were"} rolled back with it.`;
    throw new AludelError(error.code, `A statement of ${file} failed: ${messageOf(error)}`, {
      where: { ...error.where, file, line, statement: sql },
      cause: error,
      details: [...error.details, undone, scratchOnly],
      data: error.data,
      remedy: `${error.remedy} The files are run on an empty database, in the order in which they are given: files that came before them have to be given, too.`,
    });
  }
}

/** For errors. */
export const scratchOnly = "It ran on a scratch database, which is removed: no other was touched.";

function whySkipped(acts: readonly Act[]): string | null {
  for (const act of acts) {
    if (act.kind === "meta-command") return "a command of psql is not run";
    if (act.kind === "copy" && act.direction === "from" && act.rows !== null)
      return "the rows that stand in the file are not loaded";
  }
  return null;
}

/** What the engine refuses in a transaction block is known from its text, apart from the answer that is tested here. */
export async function isTransactional(dialect: Dialect, sql: string): Promise<boolean> {
  const statements = await dialect.splitScript(sql).catch(() => []);
  return statements.every(({ transactional }) => transactional);
}
