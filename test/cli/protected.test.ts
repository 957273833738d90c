import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { revision, revisions, type TestProject, testProject } from "../run/project.js";

const files = revisions(
  {
    id: "aaaa",
    up: 'await op.createTable("persons", { id: t.integer() });',
    down: 'await op.dropTable("persons");',
  },
  { id: "bbbb", revises: "aaaa" },
);

const dropping = (id: string, revises: string, up: string) => revision({ id, revises, up, down: null });

async function withEnvironment(engine: "sqlite" | "postgres", settings: object): Promise<TestProject> {
  const project = await testProject(engine, files);
  const config = { environments: { production: { url: project.url, ...settings } } };
  writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify(config));
  return project;
}

test("a protected environment is taken back, and stamped, only by who names it", async () => {
  const project = await withEnvironment("sqlite", { protected: true });
  expect((await project.run("upgrade")).exit).toBe(0);
  for (const command of ["downgrade -1", "stamp base", `downgrade -1 --url ${project.url}`]) {
    const { exit, answer } = await project.json(command);
    expect(exit, command).toBe(2);
    expect(answer, command).toMatchObject({ error: { code: "environment-protected" } });
    expect(await project.json(`${command} --confirm staging`)).toMatchObject({ exit: 2 });
  }
  expect(await project.rows()).toEqual(["bbbb"]);
  expect((await project.run("downgrade -1 --dry-run")).exit).toBe(0);
  expect((await project.run("downgrade -1 --confirm production")).exit).toBe(0);
  expect(await project.rows()).toEqual(["aaaa"]);
  expect((await project.run("stamp head --confirm production")).exit).toBe(0);
  expect(await project.rows()).toEqual(["bbbb"]);
});

test("what destroys runs on a protected environment only when it is meant, or as it was approved", async () => {
  const project = await withEnvironment("sqlite", { protected: true });
  project.write("revisions/cccc.ts", dropping("cccc", "bbbb", 'await op.dropTable("persons");'));
  expect((await project.run("upgrade bbbb")).exit).toBe(0);
  const refused = await project.json("upgrade");
  expect(refused).toMatchObject({ exit: 2, answer: { error: { code: "environment-protected" } } });
  const { token } = (await project.json("plan")).answer as { token: string };

  // Somebody edits the revision after it was read.
  project.write(
    "revisions/cccc.ts",
    dropping("cccc", "bbbb", 'await op.dropTable("persons"); /* and more */'),
  );
  const edited = await project.json(`upgrade --approve ${token}`);
  expect(edited).toMatchObject({ exit: 2, answer: { error: { code: "plan-changed" } } });
  expect(await project.rows()).toEqual(["bbbb"]);
  expect((await project.inspect()).tables.size).toBe(1);

  const again = (await project.json("plan")).answer as { token: string };
  expect((await project.run(`upgrade --approve ${again.token}`)).exit).toBe(0);
  expect(await project.rows()).toEqual(["cccc"]);
  // All that was approved has run, and nothing is left of it.
  const twice = await project.json(`upgrade --approve ${again.token}`);
  expect(twice).toMatchObject({ exit: 0, answer: { executed: [] } });
});

test("what others were squashed into runs on a protected environment only when it is meant", async () => {
  const project = await withEnvironment("sqlite", { protected: true });
  project.write("revisions/cccc.ts", revision({ id: "cccc", revises: "bbbb" }));
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  expect((await project.run("squash bbbb:cccc -m both")).exit).toBe(0);
  for (const command of ["upgrade", "deploy --env production --only upgrade"]) {
    const { exit, answer } = await project.json(command);
    expect({ exit, answer }, command).toMatchObject({
      exit: 2,
      answer: { error: { code: "environment-protected", message: expect.stringContaining("cccc") } },
    });
  }
  expect(await project.rows()).toEqual(["aaaa"]);
  expect((await project.run("upgrade --confirm production")).exit).toBe(0);
  expect(await project.rows()).toEqual(["cccc"]);
});

test("at a terminal its name is typed", async () => {
  const project = await withEnvironment("sqlite", { protected: true });
  expect((await project.run("upgrade")).exit).toBe(0);
  const no = await project.run("downgrade -1", { answers: ["yes"] });
  expect(no).toMatchObject({ exit: 2 });
  expect(no.stderr).toContain('you typed "yes"');
  expect(await project.rows()).toEqual(["bbbb"]);
  const yes = await project.run("downgrade -1", { answers: ["production"] });
  expect(yes).toMatchObject({ exit: 0 });
  expect(await project.rows()).toEqual(["aaaa"]);
});

test.each([
  ["sqlite", { database: "other.db" }, /database: other\.db is expected, dev\.db is there/],
  [
    "postgres",
    { host: "db.example.com" },
    /host: db\.example\.com is expected, (localhost|127\.0\.0\.1) is there/,
  ],
  ["postgres", { systemIdentifier: "1" }, /system identifier: 1 is expected, \d+ is there/],
] as const)(
  "on %s a run against another database than %j stops before its first statement",
  async (engine, identity, said) => {
    const project = await withEnvironment(engine, { identity });
    for (const command of ["upgrade", "stamp head", "current", "drift"]) {
      const { exit, answer } = await project.json(command);
      expect(exit, command).toBe(2);
      const { error } = answer as { error: { code: string; details: readonly string[] } };
      expect(error.code, command).toBe("wrong-database");
      expect(error.details.join("\n")).toMatch(said);
    }
    expect((await project.inspect()).tables.size).toBe(0);
  },
);

