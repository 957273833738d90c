import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dialects } from "../../src/dialect/registry.js";
import { createTestDatabase, type TestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const revision = (id: string, revises: string | null, sql: string) => `-- ${id}
--
-- Revision: ${id}
-- Revises:${revises === null ? "" : ` ${revises}`}
-- Created: 2026-11-21T05:30:00Z

-- aludel:upgrade

${sql}

-- aludel:downgrade

SELECT 1;
`;

const first = `CREATE TABLE person (id bigint PRIMARY KEY, "naïve ü" text, age int);
CREATE TABLE "Order" (id bigint PRIMARY KEY, person_id bigint);`;
const second = `ALTER TABLE "Order" ADD CONSTRAINT order_person FOREIGN KEY (person_id) REFERENCES person (id);
ALTER TABLE person ALTER COLUMN age TYPE bigint;`;
const third = "CREATE INDEX CONCURRENTLY person_age ON person (age);";

function project(...more: readonly string[]): string {
  const [last = third] = more;
  return temporaryFolder({
    "aludel.config.json": JSON.stringify({ dialect: "postgres", scratch: database.url }),
    "revisions/1_a.sql": revision("aaaa", null, first),
    "revisions/2_b.sql": revision("bbbb", "aaaa", second),
    "revisions/3_c.sql": revision("cccc", "bbbb", last),
  });
}

interface TracedRecord extends Readonly<Record<string, unknown>> {
  readonly measured: {
    readonly durationMs: number;
    readonly walBytes: number;
    readonly locksSeen: string;
    readonly rows: Readonly<Record<string, number>>;
  };
  readonly estimated: { readonly durationMs: number } | null;
}

const read = (json: string) => JSON.parse(json) as readonly TracedRecord[];

async function scratchDatabases(): Promise<readonly unknown[]> {
  const dialect = await dialects.postgres.load();
  const connection = await dialect.connect(database.url, { directory: "/" });
  try {
    return await connection.query("SELECT datname FROM pg_database WHERE datname LIKE 'aludel_scratch_%'");
  } finally {
    await connection.close();
  }
}

describe("revisions", () => {
  test("of a range, statement by statement", async () => {
    const before = await scratchDatabases();
    const { exit, stdout, stderr } = await aludel(project(), ["trace", "bbbb:head", "--json"]);
    expect(stderr).toContain("3 statements traced on temporary database");
    expect(exit).toBe(0);
    const statements = read(stdout);
    const isRight = { differences: [], analysed: true };
    expect(statements).toMatchObject([
      {
        revision: "bbbb",
        file: "revisions/2_b.sql",
        line: 9,
        locks: { "public.Order": "SHARE ROW EXCLUSIVE", "public.person": "SHARE ROW EXCLUSIVE" },
        foreignKeyChecks: ["public.Order"],
        ...isRight,
      },
      { line: 10, locks: { "public.person": "ACCESS EXCLUSIVE" }, rewrites: ["public.person"], ...isRight },
      {
        revision: "cccc",
        locks: { "public.person": "SHARE UPDATE EXCLUSIVE" },
        indexBuilds: ["public.person"],
        transaction: "forbidden",
        ...isRight,
      },
    ]);
    expect(statements.map(({ measured }) => measured.locksSeen)).toEqual(["held", "held", "sampled"]);
    expect(statements[1]?.measured.walBytes).toBeGreaterThan(0);
    expect(await scratchDatabases()).toEqual(before);
  });

  test("for a person, with a picture", async () => {
    const folder = project();
    const { exit, stdout } = await aludel(folder, ["trace", "bbbb", "--svg", "locks.svg"]);
    expect(exit).toBe(0);
    expect(stdout).toContain("ACCESS EXCLUSIVE on public.person: nobody can read or write it");
    expect(stdout).toContain("checks the foreign keys of public.Order");
    expect(
      stdout.split("\n").filter((line) => /^ {2}public\.\w+ +\S+$/.test(line.replace("▒ █", "▒█"))),
    ).toHaveLength(2);
    const svg = readFileSync(join(folder, "locks.svg"), "utf8");
    expect(svg).toMatch(/^<svg xmlns/);
    expect(svg).toContain("ACCESS EXCLUSIVE, statement 2");
  });

  test("a statement that fails is named, and nothing is left behind", async () => {
    const before = await scratchDatabases();
    const folder = project("ALTER TABLE person ADD COLUMN n int;\nALTER TABLE nowhere ADD COLUMN n int;");
    const { exit, stderr } = await aludel(folder, ["trace"]);
    expect(exit).toBe(2);
    expect(stderr).toContain('relation "nowhere" does not exist');
    expect(stderr).toContain("Nothing of revision cccc is applied: it was rolled back.");
    expect(stderr).toContain("It ran on a scratch database");
    expect(stderr).not.toContain("aludel upgrade");
    expect(await scratchDatabases()).toEqual(before);
  });

  test("an interrupted trace leaves nothing behind", async () => {
    const before = await scratchDatabases();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1500).unref();
    const folder = project("SELECT pg_sleep(60);");
    const { exit, stderr } = await aludel(folder, ["trace"], { signal: stop.signal });
    expect(exit).toBe(2);
    expect(stderr).toContain("The trace was interrupted");
    expect(await scratchDatabases()).toEqual(before);
  });

  test("rows are made first, and more than that are estimated", async () => {
    const { exit, stdout } = await aludel(project(), ["trace", "bbbb", "--json", "--rows", "person=100001"]);
    expect(exit).toBe(0);
    const [check, rewrite] = read(stdout);
    expect(rewrite?.measured.rows).toEqual({ "public.person": 100_000 });
    expect(check?.estimated).toBeNull();
    expect(rewrite?.estimated?.durationMs).toBeGreaterThanOrEqual(rewrite?.measured.durationMs ?? Infinity);
    expect(rewrite?.measured.walBytes).toBeGreaterThan(1_000_000);
  });

  test("a table that is not there is told", async () => {
    const { exit, stderr } = await aludel(project(), ["trace", "bbbb", "--rows", "nowhere=10"]);
    expect(exit).toBe(2);
    expect(stderr).toContain("There is no table nowhere before what is traced");
  });
});

