import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { revision, type TestProject } from "../run/project.js";
import { configure, deployProject, index, preflight, refused } from "./project.js";

const git = { preflight: { git: false } };
const smoke = [{ query: "SELECT count(*) FROM persons", expect: 0 }];

/** `production` requires `staging`, which is another file; both are at the first revision. */
async function withStaging(staging: object, more: object = {}): Promise<TestProject> {
  const project = await deployProject("sqlite", [index]);
  const environments = {
    staging: { url: "sqlite:staging.db", ...git, ...staging },
    production: { url: project.url, ...git, requires: "staging" },
  };
  configure(project, {}, { environments, ...more });
  expect((await project.run("upgrade aaaa --env staging")).exit).toBe(0);
  return project;
}

const required = async (project: TestProject, options = "") =>
  (await preflight(project, options))["requires"];

test("what staging does not have, or has not tried, does not come to production", async () => {
  const project = await withStaging({ smoke });
  expect(await required(project)).toMatchObject({
    verdict: "failed",
    details: [expect.stringMatching(/^staging \(its database\): bbbb an index was not deployed there/)],
  });
  expect(await refused(project)).toMatchObject({ exit: 1, error: { code: "preflight-failed" } });
  // Run, and not tried.
  expect((await project.run("upgrade --env staging")).exit).toBe(0);
  expect(await required(project)).toMatchObject({ verdict: "failed" });
  expect((await project.run("deploy --env staging")).exit).toBe(0);
  expect(await required(project)).toMatchObject({ verdict: "passed" });
  project.write("revisions/bbbb.ts", revision({ ...index, up: `${index.up} /* and more */` }));
  expect(await required(project)).toMatchObject({
    verdict: "failed",
    details: [expect.stringContaining("has another text there")],
  });
});

test("a receipt says the same where staging cannot be reached, and only the true one does", async () => {
  const receiptKey = { variable: "RECEIPT_KEY", fallback: "0123456789abcdef" };
  const project = await withStaging({ smoke }, { receiptKey });
  const written = await project.json("deploy --env staging --write-receipt staging.json");
  expect(written).toMatchObject({ exit: 0, answer: { smoke: { passed: true } } });
  const file = join(project.folder, "staging.json");
  const text = readFileSync(file, "utf8");
  project.remove("staging.db");
  expect(await required(project)).toMatchObject({ verdict: "failed" });
  expect(await required(project, " --receipt staging.json")).toMatchObject({ verdict: "passed" });

  const line = "deploy --env production --receipt staging.json";
  writeFileSync(file, text.replace("bbbb", "cccc"));
  expect(await refused(project, line)).toMatchObject({ exit: 2, error: { code: "receipt-invalid" } });
  writeFileSync(file, text);
  project.write("revisions/bbbb.ts", revision({ ...index, up: `${index.up} /* and more */` }));
  expect(await refused(project, line)).toMatchObject({ exit: 1, error: { code: "preflight-failed" } });
  project.write("revisions/bbbb.ts", revision(index));
  expect((await project.run(line)).exit).toBe(0);
  expect(await project.rows()).toEqual(["bbbb"]);
});

test("without a key there is no receipt, and nothing is deployed for one", async () => {
  const project = await withStaging({ smoke });
  const { exit, answer } = await project.json("deploy --env staging --write-receipt staging.json");
  expect(exit).toBe(2);
  expect(answer).toMatchObject({ error: { code: "receipt-invalid" } });
  expect(existsSync(join(project.folder, "staging.json"))).toBe(false);
});

test("what destroys is backed up first, and smoke checks that fail name the way back", async () => {
  const drop = {
    ...index,
    up: 'await op.dropColumn("persons", "name");',
    down: 'await op.addColumn("persons", "name", t.text());',
  };
  const project = await deployProject("sqlite", [drop], {
    backup: { when: "destructive" },
    smoke: [{ query: "SELECT 1", expect: 2 }],
  });
  const { exit, answer } = await project.json("deploy --env production --on-failure downgrade");
  expect(exit).toBe(1);
  // The column would come back without what was in it.
  expect(await project.rows()).toEqual(["bbbb"]);
  const [backup] = readdirSync(join(project.folder, "backups"));
  expect(backup).toMatch(/^aaaa_/);
  expect(answer).toMatchObject({
    error: {
      code: "smoke-failed",
      data: {
        takenBack: false,
        part: "smoke",
        applied: ["bbbb"],
        wayBack: { kind: "restore", command: expect.stringContaining(String(backup)) },
      },
    },
  });
  expect(await project.query("SELECT result, stopped_in, backup FROM aludel_deploy")).toMatchObject([
    { result: "failed", stopped_in: "smoke", backup: expect.stringContaining(String(backup)) },
  ]);
  const runs = await project.run("history --runs --env production");
  expect(runs.stdout).toMatch(/deploy 1 +failed .*bbbb; backup .*stopped in smoke/);
});

test("a backup that cannot be verified stops the deploy before anything is changed", async () => {
  const create = "node -e 0";
  const verify = "node -e process.exit(3)";
  const project = await deployProject("sqlite", [index], {
    backup: { when: "always", create, verify, restore: "ask for {name}" },
  });
  expect(await refused(project)).toMatchObject({ exit: 2, error: { code: "backup-failed" } });
});
