import { describe, expect, test } from "vitest";
import { revisions, testProject } from "./project.js";

/** DDL as text in the middle of ops; the last revision is ops again. */
const history = revisions(
  {
    id: "aaaa",
    up: 'await op.createTable("person", { id: t.integer().notNull() }, { primaryKey: ["id"] });',
    down: 'await op.dropTable("person");',
  },
  {
    id: "bbbb",
    revises: "aaaa",
    up: `await op.execute('CREATE TABLE "by text" (id integer PRIMARY KEY); ALTER TABLE person ADD COLUMN name text');`,
    down: `await op.execute('DROP TABLE "by text"; ALTER TABLE person DROP COLUMN name');`,
  },
  {
    id: "cccc",
    revises: "bbbb",
    up: 'await op.createIndex("ix_name", "person", ["name"]);',
    down: 'await op.dropIndex("ix_name", { table: "person" });',
  },
);

describe.each(["sqlite", "postgres"] as const)("a history with DDL as text on %s", (engine) => {
  test("is replayed on a scratch database, and is what an upgrade leads to", async () => {
    const project = await testProject(engine, history);
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
    const { answer } = await project.json("diff heads database");
    expect(answer).toMatchObject({ equal: true, ops: [] });
    await project.execute('DROP TABLE "by text"');
    const drifted = await project.run("diff heads database");
    expect(drifted.exit).toBe(1);
    expect(drifted.stdout).toContain("by text");
  });

  test("is proved revision by revision", async () => {
    const project = await testProject(engine, history);
    for (const id of ["aaaa", "bbbb"]) {
      const proof = await project.run(`verify ${id}`);
      expect(proof.stdout).toContain(`${id} proved`);
      expect(proof.exit).toBe(0);
    }
  });
});

describe("a revision that cannot be replayed is named with its file", () => {
  const start = {
    id: "aaaa",
    up: 'await op.createTable("person", { id: t.integer().notNull() });',
    down: 'await op.dropTable("person");',
  };

  test.each([
    [
      'await op.dropColumn("person", "nothing");',
      "error[op-impossible] There is no column person.nothing at this point\n  at revisions/bbbb.ts, revision bbbb",
    ],
    [
      "t.integer().nowhere();",
      "error[revision-invalid] The upgrade of revision bbbb fails: t.integer(...).nowhere is not a function\n  at revisions/bbbb.ts:15:17, revision bbbb",
    ],
  ])("%s", async (up, expected) => {
    const project = await testProject("sqlite", revisions(start, { id: "bbbb", revises: "aaaa", up }));
    const { exit, stderr } = await project.run("diff heads base");
    expect([exit, stderr]).toEqual([2, expect.stringContaining(expected)]);
  });
});
