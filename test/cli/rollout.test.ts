import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startPooler } from "../deploy/pooler.js";
import { on, revision, revisions, type TestProject, testProject } from "../run/project.js";

const files = revisions({
  id: "aaaa",
  up: 'await op.createTable("persons", { id: t.integer().notNull() }, { primaryKey: ["id"] });',
  down: 'await op.dropTable("persons");',
});

const names = (count: number) =>
  Array.from({ length: count }, (_, at) => `tenant${String(at).padStart(2, "0")}`);

function configure(
  project: TestProject,
  fleet: object,
  environment: object = {},
  others: object = {},
  defaultEnvironment = "main",
): void {
  const config = {
    dialect: project.url.split(":")[0],
    environments: { main: { url: project.url, ...environment }, ...others },
    defaultEnvironment,
    fleet,
  };
  writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify(config));
}

/** A fleet of SQLite files, each empty. */
async function fleetOfFiles(count: number, settings: object = {}): Promise<TestProject> {
  const project = await testProject("sqlite", files);
  for (const name of names(count)) writeFileSync(join(project.folder, `${name}.tenant.db`), "");
  configure(project, { files: "*.tenant.db", ...settings });
  return project;
}

interface Answer {
  readonly databases: readonly { name: string; status: string; error?: { code: string; message: string } }[];
  readonly upgraded: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly notBegun: number;
}

async function rollout(project: TestProject, options = ""): Promise<{ exit: number; answer: Answer }> {
  const { exit, answer } = await project.json(`rollout${options}`);
  return { exit, answer: answer as unknown as Answer };
}

test("one, then a tenth, then the rest", async () => {
  const project = await fleetOfFiles(20);
  expect(await project.json("rollout --status")).toMatchObject({
    exit: 1,
    answer: { pending: 20, unknown: 0 },
  });
  const { exit, stderr, stdout } = await project.run("rollout");
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: "20 databases: 20 upgraded, 0 unchanged.\n" });
  expect(stderr.match(/^wave .*$/gm)).toEqual([
    "wave 1 of 3: 1 database",
    "wave 2 of 3: 1 database",
    "wave 3 of 3: 18 databases",
  ]);
  expect(await rollout(project)).toMatchObject({ exit: 0, answer: { upgraded: 0, unchanged: 20 } });
  expect(await project.json("rollout --status")).toMatchObject({ exit: 0, answer: { pending: 0 } });
});

test("what fails stops the rollout before the next wave, stays as it was, and is gone on with", async () => {
  const project = await fleetOfFiles(10, { waves: [1, "50%", "100%"], parallel: 1 });
  const broken = names(10)[2];
  await on(`sqlite:${broken}.tenant.db`, project.folder, (other) =>
    other.run("CREATE TABLE persons (id integer)"),
  );
  const first = await rollout(project);
  expect(first).toMatchObject({ exit: 2, answer: { upgraded: 2, failed: 1, notBegun: 7 } });
  expect(first.answer.databases[2]).toMatchObject({
    name: `${broken}.tenant.db`,
    status: "failed",
    error: { code: "database-unversioned" },
  });
  const tolerant = await rollout(project, " --max-failures 1");
  expect(tolerant).toMatchObject({ exit: 2, answer: { upgraded: 7, unchanged: 2, failed: 1, notBegun: 0 } });
  await on(`sqlite:${broken}.tenant.db`, project.folder, (other) => other.run("DROP TABLE persons"));
  expect(await rollout(project)).toMatchObject({ exit: 0, answer: { upgraded: 1, unchanged: 9, failed: 0 } });
});

test("a signal stops it between databases, and the next rollout goes on", async () => {
  const project = await fleetOfFiles(30, { parallel: 1 });
  const controller = new AbortController();
  const running = project.run("rollout", { signal: controller.signal });
  while (readdirSync(project.folder).filter((name) => name.endsWith("-aludel-lock")).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  controller.abort();
  const { exit, stderr } = await running;
  expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining("interrupted") });
  const { answer } = await rollout(project);
  expect(answer.upgraded + answer.unchanged).toBe(30);
  expect(answer.upgraded).toBeGreaterThan(0);
});

test("the schemas of one database, each with its own tables and version", async () => {
  const project = await testProject("postgres", files);
  const schemas = ["plain", "Ten ant", 'with "quotes"'];
  for (const name of schemas) await project.execute(`CREATE SCHEMA "${name.replaceAll('"', '""')}"`);
  configure(project, { schemas, parallel: 2 });
  expect(await rollout(project)).toMatchObject({ exit: 0, answer: { upgraded: 3 } });
  const made = await project.query(
    "SELECT schemaname::text AS schema FROM pg_tables WHERE tablename = 'persons' ORDER BY 1",
  );
  expect(made.map((row) => row["schema"]).sort()).toEqual([...schemas].sort());
  expect(await rollout(project)).toMatchObject({ exit: 0, answer: { unchanged: 3 } });

  await project.execute(
    "CREATE SCHEMA late; CREATE TABLE tenants (name text); INSERT INTO tenants VALUES ('plain'), ('late'), ('gone')",
  );
  configure(project, { query: "SELECT name AS schema FROM tenants ORDER BY name = 'gone', name" });
  const { exit, answer } = await rollout(project);
  expect({ exit, ...answer }).toMatchObject({ exit: 2, upgraded: 1, unchanged: 1, failed: 1 });
  expect(answer.databases.map(({ name, status }) => [name, status])).toEqual([
    ["late", "upgraded"],
    ["plain", "unchanged"],
    ["gone", "failed"],
  ]);
});

