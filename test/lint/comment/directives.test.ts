import { describe, expect, test } from "vitest";
import { readSuppression } from "../../../src/lint/comment/read-suppression.js";
import { readTags } from "../../../src/lint/comment/read-tag.js";

const suppression = (line: string) => {
  const found = readSuppression(line);
  if (found === null) return null;
  if (found.kind === "misspelt") return `${found.found}? ${found.meant}`;
  return [found.writer, found.reach, found.rules?.join("+") ?? "all", found.reason ?? "-"].join(" | ");
};

describe("a suppression", () => {
  test.each([
    ["aludel:ignore drop-column", "aludel | next | drop-column | -"],
    ["aludel:ignore drop-column nobody reads it", "aludel | next | drop-column | nobody reads it"],
    ["aludel:ignore a-b, c-d: both are small", "aludel | next | a-b+c-d | both are small"],
    ["aludel:ignore a-b,c-d -- both", "aludel | next | a-b+c-d | both"],
    ["aludel: ignore all — is empty", "aludel | next | all | is empty"],
    ["aludel:ignore", "aludel | next | all | -"],
    ["aludel:ignore-file a-b old", "aludel | file | a-b | old"],
    ["aludel:ignore-start a-b old", "aludel | start | a-b | old"],
    ["aludel:ignore-end a-b", "aludel | end | a-b | -"],
    ["aludel:ignroe a-b", "aludel:ignroe? aludel:ignore"],
    [
      "squawk-ignore ban-drop-column, prefer-robust-stmts",
      "squawk | next | ban-drop-column+prefer-robust-stmts | -",
    ],
    ["squawk-ignore ban-drop-column -- it is old", "squawk | next | ban-drop-column | it is old"],
    ["squawk-ignore-file", "squawk | file | all | -"],
    ["squawk-ignore-file ban-drop-column", "squawk | file | ban-drop-column | -"],
    ["atlas:nolint", "atlas | next | all | -"],
    ["atlas:nolint destructive PG101", "atlas | next | destructive+PG101 | -"],
    ["eugene: ignore [E2, E3]", "eugene | next | E2+E3 | -"],
    ["eugene: ignore E6", "eugene | next | E6 | -"],
    ["pgsafe:ignore drop-column it is old", "pgsafe | next | drop-column | it is old"],
    ["pgls-ignore lint/safety/banDropColumn: it is old", "pgls | next | banDropColumn | it is old"],
    ["pgls-ignore lint/safety: it is old", "pgls | next | all | it is old"],
    ["pgfence-ignore: drop-column, rename-column", "pgfence | next | drop-column+rename-column | -"],
    ["pgm-lint:suppress PGM001,PGM501", "pg-migration-lint | next | PGM001+PGM501 | -"],
    [
      "drizzle-migration-lint:disable-next-statement drop-column old",
      "drizzle-migration-lint | next | drop-column | old",
    ],
    ["aludel:upgrade", null],
    ["aludel:no-transaction", null],
    ["aludel: destructive: approved", null],
    ["we ignore squawk here", null],
  ])("%s", (line, expected) => {
    expect(suppression(line)).toBe(expected);
  });
});

const tags = (line: string) =>
  readTags(line).map((tag) =>
    tag.kind === "tag"
      ? `${tag.name} | ${tag.who ?? "-"} | ${tag.reason ?? "-"}`
      : `${tag.found}? ${tag.meant}`,
  );

describe("a tag", () => {
  test.each([
    ["destructive: approved", ["destructive | - | -"]],
    ["destructive: approved (dba: nobody reads it: really)", ["destructive | dba | nobody reads it: really"]],
    ["Destructive:approved (nobody reads it)", ["destructive | - | nobody reads it"]],
    [
      "aludel: backfill: ok; type-change: approved (me: fits)",
      ["backfill | - | -", "type-change | me | fits"],
    ],
    ["empty: allow.", ["empty | - | -"]],
    ["destructive: aproved", ["destructive: aproved? destructive: approved"]],
    ["destructive: yes", ["destructive: yes? destructive: approved"]],
    ["distructive: approved (dba: old)", ["distructive: approved (dba: old)? destructive: approved"]],
    ["aludel: colour: red", ["colour: red? null"]],
    ["backfill: in batches", []],
    ["backfill: batches", []],
    ["empty: tables only", []],
    ["note: approved", []],
    ["TODO: ok", []],
  ])("%s", (line, expected) => {
    expect(tags(line)).toEqual(expected);
  });
});