test("the right database is let in", async () => {
  const project = await withEnvironment("sqlite", { identity: { database: "dev.db" } });
  expect((await project.run("upgrade")).exit).toBe(0);
});

test("mistakes in what is said of an environment are told with what to write", async () => {
  const project = await withEnvironment("sqlite", {
    protectd: true,
    timeouts: { lok: 1, lock: "two seconds", retries: -1 },
    identity: { hostname: "x" },
  });
  const { exit, answer } = await project.json("upgrade");
  expect(exit).toBe(2);
  const { details } = answer["error"] as { details: readonly string[] };
  expect(details.join("\n")).toMatchInlineSnapshot(`
    "environments.production.timeouts.lock: found a text; write a time, "500ms", "2s" or "5m"
    environments.production.timeouts.retries: found a number; write a number of tries, 0 or more
    environments.production.timeouts.lok: found a key that the configuration does not have; did you mean "lock"?
    environments.production.identity.hostname: found a key that the configuration does not have; take it out; there are host, database, systemIdentifier, marker
    environments.production.protectd: found a key that the configuration does not have; did you mean "protected"?"
  `);
});

test("a dry run of a downgrade says what would be lost", async () => {
  const project = await withEnvironment("sqlite", {});
  project.write(
    "revisions/cccc.ts",
    revision({
      id: "cccc",
      revises: "bbbb",
      up: 'await op.addColumn("persons", "age", t.integer());',
      down: 'await op.dropColumn("persons", "age");',
    }),
  );
  project.write(
    "revisions/dddd.ts",
    revision({
      id: "dddd",
      revises: "cccc",
      up: 'await op.renameColumn("persons", "age", "years");',
      down: 'await op.renameColumn("persons", "years", "age");',
    }),
  );
  expect((await project.run("upgrade")).exit).toBe(0);
  expect((await project.run("downgrade -1 --dry-run")).stderr).toContain("Nothing would be lost.");
  const { stderr } = await project.run("downgrade -2 --dry-run");
  expect(stderr).toContain("To take cccc back would lose column persons.age.");
  const { answer } = await project.json("downgrade -2 --dry-run");
  expect(answer["losses"]).toEqual([
    { revision: "dddd", wayBack: { kind: "whole" } },
    { revision: "cccc", wayBack: { kind: "loses", what: ["column persons.age"] } },
  ]);
  expect(await project.rows()).toEqual(["dddd"]);
});

test("what an upgrade wrote over is not called safe to take back", async () => {
  const project = await withEnvironment("sqlite", {});
  const add = (id: string, revises: string, up: string, down = "") =>
    project.write(`revisions/${id}.ts`, revision({ id, revises, up, down }));
  add(
    "cccc",
    "bbbb",
    `await op.backfill("persons", { set: { id: sql\`id * 10\` }, where: sql\`id < 10\` });`,
  );
  add("dddd", "cccc", `await op.backfill("persons", { set: { id: 0 }, where: sql\`id IS NULL\` });`);
  add(
    "eeee",
    "dddd",
    'await op.execute("UPDATE persons SET id = id + 1; DELETE FROM persons WHERE id = 0");',
  );
  add(
    "ffff",
    "eeee",
    'await op.execute("UPDATE persons SET id = -id");',
    'await op.execute("UPDATE persons SET id = -id");',
  );
  expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
  const { answer } = await project.json("downgrade -4 --dry-run");
  const over = (what: string) => ({
    kind: "unknown",
    reason: `its upgrade writes over ${what}, and the way back leaves that as it is`,
  });
  expect(answer["losses"]).toEqual([
    { revision: "ffff", wayBack: { kind: "whole" } },
    { revision: "eeee", wayBack: over("persons.id, rows of persons") },
    { revision: "dddd", wayBack: { kind: "whole" } },
    { revision: "cccc", wayBack: over("persons.id") },
  ]);
});

test("an op on what SQL text has made destroys no less, though SQLite cannot say what else it does", async () => {
  const project = await withEnvironment("sqlite", { protected: true });
  const made = "CREATE TABLE notes (id integer PRIMARY KEY, text text, by text);";
  const head = "-- notes\n--\n-- Revision: cccc\n-- Revises: bbbb\n-- Created: 2026-11-22T05:30:00Z\n";
  project.write(
    "revisions/cccc.sql",
    `${head}\n-- aludel:upgrade\n\n${made}\n\n-- aludel:downgrade\n\nDROP TABLE notes;\n`,
  );
  expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
  const [up, down] = [
    'await op.addColumn("notes", "more", t.text());',
    'await op.dropColumn("notes", "more");',
  ];
  project.write("revisions/dddd.ts", revision({ id: "dddd", revises: "cccc", up, down }));
  expect((await project.run("lint dddd --rule destruction=error")).stdout).not.toContain("error");
  project.write("revisions/dddd.ts", dropping("dddd", "cccc", 'await op.dropColumn("notes", "text");'));
  const planned = (await project.json("plan")).answer as { revisions: readonly object[] };
  expect(planned.revisions).toMatchObject([
    { phase: "contract", destroys: [{ rule: "drop-column" }], findings: [] },
  ]);
  expect(await project.json("upgrade")).toMatchObject({
    exit: 2,
    answer: { error: { code: "environment-protected" } },
  });
  expect(await project.run("upgrade --confirm production")).toMatchObject({ exit: 0 });
});
