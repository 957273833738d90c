import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel, type RunOptions } from "./run.js";

const before = "CREATE TABLE persons (id INTEGER PRIMARY KEY, name TEXT NOT NULL, nick TEXT, age INTEGER);";

let folder: string;

/** A project whose models were changed since its only revision. */
async function project(models: string): Promise<void> {
  const config = {
    dialect: "sqlite",
    schema: "schema.sql",
    environments: { dev: "sqlite:dev.db", none: "sqlite:none/at/all.db" },
    defaultEnvironment: "dev",
  };
  folder = temporaryFolder({ "aludel.config.json": JSON.stringify(config), "schema.sql": before });
  await aludel(folder, ["revision", "--autogenerate", "-m", "first", "--no-verify", "--rev-id", "aaaa"]);
  await aludel(folder, ["upgrade"]);
  writeFileSync(join(folder, "schema.sql"), models);
}

async function insert(values: string): Promise<void> {
  const text = `-- a\n--\n-- Revision: bbbb\n-- Revises: aaaa\n-- Created: 2026-11-21T05:30:00Z\n\n-- aludel:upgrade\nINSERT INTO persons (name, nick) VALUES ${values};\n\n-- aludel:downgrade\nDELETE FROM persons;\n`;
  writeFileSync(join(folder, "revisions/b.sql"), text);
  expect((await aludel(folder, ["upgrade"])).stderr).toContain("bbbb");
}

async function generate(words: readonly string[] = [], options: RunOptions = {}) {
  const result = await aludel(
    folder,
    ["revision", "--autogenerate", "-m", "next", "--no-verify", ...words],
    options,
  );
  const written = readdirSync(join(folder, "revisions")).find((name) => name.includes("next"));
  return {
    ...result,
    file: written === undefined ? null : readFileSync(join(folder, "revisions", written), "utf8"),
  };
}

describe("a rename", () => {
  beforeEach(() =>
    project(
      "CREATE TABLE persons (id INTEGER PRIMARY KEY, full_name TEXT NOT NULL, handle TEXT, age INTEGER);",
    ),
  );

  test("is asked about on a terminal, and what became of one thing is not offered for another", async () => {
    const { exit, stderr, file } = await generate([], { answers: ["9", "x", "1", "2"] });
    expect(exit).toBe(0);
    expect(stderr).toContain(
      "The column persons.name is gone. What became of it?\n  1  it is persons.full_name now",
    );
    expect(stderr).toContain(
      "The column persons.nick is gone. What became of it?\n  1  it is persons.handle now\n  2  it is dropped",
    );
    expect(stderr).toContain(
      "The same without questions: --rename persons.name:persons.full_name --drop persons.nick",
    );
    expect(file).toContain('op.renameColumn("persons", "name", "full_name")');
    expect(file).toContain('op.dropColumn("persons", "nick")');
  });

  test.each([
    ["a pipe", [], {}],
    ["a build server", [], { answers: ["1"], variables: { CI: "true" } }],
    ["a machine", ["--json"], { answers: ["1"] }],
  ] as const)("stops with the flags for %s", async (_who, words, options) => {
    const { exit, stdout, stderr, file } = await generate(words, options);
    expect([exit, file]).toEqual([1, null]);
    const lines = (stdout + stderr).replaceAll("\n", " ");
    expect(lines).toContain(
      "--rename persons.name:persons.full_name  or  --rename persons.name:persons.handle  or  --drop persons.name",
    );
  });

  test("is taken from the flags, and the rest is asked", async () => {
    const { exit, stderr } = await generate(["--rename", "persons.name:persons.full_name"], {
      answers: ["1"],
    });
    expect([exit, stderr.includes("persons.name is gone")]).toEqual([0, false]);
  });

  test("an input that ends is no answer", async () => {
    const { exit, file } = await generate([], { answers: ["7"], end: true });
    expect([exit, file]).toEqual([1, null]);
  });
});

