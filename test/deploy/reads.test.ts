import { expect, test } from "vitest";
import type { Row } from "../../src/dialect/connection.js";
import { revision } from "../run/project.js";
import { deployProject, preflight, refused } from "./project.js";

const drop = { id: "cccc", revises: "bbbb", message: "drop what is old", down: null };

test("on PostgreSQL what is still read is not taken away unless somebody says so", async () => {
  const tables = {
    id: "bbbb",
    revises: "aaaa",
    up: `await op.createTable("old", { id: t.integer(), a: t.integer(), b: t.integer() });
    await op.createIndex("ix_a", "old", ["a"]); await op.createTable("quiet", { id: t.integer() });
    await op.execute("INSERT INTO old SELECT n, n, n FROM generate_series(1, 5000) AS n");`,
    down: null,
  };
  const project = await deployProject("postgres", [tables]);
  expect((await project.run("deploy --env production")).exit).toBe(0);
  const dropping = (up: string) => project.write("revisions/cccc.ts", revision({ ...drop, up }));
  dropping('await op.dropTable("old"); await op.dropTable("quiet");');
  expect((await preflight(project))["reads"]).toMatchObject({ verdict: "passed" });
  await project.query("SELECT count(*) FROM old WHERE b = 3");
  const told = await counted(project, /table old: read once since/);
  expect(told).toMatch(/table quiet: not read since/);
  const stopped = await refused(project);
  expect(stopped).toMatchObject({ exit: 1, error: { code: "still-read" } });
  const plan = (await project.json("plan --env production")).answer as { reads: readonly Row[] };
  expect(plan.reads).toMatchObject([
    { kind: "table", times: 1, sinceDeploy: true, last: expect.any(String) },
    { kind: "table", times: 0 },
  ]);

  // Of a column only its own index tells.
  dropping('await op.dropColumn("old", "a"); await op.dropColumn("old", "b");');
  expect((await preflight(project))["reads"]).toMatchObject({
    verdict: "warning",
    details: [
      expect.stringMatching(/column old\.a, by its index ix_a: not read since/),
      expect.stringMatching(/whether column old\.b is read is not counted/),
    ],
  });
  await project.query("SELECT id FROM old WHERE a = 3");
  await counted(project, /by its index ix_a: read once/);
  expect((await refused(project)).error.code).toBe("still-read");
  // From a version on nobody should have read it.
  expect((await project.run("confirm app@2 --env production")).exit).toBe(0);
  expect((await preflight(project))["reads"]).toMatchObject({ verdict: "warning" });
  await project.query("SELECT id FROM old WHERE a = 4");
  await counted(project, /by its index ix_a: read once/);
  expect((await project.run("deploy --env production --allow-reads")).exit).toBe(0);
  expect(await project.rows()).toEqual(["cccc"]);
});

/** Sessions hand their counters in a little later. */
async function counted(project: Awaited<ReturnType<typeof deployProject>>, wanted: RegExp): Promise<string> {
  for (let tries = 0; ; tries++) {
    const { reads } = await preflight(project);
    const told = [reads?.told, ...(reads?.details ?? [])].join("\n");
    if (wanted.test(told)) return told;
    if (tries > 15) throw new Error(told);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
