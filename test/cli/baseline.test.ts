import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadDialect } from "../../src/dialect/registry.js";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const lite = `create table "Order ""x""" (id integer primary key, name text not null unique);
create table visits (id integer primary key, by integer references "Order ""x""" (id));
create index visits_by on visits (by);
create table knex_migrations (id integer primary key, name text);
create view recent as select id from visits;`;

const shop = `create schema audit;
create type mood as enum ('sad', 'it''s ok');
create table persons (id bigint generated always as identity primary key, mood mood default 'sad', email text unique);
create table audit.entries (id bigint primary key, person bigint references persons (id));
create index by_person on audit.entries (person);
create view sad as select id from persons where mood = 'sad';
create table _prisma_migrations (id text primary key);
comment on table persons is 'it''s them';`;

/** They call each other, and read what only the path of their callers has. */
const callers = `set check_function_bodies = off; set search_path = audit;
create function audit.odd(n int) returns bool language sql as 'select n > 0 and even(n - 1) from entries';
create function audit.even(n int) returns bool language sql as 'select n = 0 or odd(n - 1) from entries';
create function audit.last() returns bigint language sql as 'select max(id) from entries';`;

function folderOf(files: Record<string, string> = {}): string {
  const folder = temporaryFolder({ "package.json": '{"type":"module"}', ...files });
  symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(folder, "node_modules"));
  return folder;
}

async function makeFile(folder: string, script: string): Promise<void> {
  const dialect = await loadDialect("sqlite");
  const connection = await dialect.connect("sqlite:./app.db", { directory: folder });
  await connection.run(script);
  await connection.close();
}

const idOf = (text: string) => /^ {2}aludel stamp (\w+)/m.exec(text)?.[1] ?? "";

