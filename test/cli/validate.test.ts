import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const config = '{ "dialect": "sqlite", "environments": { "dev": "sqlite:dev.db" }, "fileName": "{id}" }';

interface Text {
  readonly revises?: string | null | readonly string[];
  readonly created?: string;
  readonly comment?: string;
  readonly more?: string;
  readonly ways?: string;
}

/** A revision that would fail if it were run: nothing here may run it. */
function revision(id: string, text: Text = {}): string {
  const { revises = null, created = "2026-11-21T05:30:00Z", more = "", comment } = text;
  const ways = text.ways ?? "  async upgrade(op) { throw new Error(`run`); },\n  async downgrade(op) {},";
  return `/**
 * message
 *
 * ${comment ?? `Revision: ${id}`}
 * Created: ${created}
 */
import { defineRevision } from "aludel";
throw new Error("a revision was run");

export default defineRevision({
  id: ${JSON.stringify(id)},
  revises: ${JSON.stringify(revises)},${more}
${ways}
});
`.replace('throw new Error("a revision was run");\n', "");
}

function project(files: Readonly<Record<string, string>>, configuration = config): string {
  const revisions = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`revisions/${name}`, text]),
  );
  return temporaryFolder({ "aludel.config.json": configuration, ...revisions });
}

interface Found {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
}

async function validate(folder: string): Promise<{ exit: number; findings: Found[]; lines: string[] }> {
  const { exit, stdout } = await aludel(folder, ["validate", "--json", "-q"]);
  const { findings } = JSON.parse(stdout) as { findings: Found[] };
  const lines = findings.map(({ file, line, code }) => `${file.split("/").at(-1)}:${line} ${code}`);
  return { exit, findings, lines };
}

const found = async (files: Readonly<Record<string, string>>) => (await validate(project(files))).lines;

