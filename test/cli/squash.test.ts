import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Engine, type RevisionText, revisions, type TestProject, testProject } from "../run/project.js";
import { commit, git } from "./git.js";

const chain: readonly RevisionText[] = [
  {
    id: "aaaa",
    up: 'await op.createTable("persons", { id: t.integer().notNull(), name: t.text() }, { primaryKey: ["id"] });',
    down: 'await op.dropTable("persons");',
  },
  {
    id: "bbbb",
    revises: "aaaa",
    up: 'await op.execute("INSERT INTO persons (id, name) VALUES (1, \'ann\')"); await op.renameColumn("persons", "name", "full name");',
    down: 'await op.renameColumn("persons", "full name", "name"); await op.execute("DELETE FROM persons WHERE id = 1");',
  },
  {
    id: "cccc",
    revises: "bbbb",
    up: 'await op.addColumn("persons", "email", t.text()); await op.bulkInsert("persons", [{ id: 2, "full name": "naïve \\"ü\\"", email: "x" }]);',
    down: 'await op.execute("DELETE FROM persons WHERE id = 2"); await op.dropColumn("persons", "email");',
  },
  {
    id: "dddd",
    revises: "cccc",
    up: 'await op.createIndex("ix_email", "persons", ["email"]);',
    down: 'await op.dropIndex("ix_email", { table: "persons" });',
  },
];
const files = () => revisions(...chain);
const names = (project: TestProject) => readdirSync(join(project.folder, "revisions")).sort();

async function stateOf(project: TestProject) {
  const { tables } = await project.inspect();
  return {
    tables: [...tables.values()],
    persons: await project.query("SELECT * FROM persons ORDER BY id"),
    rows: await project.rows(),
  };
}

describe.each<Engine>(["sqlite", "postgres"])("squash: %s", (engine) => {
  test("from every start a database comes to the same, up and down", async () => {
    const states: unknown[] = [];
    for (const start of ["base", "aaaa", "bbbb", "cccc", "dddd"]) {
      const project = await testProject(engine, files());
      if (start !== "base") await project.run(`upgrade ${start}`);
      const { exit, stderr } = await project.run("squash bbbb:cccc -m people");
      expect([start, exit, stderr]).toEqual([start, 0, expect.stringContaining("cccc proved")]);
      expect((await project.run("heads")).stdout).toBe("dddd (head)\n");
      const upgraded = await project.run("upgrade");
      expect([start, upgraded.exit, upgraded.stderr]).toEqual([start, 0, expect.any(String)]);
      states.push(await stateOf(project));
      expect((await project.run("upgrade")).stdout).toContain("Nothing to do");
      expect((await project.run("downgrade aaaa")).exit).toBe(0);
      expect(await project.rows()).toEqual(["aaaa"]);
      expect((await project.run("upgrade")).exit).toBe(0);
      expect(await stateOf(project)).toEqual(states.at(-1));
    }
    const [first, ...others] = states;
    expect(first).toMatchObject({
      rows: ["dddd"],
      persons: [
        { id: 1, "full name": "ann" },
        { id: 2, email: "x" },
      ],
    });
    for (const other of others) expect(other).toEqual(first);
  }, 120_000);
});

