import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import type { Connection } from "../dialect/connection.js";
import type { Dialect, Statement } from "../dialect/dialect.js";
import { AludelError, messageOf } from "../error/error.js";
import type { Schema } from "../schema/schema.js";

/** Statements that belong together, and run in their order as far as they can. */
export interface Script {
  /** `null` for statements that come from no file. */
  readonly file: string | null;
  readonly statements: readonly ScriptStatement[];
}

export interface ScriptStatement extends Pick<Statement, "sql" | "effect"> {
  /** For messages: `functions.sql:12`, `create table users`. */
  readonly label: string;
  /** From 1; `null` for what comes from no file. */
  readonly line: number | null;
}

/**
 * Reads SQL files and splits them into statements.
 * @throws AludelError `file-unreadable`; `sql-failed` with the line for text that cannot be split.
 */
export async function readScripts(
  files: readonly string[],
  root: string,
  dialect: Dialect,
): Promise<readonly Script[]> {
  return Promise.all(
    files.map(async (file) => {
      const text = (await readText(file, root)).replace(/^\uFEFF/, "");
      const statements = await dialect.splitScript(text).catch((thrown: unknown) => {
        throw thrown instanceof AludelError ? thrown.at({ file }) : thrown;
      });
      const name = relative(root, file);
      return {
        file,
        statements: statements.map(({ sql, effect, line }) => ({
          sql,
          effect,
          line,
          label: `${name}:${line}`,
        })),
      };
    }),
  );
}

async function readText(file: string, root: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (thrown) {
    throw new AludelError("file-unreadable", `${relative(root, file)} cannot be read: ${messageOf(thrown)}`, {
      remedy: "See that the file exists and may be read.",
      where: { file },
      cause: thrown,
    });
  }
}

/**
 * What scripts have made, with the versions of extensions left open that no statement gives: the newest one of a server
 * is meant then, and not the one that a scratch database happened to have.
 */
export function openVersions(schema: Schema, scripts: readonly Script[]): Schema {
  const given = scripts
    .flatMap(({ statements }) => statements)
    .filter(({ sql }) => /^(?:CREATE|ALTER)\s+EXTENSION\b.*\b(?:VERSION|UPDATE\s+TO)\b/is.test(sql));
  const isGiven = (name: string) => given.some(({ sql }) => sql.includes(name));
  const extensions = new Map(
    [...schema.extensions].map(([key, one]) => [key, isGiven(one.name) ? one : { ...one, version: null }]),
  );
  return { ...schema, extensions };
}

/** A statement that is to be tried again, under the settings of its place. */
interface Waiting {
  readonly script: Script;
  readonly statement: ScriptStatement;
  readonly settings: string | null;
  error: AludelError;
}

interface Failure {
  readonly script: Script;
  readonly statement: ScriptStatement;
  readonly error: AludelError;
}

/**
 * Runs scripts in an empty database, one after the other. A statement that fails because something is not there yet is
 * put off and tried again when the others have run, until all have or none can: so files may be in any order, and what
 * they define, too. Statements that drop are never put off: they would drop what was made in the meantime. Schemas are
 * made before all else, because a search path passes over one that is not there yet.
 *
 * @throws AludelError `models-unreadable` with every statement that failed, those in front that failed by themselves.
 */
export async function runScripts(
  dialect: Dialect,
  connection: Connection,
  scripts: readonly Script[],
): Promise<void> {
  const run = new Run(dialect, connection);
  for (const script of await run.containersFirst(scripts)) await run.inOrder(script);
  await run.whatWaits();
  if (dialect.sessionReset !== null) await connection.run(dialect.sessionReset);
  const failures = [...run.failed, ...run.waiting];
  if (failures.length > 0) throw report(failures);
}

const savepoint = "aludel_statement";

class Run {
  readonly failed: Failure[] = [];
  waiting: Waiting[] = [];
  readonly #dialect: Dialect;
  readonly #connection: Connection;
  /** The settings as they are, until a statement may have changed them. */
  #settings: string | null = null;
  #inTransaction = false;

  constructor(dialect: Dialect, connection: Connection) {
    this.#dialect = dialect;
    this.#connection = connection;
  }

