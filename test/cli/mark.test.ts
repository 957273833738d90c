import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { on, revisions, type TestProject, testProject } from "../run/project.js";
import { createTestDatabase } from "../server/postgres-server.js";

const files = revisions(
  { id: "aaaa", up: 'await op.createTable("persons", { id: t.integer() });' },
  { id: "bbbb", revises: "aaaa", up: 'await op.createIndex("ix_id", "persons", ["id"]);' },
);

function configure(project: TestProject, environments: object): void {
  writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify({ environments }));
}

const urls = { production: "sqlite:dev.db", staging: "sqlite:staging.db" };

async function projectWith(settings: { readonly staging?: object } = {}): Promise<TestProject> {
  const project = await testProject("sqlite", files);
  configure(project, {
    production: { url: urls.production, protected: true },
    staging: { url: urls.staging, ...settings.staging },
  });
  return project;
}

const copied = (project: TestProject) =>
  copyFileSync(join(project.folder, "dev.db"), join(project.folder, "staging.db"));

test("a database that says it is another environment's is refused before the first statement", async () => {
  const project = await projectWith();
  expect((await project.run("upgrade aaaa --env staging")).exit).toBe(0);
  // Who only looks writes nothing.
  expect((await project.run("upgrade aaaa --env production")).exit).toBe(0);
  expect(await project.query("SELECT value FROM aludel_state WHERE kind = 'marker'")).toEqual([
    { value: "production" },
  ]);
  expect((await project.run("upgrade aaaa --env production")).exit).toBe(0);
  expect(await project.query("SELECT value FROM aludel_state")).toHaveLength(1);
  copied(project);
  for (const command of ["upgrade", "current", "plan", "stamp head", "deploy", "confirm --list"]) {
    const { exit, answer } = await project.json(`${command} --env staging`);
    expect(exit, command).toBe(2);
    expect(answer, command).toMatchObject({
      error: {
        code: "wrong-database",
        details: ['marker: none is expected, production is there, which is that of environment "production"'],
        remedy: expect.stringContaining("aludel mark --env staging --instead-of production"),
      },
    });
  }
  // Who says which one by its URL, means it.
  expect((await project.run(`current --url ${urls.staging}?mode=ro`)).exit).toBe(0);
});

test("a copy is marked anew by who names what it was; what was confirmed of the other does not hold for it", async () => {
  const project = await projectWith({ staging: { identity: { marker: "shop-staging" } } });
  expect((await project.run("upgrade aaaa --env production")).exit).toBe(0);
  expect((await project.run("confirm app@1.42 --env production")).exit).toBe(0);
  copied(project);
  for (const line of ["mark --env staging", "mark --env staging --instead-of prod"]) {
    expect(await project.json(line), line).toMatchObject({
      exit: 2,
      answer: { error: { code: "wrong-database" } },
    });
  }
  expect((await project.run("mark --env staging --instead-of production")).exit).toBe(0);
  expect((await project.run("upgrade --env staging")).exit).toBe(0);
  expect((await project.json("confirm --list --env staging")).answer).toMatchObject([{ version: null }]);
  expect(
    await on(urls.staging, project.folder, (db) => db.query("SELECT * FROM aludel_version")),
  ).toHaveLength(1);
  expect((await project.run("mark --env staging")).stdout).toContain("already");

  // The other way round: production's URL leads to staging now.
  copyFileSync(join(project.folder, "staging.db"), join(project.folder, "dev.db"));
  const line = "mark --env production --instead-of shop-staging";
  expect(await project.json(line)).toMatchObject({
    exit: 2,
    answer: { error: { code: "environment-protected" } },
  });
  expect((await project.run(`${line} --confirm production`)).exit).toBe(0);
  expect((await project.run("upgrade --env production")).exit).toBe(0);
});

test("on PostgreSQL, and also where the other environment's URL is not known here", async () => {
  const project = await testProject("postgres", files);
  const other = await createTestDatabase();
  try {
    configure(project, { production: { url: project.url, protected: true }, dev: other.url });
    expect((await project.run("upgrade --env production")).exit).toBe(0);
    configure(project, { production: { url: "$NOWHERE_TO_BE_FOUND", protected: true }, dev: project.url });
    expect(await project.json("current --env dev")).toMatchObject({
      exit: 2,
      answer: { error: { code: "wrong-database" } },
    });
    configure(project, { production: { url: "$NOWHERE_TO_BE_FOUND", protected: true }, dev: other.url });
    expect((await project.run("upgrade --env dev")).exit).toBe(0);
  } finally {
    await other.drop();
  }
});
