import { execFileSync } from "node:child_process";
import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const config = '{ "environments": { "dev": "sqlite:dev.db" }, "fileName": "{id}" }';

/** A revision that leaves a file behind when anything of it is run. */
function revision(id: string, revises: string | null, comment = `Revision: ${id}`): string {
  return `/**
 * message
 *
 * ${comment}
 * Created: 2026-11-21T05:30:00Z
 */
import { writeFileSync } from "node:fs";
import { defineRevision } from "aludel";

writeFileSync(new URL("../was-run", import.meta.url), "");

export default defineRevision({
  id: ${JSON.stringify(id)},
  revises: ${JSON.stringify(revises)},
  async upgrade(op) {
    writeFileSync(new URL("../was-run", import.meta.url), "");
  },
  async downgrade(op) {},
});
`;
}

const sql = (id: string, revises: string, statements: string) =>
  `-- message\n-- Revision: ${id}\n-- Revises: ${revises}\n-- Created: 2026-11-21T05:30:00Z\n-- aludel:upgrade\n${statements}`;

function project(files: Readonly<Record<string, string>>): string {
  const revisions = Object.entries(files).map(([name, text]) => [`revisions/${name}`, text]);
  return temporaryFolder({ "aludel.config.json": config, "dev.db": "", ...Object.fromEntries(revisions) });
}

/** Every command that reads the graph first, whatever it does then. */
const commands = [
  "heads",
  "heads --resolve-dependencies",
  "branches",
  "history",
  "history -i -v",
  "history --graph",
  "history --mermaid",
  "history --dot",
  "history -r :heads",
  "show heads",
  "current",
  "stamp heads",
  "upgrade --dry-run",
  "downgrade base --dry-run",
  "linear",
  "edit heads",
  "merge -m merge",
  "squash :heads -m all",
  "revision -m new",
];

const good = revision("aaaa", null);

/** What is wrong, the files, and what is said of it. */
const cases: readonly (readonly [string, Readonly<Record<string, string>>, string, string])[] = [
  ["no revision", { "b.ts": "export const x = 1;\n" }, "revision-unreadable", "revisions/b.ts:1"],
  ["an empty file", { "b.ts": "" }, "revision-unreadable", "revisions/b.ts:1"],
  ["no text", { "b.ts": "\n\u0000\u0001" }, "revision-unreadable", "revisions/b.ts:2"],
  ["no SQL revision", { "b.sql": "CREATE TABLE t (id int);\n" }, "revision-unreadable", "revisions/b.sql:1"],
  ["an odd id", { "b.ts": revision("b'; DROP", "aaaa") }, "revision-unreadable", "revisions/b.ts:13"],
  ["an odd parent", { "b.ts": revision("bbbb", "a@a") }, "revision-unreadable", "revisions/b.ts:14"],
  ["a word of targets", { "b.ts": revision("heads", "aaaa") }, "revision-unreadable", "revisions/b.ts:13"],
  [
    "an odd id in SQL",
    { "b.sql": sql("b@b", "aaaa", "SELECT 1;\n") },
    "revision-unreadable",
    "revisions/b.sql",
  ],
  [
    "a computed id",
    { "b.ts": revision("bbbb", "aaaa").replace('"bbbb"', '"bb" + "bb"') },
    "revision-unreadable",
    "revisions/b.ts:13",
  ],
  [
    "a file cut off in its code",
    { "b.ts": revision("bbbb", "aaaa").slice(0, -60) },
    "revision-unreadable",
    "revisions/b.ts:16",
  ],
  [
    "a file cut off in its comment",
    { "b.ts": revision("bbbb", "aaaa").slice(0, 20) },
    "revision-unreadable",
    "revisions/b.ts:4",
  ],
  [
    "SQL cut off before its section",
    { "b.sql": sql("bbbb", "aaaa", "").slice(0, 60) },
    "revision-unreadable",
    "revisions/b.sql:1",
  ],
  ["two of one id", { "b.ts": good }, "revision-duplicate", "revisions/b.ts:13"],
  ["a missing parent", { "b.ts": revision("bbbb", "gone") }, "revision-parent-missing", "revisions/b.ts:14"],
  ["itself as parent", { "b.ts": revision("bbbb", "bbbb") }, "revision-cycle", "revisions/b.ts:14"],
  [
    "a circle",
    { "b.ts": revision("bbbb", "cccc"), "c.ts": revision("cccc", "bbbb") },
    "revision-cycle",
    "revisions/b.ts:14",
  ],
  [
    "Windows line ends and a mistake",
    { "b.ts": revision("bbbb", "gone").replaceAll("\n", "\r\n") },
    "revision-parent-missing",
    "revisions/b.ts:14",
  ],
];

describe.each(cases)("%s", (_what, files, code, place) => {
  test("is an error of every command, with file and line, and nothing is run", async () => {
    const folder = project({ "a.ts": good, ...files });
    for (const command of commands) {
      const { exit, stdout, stderr } = await aludel(folder, command.split(" "));
      expect([command, exit, stdout]).toEqual([command, 2, ""]);
      expect(stderr.split("\n")[0]).toMatch(new RegExp(`^error\\[${code}\\] .`));
      expect([command, stderr.split("\n")[1]]).toEqual([command, expect.stringContaining(`at ${place}`)]);
      expect(stderr).toMatch(/\n→ ./);
    }
    const { exit, stdout } = await aludel(folder, ["validate"]);
    expect([exit, stdout]).toEqual([
      1,
      expect.stringMatching(new RegExp(`^${place}.* error\\[${code}\\]`, "m")),
    ]);
    expect(existsSync(join(folder, "was-run"))).toBe(false);
  });
});

