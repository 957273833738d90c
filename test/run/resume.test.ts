import { describe, expect, test } from "vitest";
import { revision, revisions, type TestProject, testProject } from "./project.js";

const first = {
  id: "aaaa",
  up: `await op.createTable("person", { id: t.integer().notNull(), email: t.text() }, { primaryKey: ["id"] });
    await op.bulkInsert("person", [{ id: 1, email: "x" }, { id: 2, email: null }]);`,
};

/** Five statements: the second is committed by itself, the third fails while a row has no email. */
const fifth = {
  id: "bbbb",
  revises: "aaaa",
  message: "emails",
  up: `await op.execute("INSERT INTO person (id, email) VALUES (10, 'new')");
    await op.createIndex("ix_email", "person", ["email"], { concurrently: true });
    await op.alterColumn("person", "email", { nullable: false });
    await op.addColumn("person", "four", t.text());
    await op.execute("INSERT INTO person (id, email) VALUES (11, 'newer')");`,
};

async function failed(): Promise<TestProject> {
  const project = await testProject("postgres", revisions(first, fifth));
  const result = await project.run("upgrade");
  expect(result.exit).toBe(2);
  expect(result.stderr).toBe(`upgrade aaaa revision aaaa (${/aaaa \((.*?)\)/.exec(result.stderr)?.[1]})
error[upgrade-failed] The upgrade of revision bbbb (emails) failed in statement 3: column "email" of relation "person" contains null values
  at revisions/bbbb.ts, revision bbbb
  │ ALTER TABLE "person" ALTER COLUMN "email" SET NOT NULL
  SQLSTATE: 23502
  - Revision bbbb is not finished: 2 statements of it are committed and stay, the rest was rolled back.
  - Done before it, and kept: aaaa.
→ Give the rows a value first, or add the column with a default. Then run \`aludel upgrade\` again: it skips the first 2 statements. If the file itself has to change, change only what comes after, and add --allow-edited.
`);
  expect(await project.rows()).toEqual(["aaaa"]);
  const log = await project.log();
  expect(log.map((row) => [row["revision"], row["result"], Number(row["statements_done"])])).toEqual([
    ["aaaa", "succeeded", 2],
    ["bbbb", "failed", 2],
  ]);
  expect(String(log[1]?.["error"])).toContain("contains null values");
  return project;
}

const ids = async (project: TestProject) =>
  (await project.query("SELECT id FROM person ORDER BY id")).map((row) => row["id"]);

describe("a revision that stopped after a committed statement", () => {
  test("goes on once the data is mended, and repeats nothing", async () => {
    const project = await failed();
    await project.execute("UPDATE person SET email = 'y' WHERE email IS NULL");
    const again = await project.run("upgrade");
    expect(again).toMatchObject({ exit: 0 });
    expect(again.stderr).toContain("bbbb: goes on after 2 statements of an earlier run");
    expect(await ids(project)).toEqual([1, 2, 10, 11]);
    expect(await project.rows()).toEqual(["bbbb"]);
    expect((await project.log()).at(-1)).toMatchObject({ revision: "bbbb", result: "succeeded" });
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
  });

  test("fails again at the same place as long as nothing is mended", async () => {
    const project = await failed();
    const again = await project.run("upgrade");
    expect(again.exit).toBe(2);
    expect(again.stderr).toContain("failed in statement 3");
    expect(again.stderr).toContain("2 statements of it are committed");
    expect(await ids(project)).toEqual([1, 2, 10]);
    await project.execute("UPDATE person SET email = 'y' WHERE email IS NULL");
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
    expect(await ids(project)).toEqual([1, 2, 10, 11]);
  });

  test("is refused with an edited file, and goes on with --allow-edited after what is committed", async () => {
    const project = await failed();
    const edited = fifth.up.replace("{ nullable: false }", "{ default: 'none' }");
    project.write("revisions/bbbb.ts", revision({ ...fifth, up: edited }));
    const refused = await project.run("upgrade");
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain("error[revision-edited]");
    expect(refused.stderr).toContain("after 2 statements of it were committed");
    expect(refused.stderr).toContain("--allow-edited");
    expect(await ids(project)).toEqual([1, 2, 10]);
    expect(await project.run("upgrade --allow-edited")).toMatchObject({ exit: 0 });
    expect(await ids(project)).toEqual([1, 2, 10, 11]);
    // What succeeded is what counts from here on.
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
  });

  test("starts anew after the committed statements were undone by hand and the database was stamped", async () => {
    const project = await failed();
    await project.execute("DELETE FROM person WHERE id = 10 OR email IS NULL; DROP INDEX ix_email");
    expect(await project.run("stamp aaaa")).toMatchObject({ exit: 0 });
    const again = await project.run("upgrade");
    expect(again).toMatchObject({ exit: 0 });
    expect(again.stderr).not.toContain("goes on");
    expect(await ids(project)).toEqual([1, 10, 11]);
  });

  test("is finished by hand and stamped; up again after a way down it starts from its first statement", async () => {
    const project = await failed();
    await project.execute(`UPDATE person SET email = 'y' WHERE email IS NULL;
      ALTER TABLE person ALTER COLUMN email SET NOT NULL, ADD COLUMN four text`);
    expect(await project.run("stamp head")).toMatchObject({ exit: 0 });
    expect(await project.run("downgrade aaaa")).toMatchObject({ exit: 0 });
    await project.execute(
      "DELETE FROM person WHERE id = 10; DROP INDEX ix_email; ALTER TABLE person DROP four",
    );
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
    expect(await ids(project)).toEqual([1, 2, 10, 11]);
  });
});

test("on SQLite a revision that fails leaves nothing, whatever it did before", async () => {
  const project = await testProject(
    "sqlite",
    revisions(first, {
      id: "bbbb",
      revises: "aaaa",
      up: `await op.addColumn("person", "one", t.text());
        await op.alterColumn("person", "email", { nullable: false });
        await op.addColumn("person", "three", t.text());`,
    }),
  );
  const result = await project.run("upgrade");
  expect(result.exit).toBe(2);
  expect(result.stderr).toContain("Nothing of revision bbbb is applied: it was rolled back.");
  expect(
    [...(await project.inspect()).tables.values()].flatMap(({ columns }) => columns).map(({ name }) => name),
  ).toEqual(["id", "email"]);
  expect(await project.rows()).toEqual(["aaaa"]);
  await project.execute("UPDATE person SET email = 'y' WHERE email IS NULL");
  expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
});

test("a mistake in the revision's own code is told with its line", async () => {
  const project = await testProject("sqlite", revisions({ id: "aaaa", up: "await op.createTabel('a');" }));
  const result = await project.run("upgrade");
  expect(result.exit).toBe(2);
  expect(result.stderr).toMatch(/at revisions\/aaaa\.ts:15:\d+, revision aaaa/);
  expect(result.stderr).toContain("op.createTabel is not a function");
});
