import { describe, expect, it } from "vitest";
import { withoutQualifier } from "../../../src/dialect/sqlite/compile/qualifier.js";
import { sameExpression, stripParentheses } from "../../../src/dialect/sqlite/expression.js";
import { standardQuotes } from "../../../src/dialect/sqlite/parse/quotes.js";
import { tokenize } from "../../../src/dialect/sqlite/parse/tokenize.js";
import { database } from "./database.js";

describe("tokenize", () => {
  it("takes apart every kind of token, without space and comments", () => {
    const sql = `SELECT "a""b", \`c\`, [d "e], 'it''s' -- gone\n, x'00FF', 1.5e-3, 0xFF, .5, ?1, :n, a->>'$.b' /* gone */ <> b||c;`;
    expect(tokenize(sql).map((token) => `${token.kind} ${token.value}`)).toMatchInlineSnapshot(`
      [
        "word SELECT",
        "quoted a"b",
        "operator ,",
        "quoted c",
        "operator ,",
        "quoted d "e",
        "operator ,",
        "string it's",
        "operator ,",
        "blob x'00FF'",
        "operator ,",
        "number 1.5e-3",
        "operator ,",
        "number 0xFF",
        "operator ,",
        "number .5",
        "operator ,",
        "parameter ?1",
        "operator ,",
        "parameter :n",
        "operator ,",
        "word a",
        "operator ->>",
        "string $.b",
        "operator <>",
        "word b",
        "operator ||",
        "word c",
        "operator ;",
      ]
    `);
  });

  it("gives offsets that lead back to the text", () => {
    const sql = "a /* x */ + 'b'\n--c\n;";
    for (const token of tokenize(sql)) expect(sql.slice(token.start, token.end)).toBe(token.text);
  });

  it("names the line of a quote that is never closed", () => {
    expect(() => tokenize("SELECT 1;\nSELECT 'x")).toThrow(
      expect.objectContaining({
        message: "A quote ' is never closed",
        where: expect.objectContaining({ line: 2 }),
      }),
    );
  });
});

describe("sameExpression", () => {
  it.each([
    ["a > 0", "A>0"],
    ["(a > 0)", "a > 0"],
    ["((a)) > (0)", "a > 0"],
    ['"a" = 1', "a == 1"],
    ["[a] <> `b`", "a != b"],
    ["a IS NOT NULL /* why */", "a is not null"],
    ["datetime('now')", "(DATETIME( 'now' ))"],
    ["(a and b)", "a AND b"],
    ["not (a)", "NOT a"],
    ["x'ab'", "X'AB'"],
    ["coalesce((a), (b))", "coalesce((a), (b))"],
    ["((a + b)) * c", "(a + b) * c"],
    ["true", "1"],
    ["(FALSE)", "0"],
  ])("%s is %s", (a, b) => {
    expect(sameExpression(a, b)).toBe(true);
    expect(sameExpression(b, a)).toBe(true);
  });

  it.each([
    ["'1'", "1"],
    ["'a'", "a"],
    ["'A'", "'a'"],
    ["(a + b) * c", "a + b * c"],
    ["a IN (b)", "a IN b"],
    ["a IN ((SELECT 1))", "a IN (SELECT 1)"],
    ['"current_timestamp"', "current_timestamp"],
    ['"null"', "NULL"],
    ["f(a)", "f a"],
    ["a || b", "a + b"],
    ["max((a), b)", "max(a) + b"],
    ["1.0", "1"],
    ["a IS TRUE", "a IS 1"],
    ['"true"', "1"],
    ["'unclosed", "'unclosed "],
  ])("%s is not %s", (a, b) => {
    expect(sameExpression(a, b)).toBe(false);
  });
});

describe("texts of expressions", () => {
  it("lose parentheses around the whole, and no others", () => {
    expect(stripParentheses("((a + b))")).toBe("a + b");
    expect(stripParentheses("(a) + (b)")).toBe("(a) + (b)");
    expect(stripParentheses("(SELECT 1)")).toBe("(SELECT 1)");
    expect(stripParentheses("( a -- x\n)")).toBe("a");
  });

  it("get quotes that every SQLite reads alike", () => {
    expect(standardQuotes(`"a" = "it's" AND [a] = \`b\` AND lower("a") COLLATE "nocase"`, ["A", "b"])).toBe(
      `"a" = 'it''s' AND "a" = "b" AND lower("a") COLLATE "nocase"`,
    );
  });

  it("lose the name of their own table", () => {
    expect(withoutQualifier(`T.a > "t" . b AND 't.a' <> u.a`, "t")).toBe("a > b AND 't.a' <> u.a");
  });

  it("mean the same to SQLite when they are the same: asked of SQLite", async () => {
    const db = await database("CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2), ('x', NULL), (NULL, 3)");
    for (const [one, other] of [
      ["((a)) > (0)", "a > 0"],
      ["not (a)", "NOT a"],
      ["((a + b)) * a", "(a + b) * a"],
    ]) {
      const rows = await db.query(`SELECT (${one}) IS (${other}) AS same FROM t`);
      expect(rows.every((row) => row["same"] === 1)).toBe(true);
    }
  });
});