describe("what is no mistake", () => {
  test.each([
    ["Windows line ends", (text: string) => text.replaceAll("\n", "\r\n")],
    ["a byte order mark", (text: string) => `\uFEFF${text}`],
    ["a comment that says something else, of which validate tells", (text: string) => text],
  ])("%s", async (_what, written) => {
    const folder = project({
      "a.ts": written(good),
      "b.ts": written(revision("bbbb", "aaaa", "Revision: zzzz")),
      "c.sql": written(sql("cccc", "bbbb", "SELECT 1;\n-- aludel:downgrade\nSELECT 2;\n")),
    });
    expect((await aludel(folder, ["history"])).stdout).toBe(
      "bbbb -> cccc (head), message\naaaa -> bbbb, message\n<base> -> aaaa, message\n",
    );
    expect((await aludel(folder, ["validate"])).stdout).toContain(
      "revisions/b.ts:4 error[revision-contradictory]",
    );
  });
});

test("reading the graph runs nothing of a revision", async () => {
  const folder = project({
    "a.ts": good,
    "b.ts": revision("bbbb", "aaaa"),
    "c.ts": revision("cccc", "aaaa"),
  });
  const reading = [...commands.slice(0, 11), "validate", "conflicts", "stamp heads", "linear", "edit bbbb"];
  for (const command of reading) {
    const { exit } = await aludel(folder, command.split(" "), { variables: { EDITOR: "true" } });
    expect([command, exit, existsSync(join(folder, "was-run"))]).toEqual([
      command,
      expect.toBeOneOf([0, 1]),
      false,
    ]);
  }
});

describe("links and what is no file", () => {
  test.each(["heads", "history --graph", "upgrade", "validate"])(
    "a device is never read: %s",
    async (command) => {
      const folder = project({ "a.ts": good });
      symlinkSync("/dev/zero", join(folder, "revisions/zero.ts"));
      const { exit, stdout, stderr } = await aludel(folder, command.split(" "));
      expect([exit, stdout + stderr]).toEqual([
        command === "validate" ? 1 : 2,
        expect.stringContaining("error[file-unreadable] What has the name of a revision is no file"),
      ]);
      expect(stdout + stderr).toContain("revisions/zero.ts:1");
    },
  );

  test.skipIf(process.platform === "win32")("a pipe is not waited for", async () => {
    const folder = project({ "a.ts": good });
    execFileSync("mkfifo", [join(folder, "revisions/pipe.sql")]);
    expect((await aludel(folder, ["heads"])).stderr).toContain("at revisions/pipe.sql:1");
    expect((await aludel(folder, ["validate"])).stdout).toContain(
      "revisions/pipe.sql:1 error[file-unreadable]",
    );
  });

  test("a link out of the folder is read as the file that it is, and validate tells of it", async () => {
    const folder = project({ "a.ts": good });
    writeFileSync(join(folder, "outside.ts"), revision("bbbb", "aaaa"));
    symlinkSync("../outside.ts", join(folder, "revisions/bbbb.ts"));
    expect((await aludel(folder, ["heads"])).stdout).toBe("bbbb (head)\n");
    expect((await aludel(folder, ["validate"])).stdout).toContain(
      "revisions/bbbb.ts:1 error[revision-outside]",
    );
    expect(existsSync(join(folder, "was-run"))).toBe(false);
  });

  test("a link to nothing", async () => {
    const folder = project({ "a.ts": good });
    symlinkSync("gone.ts", join(folder, "revisions/bbbb.ts"));
    expect((await aludel(folder, ["heads"])).stderr).toContain("error[file-unreadable]");
  });
});

test("a circle of ten thousand is one error, with a place", async () => {
  const count = 10_000;
  const files = Array.from({ length: count }, (_, at) => [
    `r${at}.sql`,
    sql(`r${at}`, `r${(at + 1) % count}`, "SELECT 1;\n-- aludel:downgrade\nSELECT 2;\n"),
  ]);
  const { exit, stderr } = await aludel(project(Object.fromEntries(files)), ["heads"]);
  expect([exit, stderr.split("\n")[0]]).toEqual([
    2,
    expect.stringMatching(/^error\[revision-cycle\] Revisions go round in a circle: .* …,/),
  ]);
  expect(stderr).toMatch(/at revisions\/r0\.sql:3, revision r0/);
});

test("SQL that is cut off in a quote is told with the line of the file", async () => {
  const folder = project({ "a.sql": sql("aaaa", "none", "SELECT 1;\nSELECT 2;\nSELECT 'x") });
  expect((await aludel(folder, ["validate"])).stdout).toContain(
    "revisions/a.sql:8 error[revision-unreadable]",
  );
  const { exit, stderr } = await aludel(folder, ["upgrade"]);
  expect([exit, stderr]).toEqual([2, expect.stringContaining("A quote ' is never closed")]);
  expect(stderr).toContain("at revisions/a.sql:8,");
});

test("SQL in TypeScript that is cut off in a quote is told with the line in the text", async () => {
  const text = `import { defineRevision } from "aludel";

export default defineRevision({
  id: "aaaa",
  revises: null,
  async upgrade(op) {
    await op.execute("SELECT 1");
    await op.execute("SELECT 1;\\n\\nSELECT 'x");
  },
  async downgrade(op) {},
});
`;
  const { stderr } = await aludel(project({ "a.ts": text }), ["upgrade"]);
  expect(stderr).toContain("at revisions/a.ts, revision aaaa");
  expect(stderr).toContain("The place is line 3 of the SQL text.");
});
