import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Engine, revisions, testProject } from "./project.js";

/** A diamond: a → (b, c) → d, with nasty names, and e on d. */
const diamond = revisions(
  {
    id: "aaaa",
    up: 'await op.createTable(`Order "x"`, { id: t.integer().notNull(), select: t.text() }, { primaryKey: ["id"] });',
    down: 'await op.dropTable(`Order "x"`);',
  },
  {
    id: "bbbb",
    revises: "aaaa",
    up: 'await op.addColumn(`Order "x"`, "naïve ü", t.text());',
    down: 'await op.dropColumn(`Order "x"`, "naïve ü");',
  },
  {
    id: "cccc",
    revises: "aaaa",
    up: 'await op.createIndex("ix select", `Order "x"`, ["select"]);',
    down: 'await op.dropIndex("ix select", { table: `Order "x"` });',
  },
  { id: "dddd", revises: ["bbbb", "cccc"], message: "merge" },
  {
    id: "eeee",
    revises: "dddd",
    up: `await op.execute("CREATE VIEW v AS SELECT 1 AS one");`,
    down: `await op.dropView("v");`,
  },
);

const engines = ["sqlite", "postgres"] as const satisfies readonly Engine[];

describe.each(engines)("on %s", (engine) => {
  test.each(["each", "all"])("up to the head and down to the base, --transaction %s", async (transaction) => {
    const project = await testProject(engine, diamond);
    const up = await project.json(`upgrade --transaction ${transaction}`);
    expect(up).toMatchObject({ exit: 0, answer: { rows: ["eeee"] } });
    const schema = await project.inspect();
    expect([...schema.tables.values()].map((table) => table.columns.map(({ name }) => name))).toEqual([
      ["id", "select", "naïve ü"],
    ]);
    expect([...schema.views.values()].map(({ name }) => name)).toEqual(["v"]);
    expect(await project.rows()).toEqual(["eeee"]);
    expect((await project.log()).map((row) => [row["revision"], row["direction"], row["result"]])).toEqual(
      ["aaaa", "bbbb", "cccc", "dddd", "eeee"].map((id) => [id, "upgrade", "succeeded"]),
    );

    expect((await project.json("upgrade")).answer).toMatchObject({ executed: [] });
    expect(await project.log()).toHaveLength(5);

    const down = await project.json(`downgrade base --transaction ${transaction}`);
    expect(down).toMatchObject({ exit: 0, answer: { rows: [] } });
    expect((await project.inspect()).tables.size).toBe(0);
    expect(await project.rows()).toEqual([]);
    expect((await project.log()).slice(5).map((row) => row["revision"])).toEqual(
      expect.arrayContaining(["eeee", "dddd", "aaaa"]),
    );
  });

  test("the rows of the version table on branches, at the merge and back", async () => {
    const project = await testProject(engine, diamond);
    const at = async (line: string) => {
      expect(await project.run(line)).toMatchObject({ exit: 0 });
      return project.rows();
    };
    expect(await at("upgrade bbbb")).toEqual(["bbbb"]);
    expect(await at("upgrade cccc")).toEqual(["bbbb", "cccc"]);
    expect(await at("upgrade dddd")).toEqual(["dddd"]);
    expect(await at("downgrade bbbb")).toEqual(["bbbb", "cccc"]);
    expect(await at("downgrade bbbb-1")).toEqual(["aaaa"]);
    expect(await at("upgrade head")).toEqual(["eeee"]);
    expect(await at("downgrade aaaa")).toEqual(["aaaa"]);
  });

  test("two heads: `head` is refused, `heads` goes to both", async () => {
    const { "revisions/dddd.ts": _d, "revisions/eeee.ts": _e, ...branched } = diamond;
    const project = await testProject(engine, branched);
    const refused = await project.run("upgrade");
    expect(refused).toMatchObject({ exit: 2, stdout: "" });
    expect(refused.stderr).toContain("error[multiple-heads]");
    expect(refused.stderr).toMatch(/→ .*heads/s);
    expect((await project.inspect()).tables.size).toBe(0);
    expect(await project.run("upgrade heads")).toMatchObject({ exit: 0 });
    expect(await project.rows()).toEqual(["bbbb", "cccc"]);
    expect(await project.run("downgrade base")).toMatchObject({ exit: 0 });
  });

  test("the run log says who, when, what, from which commit, and how long", async () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const project = await testProject(engine, { ...diamond, ".git/HEAD": `${commit}\n` });
    await project.run("upgrade aaaa");
    const [row] = await project.log();
    const text = readFileSync(join(project.folder, "revisions/aaaa.ts"));
    expect(row).toMatchObject({
      revision: "aaaa",
      direction: "upgrade",
      result: "succeeded",
      checksum: createHash("sha256").update(text).digest("hex"),
      git_commit: commit,
      error: null,
    });
    expect(Number(row?.["statements_done"])).toBe(1);
    expect(Number(row?.["duration_ms"])).toBeGreaterThan(0);
    expect(String(row?.["username"])).not.toBe("");
    expect(String(row?.["hostname"])).not.toBe("");
    expect(Math.abs(Date.now() - new Date(String(row?.["started_at"])).getTime())).toBeLessThan(60_000);
  });

  test("a data migration reads with op.query and writes with what it has read", async () => {
    const project = await testProject(
      engine,
      revisions(
        {
          id: "aaaa",
          up: `await op.createTable("n", { id: t.integer().notNull(), twice: t.integer() }, { primaryKey: ["id"] });
            await op.bulkInsert("n", [{ id: 1 }, { id: 21 }]);`,
        },
        {
          id: "bbbb",
          revises: "aaaa",
          up: `const rows = await op.query("SELECT id FROM n ORDER BY id");
            for (const { id } of rows) await op.query("UPDATE n SET twice = " + (op.dialect === "sqlite" ? "? WHERE id = ?" : "$1 WHERE id = $2"), [id * 2, id]);`,
        },
      ),
    );
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
    expect(await project.query("SELECT id, twice FROM n ORDER BY id")).toEqual([
      { id: 1, twice: 2 },
      { id: 21, twice: 42 },
    ]);
  });

  test("a forgotten await neither reorders nor loses anything", async () => {
    const project = await testProject(
      engine,
      revisions(
        {
          id: "aaaa",
          up: `op.createTable("n", { id: t.integer().notNull() }, { primaryKey: ["id"] });
            op.bulkInsert("n", [{ id: 1 }]);
            setTimeout(() => {}, 0);
            op.addColumn("n", "two", t.integer());`,
        },
        {
          id: "bbbb",
          revises: "aaaa",
          up: `op.execute("INSERT INTO n (id) VALUES (1)"); op.execute("INSERT INTO n (id) VALUES (2)");`,
        },
      ),
    );
    const result = await project.run("upgrade");
    expect(result.exit).toBe(2);
    expect(result.stderr).toContain("statement 1");
    expect(await project.rows()).toEqual(["aaaa"]);
    expect(await project.query("SELECT id, two FROM n")).toEqual([{ id: 1, two: null }]);
  });

  test("a SQL revision runs, and back", async () => {
    const project = await testProject(engine, {
      "revisions/a.sql": `-- first
--
-- Revision: aaaa
-- Revises:

-- aludel:upgrade
CREATE TABLE n (id integer PRIMARY KEY, s text DEFAULT ';');
INSERT INTO n (id) VALUES (1); -- and; a comment

-- aludel:downgrade
DROP TABLE n;
`,
    });
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
    expect(await project.query("SELECT * FROM n")).toEqual([{ id: 1, s: ";" }]);
    expect(Number((await project.log())[0]?.["statements_done"])).toBe(2);
    expect(await project.run("downgrade base")).toMatchObject({ exit: 0 });
    expect((await project.inspect()).tables.size).toBe(0);
  });

  test("with --transaction all a failure takes everything back", async () => {
    const project = await testProject(engine, {
      ...diamond,
      ...revisions({
        id: "ffff",
        revises: "eeee",
        up: 'await op.execute("INSERT INTO nowhere VALUES (1)");',
      }),
    });
    const result = await project.run("upgrade --transaction all");
    expect(result.exit).toBe(2);
    expect(result.stderr).toContain("Rolled back with it: aaaa, bbbb, cccc, dddd, eeee.");
    expect((await project.inspect()).tables.size).toBe(0);
    expect(await project.rows()).toEqual([]);
    expect(await project.log()).toEqual([]);
  });
});

test("one pass on PGlite", async () => {
  const project = await testProject("pglite", diamond);
  expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
  expect(await project.rows()).toEqual(["eeee"]);
  expect(await project.run("downgrade base")).toMatchObject({ exit: 0 });
  expect(await project.rows()).toEqual([]);
  expect((await project.inspect()).tables.size).toBe(0);
});
