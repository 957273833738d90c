import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Engine, revisions, type TestProject, testProject } from "./project.js";

const table = {
  id: "aaaa",
  up: 'await op.createTable("person", { id: t.integer().notNull(), email: t.text() }, { primaryKey: ["id"] });',
  down: 'await op.dropTable("person");',
};

const inCode = {
  id: "bbbb",
  revises: "aaaa",
  up: `await op.addColumn("person", "note", t.text());
    await op.assert("It's so that every person has an email", sql\`SELECT id, email FROM person WHERE email IS NULL -- none\`);
    await op.alterColumn("person", "email", { nullable: false });`,
  down: `await op.assert("Nobody has a note", "SELECT id FROM person WHERE note IS NOT NULL;");
    await op.alterColumn("person", "email", { nullable: true });
    await op.dropColumn("person", "note");`,
};

const inSql = `-- emails
-- Revision: bbbb
-- Revises: aaaa
-- aludel:upgrade
ALTER TABLE person ADD COLUMN note text;
-- aludel:assert It's so that every person has an email
SELECT id, email FROM person WHERE email IS NULL; -- none
CREATE INDEX person_email ON person (email);
-- aludel:downgrade
-- aludel:assert Nobody has a note
SELECT id FROM person WHERE note IS NOT NULL;
DROP INDEX person_email;
ALTER TABLE person DROP COLUMN note;
`;

const files = { ...revisions(table, inCode) };
const sqlFiles = { ...revisions(table), "revisions/bbbb_emails.sql": inSql };
const emailless = "INSERT INTO person (id, email) VALUES (1, 'x'), (2, NULL), (3, NULL)";

const columnsOf = async (project: TestProject) =>
  [...(await project.inspect()).tables.values()].flatMap(({ columns }) => columns.map(({ name }) => name));

describe.each([
  ["sqlite", "code", files],
  ["sqlite", "SQL", sqlFiles],
  ["postgres", "code", files],
  ["postgres", "SQL", sqlFiles],
] as const)("an assertion on %s, in %s", (engine, _, texts) => {
  test("ends the run before anything is changed, and shows the rows", async () => {
    const project = await testProject(engine, texts);
    await project.run("upgrade aaaa");
    await project.execute(emailless);
    const failed = await project.run("upgrade");
    expect(failed.exit).toBe(2);
    expect(failed.stderr).toContain("error[assertion-failed]");
    expect(failed.stderr).toContain("It's so that every person has an email");
    expect(failed.stderr).toContain("2 rows are not so:");
    expect(failed.stderr).toContain("id = 2, email = NULL");
    expect(failed.stderr).toContain("Nothing of revision bbbb is applied");
    expect(await columnsOf(project)).toEqual(["id", "email"]);
    expect(await project.rows()).toEqual(["aaaa"]);

    await project.execute("UPDATE person SET email = 'y' WHERE email IS NULL");
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
    expect(await columnsOf(project)).toEqual(["id", "email", "note"]);
  });

  test("holds on the way down, too", async () => {
    const project = await testProject(engine, texts);
    await project.run("upgrade");
    await project.execute("INSERT INTO person (id, email, note) VALUES (1, 'x', 'y')");
    const failed = await project.run("downgrade -1");
    expect(failed.stderr).toContain("error[assertion-failed]");
    expect(failed.stderr).toContain("Nobody has a note");
    expect(failed.stderr).toContain("1 row is not so:");
    await project.execute("UPDATE person SET note = NULL");
    expect(await project.run("downgrade -1")).toMatchObject({ exit: 0 });
    expect(await columnsOf(project)).toEqual(["id", "email"]);
  });
});

const shells = { postgres: "psql", pglite: "psql", sqlite: "sqlite3" } as const;
const hasShell = (name: string) => spawnSync(name, ["--version"]).status === 0;

function feed(engine: Engine, project: TestProject, script: string) {
  const words =
    engine === "postgres" ? ["--quiet", "--no-psqlrc", project.url] : [join(project.folder, "dev.db")];
  return spawnSync(shells[engine], words, { input: script, encoding: "utf8" });
}

describe.each(["sqlite", "postgres"] as const)("the script of an assertion for %s", (engine) => {
  test.runIf(hasShell(shells[engine])).each([
    ["code", files],
    ["SQL", sqlFiles],
  ] as const)("fails in the engine's own shell where rows are not so, in %s", async (_, texts) => {
    const project = await testProject(engine, texts);
    await project.run("upgrade aaaa");
    await project.execute(emailless);
    const { stdout: script } = await project.run("upgrade aaaa:head --sql");
    const failed = feed(engine, project, script);
    expect(failed.status).not.toBe(0);
    expect(failed.stderr).toContain("so that every person has an email");
    expect(failed.stderr).toMatch(/\b2\b/);
    expect(await columnsOf(project)).toEqual(["id", "email"]);

    await project.execute("UPDATE person SET email = 'y' WHERE email IS NULL");
    expect(feed(engine, project, script)).toMatchObject({ status: 0, stderr: "" });
    expect(await columnsOf(project)).toEqual(["id", "email", "note"]);
  });
});

describe("an assertion that cannot be one", () => {
  const sql = (body: string) => ({
    "revisions/cccc_x.sql": `-- x\n-- Revision: cccc\n-- Revises: none\n-- aludel:upgrade\n${body}\n`,
  });

  test.each([
    ["says nothing", "-- aludel:assert\nSELECT 1;", "does not say what should be so", 5],
    ["stands above nothing", "SELECT 1;\n-- aludel:assert x", "does not stand above a query", 6],
    ["stands in a statement", "SELECT\n-- aludel:assert x\n1;", "does not stand above a query", 6],
    ["stands above a change", "-- aludel:assert x\nDELETE FROM a;", "has to be one query", 5],
    ["is one of two", "-- aludel:assert x\n-- aludel:assert y\nSELECT 1;", "does not stand above", 6],
  ])("%s", async (_, body, message, line) => {
    const project = await testProject("sqlite", sql(body));
    const refused = await project.run("upgrade");
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain("error[revision-invalid]");
    expect(refused.stderr).toContain(message);
    expect(refused.stderr).toContain(`cccc_x.sql:${line}`);
  });

  test.each([
    ['op.assert("", "SELECT 1")', "no message"],
    ['op.assert("x", " ")', "no query"],
    ['op.assert("x", "SELECT 1; SELECT 2")', "has to be one query"],
    ['op.assert("x", "DELETE FROM a")', "has to be one query"],
  ])("%s", async (call, message) => {
    const project = await testProject("sqlite", revisions({ id: "cccc", up: `await ${call};` }));
    const refused = await project.run("upgrade");
    expect(refused.stderr).toContain("error[revision-invalid]");
    expect(refused.stderr).toContain(message);
  });
});

test("an assertion changes nothing in the schema that revisions lead to, and survives squash", async () => {
  const project = await testProject("sqlite", files);
  expect(await project.run("squash aaaa:bbbb -m one")).toMatchObject({ exit: 0 });
  expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
  await project.execute("INSERT INTO person (id, email, note) VALUES (1, 'x', 'y')");
  expect((await project.run("downgrade base")).stderr).toContain("Nobody has a note");
});
