import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compileTogether } from "../../src/revision/compile-together.js";
import { readFiles } from "../../src/revision/read-files.js";

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "aludel-files-")), "revisions");
  mkdirSync(folder);
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const name = (at: number) => `r${String(at).padStart(4, "0")}`;

function write(at: number, up = `await op.execute("SELECT ${at}");`, more = ""): void {
  const revises = at === 0 ? "null" : `"${name(at - 1)}"`;
  writeFileSync(
    join(folder, `${name(at)}.ts`),
    `/**
 * step ${at}
 *
 * Revision: ${name(at)}
 * Revises: ${at === 0 ? "none" : name(at - 1)}
 * Created: 2026-11-21T05:30:00Z
 */
import { defineRevision } from "aludel";

export default defineRevision({
  id: "${name(at)}",
  revises: ${revises},
  async upgrade(op) {
    ${up}
  },
  async downgrade(op) {
    await op.execute("SELECT 0");
  },
});
${more}`,
  );
}

const errors = () =>
  readFiles([folder]).flatMap(({ revision, error }) =>
    error === null ? [] : [`${revision?.id} ${error.code}:${error.where.line}`],
  );

test("a mistake among many is found where it is, and the others are right", () => {
  for (let at = 0; at < 450; at++) write(at);
  expect(errors()).toEqual([]);
  write(0, "const = 1;");
  write(201, "let a; let a;");
  write(449, "await op.execute(;");
  expect(errors()).toEqual([
    "r0000 revision-unreadable:14",
    "r0201 revision-unreadable:14",
    "r0449 revision-unreadable:14",
  ]);
});

test("what one file leaves open is not closed by the next", () => {
  // A file that is cut off after its header is found by its end; these are whole at first sight.
  write(0, "{ {", "");
  write(1, "} }", "");
  write(2, "await op.execute(`a);", "");
  write(3, "await op.execute(b`);", "");
  write(4, "/* a", "");
  write(5, "b */", "");
  expect(errors().map((one) => one.split(" ")[0])).toEqual([
    "r0000",
    "r0001",
    "r0002",
    "r0003",
    "r0004",
    "r0005",
  ]);
});

test("names of one file are not those of another", () => {
  write(0, "let same = 1; return same;");
  write(1, "const same = 2; return same;");
  write(2, "with (op) {}");
  expect(errors()).toEqual(["r0002 revision-unreadable:14"]);
});

test("scripts are refused one by one", () => {
  const scripts = ["a(1)", "b(", "c({})", "d) (", "let e; let e", "f"];
  expect(compileTogether(scripts)).toEqual([true, false, true, false, false, true]);
  expect(compileTogether([])).toEqual([]);
});