test("its environment's timeouts, its protection and its identity are those of the environment that it names", async () => {
  const project = await testProject("postgres", files);
  await project.execute("CREATE SCHEMA one; CREATE SCHEMA two");
  const fleet = { schemas: ["one", "two"], environment: "main", parallel: 1 };
  const settings = { timeouts: { lock: "100ms", retries: 1 } };
  configure(project, { ...fleet, maxFailures: 1 }, settings);
  expect(await rollout(project, " aaaa")).toMatchObject({ exit: 0, answer: { upgraded: 2 } });
  const add = 'await op.addColumn("persons", "name", t.text());';
  project.write("revisions/bbbb.ts", revision({ id: "bbbb", revises: "aaaa", up: add }));
  const { answer } = await on(project.url, project.folder, async (other) => {
    await other.run("BEGIN; LOCK TABLE one.persons IN SHARE MODE");
    return rollout(project);
  });
  expect(answer.databases).toMatchObject([
    {
      name: "one",
      status: "failed",
      error: { code: "lock-timeout", message: expect.stringContaining("lock timeout") },
    },
    { name: "two", status: "upgraded" },
  ]);

  configure(project, fleet, { protected: true }, { other: project.url }, "other");
  expect(await project.json("rollout")).toMatchObject({
    exit: 2,
    answer: { error: { code: "environment-protected", data: { environment: "main" } } },
  });
  configure(project, fleet, { identity: { database: "elsewhere" } });
  const strange = await rollout(project);
  expect(strange).toMatchObject({ exit: 2, answer: { failed: 1, notBegun: 1 } });
  expect(strange.answer.databases[0]).toMatchObject({ error: { code: "wrong-database" } });
  configure(project, { query: "SELECT 'one' AS schema" }, { identity: { database: "elsewhere" } });
  expect(await project.json("rollout")).toMatchObject({
    exit: 2,
    answer: { error: { code: "wrong-database" } },
  });

  const pooler = await startPooler(project.url);
  configure(project, fleet, { url: pooler });
  const pooled = await rollout(project);
  expect(pooled).toMatchObject({ exit: 2, answer: { failed: 1, notBegun: 1 } });
  expect(pooled.answer.databases[0]).toMatchObject({ error: { code: "sessions-swapped" } });
});

test("a command prints the URLs, and no password of theirs is printed", async () => {
  const project = await fleetOfFiles(1);
  project.write(
    "list.mjs",
    'console.log("sqlite:tenant00.tenant.db\\npostgres://app:geheim%40wort@127.0.0.1:1/app");',
  );
  configure(project, { command: "node list.mjs" });
  const { exit, stdout, stderr } = await project.run("rollout --json");
  expect(exit).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ upgraded: 1, failed: 1 });
  expect(`${stdout}${stderr}`).not.toMatch(/geheim/);
});

test("a fleet that is none, and one that is protected", async () => {
  const project = await testProject("sqlite", { ...files, "x.ts": revision({ id: "x" }) });
  expect(await project.json("rollout")).toMatchObject({
    exit: 2,
    answer: { error: { code: "fleet-unreadable" } },
  });
  configure(project, { files: "*.nothing" });
  expect(await project.json("rollout")).toMatchObject({
    exit: 2,
    answer: { error: { code: "fleet-unreadable" } },
  });
  configure(project, { command: "exit 3" });
  expect(await project.json("rollout")).toMatchObject({
    exit: 2,
    answer: { error: { code: "fleet-unreadable" } },
  });
  configure(project, { files: "a", urls: ["sqlite:a"] });
  expect(await project.json("rollout")).toMatchObject({
    exit: 2,
    answer: { error: { code: "config-invalid" } },
  });
  await project.execute("SELECT 1");
  configure(project, { query: "SELECT 'sqlite:b.db' AS url" }, { protected: true });
  expect(await project.json("rollout")).toMatchObject({
    exit: 2,
    answer: { error: { code: "environment-protected" } },
  });
});

test("an environment whose plans are approved has none for a rollout", async () => {
  const project = await fleetOfFiles(2);
  configure(project, { files: "*.tenant.db" }, { approve: true });
  const { exit, answer } = await project.json("rollout");
  expect(exit).toBe(2);
  expect(answer).toMatchObject({ error: { code: "approval-required", data: { environment: "main" } } });
});