describe("revision --baseline", () => {
  const config = '{ "schema": "schema.sql", "environments": { "app": "sqlite:./app.db" } }';

  test("writes, proves, and says how to stamp", async () => {
    const folder = folderOf({ "aludel.config.json": config, "schema.sql": lite });
    await makeFile(folder, lite);
    const { exit, stdout, stderr } = await aludel(folder, ["revision", "--baseline", "-m", "as it is"]);
    expect(stderr).toMatch(/create table Order "x"/);
    expect(stderr).toContain("Ignored: 1 object (1 × Knex)");
    expect(stderr).toMatch(/proved on .*upgrade, models equal, downgrade, start equal, upgrade again/);
    expect(stderr).toMatch(/has all of this already\. .*\n {2}aludel stamp \w+ --env app$/m);
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/^revisions\/\d+_as_it_is\.ts\n$/)]);
    expect((await aludel(folder, ["stamp", idOf(stderr)])).exit).toBe(0);
    const current = await aludel(folder, ["current", "--check-heads"]);
    expect(current.exit).toBe(0);
    expect((await aludel(folder, ["diff", "heads", "database"])).exit).toBe(0);
  });

  test("--stamp does it, and --json is one document", async () => {
    const folder = folderOf({ "aludel.config.json": config });
    await makeFile(folder, lite);
    const { exit, stdout } = await aludel(folder, ["revision", "--baseline", "--stamp", "--json"]);
    expect(exit).toBe(0);
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({
      stamped: true,
      uninspected: [],
      ignored: [{ kind: "table", name: "knex_migrations", because: "Knex" }],
    });
    expect((await aludel(folder, ["current"])).stdout).toContain(answer.revision);
    const again = await aludel(folder, ["revision", "--baseline"]);
    expect([again.exit, again.stderr]).toEqual([2, expect.stringContaining("There is a revision")]);
  });

  test("a database that is at a revision, and one with nothing in it", async () => {
    const folder = folderOf({ "aludel.config.json": config });
    await makeFile(
      folder,
      "create table aludel_version (version_num text primary key); insert into aludel_version values ('4f2a');",
    );
    const versioned = await aludel(folder, ["revision", "--baseline"]);
    expect(versioned.stderr).toContain("is at revision 4f2a already");
    await makeFile(folder, "delete from aludel_version; create table _prisma_migrations (id integer)");
    const empty = await aludel(folder, ["revision", "--baseline"]);
    expect(empty.stderr).toMatch(/has nothing to write down[\s\S]*left out: 1 × Prisma[\s\S]*--other-tools/);
    expect(existsSync(join(folder, "revisions"))).toBe(false);
  });

  test.each([
    [["--baseline", "--autogenerate"], "each say"],
    [["--stamp", "-m", "x"], "--stamp belongs to --baseline"],
  ])("%s is refused", async (words, message) => {
    const folder = folderOf({ "aludel.config.json": config });
    const { exit, stderr } = await aludel(folder, ["revision", ...words]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe("init --from-database", () => {
  test("a file: configuration, schema and revision, and then nothing is left to do", async () => {
    const folder = folderOf();
    await makeFile(folder, lite);
    const words = ["init", "--yes", "--from-database", "sqlite:./app.db", "--stamp"];
    const { exit, stderr } = await aludel(folder, words);
    expect([exit, stderr]).toEqual([0, expect.stringContaining("wrote schema.sql")]);
    expect(
      readFileSync(join(folder, "aludel.config.ts"), "utf8"),
    ).toBe(`import { defineConfig } from "aludel";

export default defineConfig({
  schema: "./schema.sql",
  dialect: "sqlite",
  revisions: "revisions",
  environments: {
    development: { url: "sqlite:./app.db" },
  },
});
`);
    expect(readFileSync(join(folder, "schema.sql"), "utf8")).not.toContain("knex_migrations");
    expect((await aludel(folder, ["check"])).exit).toBe(0);
    expect((await aludel(folder, ["check", "--database"])).exit).toBe(0);
    expect((await aludel(folder, ["upgrade"])).stderr).not.toContain("create table");
  });

  test("PostgreSQL: the URL stays out of the file", async () => {
    const database = await createTestDatabase();
    try {
      const dialect = await loadDialect("postgres");
      const connection = await dialect.connect(database.url, { directory: process.cwd() });
      await connection.run(shop);
      await connection.run(callers);
      await connection.close();
      const folder = folderOf({ ".env": `SHOP_URL=${database.url}\n` });
      const { exit, stdout, stderr } = await aludel(folder, ["init", "--yes", "--from-database", "--json"]);
      expect([exit, stderr]).toEqual([0, expect.stringContaining("proved on")]);
      expect(JSON.parse(stdout)).toMatchObject({ stamped: false, ignored: [{ because: "Prisma" }] });
      const config = readFileSync(join(folder, "aludel.config.ts"), "utf8");
      expect(config).toContain('development: { url: env("SHOP_URL") }');
      expect((await aludel(folder, ["check"])).exit).toBe(0);
      expect((await aludel(folder, ["check", "--database"])).exit).toBe(0);
    } finally {
      await database.drop();
    }
  });

  test("what other tools keep, when it is asked for", async () => {
    const folder = folderOf();
    await makeFile(folder, lite);
    const words = ["init", "--yes", "--from-database", "sqlite:./app.db", "--other-tools", "--stamp"];
    const { exit, stderr } = await aludel(folder, words);
    expect([exit, stderr]).toEqual([0, expect.stringContaining("create table knex_migrations")]);
    expect(stderr).not.toContain("Ignored");
    expect((await aludel(folder, ["check"])).exit).toBe(0);
    expect((await aludel(folder, ["check", "--database"])).exit).toBe(0);
  });

  test("models that are there stay the models", async () => {
    const models = `import { sqliteTable, integer } from "drizzle-orm/sqlite-core";
      export const visits = sqliteTable("visits", { id: integer().primaryKey() });`;
    const folder = folderOf({ "src/schema.ts": models });
    await makeFile(
      folder,
      "create table visits (id integer primary key); create table more (id integer primary key);",
    );
    const { exit, stderr } = await aludel(folder, ["init", "--yes", "--from-database", "sqlite:./app.db"]);
    expect([exit, stderr]).toEqual([0, expect.stringContaining("not what the database is, in 1 places")]);
    expect(existsSync(join(folder, "schema.sql"))).toBe(false);
    expect(readFileSync(join(folder, "aludel.config.ts"), "utf8")).toContain('schema: "./src/schema.ts"');
  });

  test("nothing is left behind by a database that cannot be had", async () => {
    const folder = folderOf();
    const { exit } = await aludel(folder, ["init", "--yes", "--from-database", "sqlite:./none.db"]);
    expect(exit).toBe(2);
    expect(readdirSync(folder)).not.toContain("aludel.config.ts");
    const unset = await aludel(folder, ["init", "--yes", "--from-database"]);
    expect(unset.stderr).toContain("DATABASE_URL is not set");
    const lone = await aludel(folder, ["init", "--yes", "--stamp"]);
    expect(lone.stderr).toContain("--stamp belongs to --from-database");
  });
});
