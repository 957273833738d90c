import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Connection, Row } from "../../src/dialect/connection.js";
import { dialectOfUrl, loadDialect } from "../../src/dialect/registry.js";
import type { Schema } from "../../src/schema/schema.js";
import { aludel, type Result, type RunOptions } from "../cli/run.js";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";

/** A project in a folder of its own with a database of its own. */
export interface TestProject {
  readonly folder: string;
  readonly url: string;
  /** Runs a command line in this process. */
  run(line: string, options?: RunOptions): Promise<Result>;
  /** The same with `--json`; its answer, read. */
  json(line: string): Promise<{ readonly exit: number; readonly answer: Record<string, unknown> }>;
  query(sql: string): Promise<readonly Row[]>;
  execute(script: string): Promise<void>;
  /** Of this project's database, without Aludel's own tables. */
  inspect(): Promise<Schema>;
  /** The version table's rows, sorted. */
  rows(): Promise<readonly string[]>;
  log(): Promise<readonly Row[]>;
  write(name: string, text: string): void;
  remove(name: string): void;
}

export type Engine = "sqlite" | "postgres" | "pglite";

const own = [
  { namespace: null, name: "aludel_version" },
  { namespace: null, name: "aludel_run_log" },
  { namespace: null, name: "aludel_state" },
];

/** Calls `use` with a session on the database. */
export async function on<T>(
  url: string,
  directory: string,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const dialect = await loadDialect(dialectOfUrl(url));
  const connection = await dialect.connect(url, { directory });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

export async function inspectUrl(url: string, directory: string): Promise<Schema> {
  const dialect = await loadDialect(dialectOfUrl(url));
  return on(url, directory, (connection) =>
    dialect.inspect(connection, { namespaces: "all", ignoreTables: own }),
  );
}

/** The URL of a new empty database, gone when the test is over. */
export async function newDatabase(engine: Engine): Promise<string> {
  if (engine === "sqlite") return "sqlite:dev.db";
  if (engine === "pglite") return "pglite:./data";
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

export async function testProject(
  engine: Engine,
  files: Readonly<Record<string, string>>,
): Promise<TestProject> {
  const url = await newDatabase(engine);
  const config = { environments: { dev: url } };
  return projectAt(temporaryFolder({ "aludel.config.json": JSON.stringify(config), ...files }), url);
}

/** The project in a folder that is there already. */
export function projectAt(folder: string, url: string): TestProject {
  const query = (sql: string) => on(url, folder, (connection) => connection.query(sql));
  const run = (line: string, options: RunOptions = {}) => aludel(folder, line.split(" "), options);
  return {
    folder,
    url,
    run,
    json: async (line) => {
      const { exit, stdout } = await run(`${line} --json`);
      return { exit, answer: JSON.parse(stdout) as Record<string, unknown> };
    },
    query,
    execute: (script) => on(url, folder, (connection) => connection.run(script)),
    inspect: () => inspectUrl(url, folder),
    rows: async () =>
      (await query("SELECT version_num FROM aludel_version ORDER BY 1")).map((row) =>
        String(row["version_num"]),
      ),
    log: () => query("SELECT * FROM aludel_run_log ORDER BY id"),
    write: (name, text) => writeFileSync(join(folder, name), text),
    remove: (name) => rmSync(join(folder, name)),
  };
}

export interface RevisionText {
  readonly id: string;
  readonly revises?: string | readonly string[] | null;
  readonly message?: string;
  /** Body of the function. */
  readonly up?: string;
  /** Body of the function; `null` says that there is no way back. */
  readonly down?: string | null;
  readonly more?: string;
  readonly before?: string;
}

/** The text of a revision file. */
export function revision(text: RevisionText): string {
  const { id, revises = null, message = `revision ${id}`, up = "", down = "", more = "", before = "" } = text;
  const parents = revises === null ? "<base>" : [revises].flat().join(", ");
  return `/**
 * ${message}
 *
 * Revision: ${id}
 * Revises: ${parents}
 * Created: 2026-11-21T05:30:00Z
 */
import { defineRevision, sql, t } from "aludel";
${before}
export default defineRevision({
  id: "${id}",
  revises: ${JSON.stringify(revises)},
  ${more}
  async upgrade(op) {
    ${up}
  },
  ${down === null ? 'downgrade: "there is no way back"' : `async downgrade(op) {\n    ${down}\n  }`},
});
`;
}

/** Files of revisions, by their ids. */
export function revisions(...texts: readonly RevisionText[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => [`revisions/${text.id}.ts`, revision(text)]));
}
