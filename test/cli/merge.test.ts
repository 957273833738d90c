import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Engine, revisions, type TestProject, testProject } from "../run/project.js";
import { temporaryFolder } from "../temporary-folder.js";
import { branched, linear } from "./revisions.js";
import { aludel } from "./run.js";

/** A base with a table and a row, and two branches of which each adds a column and changes the rows. */
const twoHeads = revisions(
  {
    id: "base1",
    up: 'await op.createTable("notes", { id: t.integer().notNull(), log: t.text().notNull() }); await op.execute("INSERT INTO notes (id, log) VALUES (1, \'start\')");',
    down: 'await op.dropTable("notes");',
  },
  {
    id: "left1",
    revises: "base1",
    up: 'await op.addColumn("notes", "left_one", t.integer()); await op.execute("UPDATE notes SET left_one = coalesce(left_one, 0) + 1 WHERE id = 1"); await op.execute("INSERT INTO notes (id, log) VALUES (2, \'left\')");',
    down: 'await op.execute("DELETE FROM notes WHERE id = 2"); await op.dropColumn("notes", "left_one");',
  },
  {
    id: "right1",
    revises: "base1",
    up: 'await op.addColumn("notes", "right_one", t.integer()); await op.execute("INSERT INTO notes (id, log) VALUES (3, \'right\')");',
    down: 'await op.execute("DELETE FROM notes WHERE id = 3"); await op.dropColumn("notes", "right_one");',
  },
);

/** Columns in order of their names: which branch ran first decides how they stand in the table. */
async function stateOf(project: TestProject) {
  const schema = await project.inspect();
  const table = [...schema.tables.values()].find(({ name }) => name === "notes");
  const columns = [...(table?.columns.values() ?? [])].map(({ name, type, nullable }) => ({
    name,
    type,
    nullable,
  }));
  return {
    columns: columns.sort((a, b) => (a.name < b.name ? -1 : 1)),
    content: await project.query("SELECT id, log, left_one, right_one FROM notes ORDER BY id"),
    rows: await project.rows(),
  };
}

describe.each<Engine>(["sqlite", "postgres"])("two heads with data steps, merged: %s", (engine) => {
  test("from every start a database comes to one schema and one content, each step once", async () => {
    const states: unknown[] = [];
    for (const start of [["base1"], ["left1"], ["right1"], ["left1", "right1"], ["right1", "left1"], []]) {
      const project = await testProject(engine, twoHeads);
      for (const target of start) expect((await project.run(`upgrade ${target}`)).exit).toBe(0);
      const merged = await project.run("merge -m both --rev-id merged1");
      expect([merged.exit, merged.stderr]).toEqual([0, expect.stringContaining("merged1 proved")]);
      expect((await project.run("upgrade")).exit).toBe(0);
      const log = await project.log();
      expect(log.map((row) => String(row["revision"])).sort()).toEqual([
        "base1",
        "left1",
        "merged1",
        "right1",
      ]);
      states.push(await stateOf(project));
    }
    const [first, ...others] = states;
    expect(first).toMatchObject({ rows: ["merged1"], content: [{ id: 1 }, { id: 2 }, { id: 3 }] });
    for (const other of others) expect(other).toEqual(first);
  }, 120_000);
});

describe("merge", () => {
  test("joins all heads, does nothing itself, and goes back to both", async () => {
    const project = await testProject("sqlite", twoHeads);
    const { exit, answer } = await project.json("merge -m naïve-ü --rev-id both");
    expect([exit, answer]).toEqual([0, expect.objectContaining({ revision: "both" })]);
    expect(readFileSync(String(answer["file"]), "utf8")).toContain(
      "async upgrade() {},\n  async downgrade() {},",
    );
    await project.run("upgrade");
    expect(await project.rows()).toEqual(["both"]);
    expect((await project.run("downgrade left1")).exit).toBe(0);
    expect(await project.rows()).toEqual(["left1", "right1"]);
    expect((await project.run("downgrade base1")).exit).toBe(0);
    expect(await project.rows()).toEqual(["base1"]);
  });

  test("writes SQL, labels and dependencies; without a message the ids", async () => {
    const folder = temporaryFolder(branched);
    const { exit, stdout } = await aludel(
      folder,
      "merge one@head two --sql --no-verify --rev-id mmmm --branch-label shop".split(" "),
    );
    expect(exit).toBe(0);
    const text = readFileSync(`${folder}/${stdout.trim()}`, "utf8");
    expect(text).toContain(
      "-- merge cccc and dddd\n--\n-- Revision: mmmm\n-- Revises: cccc, dddd\n-- Labels: shop",
    );
    expect((await aludel(folder, ["heads"])).stdout).toBe("mmmm (shop) (head) (mergepoint)\n");
  });

  test.each([
    ["one head", linear, "merge", "usage"],
    ["one named", branched, "merge one", "usage"],
    ["no head", branched, "merge aaaa two", "usage"],
    ["an unknown one", branched, "merge nope two", "revision-unknown"],
    ["no revisions", { "aludel.config.json": '{ "dialect": "sqlite" }' }, "merge", "usage"],
  ])("is refused for %s", async (_, files, line, code) => {
    const { exit, stderr } = await aludel(temporaryFolder(files), line.split(" "));
    expect([exit, stderr]).toEqual([2, expect.stringContaining(`error[${code}]`)]);
  });
});

describe('history: "linear"', () => {
  const config = '{ "dialect": "sqlite", "history": "linear" }';

  test.each(["merge", "revision -m x --head cccc --head dddd", "revision -m x --head bbbb --splice"])(
    "refuses %s",
    async (line) => {
      const folder = temporaryFolder({ ...branched, "aludel.config.json": config });
      const { exit, stderr } = await aludel(folder, line.split(" "));
      expect([exit, stderr]).toEqual([2, expect.stringContaining("error[history-linear]")]);
    },
  );

  test("allows what follows the head", async () => {
    const folder = temporaryFolder({ ...linear, "aludel.config.json": config });
    expect((await aludel(folder, "revision -m x".split(" "))).exit).toBe(0);
  });

  test("is said in no other words", async () => {
    const folder = temporaryFolder({ ...linear, "aludel.config.json": '{ "history": "straight" }' });
    const { exit, stderr } = await aludel(folder, ["heads"]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining('write "linear" or "graph"')]);
  });
});
