import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { command, failure } from "./cli.js";

interface Found {
  readonly rule: string;
  readonly range: { readonly line: number };
}

const megabytes = 10_000_000;
const text = "y".repeat(99);

/** Files that nobody should write, with what is found in them: rule and line. The last statement is always a DROP TABLE. */
const files: readonly (readonly [name: string, bytes: string | Uint8Array, ...found: readonly string[]])[] = [
  ["no bytes", ""],
  ["white space", " \n\t\r\n"],
  [
    "one string without an end",
    `DROP TABLE a;\nSELECT '${"y".repeat(megabytes)}`,
    "drop-table 1",
    "syntax-error 2",
  ],
  [
    "one statement of ten megabytes",
    `INSERT INTO a (x) VALUES ${`('${text}'),`.repeat(megabytes / 100)}('z');\nDROP TABLE a;`,
    "drop-table 2",
  ],
  [
    "rows of ten megabytes",
    `COPY a (x) FROM stdin;\n${`${text}\n`.repeat(megabytes / 100)}\\.\nDROP TABLE a;`,
    "drop-table 100003",
  ],
  ["semicolons", `${";".repeat(1_000_000)}\nDROP TABLE a;`, "drop-table 2"],
  [
    "parentheses, 1,000 deep",
    `SELECT ${"(".repeat(1_000)}1${")".repeat(1_000)};\nDROP TABLE a;`,
    "drop-table 2",
  ],
  [
    "queries, 1,000 deep",
    `SELECT ${"(SELECT ".repeat(1_000)}1${")".repeat(1_000)};\nDROP TABLE a;`,
    "syntax-error 1",
    "drop-table 2",
  ],
  [
    "blocks, 1,000 deep",
    `DO $$ BEGIN\n${"IF true THEN\n".repeat(1_000)}${"END IF;\n".repeat(1_000)}END $$;\nDROP TABLE a;`,
    "drop-table 2003",
  ],
  ["comments, 1,000 deep", `${"/*".repeat(1_000)}x${"*/".repeat(1_000)}\nDROP TABLE a;`, "drop-table 2"],
  [
    "no text",
    Buffer.concat([
      Buffer.from("DROP TABLE a;\n"),
      Buffer.from(Array.from({ length: 9_999 }, (_, at) => (at * 7919) % 256)),
    ]),
    "not-analysed 1",
  ],
  [
    "UTF-16",
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("SELEC 1;\nDROP TABLE a;", "utf16le")]),
    "syntax-error 1",
    "drop-table 2",
  ],
  [
    "Latin 1",
    Buffer.from("SELEC 'na\xefve';\nDROP TABLE a; -- \xfc", "latin1"),
    "syntax-error 1",
    "drop-table 2",
  ],
  ["a mark and returns", "\uFEFFSELEC 1;\r\nDROP TABLE a;\r\n", "syntax-error 1", "drop-table 2"],
];

const told = ["drop-table", "syntax-error", "not-analysed"];

describe("a file of", () => {
  test.each(files)("%s is answered", { timeout: 60_000 }, async (...row) => {
    const [name, bytes, ...expected] = row as unknown as readonly [string, string | Uint8Array, ...string[]];
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.sql"), bytes);
    const ended = await command(folder, "lint", "--from-file", "a.sql", "--json");
    const { findings } = JSON.parse(ended.stdout) as { findings: readonly Found[] };
    const found = findings.filter(({ rule }) => told.includes(rule));
    expect(
      found.map(({ rule, range }) => `${rule} ${range.line}`),
      name,
    ).toEqual(expected);
    expect(ended.exit).toBe(expected.length === 0 ? 0 : 1);
    expect((await command(folder, "lint", "--from-file", "a.sql")).exit).toBe(ended.exit);
    expect((await command(folder, "explain", "a.sql", "--json")).exit).toBe(0);
  });
});

describe("what is no file of SQL", () => {
  test("a folder without one", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "empty"));
    const ended = await command(folder, "lint", "--from-file", "empty", "--json");
    expect(ended.exit).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ files: 0, findings: [] });
  });

  test.each([["missing.sql"], ["gone"]])("%s is named", async (name) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "gone"));
    symlinkSync(join(folder, "nowhere.sql"), join(folder, "gone/a.sql"));
    writeFileSync(join(folder, "gone/b.sql"), "DROP TABLE a;");
    const ended = await command(folder, "lint", "--from-file", name);
    if (ended.exit === 2) expect(failure(ended)).toMatchObject({ code: "file-unreadable" });
    else expect(ended.stdout).toContain("drop-table");
    expect([1, 2]).toContain(ended.exit);
  });
});