describe("validate", () => {
  test("finds nothing in what is right, and says so beside the answer", async () => {
    const folder = project({
      "aaaa.ts": revision("aaaa"),
      "bbbb.sql":
        "-- message\n--\n-- Revision: bbbb\n-- Revises: aaaa\n-- Created: 2026-11-21T05:30:00Z\n\n-- aludel:upgrade\nSELECT 1;\n\n-- aludel:downgrade none: nothing to undo\n",
      "cccc.ts": revision("cccc", { revises: "bbbb", ways: '  async upgrade() {},\n  downgrade: "why",' }),
    });
    expect(await aludel(folder, ["validate"])).toEqual({
      exit: 0,
      stdout: "",
      stderr: "3 files: nothing is wrong\n",
    });
  });

  test("finds everything at once, sorted by file, with a line for each", async () => {
    const folder = project({
      "aaaa.ts": revision("aaaa", { ways: "  async upgrade() {}," }),
      "bbbb.ts": revision("bbbb", { revises: "nope", created: "2026-11-20T05:30:00Z" }),
      "cccc.ts": revision("cccc", { revises: "bbbb", created: "2026-11-19T05:30:00Z" }),
      "dddd.ts": "export default {",
      "wrong.ts": revision("eeee", { revises: ["cccc", "gone"], more: '\n  dependsOn: ["away"],' }),
    });
    const { exit, stdout, stderr } = await aludel(folder, ["validate"]);
    expect(exit).toBe(1);
    expect(stdout.split("\n").filter((line) => line.includes("["))).toEqual([
      "revisions/aaaa.ts:9 error[downgrade-missing] The revision aaaa has no downgrade",
      "revisions/bbbb.ts:11 error[revision-parent-missing] Revision bbbb revises nope, which does not exist",
      "revisions/cccc.ts:5 error[created-backwards] Revision cccc was created 2026-11-19T05:30:00Z, before bbbb, which it revises (2026-11-20T05:30:00Z)",
      expect.stringMatching(
        /^revisions\/dddd\.ts:1 error\[revision-unreadable\] The file has a syntax error: /,
      ),
      "revisions/wrong.ts:1 warning[revision-misnamed] The header of eeee gives the file name eeee.ts, not wrong.ts",
      "revisions/wrong.ts:11 error[revision-parent-missing] Revision eeee revises gone, which does not exist",
      "revisions/wrong.ts:12 error[revision-parent-missing] Revision eeee depends on away, which does not exist",
    ]);
    expect(stderr).toBe("5 files: 6 errors, 1 warning\n");
  });

  test("a warning alone is a yes", async () => {
    const { exit, lines } = await validate(project({ "renamed.ts": revision("aaaa") }));
    expect([exit, lines]).toEqual([0, ["renamed.ts:1 revision-misnamed"]]);
  });

  test("two files with one id, two labels", async () => {
    expect(
      await found({
        "aaaa.ts": revision("aaaa", { more: '\n  labels: ["one"],' }),
        "bbbb.ts": revision("bbbb", { revises: "aaaa", more: '\n  labels: ["one"],' }),
        "xxxx.ts": revision("aaaa"),
      }),
    ).toEqual(["bbbb.ts:12 label-duplicate", "xxxx.ts:1 revision-misnamed", "xxxx.ts:10 revision-duplicate"]);
  });

  test("every circle, those of dependencies too", async () => {
    const { findings } = await validate(
      project({
        "aaaa.ts": revision("aaaa", { revises: "bbbb" }),
        "bbbb.ts": revision("bbbb", { revises: "aaaa" }),
        "cccc.ts": revision("cccc", { more: '\n  dependsOn: "dddd",' }),
        "dddd.ts": revision("dddd", { more: '\n  dependsOn: "cccc",' }),
        "eeee.ts": revision("eeee", { revises: "eeee" }),
        "ffff.ts": revision("ffff", { revises: "aaaa" }),
      }),
    );
    expect(findings.map(({ code }) => code)).toEqual(["revision-cycle", "revision-cycle", "revision-cycle"]);
    expect(findings[2]?.message).toContain("requires itself");
  });

  test("ways are found by parsing, in whatever shape they are written", async () => {
    const given = (ways: string) => revision("aaaa", { ways });
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["  upgrade: async (op) => {},\n  downgrade: async function (op) {},", []],
      [
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a revision
        "  async upgrade(op) { const a = 1 / 2; /x}/.test(`${a}`); },\n  async downgrade(op: unknown) {},",
        [],
      ],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a revision
      ["  async upgrade(op) { op.text(`}); downgrade() {}${'}'}`); },", ["aaaa.ts:9 downgrade-missing"]],
      ["  async upgrade(op) { /* downgrade(op) {} */ },", ["aaaa.ts:9 downgrade-missing"]],
      ['  async upgrade(op) {},\n  downgrade: "",', ["aaaa.ts:13 downgrade-missing"]],
      ["  async upgrade(op) {},\n  downgrade: null,", ["aaaa.ts:13 downgrade-missing"]],
      ["  async downgrade(op) {},", ["aaaa.ts:9 upgrade-missing"]],
      [
        "  async upgrade(op) {},\n  async downgrade(op) {},\n  id: 'bbbb',",
        ["aaaa.ts:10 revision-contradictory"],
      ],
      [
        "  async upgrade(op) { await op.x(1 2); },\n  async downgrade(op) {},",
        ["aaaa.ts:12 revision-unreadable"],
      ],
    ];
    for (const [ways, expected] of cases) {
      const lines = (await found({ "aaaa.ts": given(ways) })).filter((line) => !line.includes("misnamed"));
      expect([ways, lines]).toEqual([ways, expected]);
    }
  });

  test("SQL revisions: no way back, one without a reason, a quote that never ends", async () => {
    const sql = (id: string, rest: string) =>
      `-- message\n-- Revision: ${id}\n-- Revises: none\n-- Created: 2026-11-21T05:30:00Z\n-- aludel:upgrade\n${rest}`;
    expect(
      await found({
        "aaaa.sql": sql("aaaa", "SELECT 1;\n"),
        "bbbb.sql": sql("bbbb", "SELECT 1;\n-- aludel:downgrade none\n"),
        "cccc.sql": sql("cccc", "SELECT 1;\n\n-- aludel:downgrade\nSELECT 'it''s cut"),
        "dddd.sql": sql("dddd", "SELECT 'it''s';\n-- aludel:downgrade\n-- nothing\n"),
      }),
    ).toEqual([
      "aaaa.sql:1 downgrade-missing",
      "bbbb.sql:7 downgrade-missing",
      "cccc.sql:9 revision-unreadable",
    ]);
  });
});

