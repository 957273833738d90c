import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { on, revisions, type TestProject, testProject } from "./project.js";

/** A part that is committed by itself, and one that needs the table alone. */
const files = revisions(
  {
    id: "aaaa",
    up: 'await op.createTable("persons", { id: t.integer().notNull() }, { primaryKey: ["id"] });',
  },
  {
    id: "bbbb",
    revises: "aaaa",
    up: `await op.execute("CREATE TABLE tries (n integer)"); await op.commit();
    await op.execute("INSERT INTO tries VALUES (1)");
    await op.addColumn("persons", "email", t.text());`,
    down: "",
  },
);

async function projectWith(engine: "sqlite" | "postgres", timeouts: object): Promise<TestProject> {
  const project = await testProject(engine, files);
  const config = { environments: { dev: { url: project.url, timeouts } } };
  writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify(config));
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  return project;
}

const hold = {
  postgres: 'BEGIN; SELECT * FROM "persons"',
  sqlite: "BEGIN IMMEDIATE",
};

/** Keeps the table from being changed while `use` runs, or until it says that it is enough. */
async function held<T>(
  project: TestProject,
  engine: "sqlite" | "postgres",
  use: (release: () => Promise<void>) => Promise<T>,
): Promise<T> {
  return on(project.url, project.folder, async (other) => {
    await other.run(hold[engine]);
    let isHeld = true;
    const release = async () => {
      if (isHeld) await other.run("ROLLBACK");
      isHeld = false;
    };
    try {
      return await use(release);
    } finally {
      await release();
    }
  });
}

describe.each(["sqlite", "postgres"] as const)("on %s", (engine) => {
  test("a statement that waits too long gives way, and is tried again until it gets what it needs", async () => {
    const project = await projectWith(engine, { lock: "600ms", retries: 20 });
    const { exit, stderr } = await held(project, engine, async (release) => {
      const running = project.run("upgrade");
      await pause(2000);
      await release();
      return running;
    });
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(stderr).toMatch(/^bbbb: gave way \(1 of 21 tries\), again in /m);
    if (engine === "postgres") {
      expect(stderr).toMatch(/in the way: process \d+, .*its transaction open for [\d.]+ s, .*persons/);
    }
    expect(await project.rows()).toEqual(["bbbb"]);
    // What was rolled back ran again, what was committed did not.
    expect(await project.query("SELECT n FROM tries")).toHaveLength(1);
    const log = (await project.log()).filter((row) => row["revision"] === "bbbb");
    expect(log.at(-1)).toMatchObject({ result: "succeeded" });
    expect(log.filter((row) => row["result"] === "running")).toEqual([]);
  });

  test("who is in the way for too long is named, and nothing is lost", async () => {
    const project = await projectWith(engine, { lock: "600ms", retries: 1 });
    const { exit, answer } = await held(project, engine, () => project.json("upgrade"));
    expect(exit).toBe(2);
    expect(answer).toMatchObject({ error: { code: "lock-timeout", data: { tries: 2 } } });
    const { details } = answer["error"] as { details: readonly string[] };
    expect(details).toContain("It was tried 2 times, and gave way each time.");
    if (engine === "postgres") expect(details.join("\n")).toMatch(/In the way: process \d+/);
    expect(await project.rows()).toEqual(["aaaa"]);
    expect(await project.json("upgrade")).toMatchObject({ exit: 0, answer: { rows: ["bbbb"] } });
    expect(await project.query("SELECT n FROM tries")).toHaveLength(1);
  });
});

test("an index that is built beside the traffic has no limit, so that nothing invalid is left", async () => {
  const project = await testProject("postgres", {
    ...revisions(
      { id: "aaaa", up: 'await op.createTable("persons", { id: t.integer() });' },
      {
        id: "bbbb",
        revises: "aaaa",
        up: 'await op.createIndex("ix_id", "persons", ["id"], { concurrently: true });',
        down: "",
      },
    ),
  });
  const config = {
    environments: { dev: { url: project.url, timeouts: { lock: "100ms", statement: "200ms" } } },
  };
  writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify(config));
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  const { exit, stderr } = await held(project, "postgres", async (release) => {
    // A snapshot that the index has to wait for.
    const running = project.run("upgrade");
    await pause(700);
    await release();
    return running;
  });
  expect({ exit, stderr }).toMatchObject({ exit: 0 });
  expect(stderr).not.toContain("gave way");
  expect(await project.query("SELECT indisvalid FROM pg_index WHERE NOT indisvalid")).toEqual([]);
});