  /** Makes what others are made in, and gives the scripts without it. What cannot be made yet stays in its place. */
  async containersFirst(scripts: readonly Script[]): Promise<readonly Script[]> {
    const all = scripts.flatMap(({ statements }) => statements);
    if (all.some(({ sql }) => /^DROP\s+(?:SCHEMA|EXTENSION)\b/i.test(sql))) return scripts;
    const done = new Set<ScriptStatement>();
    for (const statement of scripts.flatMap(containersOf)) {
      if ((await this.#attempt(statement)) === null) done.add(statement);
    }
    return scripts.map((script) => ({
      ...script,
      statements: script.statements.filter((statement) => !done.has(statement)),
    }));
  }

  async inOrder(script: Script): Promise<void> {
    const { sessionReset, uncheckedBodies } = this.#dialect;
    const settings = [sessionReset, uncheckedBodies].filter((sql) => sql !== null);
    if (settings.length > 0) await this.#connection.run(settings.join("; "));
    this.#settings = null;
    let begun = 0;
    for (const statement of script.statements) {
      if (statement.effect === "transaction") {
        if (opens(statement.sql)) begun = this.waiting.length;
        if (/^(?:ROLLBACK|ABORT)\b/i.test(statement.sql) && closes(statement.sql))
          this.waiting.length = begun;
      }
      const error = await this.#attempt(statement);
      if (error === null) continue;
      if (this.#mayWait(statement, error)) {
        this.waiting.push({ script, statement, error, settings: await this.#currentSettings() });
      } else this.failed.push({ script, statement, error });
    }
    if (this.#inTransaction) await this.#connection.run("COMMIT");
    this.#inTransaction = false;
  }

  /** In turns from the end and from the beginning: a chain of any length is then through in two turns. */
  async whatWaits(): Promise<void> {
    for (let moved = true, backwards = true; moved && this.waiting.length > 0; backwards = !backwards) {
      moved = false;
      const left: Waiting[] = [];
      let applied: string | null = null;
      for (const one of backwards ? this.waiting.toReversed() : this.waiting) {
        if (one.settings !== null && one.settings !== applied) {
          await this.#connection.run(one.settings);
          applied = one.settings;
        }
        const error = await this.#attempt(one.statement);
        if (error === null) moved = true;
        else if (this.#mayWait(one.statement, error)) left.push({ ...one, error });
        else this.failed.push({ ...one, error });
      }
      this.waiting = backwards ? left.reverse() : left;
    }
  }

  #mayWait({ sql, effect }: ScriptStatement, error: AludelError): boolean {
    return effect !== "transaction" && !/^DROP\b/i.test(sql) && this.#dialect.isMissingPart(error);
  }

  async #currentSettings(): Promise<string | null> {
    const { sessionSettings } = this.#dialect;
    if (sessionSettings === null) return null;
    this.#settings ??= await sessionSettings(this.#connection);
    return this.#settings;
  }

  /** Outside of a transaction a statement that fails leaves nothing; inside of one a savepoint sees to it. */
  async #attempt({ sql, effect }: ScriptStatement): Promise<AludelError | null> {
    if (effect !== "definition") this.#settings = null;
    const guarded = this.#inTransaction && effect !== "transaction";
    try {
      if (guarded) await this.#connection.run(`SAVEPOINT ${savepoint}`);
      await this.#connection.run(sql);
      if (guarded) await this.#connection.run(`RELEASE SAVEPOINT ${savepoint}`);
      if (effect === "transaction" && opens(sql)) this.#inTransaction = true;
      if (effect === "transaction" && closes(sql)) this.#inTransaction = false;
      return null;
    } catch (thrown) {
      if (!(thrown instanceof AludelError) || thrown.code === "connection-lost") throw thrown;
      if (guarded) {
        await this.#connection.run(`ROLLBACK TO SAVEPOINT ${savepoint}`);
        await this.#connection.run(`RELEASE SAVEPOINT ${savepoint}`);
      }
      return thrown;
    }
  }
}

/** Statements that make schemas, and those for extensions that come before the script changes any setting. */
function containersOf({ statements }: Script): readonly ScriptStatement[] {
  const firstSetting = statements.findIndex(({ effect }) => effect !== "definition");
  return statements.filter(({ sql, effect }, at) => {
    if (effect !== "definition") return false;
    if (/^CREATE\s+SCHEMA\b/i.test(sql)) return true;
    return /^CREATE\s+EXTENSION\b/i.test(sql) && (firstSetting === -1 || at < firstSetting);
  });
}

function opens(sql: string): boolean {
  return /^(?:BEGIN|START)\b/i.test(sql);
}

/** `ROLLBACK TO` goes back within the transaction. */
function closes(sql: string): boolean {
  return /^(?:COMMIT|END|ABORT|ROLLBACK(?!\s+(?:(?:WORK|TRANSACTION)\s+)?TO\b))/i.test(sql);
}

const mostDetails = 100;

function report(failures: readonly Failure[]): AludelError {
  const [first] = failures;
  if (first === undefined) throw new Error("There is no failure to report");
  const { statement, script, error } = first;
  const lines = failures.map((one) => `${one.statement.label}: ${one.error.message}`);
  const others = lines.slice(1);
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return new AludelError("models-unreadable", `${lines[0]}${more}`, {
    remedy:
      statement.line === null
        ? `${error.remedy} The models make it; see whether the SQL files make it as well, or lack what it needs.`
        : error.remedy,
    where: {
      ...(script.file === null ? {} : { file: script.file }),
      ...(statement.line === null ? {} : { line: statement.line }),
      statement: statement.sql,
    },
    cause: error,
    details: [
      ...error.details,
      ...others.slice(0, mostDetails),
      ...(others.length > mostDetails ? [`… and ${others.length - mostDetails} more`] : []),
    ],
    data: error.data,
  });
}