describe("validate: bad input", () => {
  test("files that are not revisions", async () => {
    expect(
      await found({
        "aaaa.ts": "export const x = 1;\n",
        "bbbb.ts": "",
        "cccc.sql": "CREATE TABLE t (id int);\n",
        "dddd.ts": "\u0000\u0001binary",
        "_helper.ts": "not looked at",
        "notes.md": "not looked at",
      }),
    ).toEqual([
      "aaaa.ts:1 revision-unreadable",
      "bbbb.ts:1 revision-unreadable",
      "cccc.sql:1 revision-unreadable",
      "dddd.ts:1 revision-unreadable",
    ]);
  });

  test("a header that lies", async () => {
    const { findings } = await validate(
      project({ "aaaa.ts": revision("aaaa", { comment: "Revision: bbbb\n * Revises: cccc" }) }),
    );
    expect(findings.map(({ line, code, message }) => [line, code, message])).toEqual([
      [4, "revision-contradictory", 'The comment at the top says "Revision: bbbb", and the code says aaaa'],
      [5, "revision-contradictory", 'The comment at the top says "Revises: cccc", and the code says none'],
    ]);
  });

  test("a symlink out of the folder, one inside it, one to nothing", async () => {
    const folder = project({ "aaaa.ts": revision("aaaa") });
    writeFileSync(join(folder, "outside.ts"), revision("bbbb", { revises: "aaaa" }));
    symlinkSync(join(folder, "outside.ts"), join(folder, "revisions/bbbb.ts"));
    symlinkSync(join(folder, "revisions/aaaa.ts"), join(folder, "revisions/cccc.ts"));
    symlinkSync(join(folder, "nowhere.ts"), join(folder, "revisions/dddd.ts"));
    mkdirSync(join(folder, "revisions/eeee.ts"));
    const { lines, findings } = await validate(folder);
    expect(lines).toEqual([
      "bbbb.ts:1 revision-outside",
      "cccc.ts:1 revision-misnamed",
      "cccc.ts:10 revision-duplicate",
      "dddd.ts:1 file-unreadable",
    ]);
    expect(findings[0]?.message).toContain("../outside.ts");
  });

  test("a link to a device is not read", async () => {
    const folder = project({});
    mkdirSync(join(folder, "revisions"), { recursive: true });
    symlinkSync("/dev/zero", join(folder, "revisions/zero.ts"));
    expect((await validate(folder)).lines).toEqual([
      "zero.ts:1 file-unreadable",
      "zero.ts:1 revision-outside",
    ]);
  });

  test("a circle of ten thousand", async () => {
    const count = 10_000;
    const id = (at: number) => `r${at % count}`;
    const files = Array.from({ length: count }, (_, at) => [
      `${id(at)}.ts`,
      revision(id(at), { revises: id(at + 1) }),
    ]);
    const folder = project(Object.fromEntries(files));
    const { exit, findings } = await validate(folder);
    expect([exit, findings.length, findings[0]?.code]).toEqual([1, 1, "revision-cycle"]);
  });

  test("five thousand parents that are missing", async () => {
    const files = Array.from({ length: 5_000 }, (_, at) => [
      `r${at}.ts`,
      revision(`r${at}`, { revises: `gone${at}` }),
    ]);
    const { findings } = await validate(project(Object.fromEntries(files)));
    expect(findings.length).toBe(5_000);
  });

  test.each(["a b", "../x", "a'b", 'a"b', "head", "a@b", "é:1", "", "a\nb", "x;DROP"])(
    "an id with odd characters: %j",
    async (id) => {
      const { exit, findings } = await validate(project({ "aaaa.ts": revision(id, { comment: "x" }) }));
      expect([exit, findings.map(({ code, line }) => [code, line])]).toEqual([
        1,
        [["revision-unreadable", 10]],
      ]);
    },
  );

  test("a truncated file", async () => {
    const text = revision("aaaa");
    for (const at of [text.length - 3, text.length - 10, text.indexOf("upgrade") + 10, 200, 30]) {
      const { exit, findings } = await validate(project({ "aaaa.ts": text.slice(0, at) }));
      expect([at, exit, findings.map(({ code }) => code)]).toEqual([at, 1, ["revision-unreadable"]]);
    }
  });

  test("Windows line ends are no difference", async () => {
    const windows = (text: string) => text.replaceAll("\n", "\r\n");
    const folder = project({
      "aaaa.ts": windows(revision("aaaa")),
      "bbbb.ts": windows(revision("bbbb", { revises: "nope", ways: "  async upgrade() {}," })),
    });
    expect((await validate(folder)).lines).toEqual([
      "bbbb.ts:9 downgrade-missing",
      "bbbb.ts:11 revision-parent-missing",
    ]);
  });

  test("names of JavaScript's own objects", async () => {
    const files = ["constructor", "__proto__", "toString"].map((id) => [`${id}.ts`, revision(id)]);
    expect(await found(Object.fromEntries(files))).toEqual([]);
  });
});

