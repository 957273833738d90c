import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { makeRepository, persons } from "./repository.js";

const withPhone = persons.replace("email: text(),", "email: text(),\n  phone: text(),");

interface Smoke {
  readonly looked: string;
  readonly status: string;
  readonly times: readonly { readonly mode: string; readonly direction: string }[];
  readonly findings: readonly {
    readonly code: string;
    readonly severity: string;
    readonly message: string;
  }[];
}

async function changed(more: Readonly<Record<string, unknown>> = {}) {
  const repository = await makeRepository({ environments: { production: "sqlite:production.db" }, ...more });
  const upgraded = await repository.aludel("upgrade");
  expect([upgraded.exit, upgraded.exit === 0 ? "" : upgraded.stderr]).toEqual([0, ""]);
  repository.write("models.ts", withPhone);
  await repository.aludel("revision", "--autogenerate", "-m", "phone numbers");
  const smoke = async (...words: readonly string[]) => {
    const { exit, stdout } = await repository.aludel("ci", "--only", "smoke", "--json", ...words);
    const { checks } = JSON.parse(stdout) as { readonly checks: readonly [Smoke] };
    return { exit, ...checks[0] };
  };
  return { repository, smoke };
}

test("from nothing, from the base with rows, and both; with the way back", async () => {
  const { smoke } = await changed();
  const one = await smoke();
  expect([one.exit, one.times.map(({ direction }) => direction)]).toEqual([0, ["up, down and up"]]);
  const both = await smoke("--mode", "both", "--downgrade");
  expect([both.exit, both.times.map(({ mode, direction }) => `${mode} ${direction}`)]).toEqual([
    0,
    [
      "upgrade-from-previous up, down and up",
      "fresh upgrade",
      "fresh upgrade",
      "fresh downgrade",
      "fresh upgrade",
    ],
  ]);
  expect(both.looked).toMatch(/; an empty database \(SQLite .*\): 2 revisions, one back and up again \(/);
  const slow = await smoke("--mode", "fresh", "--max-seconds", "0.000001");
  expect([slow.exit, slow.findings.map(({ code }) => code)]).toEqual([1, ["too-slow"]]);
});

test("a dump: a file, a script, compressed; at a revision, or at none", async () => {
  const { repository, smoke } = await changed();
  const file = (name: string) => join(repository.folder, name);
  copyFileSync(file("production.db"), file("copy.db"));
  const copy = await smoke("--dump", "copy.db", "--downgrade");
  expect([copy.exit, copy.looked]).toEqual([
    0,
    expect.stringMatching(/^copy\.db \(a copy of copy\.db\), at \w+: 1 revision, one back and up again \(/),
  ]);
  writeFileSync(file("dump.sql.gz"), gzipSync("CREATE TABLE aludel_version (version_num TEXT);\n"));
  expect(await smoke("--mode", "from-dump", "--dump", "dump.sql.gz")).toMatchObject({
    exit: 0,
    status: "passed",
  });
  writeFileSync(file("foreign.sql"), "CREATE TABLE persons (id INTEGER);\n");
  const foreign = await repository.gate("--only", "smoke", "--dump", "foreign.sql");
  expect(foreign).toMatchObject({ exit: 2, found: { smoke: ["database-unversioned"] } });
  writeFileSync(file("broken.sql"), "SELECT 1;\n\nNONSENSE;\n");
  const broken = await repository.aludel("ci", "--only", "smoke", "--dump", "broken.sql");
  expect([broken.exit, broken.stdout]).toEqual([2, expect.stringContaining("broken.sql:3")]);
  const none = await repository.aludel("ci", "--only", "smoke", "--mode", "from-dump");
  expect([none.exit, none.stdout]).toEqual([2, expect.stringContaining("--dump")]);
  const both = await repository.aludel("smoke", "--mode", "fresh", "--dump", "copy.db");
  expect([both.exit, both.stderr]).toEqual([2, expect.stringContaining("for --mode from-dump")]);
});

test("rows of a dump that a revision does not get along with; a revision without a way back", async () => {
  const { repository, smoke } = await changed({ ci: { dump: "production.db", downgrade: true } });
  const [file = ""] = repository.revisions().filter((name) => name.includes("phone"));
  const id = /Revision: (\w+)/.exec(repository.read(`revisions/${file}`))?.[1];
  const text = repository.read(`revisions/${file}`);
  repository.write(
    `revisions/${file}`,
    text.replace(/async downgrade[\s\S]*?\n {2}\},/, 'downgrade: "there is none",'),
  );
  const oneWay = await smoke();
  expect([oneWay.exit, oneWay.findings.map(({ severity, code }) => `${severity} ${code}`)]).toEqual([
    0,
    ["info irreversible"],
  ]);
  repository.write(
    `revisions/${file}`,
    text.replace(
      "async upgrade(op) {",
      'async upgrade(op) {\n    await op.assert("nobody is there", "SELECT 1");',
    ),
  );
  const refused = await smoke();
  expect([refused.exit, refused.findings]).toMatchObject([1, [{ code: "assertion-failed", revision: id }]]);
});
