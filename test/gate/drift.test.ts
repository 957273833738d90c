import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { loadDialect } from "../../src/dialect/registry.js";
import { aludel } from "../cli/run.js";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeRepository, persons, type Repository } from "./repository.js";

const environments = { production: "sqlite:production.db" };

async function deployed(more: Readonly<Record<string, unknown>> = {}): Promise<Repository> {
  const repository = await makeRepository({ environments, ...more });
  const { exit, stderr } = await repository.aludel("upgrade", "--env", "production");
  expect([exit, exit === 0 ? "" : stderr]).toEqual([0, ""]);
  return repository;
}

/** What somebody does in the database by hand. */
async function byHand({ folder }: Repository, sql: string): Promise<void> {
  const dialect = await loadDialect("sqlite");
  const connection = await dialect.connect(`sqlite:${join(folder, "production.db")}`, { directory: folder });
  await connection.run(sql);
  await connection.close();
}

async function drift(repository: Repository) {
  const { exit, stdout } = await repository.aludel("drift", "--env", "production", "--json");
  return { exit, ...(JSON.parse(stdout) as Readonly<Record<string, unknown>>) };
}

describe("drift of a database", () => {
  test("none", async () => {
    const repository = await deployed();
    expect(await drift(repository)).toMatchObject({
      exit: 0,
      changedByHand: [],
      pending: [],
      notDeployed: [],
    });
    const { stdout, stderr } = await repository.aludel("drift", "--env", "production");
    expect([stdout, stderr]).toEqual(["", expect.stringContaining("what its revisions made of it\n")]);
  });

  test("what somebody has changed, and what is not deployed, are two things", async () => {
    const repository = await deployed();
    await byHand(
      repository,
      "ALTER TABLE persons ADD COLUMN nickname TEXT; CREATE INDEX by_name ON persons (name)",
    );
    repository.write("models.ts", persons.replace("email: text(),", "email: text(),\n  phone: text(),"));
    const made = await repository.aludel("revision", "--autogenerate", "-m", "phone numbers");
    expect(made.exit).toBe(0);
    const found = await drift(repository);
    expect(found).toMatchObject({
      exit: 1,
      changedByHand: ["add column persons.nickname", "create index by_name on persons"],
      notDeployed: expect.arrayContaining(["add column persons.phone"]),
    });
    expect(found).toHaveProperty("pending.length", 1);
  });

  test("a change that is allowed", async () => {
    const allowedDrift = [{ match: "by_name", reason: "the search of last week" }];
    const repository = await deployed({ ci: { allowedDrift } });
    await byHand(repository, "CREATE INDEX by_name ON persons (name)");
    expect(await drift(repository)).toMatchObject({
      exit: 0,
      changedByHand: [],
      allowed: ["create index by_name on persons"],
    });
  });

  test("a database at revisions that no file has is no yes", async () => {
    const repository = await deployed();
    await byHand(repository, "UPDATE aludel_version SET version_num = 'gone1'");
    expect(await drift(repository)).toMatchObject({ exit: 1, unknown: ["gone1"], changedByHand: null });
  });
});

test("PostgreSQL is read in a session that can only read", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const table = "CREATE TABLE persons (id integer PRIMARY KEY, age integer CHECK (age > 0));\n";
  const folder = temporaryFolder({
    "aludel.config.json": JSON.stringify({
      schema: "schema.sql",
      dialect: "postgres",
      environments: { production: database.url },
    }),
    "schema.sql": table,
  });
  expect((await aludel(folder, ["revision", "--autogenerate", "-m", "persons"])).exit).toBe(0);
  expect((await aludel(folder, ["upgrade"])).exit).toBe(0);
  const calm = await aludel(folder, ["drift"]);
  expect([calm.exit, calm.stdout, calm.stderr]).toEqual([
    0,
    "",
    expect.stringContaining("what its revisions made of it"),
  ]);
  const dialect = await loadDialect("postgres");
  const connection = await dialect.connect(database.url, { directory: folder });
  await connection.run("ALTER TABLE persons DROP CONSTRAINT persons_age_check, ADD CHECK (age > 17)");
  await connection.run(dialect.readOnlySession(1_000));
  await expect(connection.run("CREATE TABLE other (id integer)")).rejects.toThrow(/read-only/);
  await connection.close();
  const changed = await aludel(folder, ["drift"]);
  expect([changed.exit, changed.stdout]).toEqual([1, expect.stringContaining("Changed by hand")]);
});

test("a schema that only the models speak of, and that somebody has made, is told as made by hand and not as missing", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const made = "CREATE SCHEMA later; CREATE TABLE later.visits (id integer);";
  const folder = temporaryFolder({
    "aludel.config.json": JSON.stringify({
      schema: "schema.sql",
      dialect: "postgres",
      environments: { production: database.url },
    }),
    "schema.sql": made,
  });
  const dialect = await loadDialect("postgres");
  const connection = await dialect.connect(database.url, { directory: folder });
  await connection.run(made);
  await connection.close();
  const { exit, stdout } = await aludel(folder, ["drift", "--json"]);
  expect([exit, JSON.parse(stdout)]).toMatchObject([
    1,
    { changedByHand: ["create schema later", "create table later.visits"], notDeployed: [] },
  ]);
});