const summed = config.replace('{ "dialect"', '{ "sum": true, "dialect"');

describe("aludel.sum", () => {
  const sumOf = (folder: string) => readFileSync(join(folder, "revisions/aludel.sum"), "utf8");
  const write = (folder: string, words: readonly string[]) => aludel(folder, ["revision", ...words]);

  test("is written by revision, a line for each and one over all", async () => {
    const folder = project({}, summed);
    await write(folder, ["-m", "one", "--rev-id", "bbbb"]);
    const first = sumOf(folder);
    await write(folder, ["-m", "two", "--rev-id", "aaaa", "--sql"]);
    const lines = sumOf(folder).split("\n");
    expect(lines.map((line) => line.replace(/[0-9a-f]{64}/, "…"))).toEqual([
      "sum sha256:…",
      "aaaa sha256:…",
      "bbbb sha256:…",
      "",
    ]);
    expect(lines[2]).toBe(first.split("\n")[1]);
    expect(lines[0]).not.toBe(first.split("\n")[0]);
    expect((await validate(folder)).lines).toEqual([]);
    expect((await aludel(folder, ["upgrade"])).exit).toBe(0);
  });

  test("is not there unless it was asked for", async () => {
    const folder = project({});
    await write(folder, ["-m", "one"]);
    expect(existsSync(join(folder, "revisions/aludel.sum"))).toBe(false);
    expect((await aludel(folder, ["validate", "--fix-sum"])).exit).toBe(2);
  });

  test("a changed file is found, and upgrade refuses it with file and line", async () => {
    const folder = project({}, summed);
    await write(folder, ["-m", "one", "--rev-id", "aaaa"]);
    const file = join(folder, "revisions/aaaa.ts");
    writeFileSync(file, `${readFileSync(file, "utf8")}// changed\n`);
    expect((await validate(folder)).lines).toEqual(["aludel.sum:2 sum-mismatch"]);
    for (const words of [["upgrade"], ["upgrade", "--sql"]]) {
      const { exit, stderr } = await aludel(folder, words);
      expect([exit, stderr.split("\n").slice(0, 2)]).toEqual([
        2,
        [
          "error[sum-mismatch] The revision aaaa (aaaa.ts) is not what it was when aludel.sum was written",
          "  at revisions/aludel.sum:2, revision aaaa",
        ],
      ]);
    }
    // Another revision must not make the change a part of the sum.
    await write(folder, ["-m", "two", "--rev-id", "bbbb"]);
    expect((await validate(folder)).lines).toEqual(["aludel.sum:2 sum-mismatch"]);
    expect((await aludel(folder, ["validate", "--fix-sum"])).exit).toBe(0);
    expect((await aludel(folder, ["upgrade"])).exit).toBe(0);
  });

  test("Windows line ends change no checksum, in revisions and in the sum", async () => {
    const folder = project({}, summed);
    await write(folder, ["-m", "one", "--rev-id", "aaaa"]);
    for (const name of ["aaaa.ts", "aludel.sum"]) {
      const file = join(folder, "revisions", name);
      writeFileSync(file, readFileSync(file, "utf8").replaceAll("\n", "\r\n"));
    }
    expect((await validate(folder)).lines).toEqual([]);
  });

  test("is missing, has a line too many or too few, was changed by hand, has a conflict", async () => {
    const folder = project({}, summed);
    const sum = join(folder, "revisions/aludel.sum");
    await write(folder, ["-m", "one", "--rev-id", "aaaa"]);
    await write(folder, ["-m", "two", "--rev-id", "bbbb"]);
    const good = sumOf(folder);
    renameSync(join(folder, "revisions/bbbb.ts"), join(folder, "bbbb.ts"));
    expect((await validate(folder)).lines).toEqual(["aludel.sum:3 sum-mismatch"]);
    renameSync(join(folder, "bbbb.ts"), join(folder, "revisions/bbbb.ts"));
    writeFileSync(sum, good.split("\n").slice(0, 2).join("\n"));
    expect((await validate(folder)).lines).toEqual(["aludel.sum:1 sum-mismatch"]);
    writeFileSync(sum, `<<<<<<< HEAD\n${good}=======\n${good}>>>>>>> other\n`);
    expect((await validate(folder)).lines).toEqual(["aludel.sum:1 sum-unreadable"]);
    writeFileSync(sum, `${good}what is this\n`);
    expect((await validate(folder)).lines).toEqual(["aludel.sum:4 sum-unreadable"]);
    expect((await aludel(folder, ["upgrade"])).stderr).toContain("sum-unreadable");
    rmSync(sum);
    expect((await validate(folder)).lines).toEqual(["aludel.sum:1 sum-missing"]);
    expect((await aludel(folder, ["upgrade"])).stderr).toContain("sum-missing");
    expect((await aludel(folder, ["validate", "--fix-sum"])).exit).toBe(0);
    expect(sumOf(folder)).toBe(good);
  });

  test("edit takes what was saved into the sum", async () => {
    const folder = project({}, summed);
    await write(folder, ["-m", "one", "--rev-id", "aaaa"]);
    const before = sumOf(folder);
    const variables = { ...process.env, EDITOR: "sh -c 'echo // more >> \"$0\"'" };
    expect((await aludel(folder, ["edit"], { variables })).exit).toBe(0);
    expect(sumOf(folder)).not.toBe(before);
    expect((await validate(folder)).lines).toEqual([]);
  });

  test("is not written from files that cannot be read", async () => {
    const folder = project({ "aaaa.ts": revision("aaaa"), "bbbb.ts": "broken" }, summed);
    const { exit, stderr } = await aludel(folder, ["validate", "--fix-sum"]);
    expect([exit, existsSync(join(folder, "revisions/aludel.sum"))]).toEqual([1, false]);
    expect(stderr).toContain("was not written");
  });
});