describe("squash", () => {
  test("keeps data steps in their order, and moves the old files aside", async () => {
    const project = await testProject("sqlite", files());
    const { exit, answer } = await project.json("squash bbbb:cccc -m people");
    const file = join(project.folder, "revisions/20261121053000_people.ts");
    expect([exit, answer]).toEqual([
      0,
      {
        revision: "cccc",
        file,
        revises: ["aaaa"],
        squashed: ["bbbb", "cccc"],
        kept: join(project.folder, "revisions/_squashed/cccc"),
      },
    ]);
    expect(names(project)).toEqual(["20261121053000_people.ts", "_squashed", "aaaa.ts", "dddd.ts"]);
    const text = readFileSync(file, "utf8");
    const places = ["INSERT INTO", "renameColumn", "addColumn", "bulkInsert"].map((one) => text.indexOf(one));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(readFileSync(join(project.folder, "revisions/_squashed/cccc/bbbb.ts"), "utf8")).toBe(
      files()["revisions/bbbb.ts"],
    );
    expect((await project.run("verify :")).exit).toBe(0);
    expect((await project.run("validate")).exit).toBe(0);
  });

  test("from the base it is a new beginning for new databases, and old ones keep their history", async () => {
    const project = await testProject("sqlite", files());
    await project.run("upgrade bbbb");
    expect((await project.run("checkpoint -m release")).exit).toBe(0);
    expect((await project.run("history")).stdout).toBe("<base> -> dddd (head), release\n");
    expect((await project.run("current")).stdout).toContain("revision bbbb");
    expect((await project.run("upgrade --dry-run")).stdout).toContain("'cccc'");
    expect((await project.run("upgrade")).exit).toBe(0);
    const ran = (await project.log()).map((row) => row["revision"]);
    expect(ran).toEqual(["aaaa", "bbbb", "cccc", "dddd"]);
    const fresh = await project.run("upgrade --url sqlite:fresh.db");
    expect([fresh.exit, fresh.stderr]).toEqual([0, expect.stringContaining("upgrade dddd release")]);
  });

  test("what was squashed before is squashed again with what came after", async () => {
    const project = await testProject("sqlite", files());
    await project.run("upgrade bbbb");
    expect((await project.run("squash bbbb:cccc -m people")).exit).toBe(0);
    expect((await project.run("squash : -m all")).exit).toBe(0);
    expect((await project.run("upgrade")).exit).toBe(0);
    expect(await project.rows()).toEqual(["dddd"]);
    expect((await project.log()).map((row) => row["revision"])).toEqual(["aaaa", "bbbb", "cccc", "dddd"]);
    expect((await project.run("squash : -m again")).stderr).toContain("error[squash-refused]");
  });

  test("an edit of the new file is still an edit", async () => {
    const project = await testProject("sqlite", files());
    await project.run("squash bbbb:cccc -m people");
    await project.run("upgrade");
    const file = join(project.folder, "revisions/20261121053000_people.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace("ann", "bob"));
    expect((await project.run("upgrade")).stderr).toContain("error[revision-edited]");
  });

  test("SQL files become a SQL file, with their comments", async () => {
    const sql = (id: string, revises: string, up: string, down: string) =>
      `-- make ${id}\n--\n-- Revision: ${id}\n-- Revises: ${revises}\n-- Created: 2026-11-21T05:30:00Z\n\n-- aludel:upgrade\n${up}\n\n-- aludel:downgrade\n${down}\n`;
    const project = await testProject("sqlite", {
      "revisions/1.sql": sql("aaaa", "none", "-- the first\nCREATE TABLE a (id integer)", "DROP TABLE a;"),
      "revisions/2.sql": sql("bbbb", "aaaa", "INSERT INTO a VALUES (1); -- one", "DELETE FROM a;"),
    });
    const { exit, stdout, stderr } = await project.run("squash aaaa:bbbb -m both");
    expect([exit, stderr]).toEqual([0, expect.stringContaining("bbbb proved")]);
    const text = readFileSync(join(project.folder, stdout.trim()), "utf8");
    expect(text).toContain("-- aaaa make aaaa\n-- the first\nCREATE TABLE a (id integer);\n");
    expect(text.indexOf("DELETE FROM a")).toBeLessThan(text.indexOf("DROP TABLE a"));
  });

  test("--since takes what the branch of git does not have", async () => {
    const project = await testProject("sqlite", revisions(...chain.slice(0, 1)));
    git(project.folder, "init", "-q", "-b", "main");
    commit(project.folder, "base");
    git(project.folder, "checkout", "-q", "-b", "mine");
    for (const [name, text] of Object.entries(revisions(...chain.slice(1)))) project.write(name, text);
    const { exit, stdout } = await project.run("squash --since main -m mine");
    expect([exit, stdout]).toEqual([0, "revisions/20261121053000_mine.ts\n"]);
    expect((await project.run("history")).stdout).toBe(
      "aaaa -> dddd (head), mine\n<base> -> aaaa, revision aaaa\n",
    );
  });

  test("no way back of one is none of all", async () => {
    const project = await testProject(
      "sqlite",
      revisions(...chain.slice(0, 2), { ...chain[2], id: "cccc", revises: "bbbb", down: null }),
    );
    const { exit, stdout } = await project.run("squash bbbb:cccc -m people");
    expect(exit).toBe(0);
    expect(readFileSync(join(project.folder, stdout.trim()), "utf8")).toContain(
      'downgrade: "cccc has no way back: there is no way back"',
    );
  });

  const asking = { id: "bbbb", revises: "aaaa", up: 'await op.query("SELECT 1");' };
  const outside = { id: "bbbb", revises: "aaaa", up: 'await op.autocommit(() => op.execute("SELECT 1"));' };
  const importing = { id: "bbbb", revises: "aaaa", before: 'import { x } from "./_x.js"; void x;' };
  const branch = { id: "eeee", revises: "bbbb" };
  const moody = {
    id: "bbbb",
    revises: "aaaa",
    up: "await op.execute('SELECT ' + process.hrtime.bigint());",
  };
  test.each<[string, string, string, readonly RevisionText[]]>([
    ["is another each time", "squash aaaa:bbbb -m x", "squash-refused", [...chain.slice(0, 1), moody]],
    ["asks the database", "squash aaaa:bbbb -m x", "squash-refused", [...chain.slice(0, 1), asking]],
    [
      "runs outside the transaction",
      "squash aaaa:bbbb -m x",
      "squash-refused",
      [...chain.slice(0, 1), outside],
    ],
    [
      "imports a file beside it",
      "squash aaaa:bbbb -m x",
      "squash-refused",
      [...chain.slice(0, 1), importing],
    ],
    ["has a branch in the middle", "squash aaaa:cccc -m x", "squash-refused", [...chain, branch]],
    ["ends in two", "squash : -m x", "squash-refused", [...chain, branch]],
    ["is one", "squash aaaa:aaaa -m x", "squash-refused", chain],
    ["is not said", "squash -m x", "usage", chain],
  ])("refuses a range that %s, and changes nothing", async (_, line, code, texts) => {
    const project = await testProject("sqlite", {
      ...revisions(...texts),
      "revisions/_x.ts": "export const x = 1;\n",
    });
    const before = names(project);
    const { exit, stderr } = await project.run(line);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(`error[${code}]`)]);
    expect(names(project)).toEqual(before);
    expect(existsSync(join(project.folder, "revisions/_squashed"))).toBe(false);
  });

  test("what the engine gives a row by itself is no difference", async () => {
    const project = await testProject("postgres", {
      ...revisions(...chain.slice(0, 1), {
        id: "bbbb",
        revises: "aaaa",
        up: 'await op.addColumn("persons", "seen", t.timestamp()); await op.execute("INSERT INTO persons (id, seen) VALUES (1, clock_timestamp())");',
        down: 'await op.execute("DELETE FROM persons"); await op.dropColumn("persons", "seen");',
      }),
    });
    expect(await project.run("squash aaaa:bbbb -m x")).toMatchObject({ exit: 0, stderr: expect.any(String) });
  });

  test("takes everything back when the result is another", async () => {
    const counting = {
      id: "bbbb",
      revises: "aaaa",
      up: "await op.execute(\"INSERT INTO persons (id) SELECT count(*) FROM aludel_run_log WHERE result = 'succeeded'\");",
    };
    const project = await testProject("sqlite", revisions(...chain.slice(0, 1), counting));
    const { exit, stderr } = await project.run("squash aaaa:bbbb -m x");
    expect([exit, stderr]).toEqual([1, expect.stringContaining("error[proof-failed]")]);
    expect(stderr).toContain("the rows of persons");
    expect(names(project)).toEqual(["aaaa.ts", "bbbb.ts"]);
  });
});
