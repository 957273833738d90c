import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { migrationTests } from "../../src/testing.js";
import { createTestDatabase } from "../server/postgres-server.js";
import { makeProject, revision, script, tables, write } from "./project.js";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

/** Runs the declared tests one after the other; what each failed with, or `null`. */
async function outcomes(project: string): Promise<Readonly<Record<string, string | null>>> {
  vi.stubEnv("TMPDIR", join(project, "tmp"));
  const tests: (readonly [string, () => Promise<void>])[] = [];
  migrationTests({
    config: join(project, "aludel.config.json"),
    describe: (_name, declare) => declare(),
    test: (name, run) => void tests.push([name, run]),
  });
  const found: Record<string, string | null> = {};
  for (const [name, run] of tests) {
    found[name] = await run().then(
      () => null,
      (error: Error) => error.message,
    );
  }
  return found;
}

const names = {
  head: "have a single head",
  back: "go up, down and up again",
  models: "make what the models say",
  steps: "make the same at once and one by one",
} as const;

const sqlite = (files: Readonly<Record<string, string>> = {}) =>
  makeProject("sqlite", "sqlite:./dev.db", { files });

describe("each of the standard tests", () => {
  test("passes where all is well", async () => {
    const all = Object.fromEntries(Object.values(names).map((name) => [name, null]));
    expect(await outcomes(sqlite())).toEqual(all);
    expect(await outcomes(makeProject("sqlite", "sqlite:./dev.db", { config: { schema: [] } }))).toEqual(all);
  });

  test("names the heads", async () => {
    const found = await outcomes(
      sqlite({
        "revisions/2_b.sql": revision("bbbb", "aaaa", "SELECT 1;", "SELECT 1;"),
        "revisions/3_c.sql": revision("cccc", "aaaa", "SELECT 1;", "SELECT 1;"),
      }),
    );
    expect(found[names.head]).toMatch(
      /^There are 2 heads\n {2}- bbbb .*2_b\.sql\)\n {2}- cccc .*\n→ .*aludel merge/,
    );
  });

  test("names the revision whose way back leaves something, and the one that cannot be undone", async () => {
    const found = await outcomes(
      sqlite({
        "revisions/2_b.sql": revision("bbbb", "aaaa", "CREATE TABLE left_behind (id integer);", "SELECT 1;"),
        "revisions/3_c.sql": revision(
          "cccc",
          "bbbb",
          "CREATE TABLE c (id integer);",
          "DROP TABLE no_such_table;",
        ),
      }),
    );
    const message = found[names.back] ?? "";
    expect(message).toContain("2 revisions do not do what they should");
    expect(message).toMatch(/bbbb .*2_b\.sql\)\n {4}start equal failed\n {6}drop table left_behind/);
    expect(message).toMatch(/cccc .*3_c\.sql\)\n {4}downgrade failed\n.*no_such_table/);
    expect(message).toMatch(/→ Let downgrade\(\) undo .* aludel verify bbbb$/);
    expect(found[names.models]).toMatch(/left_behind[\s\S]*→ The models need a revision/);
  });

  test("a project without a configuration says so in every test", async () => {
    const project = sqlite();
    writeFileSync(join(project, "aludel.config.json"), "{ no JSON");
    for (const message of Object.values(await outcomes(project))) {
      expect(message).toContain("error[config-unloadable]");
    }
  });
});

test("a setting that a revision leaves behind is found, with the revision that it changes", async () => {
  const files = {
    "revisions/1_first.sql": revision(
      "aaaa",
      null,
      `${tables}\nCREATE SCHEMA app;\nSET search_path = app, public;`,
      `DROP SCHEMA app; DROP TABLE "naïve ""order"""; DROP TABLE "Person";`,
    ),
    "revisions/2_b.sql": revision("bbbb", "aaaa", "CREATE TABLE late (id integer);", "DROP TABLE late;"),
    "revisions/3_c.sql": revision("cccc", "bbbb", "SELECT 1;", "SELECT 1;"),
  };
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const found = await outcomes(makeProject("postgres", database.url, { files, config: { schema: [] } }));
  const message = found[names.steps] ?? "";
  expect(message).toMatch(/^bbbb .* makes something else when it runs after the others in one session\n/);
  expect(message).toContain("late");
  expect(message).toMatch(/→ .*search_path/);
});

describe("the runner", () => {
  test("functions that are there without an import are taken", () => {
    const declared: string[] = [];
    vi.stubGlobal("describe", (_name: string, declare: () => void) => declare());
    vi.stubGlobal("test", (name: string) => void declared.push(name));
    migrationTests();
    expect(declared).toEqual(Object.values(names));
  });

  test("inside vitest those of Node are not taken instead", () => {
    vi.stubGlobal("describe", undefined);
    vi.stubGlobal("test", undefined);
    expect(() => migrationTests()).toThrow(expect.objectContaining({ code: "test-runner-unknown" }));
  });

  test("otherwise those of Node are", async () => {
    const project = sqlite({ "revisions/2_b.sql": revision("bbbb", null, "SELECT 1;", "SELECT 1;") });
    write(project, { "a.test.mjs": 'import { migrationTests } from "aludel/testing";\nmigrationTests();\n' });
    const { status, output } = await script(
      project,
      `import { spawnSync } from "node:child_process";
const { status, stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", "a.test.mjs"], { encoding: "utf8" });
console.log(stdout);
process.exitCode = status;`,
    );
    expect(status).toBe(1);
    expect(output).toMatch(/not ok \d+ - have a single head/);
    expect(output).toContain("There are 2 heads");
  });
});