describe("rows in the way", () => {
  const strict =
    "CREATE TABLE persons (id INTEGER PRIMARY KEY, name TEXT NOT NULL, nick TEXT NOT NULL, age INTEGER, mail TEXT NOT NULL);";
  beforeEach(() => project(strict));

  test("no row, no question; the file says what it needs", async () => {
    const { exit, stderr, file } = await generate();
    expect([exit, stderr]).toEqual([0, expect.stringContaining("dev has no rows in the way.")]);
    expect(file).toContain("adding it fails when the table has rows");
  });

  test("a database that is not there yet has none", async () => {
    expect((await generate(["--env", "none"])).exit).toBe(0);
  });

  test("rows without NULL are only in the way of a new column", async () => {
    await insert("('a', 'b')");
    const { exit, stderr } = await generate();
    expect(exit).toBe(1);
    expect(stderr).toContain("error[rows-in-the-way]");
    expect(stderr).toContain(
      "persons.mail is NOT NULL without a default, and there are rows that need a value --backfill 'persons.mail=<SQL expression>'  or  --allow persons.mail",
    );
    expect(stderr).not.toContain("persons.nick");
  });

  test("flags answer, and the values are there after the upgrade", async () => {
    await insert("('a', NULL)");
    const flags = ["--backfill", "persons.mail=name || '@x'", "--backfill", "persons.nick='none'"];
    const { exit, file } = await generate(flags);
    expect(exit).toBe(0);
    expect(file).not.toContain("fails when");
    expect((await aludel(folder, ["upgrade"])).exit).toBe(0);
    expect((await aludel(folder, ["check", "--database"])).exit).toBe(0);
  });

  test("a terminal is asked; what is left as it is has its comment", async () => {
    await insert("('a', NULL)");
    const { exit, stderr, file } = await generate([], { answers: ["1", "", "lower(name)", "2"] });
    expect(exit).toBe(0);
    expect(stderr).toContain(
      "The same without questions: --backfill 'persons.mail=lower(name)' --allow persons.nick",
    );
    expect(file).toContain(`SET "mail" = lower(name) WHERE "mail" IS NULL`);
    expect(file).toContain("becomes NOT NULL: this fails when rows have NULL in it");
  });

  test("without a database that can be asked it is a question as well", async () => {
    writeFileSync(join(folder, "dev.db"), "this is no database");
    const { exit, stderr } = await generate();
    expect(exit).toBe(1);
    expect(stderr).toContain("No database was asked for rows:");
    expect(stderr).toContain("persons.mail is NOT NULL without a default: which value do rows get?");
  });

  test.each([
    ["--backfill", "persons.mial=1", "persons.mail"],
    ["--backfill", "persons.mail", "does not say what rows get"],
    ["--allow", "persons.age", "is about nothing that rows could be in the way of"],
    ["--map-value", "mood.a:mood.b", "is about nothing"],
  ])("%s %s is no answer", async (flag, value, said) => {
    const { exit, stderr } = await generate([flag, value]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(said)]);
  });
});

describe("a hint in the models", () => {
  const models =
    "-- aludel: rename persons.name:persons.full_name\nCREATE TABLE persons (id INTEGER PRIMARY KEY, full_name TEXT NOT NULL, nick TEXT, age INTEGER);";

  test("answers until a revision has the rename, and is then said to be in the way", async () => {
    await project(models);
    const first = await generate();
    expect(first.exit).toBe(0);
    expect(first.file).toContain('op.renameColumn("persons", "name", "full_name")');
    expect(first.stderr).toContain(
      'schema.sql:1: the revision has "rename persons.name:persons.full_name" now',
    );
    const spent =
      'schema.sql:1: the hint "rename persons.name:persons.full_name" is no longer needed, delete it';
    const again = await generate();
    expect([again.exit, again.stderr]).toEqual([0, expect.stringContaining(spent)]);
    const check = await aludel(folder, ["check"]);
    expect([check.exit, check.stderr]).toEqual([0, expect.stringContaining(spent)]);
    writeFileSync(join(folder, "schema.sql"), models.split("\n")[1] ?? "");
    expect((await aludel(folder, ["check"])).stderr).not.toContain("hint");
  });

  test("that leads to nothing stops with its place", async () => {
    await project(models.replace(":persons.full_name", ":persons.fullname"));
    const { exit, stderr, file } = await generate();
    expect([exit, file]).toEqual([2, null]);
    expect(stderr).toContain("error[models-invalid]");
    expect(stderr).toContain("at schema.sql:1");
  });
});

test("on PostgreSQL rows get their values part by part, and in a script of SQL by one statement", async () => {
  const config = { dialect: "postgres", schema: "schema.sql", environments: {} };
  const models = (columns: string) => `CREATE TABLE persons (id integer PRIMARY KEY, name text${columns});`;
  folder = temporaryFolder({ "aludel.config.json": JSON.stringify(config), "schema.sql": models("") });
  await aludel(folder, ["revision", "--autogenerate", "-m", "first", "--no-verify"]);
  writeFileSync(join(folder, "schema.sql"), models(", mail text NOT NULL"));
  const flags = ["--backfill", "persons.mail=lower(name)"];
  expect((await generate(flags)).file).toContain(
    'await op.backfill("persons", { set: { mail: sql`lower(name)` }, where: sql`"mail" IS NULL` });',
  );
  const [written = ""] = readdirSync(join(folder, "revisions")).filter((name) => name.includes("next"));
  rmSync(join(folder, "revisions", written));
  expect((await generate(["--sql", ...flags])).file).toContain(
    `UPDATE "persons" SET "mail" = lower(name) WHERE "mail" IS NULL;`,
  );
});
