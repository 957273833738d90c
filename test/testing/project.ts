import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { temporaryFolder } from "../temporary-folder.js";

/** Before any test has set another one. */
const systemFolder = tmpdir();
const root = join(import.meta.dirname, "../..");

/** A revision in SQL. */
export function revision(id: string, revises: string | null, up: string, down: string): string {
  const header = ["", `Revision: ${id}`, `Revises: ${revises ?? "none"}`, "Created: 2026-11-21T05:30:00Z"];
  const lines = [`revision ${id}`, ...header].map((line) => `-- ${line}`.trimEnd());
  return `${lines.join("\n")}\n\n-- aludel:upgrade\n\n${up}\n\n-- aludel:downgrade\n\n${down}\n`;
}

export const tables = `CREATE TABLE "Person" (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE "naïve ""order""" (id integer PRIMARY KEY, person_id integer REFERENCES "Person" (id));`;
const drops = `DROP TABLE "naïve ""order""";\nDROP TABLE "Person";`;

export interface ProjectOptions {
  /** Text of files, beside those that every project has. */
  readonly files?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A project whose models are `tables`, with one revision that makes them; it finds Aludel as an installed one does. */
export function makeProject(
  dialect: "postgres" | "sqlite",
  url: string,
  { files = {}, config = {} }: ProjectOptions = {},
): string {
  const folder = temporaryFolder({
    "package.json": '{ "type": "module" }',
    "aludel.config.json": JSON.stringify({
      dialect,
      schema: "schema.sql",
      environments: { test: { url } },
      ...config,
    }),
    "schema.sql": tables,
    "revisions/1_first.sql": revision("aaaa", null, tables, drops),
    ...files,
  });
  const own = join(folder, "node_modules");
  mkdirSync(own);
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(own, name));
  }
  symlinkSync(root, join(own, "aludel"));
  makeTemporary(join(folder, "tmp"));
  return folder;
}

/** A folder for test databases that are files. What PGlite begins with, which takes seconds to make, is taken from elsewhere. */
export function makeTemporary(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const cache = `aludel-cache-${process.getuid?.() ?? "user"}`;
  mkdirSync(join(systemFolder, cache), { recursive: true, mode: 0o700 });
  symlinkSync(join(systemFolder, cache), join(folder, cache));
  return folder;
}

/** Files of a project's own. */
export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Starts a program of Node in a project. */
export function start(folder: string, words: readonly string[]): ChildProcess {
  const {
    VITEST: _,
    VITEST_WORKER_ID: __,
    VITEST_POOL_ID: ___,
    VITEST_MODE: ____,
    ...variables
  } = process.env;
  const { NODE_ENV: _____, TEST: ______, NODE_TEST_CONTEXT: _______, ...rest } = variables;
  return spawn(process.execPath, [...words], {
    cwd: folder,
    env: { ...rest, TMPDIR: join(folder, "tmp"), NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly output: string;
}

/** Waits for a program; what it printed, stdout and stderr. */
export async function untilEnd(child: ChildProcess): Promise<Ended> {
  const parts: string[] = [];
  child.stdout?.on("data", (part) => parts.push(String(part)));
  child.stderr?.on("data", (part) => parts.push(String(part)));
  const [status, signal] = (await once(child, "close")) as [number | null, string | null];
  return { status, signal, output: parts.join("") };
}

/** Runs a program of Node in a project. */
export function run(folder: string, ...words: readonly string[]): Promise<Ended> {
  return untilEnd(start(folder, words));
}

/** Runs a module in a project. */
export function script(folder: string, text: string): Promise<Ended> {
  return run(folder, "--input-type=module", "-e", text);
}

/** Rows of a query. */
export async function query(url: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
