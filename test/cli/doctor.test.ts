import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { on, revision, revisions, type TestProject, testProject } from "../run/project.js";

const files = revisions(
  {
    id: "aaaa",
    up: 'await op.createTable("persons", { id: t.integer().notNull(), boss: t.integer() }, { primaryKey: ["id"] });',
    down: 'await op.dropTable("persons");',
  },
  { id: "bbbb", revises: "aaaa", up: 'await op.addColumn("persons", "name", t.text());', down: "" },
);

interface Told {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly remedy: string;
}

async function doctor(project: TestProject): Promise<{ exit: number; found: readonly Told[] }> {
  const { exit, answer } = await project.json("doctor");
  return { exit, found: answer["found"] as readonly Told[] };
}

const codes = (found: readonly Told[]) =>
  found.filter(({ severity }) => severity === "problem").map(({ code }) => code);

test("a database that is up to date is fine", async () => {
  const project = await testProject("sqlite", files);
  expect((await project.run("upgrade")).exit).toBe(0);
  const { exit, stdout, stderr } = await project.run("doctor");
  expect({ exit, stderr }).toMatchObject({ exit: 0, stderr: expect.stringContaining("Nothing is wrong.") });
  expect(stdout).toContain("the schema: fine");
});

test.each([
  [
    "not upgraded",
    async (project: TestProject): Promise<void> => project.write("dev.db", ""),
    [],
    /`aludel upgrade`/,
  ],
  [
    "tables without a version table",
    (project: TestProject): Promise<void> => project.execute("CREATE TABLE persons (id integer)"),
    ["database-unversioned"],
    /aludel stamp/,
  ],
  [
    "a version table that points nowhere",
    async (project: TestProject): Promise<void> => {
      await project.run("upgrade");
      await project.execute("UPDATE aludel_version SET version_num = 'ffff'");
    },
    ["database-revision-unknown"],
    /check out the files|aludel stamp --purge/,
  ],
  [
    "an emptied version table",
    async (project: TestProject): Promise<void> => {
      await project.run("upgrade");
      await project.execute("DELETE FROM aludel_version");
    },
    ["version-table-invalid"],
    /aludel stamp bbbb/,
  ],
  [
    "a revision that was edited",
    async (project: TestProject): Promise<void> => {
      await project.run("upgrade");
      project.write("revisions/bbbb.ts", revision({ id: "bbbb", revises: "aaaa", up: "", down: "" }));
    },
    ["revision-edited"],
    /Put the file back/,
  ],
  [
    "a table that somebody changed",
    async (project: TestProject): Promise<void> => {
      await project.run("upgrade");
      await project.execute("ALTER TABLE persons ADD COLUMN hand text");
    },
    ["drift"],
    /aludel drift/,
  ],
  [
    "two heads",
    async (project: TestProject): Promise<void> => {
      await project.run("upgrade");
      project.write("revisions/cccc.ts", revision({ id: "cccc", revises: "aaaa" }));
    },
    ["multiple-heads"],
    /aludel merge heads/,
  ],
  [
    "rows that point nowhere",
    async (project: TestProject): Promise<void> => {
      await project.run("upgrade");
      await project.execute(
        "CREATE TABLE pets (owner integer REFERENCES persons (id)); PRAGMA foreign_keys = off; INSERT INTO pets VALUES (7)",
      );
    },
    ["foreign-key-violation", "drift"],
    /PRAGMA foreign_key_check/,
  ],
] as const)("%s: it is told with what mends it", async (_, make, expected, remedy) => {
  const project = await testProject("sqlite", files);
  await make(project);
  const { exit, found } = await doctor(project);
  expect(codes(found)).toEqual(expected);
  expect(found.map((one) => one.remedy).join("\n")).toMatch(remedy);
  expect(exit).toBe(expected.length === 0 ? 0 : 1);
});

test("models that are not there, and a configuration that is none", async () => {
  const project = await testProject("sqlite", files);
  expect((await project.run("upgrade")).exit).toBe(0);
  const config = { environments: { dev: project.url }, schema: "nowhere/*.ts" };
  writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify(config));
  expect(codes((await doctor(project)).found)).toEqual(["models-not-found"]);
  writeFileSync(join(project.folder, "aludel.config.json"), "{ nonsense");
  expect(codes((await doctor(project)).found)).toEqual(["config-unloadable"]);
});

test("on PostgreSQL: what was cut off, what was forgotten, and who has the right to migrate", async () => {
  const project = await testProject("postgres", files);
  expect((await project.run("upgrade")).exit).toBe(0);
  await project.execute("INSERT INTO persons (id, boss) VALUES (1, 1), (2, 1)");
  await project.execute('CREATE UNIQUE INDEX CONCURRENTLY "it is" ON persons (boss)').catch(() => undefined);
  await project.execute(
    "ALTER TABLE persons ADD CONSTRAINT late CHECK (id < 100) NOT VALID; CREATE SCHEMA other; CREATE TABLE other.aludel_version (version_num text)",
  );
  const found = await on(project.url, project.folder, async (other) => {
    await other.query(
      "SELECT pg_advisory_lock(hashtextextended('aludel.' || current_schema() || '.aludel_version', 0))",
    );
    return (await doctor(project)).found;
  });
  expect(new Set(codes(found))).toEqual(new Set(["lock-timeout", "invalid-index", "search-path", "drift"]));
  const of = (code: string) => found.find((one) => one.code === code);
  expect(of("invalid-index")?.remedy).toContain('`REINDEX INDEX CONCURRENTLY public."it is"`');
  expect(of("constraint-not-valid")).toMatchObject({ severity: "note" });
  expect(of("lock-timeout")?.message).toMatch(/is held by process \d+/);
});
