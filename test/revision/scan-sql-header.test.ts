import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scanSqlHeader } from "../../src/revision/scan-sql-header.js";
import { readSqlHeader } from "../../src/revision/sql-file.js";

const word = fc
  .stringMatching(/^[a-z0-9_]{1,12}$/)
  .filter((one) => !/^(heads?|base|current|none)$/.test(one));
const message = fc.stringMatching(/^[a-zA-Z0-9 :,.;'"*/-]{1,40}$/);

const header = fc
  .record({
    message,
    id: word,
    revises: fc.array(word, { maxLength: 3 }),
    dependsOn: fc.array(word, { maxLength: 2 }),
    labels: fc.array(word, { maxLength: 2 }),
    end: fc.constantFrom("\n", "\r\n"),
  })
  .map(({ message, id, revises, dependsOn, labels, end }) =>
    [
      `-- ${message}`,
      "--",
      `-- Revision: ${id}`,
      `-- Revises: ${revises.length === 0 ? "none" : revises.join(", ")}`,
      ...(dependsOn.length === 0 ? [] : [`-- Depends-On: ${dependsOn.join(", ")}`]),
      ...(labels.length === 0 ? [] : [`-- Labels: ${labels.join(", ")}`]),
      "-- Created: 2026-11-21T05:30:00Z",
      "",
      "-- aludel:upgrade",
      "SELECT 1;",
      "",
    ].join(end),
  );

const careful = (text: string) => {
  try {
    return readSqlHeader("revision.sql", text);
  } catch {
    return null;
  }
};

describe("the fast way of reading a SQL header", () => {
  test("says what the careful one says, or nothing", () => {
    let scanned = 0;
    fc.assert(
      fc.property(header, (text) => {
        const found = scanSqlHeader(text);
        if (found === null) return;
        scanned++;
        expect(found).toEqual(careful(text));
      }),
      { numRuns: 500 },
    );
    expect(scanned).toBeGreaterThan(200);
  });

  test("leaves to the careful one what it does not know", () => {
    expect(scanSqlHeader("-- no fields\n-- aludel:upgrade\n")).toBeNull();
    expect(scanSqlHeader("SELECT 1;\n")).toBeNull();
    expect(scanSqlHeader("")).toBeNull();
  });
});
