import { describe, expect, test } from "vitest";
import { revision, revisions, testProject } from "../run/project.js";
import { command, failure } from "./cli.js";

const good = revisions(
  { id: "aaaa", up: 'await op.execute("CREATE TABLE a (id integer)");' },
  { id: "bbbb", revises: "aaaa", up: 'await op.execute("CREATE TABLE b (id integer)");' },
);

/** Files that cannot be, what is said about them, and the file that mends it. */
const cases: readonly (readonly [string, Record<string, string>, string, readonly string[]])[] = [
  [
    "a file that does not parse",
    { "revisions/cccc.ts": revision({ id: "cccc", revises: "bbbb", up: "await op.execute(;" }) },
    "revision-unreadable",
    ["revisions/cccc.ts:15", "syntax"],
  ],
  [
    "a file without a revision",
    { "revisions/cccc.ts": "export const nothing = 1;\n" },
    "revision-unreadable",
    ["revisions/cccc.ts"],
  ],
  [
    "two files with one id",
    { "revisions/copy.ts": good["revisions/bbbb.ts"] ?? "" },
    "revision-duplicate",
    ["bbbb", "revisions/bbbb.ts", "revisions/copy.ts"],
  ],
  [
    "a parent that does not exist",
    { "revisions/cccc.ts": revision({ id: "cccc", revises: "bbbx" }) },
    "revision-parent-missing",
    ["cccc", "bbbx", "Did you mean bbbb?"],
  ],
  [
    "a cycle",
    {
      "revisions/cccc.ts": revision({ id: "cccc", revises: "dddd" }),
      "revisions/dddd.ts": revision({ id: "dddd", revises: "cccc" }),
    },
    "revision-cycle",
    ["cccc", "dddd"],
  ],
  [
    "an import that cannot be found",
    { "revisions/cccc.ts": revision({ id: "cccc", revises: "bbbb", before: 'import "no-such-package";' }) },
    "revision-unreadable",
    ["no-such-package"],
  ],
  [
    "a SQL revision whose section is misspelled",
    { "revisions/c.sql": "-- c\n--\n-- Revision: cccc\n-- Revises: bbbb\n\n-- aludel:upgrad\nSELECT 1;\n" },
    "revision-unreadable",
    ["revisions/c.sql", "aludel:upgrade"],
  ],
];