describe("files of SQL", () => {
  const files = {
    "db/1.sql": `${first}\n\\set x 1\n`,
    "db/2.sql": `BEGIN;\n${second}\nCOMMIT;\nVACUUM person;\n`,
    "db/3.sql": "ALTER TABLE person ADD COLUMN n int;\nALTER TABLE person ADD COLUMN n int;\n",
  };

  test("are one history, without a configuration", async () => {
    const folder = temporaryFolder(files);
    const words = ["trace", "db/1.sql", "db/2.sql", "--url", database.url];
    const { exit, stdout, stderr } = await aludel(folder, [...words, "--json"]);
    expect([exit, stderr]).toEqual([0, expect.stringContaining("8 statements traced")]);
    const statements = read(stdout);
    expect(statements.map(({ locks }) => locks)).toEqual([
      {},
      {},
      {},
      {},
      { "public.Order": "SHARE ROW EXCLUSIVE", "public.person": "SHARE ROW EXCLUSIVE" },
      { "public.person": "ACCESS EXCLUSIVE" },
      {},
      { "public.person": "SHARE UPDATE EXCLUSIVE" },
    ]);
    expect(statements[2]?.["skipped"]).toBe("a command of psql is not run");
  });

  test("of which one fails", async () => {
    const words = ["trace", "db/1.sql", "db/3.sql", "--url", database.url];
    const { exit, stderr } = await aludel(temporaryFolder(files), words);
    expect(exit).toBe(2);
    expect(stderr).toContain('column "n" of relation "person" already exists');
    expect(stderr).toContain("db/3.sql:2");
    expect(stderr).toContain("The statement before it in its transaction was rolled back with it.");
  });
});

test("SQLite has nothing to trace, and says why", async () => {
  const folder = temporaryFolder({
    "aludel.config.json": '{ "dialect": "sqlite" }',
    "revisions/1_a.sql": revision("aaaa", null, "CREATE TABLE a (id int);"),
  });
  const { exit, stderr } = await aludel(folder, ["trace"]);
  expect(exit).toBe(2);
  expect(stderr).toContain("There is nothing to trace on sqlite");
  expect(stderr).toContain("every statement that writes keeps all other writers out");
});

test("where the server cannot be reached the ways to another one are named", async () => {
  const folder = temporaryFolder({
    "aludel.config.json": '{ "dialect": "postgres", "scratch": "postgres://u@127.0.0.1:1/d" }',
    "revisions/1_a.sql": revision("aaaa", null, "CREATE TABLE a (id int);"),
  });
  const { exit, stderr } = await aludel(folder, ["trace"]);
  expect(exit).toBe(2);
  expect(stderr).toContain("scratch-unavailable");
  expect(stderr).toContain('or to "pglite:"');
  expect(stderr).toContain("a server on this machine or PGlite is used");
});
