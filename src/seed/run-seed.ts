import type { Connection, Row } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import type { Step } from "../dialect/step.js";
import { AludelError } from "../error/error.js";
import type { Op } from "../op/op.js";
import { compileOp } from "../plan/compile-op.js";
import { statementSteps } from "../plan/statement-steps.js";
import { placeOfThrow } from "../revision/load-error.js";
import { loadModule } from "../revision/module-loader.js";
import { readText } from "../revision/read-text.js";
import { requireNoRows } from "../run/assertion.js";
import { bookkeepingOf, type Project } from "../run/project.js";
import { SchemaNow } from "../run/schema-now.js";
import type { SeedFunction, UpsertOptions } from "./define-seed.js";
import type { Seed } from "./read-seeds.js";
import { type AskedOp, seedOperations } from "./seed-operations.js";
import { conflictClause } from "./upsert.js";

/** Is called when a statement has run; the line is that of the seed's file, where it is known. */
export type AfterStatement = (line: number | null) => Promise<void>;

/** What a seed does, loaded. It runs in a transaction that the caller has opened, and may run again. */
export type SeedBody = (connection: Connection, after?: AfterStatement) => Promise<void>;

/**
 * Loads a seed; nothing of it runs yet.
 * @throws AludelError `seed-invalid` for what is no seed, with the line; `file-unreadable`.
 */
export async function loadSeed(project: Project, seed: Seed): Promise<SeedBody> {
  const body =
    seed.format === "sql"
      ? await sqlBody(project, seed)
      : functionBody(project, seed, await loadFunction(project, seed));
  return withSettings(project, body);
}

/** The same in which what a seed has set for its session (where names lead to) ends with it. */
function withSettings({ dialect }: Project, body: SeedBody): SeedBody {
  const { sessionSettings } = dialect;
  if (sessionSettings === null) return body;
  return async (connection, after) => {
    const settings = await sessionSettings(connection);
    await body(connection, after);
    if (settings !== "") await connection.run(settings);
  };
}

async function sqlBody({ dialect }: Project, { file }: Seed): Promise<SeedBody> {
  const text = readText(file).replace(/^\uFEFF/, "");
  const origin = { file, line: 1 };
  const steps = await statementSteps(dialect, text, null, origin).catch(invalid(file));
  const statements = await dialect.splitScript(text);
  for (const [at, step] of steps.entries()) {
    const statement = statements[at];
    if (statement !== undefined) requireData(statement, step, { file, line: statement.line });
  }
  return async (connection, after) => {
    for (const [at, step] of steps.entries()) {
      const line = statements[at]?.line ?? null;
      await carryOut(connection, step).catch(inSeed(file, line, step.sql));
      await after?.(line);
    }
  };
}

async function loadFunction({ config }: Project, { file, name }: Seed): Promise<SeedFunction> {
  const what = `Seed ${name}`;
  let found: unknown = await loadModule(file, { root: config.root, code: "seed-invalid", what });
  for (let depth = 0; depth < 2 && hasDefault(found); depth++) found = found.default;
  if (typeof found === "function") return found as SeedFunction;
  throw new AludelError("seed-invalid", "The file's default export is no seed", {
    where: { file },
    remedy:
      "Write export default defineSeed(async (seed) => { … }). A file that is no seed goes into a folder below, or gets a name that begins with _.",
  });
}

function hasDefault(value: unknown): value is { readonly default: unknown } {
  return typeof value === "object" && value !== null && "default" in value;
}

