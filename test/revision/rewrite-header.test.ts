import { describe, expect, test } from "vitest";
import { readRevision } from "../../src/revision/read-header.js";
import { rewriteHeader } from "../../src/revision/rewrite-header.js";

const script = { file: "/r/a.ts", format: "typescript" } as const;
const sql = { file: "/r/a.sql", format: "sql" } as const;

const canonical = `/**
 * add email, revises: "nothing"
 *
 * Revision: bbbb
 * Revises: aaaa
 * Created: 2026-11-21T05:30:00Z
 */
import { defineRevision } from "aludel";

export default defineRevision({
  id: "bbbb",
  revises: "aaaa",
  async upgrade(op) {
    await op.execute("-- revises: 'aaaa'");
  },
  async downgrade(op) {},
});
`;

describe("rewriteHeader", () => {
  test("changes what a revision revises, in the code and in the comment, and nothing else", () => {
    expect(rewriteHeader(script, canonical, { revises: ["cccc"] })).toBe(
      canonical.replace("Revises: aaaa", "Revises: cccc").replace('revises: "aaaa"', 'revises: "cccc"'),
    );
  });

  test.each([
    [["cccc"], '"cccc"', "cccc"],
    [["cccc", "dddd"], '["cccc", "dddd"]', "cccc, dddd"],
    [[], "null", "none"],
  ])("%j", (revises, literal, comment) => {
    const text = rewriteHeader(script, canonical, { revises });
    expect(text).toContain(`revises: ${literal},\n`);
    expect(text).toContain(` * Revises: ${comment}\n`);
    expect(readRevision(script.file, text)).toMatchObject({ id: "bbbb", revises });
    expect(rewriteHeader(script, text, { revises: ["aaaa"] }).replace('["aaaa"]', '"aaaa"')).toBe(canonical);
  });

  test.each([
    ["Windows line ends", canonical.replaceAll("\n", "\r\n"), '"aaaa"', '"cccc"'],
    ["a byte order mark", `\uFEFF${canonical}`, '"aaaa"', '"cccc"'],
    ["single quotes", canonical.replace(/"(aaaa|bbbb)"/g, "'$1'"), "'aaaa'", "'cccc'"],
    ["a list", canonical.replace('revises: "aaaa"', 'revises: [ "aaaa" ]'), '[ "aaaa" ]', '["cccc"]'],
    [
      "a quoted key",
      canonical.replace('revises: "aaaa",', '"revises" : "aaaa",'),
      '"revises" : "aaaa"',
      '"revises" : "cccc"',
    ],
  ])("keeps %s", (_, text, before, after) => {
    expect(rewriteHeader(script, text, { revises: ["cccc"] })).toBe(
      text.replace("Revises: aaaa", "Revises: cccc").replace(before, after),
    );
  });

  test("leaves a comment that says something else", () => {
    const text = canonical.replace("Revises: aaaa", "Revises: what the boss said");
    expect(rewriteHeader(script, text, { revises: ["cccc"] })).toBe(
      text.replace('revises: "aaaa"', 'revises: "cccc"'),
    );
  });

  test("finds the definition behind other objects with such a key", () => {
    const text = canonical.replace("export default", 'const other = { revises: "aaaa" };\nexport default');
    expect(rewriteHeader(script, text, { revises: ["cccc"] })).toContain(
      '{ revises: "aaaa" };\nexport default defineRevision({\n  id: "bbbb",\n  revises: "cccc"',
    );
  });

  test("refuses what comes from elsewhere", () => {
    const text = canonical.replace('revises: "aaaa"', "revises: [first()]");
    expect(() => rewriteHeader(script, text, { revises: ["cccc"] })).toThrow();
  });

  test("SQL: the line at the top only", () => {
    const text =
      "-- add email\n--\n-- Revision: bbbb\n-- Revises: aaaa\n-- Created: 2026-11-21T05:30:00Z\n\n-- aludel:upgrade\n-- Revises: aaaa\nSELECT 1;\n";
    expect(rewriteHeader(sql, text, { revises: ["cccc", "dddd"] })).toBe(
      text.replace("Revises: aaaa", "Revises: cccc, dddd"),
    );
    const dos = text.replaceAll("\n", "\r\n");
    expect(rewriteHeader(sql, dos, { revises: [] })).toBe(dos.replace("Revises: aaaa", "Revises: none"));
  });

  test("Created moves alone", () => {
    const createdAt = new Date("2027-01-02T03:04:05Z");
    expect(rewriteHeader(script, canonical, { createdAt })).toBe(
      canonical.replace("2026-11-21T05:30:00Z", "2027-01-02T03:04:05Z"),
    );
  });
});
