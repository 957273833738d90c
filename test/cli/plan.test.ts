import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { on, revisions, testProject } from "../run/project.js";

const files = revisions(
  {
    id: "aaaa",
    up: 'await op.createTable("persons", { id: t.integer().notNull(), name: t.text(), born: t.date() }, { primaryKey: ["id"] });',
    down: 'await op.dropTable("persons");',
  },
  {
    id: "bbbb",
    revises: "aaaa",
    message: "add email",
    up: 'await op.addColumn("persons", "email", t.text()); await op.createIndex("ix_email", "persons", ["email"]);',
    down: 'await op.dropColumn("persons", "email");',
  },
  {
    id: "cccc",
    revises: "bbbb",
    message: "drop born",
    up: 'await op.dropColumn("persons", "born");',
    down: null,
  },
);

test("what would run is told with what it locks, destroys and meets, and nothing is changed", async () => {
  const project = await testProject("postgres", files);
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  await project.execute("INSERT INTO persons SELECT n, 'x' FROM generate_series(1, 1000) n; ANALYZE persons");
  const { exit, answer } = await project.json("plan");
  expect(exit).toBe(0);
  const { revisions: planned } = answer as { revisions: readonly Record<string, unknown>[] };
  expect(planned).toMatchObject([
    {
      revision: "bbbb",
      destroys: [],
      breaks: [],
      wayBack: { kind: "loses", what: ["column persons.email"] },
      statements: [
        { locks: { "public.persons": "ACCESS EXCLUSIVE" }, rewrites: [] },
        { locks: { "public.persons": "SHARE" }, indexBuilds: ["public.persons"] },
      ],
    },
    {
      revision: "cccc",
      destroys: [{ rule: "drop-column", approved: false }],
      wayBack: { kind: "none", reason: "there is no way back" },
    },
  ]);
  expect(answer["tables"]).toMatchObject([{ table: "public.persons", rows: 1000 }]);
  expect(await project.rows()).toEqual(["aaaa"]);

  const again = await project.json("plan");
  expect(again.answer["token"]).toBe(answer["token"]);
  expect((await project.json("plan bbbb")).answer["token"]).not.toBe(answer["token"]);

  const text = await on(project.url, project.folder, async (other) => {
    await other.run("BEGIN; SELECT * FROM persons; SELECT pg_sleep(5.2)");
    return (await project.run("plan")).stdout;
  });
  expect(text).toMatch(/^cccc drop born {2}contract; no way back: there is no way back$/m);
  expect(text).toMatch(/^open: process \d+, .*its transaction open for 5\.\d s/m);
  expect(text).toContain("public.persons: 1,000 rows, ");
  const page = (await project.run("plan --format markdown")).stdout;
  expect(page).toMatch(
    /^\| \d+ \| `ALTER TABLE .*persons.* \| ACCESS EXCLUSIVE on public\.persons \(1,000 rows, .*\) \| wait: reads and writes \|$/m,
  );

  expect((await project.run("upgrade")).exit).toBe(0);
  expect((await project.run("plan")).stdout).toContain("Nothing would run.");
}, 60_000);

test("on SQLite no statement is said to lock nothing: there is one lock for all", async () => {
  const project = await testProject("sqlite", files);
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  const { stdout } = await project.run("plan bbbb");
  expect(stdout).toContain("SQLite has one lock, of the whole database");
  expect(stdout).not.toContain("locks nothing");
});

test("SQLite has its plan, too", async () => {
  const project = await testProject("sqlite", files);
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  const { exit, answer } = await project.json("plan");
  expect(exit).toBe(0);
  expect(answer).toMatchObject({
    activity: null,
    revisions: [{ revision: "bbbb" }, { revision: "cccc", destroys: [{ rule: "drop-column" }] }],
  });
  expect(await project.rows()).toEqual(["aaaa"]);
});

test("what was approved goes on where the run of it was ended, and nothing else does", async () => {
  const project = await testProject("sqlite", files);
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  const { token } = (await project.json("plan")).answer;
  expect((await project.run("upgrade bbbb")).exit).toBe(0);
  // Another one, of the same database.
  const { token: later } = (await project.json("plan")).answer;
  expect(later).not.toBe(token);
  const partly = await project.json(`upgrade bbbb --approve ${String(token)}`);
  expect(partly).toMatchObject({ exit: 2, answer: { error: { code: "plan-changed" } } });
  const text = readFileSync(join(project.folder, "revisions/cccc.ts"), "utf8");
  project.write("revisions/cccc.ts", `${text}\n`);
  const edited = await project.json(`upgrade --approve ${String(token)}`);
  expect(edited).toMatchObject({ exit: 2, answer: { error: { code: "plan-changed" } } });
  project.write("revisions/cccc.ts", text);
  expect(await project.rows()).toEqual(["bbbb"]);
  expect((await project.run(`upgrade --approve ${String(token)}`)).exit).toBe(0);
  expect(await project.rows()).toEqual(["cccc"]);
  expect((await project.run(`upgrade --approve ${String(token)}`)).exit).toBe(0);
});
