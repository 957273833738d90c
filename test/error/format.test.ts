import { describe, expect, test } from "vitest";
import { AludelError } from "../../src/error/error.js";
import { bugToJson, errorToJson, formatBug, formatError } from "../../src/error/format.js";
import { excerpt } from "../../src/error/statement-excerpt.js";

const plain = { directory: "/project", colour: false, verbose: false };

describe("an error for a person", () => {
  test("has code, message, place, details and what to do next", () => {
    const error = new AludelError("config-invalid", "aludel.config.ts has 2 mistakes", {
      where: { file: "/project/aludel.config.ts", line: 3, column: 5 },
      details: ["revisions: found a number", "schemma: unknown\nsecond line"],
      remedy: "Correct them.",
    });
    expect(formatError(error, plain)).toBe(
      [
        "error[config-invalid] aludel.config.ts has 2 mistakes",
        "  at aludel.config.ts:3:5",
        "  - revisions: found a number",
        "  - schemma: unknown",
        "    second line",
        "→ Correct them.",
      ].join("\n"),
    );
  });

  test("points at the failing position, counted in characters and not in UTF-16 units", () => {
    const statement = "SELECT '😀',\n  naïve ü\nFROM nowhere";
    const error = new AludelError("sql-failed", 'relation "nowhere" does not exist', {
      where: { statement, revision: "4f2a", object: 'Order "x"' },
      data: {
        position: [..."SELECT '😀',\n  naïve ü\nFROM "].length + 1,
        sqlState: "42P01",
        hint: "Is it there?",
      },
      remedy: "Mend it.",
    });
    expect(formatError(error, plain)).toBe(
      [
        'error[sql-failed] relation "nowhere" does not exist',
        '  at revision 4f2a, Order "x"',
        "  │ SELECT '😀',",
        "  │   naïve ü",
        "  │ FROM nowhere",
        "  │      ^",
        "  hint: Is it there?",
        "  SQLSTATE: 42P01",
        "→ Mend it.",
      ].join("\n"),
    );
  });

  test("never shows a password, wherever it stands", () => {
    const url = "postgres://app:s3cret@h/db";
    const error = new AludelError("connection-failed", `cannot reach ${url}`, {
      details: [url],
      where: { statement: `SELECT '${url}'` },
      cause: new Error(url),
      data: { detail: url, list: [{ url }] },
      remedy: `Start ${url}`,
    });
    expect(formatError(error, { ...plain, verbose: true })).not.toContain("s3cret");
    expect(JSON.stringify(errorToJson(error))).not.toContain("s3cret");
    expect(formatBug(new Error(url), "1.0.0", plain)).not.toContain("s3cret");
    expect(JSON.stringify(bugToJson(new Error(url), "1.0.0"))).not.toContain("s3cret");
  });

  test("is coloured only when asked", () => {
    const error = new AludelError("usage", "no", { remedy: "yes" });
    expect(formatError(error, plain)).not.toContain("\u001b");
    expect(formatError(error, { ...plain, colour: true })).toContain("\u001b[");
  });

  test("verbose tells the causes down to the first", () => {
    const cause = new Error("the middle", { cause: new Error("the first") });
    const error = new AludelError("models-unloadable", "no", { remedy: "yes", cause });
    expect(formatError(error, { ...plain, verbose: true })).toMatch(
      /caused by: Error: the middle[\s\S]*Error: the first/,
    );
    expect(formatError(error, plain)).not.toContain("the middle");
  });
});

describe("the excerpt of a statement", () => {
  test("of a long one are the lines around the position", () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const position = lines.slice(0, 10).join("\n").length + 2 + 5;
    expect(excerpt(lines.join("\n"), position)).toEqual([
      "… 8 lines before",
      "line 8",
      "line 9",
      "line 10",
      "     ^",
      "line 11",
      "line 12",
      "… 7 lines more",
    ]);
  });

  test("without a position are the first lines", () => {
    expect(excerpt("a\nb\nc\nd\ne\nf", null)).toEqual(["a", "b", "c", "d", "e", "… 1 line more"]);
  });

  test("of a very long line is the part around the position, the caret under it", () => {
    const line = `${"a, ".repeat(100)}HERE${", b".repeat(100)}`;
    const [text = "", caret = ""] = excerpt(line, 301);
    expect(text.length).toBeLessThan(105);
    expect(text.slice(caret.length - 1)).toMatch(/^HERE/);
  });

  test("has no caret where taking out a password would have moved it", () => {
    const line = "SELECT 'postgres://a:s3cret@h/d' FRM x";
    expect(excerpt(line, line.indexOf("FRM") + 1)).toEqual(["SELECT 'postgres://a:***@h/d' FRM x"]);
  });

  test("survives a position behind the end", () => {
    expect(excerpt("SELECT", 7)).toEqual(["SELECT", "      ^"]);
    expect(excerpt("SELECT", 70)).toEqual(["SELECT"]);
  });
});
