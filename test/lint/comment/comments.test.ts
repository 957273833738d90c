// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are what is read.
import { describe, expect, test } from "vitest";
import { type Comment, commentsAt } from "../../../src/lint/comment/comment.js";
import { sqlComments } from "../../../src/lint/comment/sql-comments.js";
import { typescriptComments } from "../../../src/lint/comment/typescript-comments.js";

const said = (comments: readonly Comment[]) =>
  comments.map(
    ({ lines, alone }) =>
      `${lines.map(({ text, line }) => `${line}:${text}`).join(" / ")}${alone ? "" : " (behind)"}`,
  );
const inSql = (text: string) => said(commentsAt(text, sqlComments(text)));
const inTypescript = (text: string) => said(commentsAt(text, typescriptComments(text)));

describe("comments of SQL", () => {
  test("are found alone and behind code, in lines and in blocks", () => {
    expect(inSql("-- a\nSELECT 1; -- b\n/* c\n * d\n */ SELECT 2")).toEqual([
      "1:a",
      "2:b (behind)",
      "3:c / 4:d / 5:",
    ]);
  });

  test("are not found in quotes of any kind", () => {
    const text = `SELECT '-- a', "-- b", E'\\'-- c', U&'-- d', 'it''s -- e' -- real`;
    expect(inSql(text)).toEqual(["1:real (behind)"]);
  });

  test("may stand in one another", () => {
    expect(inSql("/* a /* -- b */ c */ -- d")).toHaveLength(2);
  });

  test("are found in the bodies of functions, where apostrophes may be odd", () => {
    const text = "DO $body$\nBEGIN\n  -- a\n  RAISE '--x';\nEND $body$; -- b\nSELECT $$it's$$; -- c";
    expect(inSql(text)).toEqual(["3:a", "5:b (behind)", "6:c (behind)"]);
  });

  test("$1 and a$b$c are no quotes", () => {
    expect(inSql("SELECT $1, a$b$c -- d\n, $2")).toEqual(["1:d (behind)"]);
  });

  test("take no longer than the text is long", () => {
    const started = performance.now();
    for (const piece of ["$a$ ", "/* ", "'", "$$ -- '", "\u0000\u00ff$"]) sqlComments(piece.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe("comments of TypeScript", () => {
  test("are found, and those of the SQL in templates", () => {
    const text = [
      "// a",
      'const b = "// no"; // b',
      "const c = '/* no */', d = /[/*]\"'`\\//.test(e / 2 / 3); /* d */",
      "await op.execute(`",
      "  -- e",
      "  SELECT '-- no' -- f",
      "  ${g({ h: `-- i` }) /* j */} -- k",
      "`); // l",
    ].join("\n");
    expect(inTypescript(text)).toEqual([
      "1:a",
      "2:b (behind)",
      "3:d (behind)",
      "5:e",
      "6:f (behind)",
      "7:i (behind)",
      "7:j (behind)",
      "7:k (behind)",
      "8:l (behind)",
    ]);
  });

  test("of any text are some", () => {
    for (const text of ["`", "${", "`${`${", "/", "'\n//a", "}}}}`${}", "/[\n//b"]) {
      expect(() => typescriptComments(text)).not.toThrow();
    }
    expect(inTypescript("'\n//a")).toEqual(["2:a"]);
  });
});