function functionBody(project: Project, seed: Seed, run: SeedFunction): SeedBody {
  const { dialect, config } = project;
  return async (connection, after) => {
    const now = new SchemaNow({ dialect, connection, bookkeeping: bookkeepingOf(config) });
    const upsertClause = (op: Op<"bulk-insert">, options: UpsertOptions, line: number | null): string => {
      try {
        return conflictClause(dialect, op, options);
      } catch (error) {
        return invalid(seed.file, line)(error);
      }
    };
    const perform = async ({ op, line, upsert }: AskedOp): Promise<void> => {
      const version = connection.server.version;
      const compiled = await compileOp(dialect, op, () => now.before(op), version).catch(
        invalid(seed.file, line),
      );
      if (op.kind === "execute") await requireDataText(dialect, op.sql, { file: seed.file, line });
      const clause = upsert === null || op.kind !== "bulk-insert" ? "" : upsertClause(op, upsert, line);
      for (const step of compiled) {
        const sql = step.sql + clause;
        await carryOut(connection, { ...step, sql }).catch(inSeed(seed.file, line, sql));
        await after?.(line);
      }
    };
    const query = async (
      sql: string,
      parameters: readonly unknown[],
      line: number | null,
    ): Promise<readonly Row[]> => {
      await requireDataText(dialect, sql, { file: seed.file, line });
      const rows = await connection.query(sql, parameters).catch(inSeed(seed.file, line, sql));
      await after?.(line);
      return rows;
    };
    const { operations, settle } = seedOperations({
      dialect,
      arguments: project.arguments,
      file: seed.file,
      perform,
      query,
    });
    try {
      await run(operations);
    } catch (error) {
      // What failed first is the cause of whatever the function made of it.
      await settle();
      throw thrownBy(error, seed, config.root);
    }
    await settle();
  };
}

async function carryOut(connection: Connection, { sql, assertion }: Step): Promise<void> {
  await (assertion === null ? connection.run(sql) : requireNoRows(connection, sql, assertion));
}

interface Spot {
  readonly file: string;
  readonly line: number | null;
}

async function requireDataText(dialect: Dialect, text: string, spot: Spot): Promise<void> {
  for (const statement of await dialect.splitScript(text).catch(invalid(spot.file, spot.line))) {
    requireData(statement, null, spot);
  }
}

/** @throws AludelError `seed-invalid` for what defines things, and for what cannot be in a transaction. */
function requireData(
  statement: { readonly sql: string; readonly effect: string; readonly transactional: boolean },
  step: Step | null,
  { file, line }: Spot,
): void {
  const where = { file, ...(line === null ? {} : { line }), statement: statement.sql };
  if (statement.effect === "definition") {
    throw new AludelError("seed-invalid", "A seed changes the schema", {
      where,
      remedy: "A seed puts rows into tables: write a revision for what makes, changes or drops things.",
    });
  }
  if (
    statement.effect === "transaction" ||
    !statement.transactional ||
    (step !== null && step.transaction !== "joins")
  ) {
    throw new AludelError("seed-invalid", "A statement cannot be in the transaction that a seed runs in", {
      where,
      remedy: "Leave it out: each seed runs in one transaction, which Aludel opens and commits.",
    });
  }
}

/** Errors of statements of a revision are told as those of a seed. */
function invalid(file: string, line: number | null = null): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof AludelError)) throw error;
    throw new AludelError("seed-invalid", error.message, {
      where: { file, ...error.where, ...(line === null ? {} : { file, line }) },
      remedy: error.remedy,
      details: error.details,
      data: error.data,
      cause: error,
    });
  };
}

/** Errors of the database get their place in the seed. */
function inSeed(file: string, line: number | null, statement: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof AludelError)) throw error;
    const { line: within, column: _, ...where } = error.where;
    const inText =
      within === undefined || within === 1 ? [] : [`The place is line ${within} of the SQL text.`];
    throw new AludelError(error.code, error.message, {
      where: { statement, ...where, file, ...(line === null ? {} : { line }) },
      remedy: error.remedy,
      details: [...error.details, ...inText],
      data: error.data,
      cause: error.cause,
    });
  };
}

function thrownBy(error: unknown, { file }: Seed, root: string): unknown {
  if (error instanceof AludelError) {
    return error.where.file === undefined ? error.at(placeOfThrow(error, file, root) ?? { file }) : error;
  }
  return new AludelError("seed-failed", error instanceof Error ? error.message : String(error), {
    where: placeOfThrow(error, file, root) ?? { file },
    remedy: "Mend the seed.",
    cause: error,
  });
}
