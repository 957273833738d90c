import { mkdtempSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { expectNoDrift, type TestDatabase, testDatabase } from "../../src/testing.js";
import { createTestDatabase, type TestDatabase as ServerDatabase } from "../server/postgres-server.js";
import { makeProject, makeTemporary, query, revision, tables } from "./project.js";

let server: ServerDatabase;
let folder: string;
beforeAll(async () => {
  server = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), "aludel-test-"));
  vi.stubEnv("TMPDIR", makeTemporary(join(folder, "tmp")));
});
const made: TestDatabase[] = [];
afterEach(async () => {
  for (const one of made.splice(0)) await one.close();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
  await server.drop();
});

const configOf = (project: string) => join(project, "aludel.config.json");

async function fresh<Client>(project: string, url?: string): Promise<TestDatabase<Client>> {
  const database = await testDatabase<Client>({ config: configOf(project), url });
  made.push(database);
  return database;
}

const messageOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "nothing was thrown",
    (error: Error) => error.message,
  );

describe("on a server", () => {
  test("is at head, and has what a copy would not have by itself", async () => {
    const project = makeProject("postgres", server.url, {
      files: {
        "revisions/2_settings.sql": revision(
          "bbbb",
          "aaaa",
          `INSERT INTO "Person" (id, name) VALUES (1, 'Ada');
DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET search_path TO app, public', current_database());
  EXECUTE format('ALTER DATABASE %I SET "app.name" TO %L', current_database(), 'it''s, here');
END $$;`,
          "SELECT 1;",
        ),
      },
    });
    const database = await fresh(project);
    expect(database).toMatchObject({ dialect: "postgres", name: expect.stringMatching(/^aludel_test_/) });
    const rows = await query(
      database.url,
      `SELECT name, current_database() AS database, current_setting('search_path') AS path,
       current_setting('app.name') AS setting, (SELECT version_num FROM aludel_version) AS version FROM "Person"`,
    );
    expect(rows).toEqual([
      { name: "Ada", database: database.name, path: "app, public", setting: "it's, here", version: "bbbb" },
    ]);
    await expectNoDrift(database);
  });

  test("is gone after close, whoever is connected, and closes twice", async () => {
    const database = await fresh(makeProject("postgres", server.url));
    await query(database.url, "SELECT 1");
    await database.close();
    await database[Symbol.asyncDispose]();
    await expect(query(database.url, "SELECT 1")).rejects.toMatchObject({ code: "3D000" });
  });

  test("many at once are many", async () => {
    const project = makeProject("postgres", server.url);
    const all = await Promise.all([1, 2, 3, 4].map(() => fresh(project)));
    expect(new Set(all.map(({ name }) => name)).size).toBe(4);
  });

  test("says which property it has", async () => {
    const database = await fresh(makeProject("postgres", server.url));
    expect(() => database.file).toThrow(/has no `file`.*127\.0\.0\.1/);
    expect(() => database.client).toThrow(expect.objectContaining({ code: "test-database-kind" }));
  });

  test("a revision that fails says so, and leaves no template", async () => {
    const project = makeProject("postgres", server.url, {
      files: {
        "revisions/2_bad.sql": revision("bbbb", "aaaa", "CREATE TABLE x (id nosuchtype);", "SELECT 1;"),
      },
    });
    const message = await messageOf(fresh(project));
    expect(message).toContain("error[upgrade-failed]");
    expect(message).toContain("bbbb");
    expect(message).toContain("→ ");
    const rows = await query(
      server.url,
      `SELECT datname FROM pg_database WHERE shobj_description(oid, 'pg_database') LIKE '%${project}%'`,
    );
    expect(rows).toEqual([]);
  });

  test("nothing is made on a server that is elsewhere and not named as scratch", async () => {
    const project = makeProject("postgres", "postgres://app:geheim@db.example.com/shop");
    const message = await messageOf(fresh(project));
    expect(message).toContain("error[scratch-unavailable]");
    expect(message).toContain("`scratch`");
    expect(message).not.toContain("geheim");
  });
});

describe("PGlite", () => {
  test("is a copy with its extensions, and keeps its own way with values", async () => {
    const project = makeProject("postgres", "pglite:", {
      config: { schema: [] },
      files: {
        "revisions/2_more.sql": revision(
          "bbbb",
          "aaaa",
          "CREATE EXTENSION pg_trgm; CREATE TABLE at (moment timestamptz);",
          "SELECT 1;",
        ),
      },
    });
    const [a, b] = [await fresh<PGlite>(project), await fresh<PGlite>(project)];
    await a.client.exec(`INSERT INTO "Person" VALUES (1, 'Ada')`);
    expect((await b.client.query('SELECT * FROM "Person"')).rows).toEqual([]);
    expect((await b.client.query("SELECT similarity('aludel', 'aludels') > 0.5 AS near")).rows).toEqual([
      { near: true },
    ]);
    // There are no models to compare it with; it is connected to all the same.
    expect(await messageOf(expectNoDrift(a))).toContain("error[models-not-found]");
    expect((await a.client.query<{ now: unknown }>("SELECT now() AS now")).rows[0]?.now).toBeInstanceOf(Date);
    expect(() => a.url).toThrow(/PGlite in memory/);
    await a.close();
    expect(a.client.closed).toBe(true);
  });
});

describe("SQLite", () => {
  test("is a file of its own", async () => {
    const project = makeProject("sqlite", "sqlite:./dev.db", {
      files: {
        "revisions/2_wal.sql": revision(
          "bbbb",
          "aaaa",
          `INSERT INTO "Person" VALUES (1, 'Ada');`,
          "SELECT 1;",
        ),
      },
    });
    const [a, b] = [await fresh(project), await fresh(project)];
    expect(a.file).not.toBe(b.file);
    expect(new URL(a.url).pathname).toBe(a.file);
    await expectNoDrift(a);
    await expectNoDrift(b.url, { config: configOf(project) });
  });
});

describe("expectNoDrift", () => {
  const sqlite = () => makeProject("sqlite", "sqlite:./dev.db");

  test("names what differs, and the revision that is missing", async () => {
    const project = sqlite();
    await expectNoDrift(undefined, { config: configOf(project) });
    await writeFile(join(project, "schema.sql"), `${tables}\nCREATE TABLE extra (id integer PRIMARY KEY);`);
    const error = await expectNoDrift(undefined, { config: configOf(project) }).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: "AssertionError", code: "ERR_ASSERTION" });
    expect(
      error.message,
    ).toBe(`The database is not what the models say, in one place. From the database to the models:
  - create table extra
→ The models need a revision: aludel revision --autogenerate -m "…"`);
  });

  test("tells a database that somebody changed, and one that has not all revisions", async () => {
    const project = sqlite();
    const database = await fresh(project);
    const { default: Database } = await import("libsql");
    const client = new Database(database.file);
    client.exec('ALTER TABLE "Person" ADD COLUMN age integer');
    const changed = await messageOf(expectNoDrift(database));
    expect(changed).toContain(
      "  - drop column Person.age\n→ The database is not what its revisions made of it",
    );
    client.exec(`DROP TABLE "naïve ""order"""; DELETE FROM aludel_version;`);
    client.close();
    expect(await messageOf(expectNoDrift(database))).toContain(
      "does not have all revisions (aaaa): aludel upgrade",
    );
  });

  test("refuses what is no database", async () => {
    const message = await messageOf(expectNoDrift({} as TestDatabase));
    expect(message).toContain("error[usage]");
  });
});
