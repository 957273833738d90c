import { expect, test } from "vitest";
import { on } from "../run/project.js";
import { startPooler } from "./pooler.js";
import { configure, deployProject, index, preflight, refused } from "./project.js";

const rewrite = {
  ...index,
  up: 'await op.createIndex("ix_name", "persons", ["name"]); await op.alterColumn("persons", "id", { type: t.bigint() });',
};

test("what PostgreSQL tells is looked at, and refused without a change", async () => {
  const project = await deployProject("postgres", [rewrite]);
  await project.execute(
    "INSERT INTO persons SELECT n, repeat('x', 50) FROM generate_series(1, 2000) n; ANALYZE persons",
  );
  const good = await preflight(project);
  expect(good).toMatchObject({
    server: { verdict: "passed" },
    sessions: { verdict: "passed" },
    privileges: { verdict: "passed", told: expect.stringContaining("persons") },
    drift: { verdict: "passed" },
    room: {
      verdict: "warning",
      told: expect.stringContaining("kB of disk"),
      details: [expect.stringContaining("persons: ")],
    },
    transactions: { verdict: "passed" },
  });

  configure(project, { preflight: { git: false, longTransaction: "300ms" } });
  await on(project.url, project.folder, async (other) => {
    await other.run("BEGIN; SELECT 1; SELECT pg_sleep(0.4)");
    expect((await preflight(project))["transactions"]).toMatchObject({
      verdict: "failed",
      details: [expect.stringMatching(/^process \d+/)],
    });
    expect(await refused(project)).toMatchObject({ exit: 1, error: { code: "preflight-failed" } });
  });

  const role = "aludel_deploy_stranger";
  await project.execute(
    `DROP ROLE IF EXISTS ${role}; CREATE ROLE ${role} LOGIN PASSWORD 'x';
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`,
  );
  const stranger = new URL(project.url);
  stranger.username = role;
  stranger.password = "x";
  configure(project, { url: stranger.href });
  const { privileges } = await preflight(project);
  expect(privileges).toMatchObject({ verdict: "failed" });
  expect(privileges?.details).toEqual([
    expect.stringMatching(/who owns public\.persons, may alter it/),
    `${role} may make nothing in schema public`,
  ]);
  expect(await refused(project)).toMatchObject({ exit: 1, error: { code: "preflight-failed" } });
  await project.execute(`DROP OWNED BY ${role}; DROP ROLE ${role}`);

  const pooler = await startPooler(project.url);
  configure(project, { url: pooler });
  expect((await preflight(project))["sessions"]).toMatchObject({
    verdict: "failed",
    told: expect.stringContaining("A pooler"),
  });
  expect(await refused(project)).toMatchObject({ exit: 1, error: { code: "preflight-failed" } });

  // What only reads leaves no process of the server behind that an application could not write through.
  for (const command of ["plan", "drift"]) expect((await project.run(command)).exit, command).toBeLessThan(2);
  configure(project, { url: pooler, timeouts: { lock: "1s" } });
  expect(await project.json("upgrade")).toMatchObject({
    exit: 2,
    answer: { error: { code: "sessions-swapped" } },
  });
  for (let n = 1; n <= 6; n += 1) {
    await on(pooler, project.folder, (application) => application.run("DELETE FROM persons WHERE id < 0"));
  }

  configure(project, {});
  expect((await project.run("deploy --env production")).exit).toBe(0);
  expect(await project.rows()).toEqual(["bbbb"]);
  const log = await project.query("SELECT result, hostname FROM aludel_deploy");
  expect(log).toMatchObject([{ result: "succeeded" }]);
}, 60_000);

test("a table of which something is renamed is one that is altered", async () => {
  const up = 'await op.renameColumn("persons", "name", "full_name");';
  const project = await deployProject("postgres", [
    { ...index, up, down: 'await op.renameColumn("persons", "full_name", "name");' },
  ]);
  expect((await preflight(project))["privileges"]?.told).toContain("owns what is altered (persons)");
});