describe("revision files", () => {
  test.each(cases)("%s: nothing runs, and the error says what to do", async (_name, files, code, said) => {
    const project = await testProject("sqlite", { ...good, ...files });
    const ended = await command(project.folder, "upgrade");
    expect({ ...failure(ended), stdout: ended.stdout }).toEqual({
      code,
      exit: 2,
      remedy: expect.stringMatching(/./) as string,
      stdout: "",
    });
    for (const part of said) expect(ended.stderr).toContain(part);
    expect((await project.inspect()).tables.size).toBe(0);

    const json = await command(project.folder, "upgrade", "--json");
    expect(json.exit).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code, remedy: expect.any(String) as string } });
    for (const name of Object.keys(files)) project.remove(name);
    expect(await command(project.folder, "upgrade")).toMatchObject({ exit: 0 });
    expect(await project.rows()).toEqual(["bbbb"]);
  });

  test("a statement that fails in the third of five revisions", async () => {
    const ids = ["aaaa", "bbbb", "cccc", "dddd", "eeee"];
    const project = await testProject(
      "postgres",
      revisions(
        ...ids.map((id, at) => ({
          id,
          revises: ids[at - 1] ?? null,
          message: `step ${at + 1}`,
          up: `await op.execute("CREATE TABLE ${id} (id integer PRIMARY KEY)");
            await op.execute("INSERT INTO ${id} SELECT x FROM source");`,
        })),
      ),
    );
    await project.execute("CREATE TABLE source (x integer); INSERT INTO source VALUES (1)");
    await project.run("stamp base");
    await project.run("upgrade bbbb");
    await project.run("downgrade base");
    await project.execute("DROP TABLE aaaa, bbbb; ALTER TABLE source ALTER x TYPE text");
    await project.execute("CREATE TABLE keep AS SELECT 1 AS one");
    const files = (type: string) =>
      `await op.execute("CREATE TABLE cccc (id integer PRIMARY KEY)"); await op.execute("INSERT INTO cccc SELECT x${type} FROM source");`;
    for (const id of ["aaaa", "bbbb", "dddd", "eeee"]) {
      const at = ids.indexOf(id);
      project.write(
        `revisions/${id}.ts`,
        revision({
          id,
          revises: ids[at - 1] ?? null,
          message: `step ${at + 1}`,
          up: `await op.execute("CREATE TABLE ${id} (id integer PRIMARY KEY)");`,
        }),
      );
    }
    const ended = await command(project.folder, "upgrade");
    expect(ended.exit).toBe(2);
    expect(ended.stderr.replaceAll(/\(\d+ ms\)/g, "(… ms)")).toBe(`upgrade aaaa step 1 (… ms)
upgrade bbbb step 2 (… ms)
error[upgrade-failed] The upgrade of revision cccc (step 3) failed in statement 2: column "id" is of type integer but expression is of type text
  at revisions/cccc.ts, revision cccc
  │ INSERT INTO cccc SELECT x FROM source
  │                         ^
  hint: You will need to rewrite or cast the expression.
  SQLSTATE: 42804
  - Nothing of revision cccc is applied: it was rolled back.
  - Done before it, and kept: aaaa, bbbb.
  - Not reached: dddd, eeee.
→ Correct the statement; the names in it are those of the database it ran on. Then run \`aludel upgrade\` again.
`);
    const tables = [...(await project.inspect()).tables.values()].map(({ name }) => name);
    expect(tables.sort()).toEqual(["aaaa", "bbbb", "keep", "source"]);
    expect(await project.rows()).toEqual(["bbbb"]);
    const json = await command(project.folder, "upgrade", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: {
        code: "upgrade-failed",
        where: { revision: "cccc", statement: "INSERT INTO cccc SELECT x FROM source" },
        data: { sqlState: "42804", applied: [], notReached: ["dddd", "eeee"] },
      },
    });
    project.write(
      "revisions/cccc.ts",
      revision({ id: "cccc", revises: "bbbb", message: "step 3", up: files("::integer") }),
    );
    expect(await command(project.folder, "upgrade")).toMatchObject({ exit: 0 });
    expect(await project.rows()).toEqual(["eeee"]);
  });
});

test("a mistake in a call of op is told with its line", async () => {
  const project = await testProject(
    "sqlite",
    revisions({ id: "aaaa", up: 'await op.addColumn("a", "b", "text");' }),
  );
  const ended = await command(project.folder, "upgrade");
  expect(failure(ended)).toMatchObject({ code: "revision-invalid", exit: 2 });
  expect(ended.stderr).toMatch(/at revisions\/aaaa\.ts:15:\d+, revision aaaa/);
  expect(failure(ended).remedy).toContain("t.text()");
});

describe("a version table that someone edited", () => {
  const remedies: readonly (readonly [string, string, string])[] = [
    ["an unknown id", "INSERT INTO aludel_version VALUES ('ffff')", "database-revision-unknown"],
    ["garbage", "INSERT INTO aludel_version VALUES ('b bb; --')", "version-table-invalid"],
    [
      "an ancestor beside its descendant",
      "INSERT INTO aludel_version VALUES ('aaaa')",
      "version-table-invalid",
    ],
    ["nothing left", "DELETE FROM aludel_version", "version-table-invalid"],
  ];
  test.each(remedies)("%s: the error's way out works", async (_name, script, code) => {
    const project = await testProject("sqlite", good);
    await project.run("upgrade");
    await project.execute(script);
    const before = await project.rows();
    const ended = await command(project.folder, "upgrade");
    expect(failure(ended)).toMatchObject({ code, exit: 2 });
    expect(await project.rows()).toEqual(before);
    const [, words = ""] = /`aludel (stamp (?:--purge )?\w+)`/.exec(ended.stderr) ?? [];
    expect(words).not.toBe("");
    expect(await command(project.folder, ...words.replace("REVISION", "bbbb").split(" "))).toMatchObject({
      exit: 0,
    });
    expect(await command(project.folder, "upgrade")).toMatchObject({ exit: 0 });
    expect(await project.rows()).toEqual(["bbbb"]);
  });
});
