import { type Header, headerMistake } from "./header.js";

// The header that Aludel writes, in one pattern: thousands of files are read at the start of nearly every command.
const canonical = new RegExp(
  [
    String.raw`-- (?!\w[\w-]*: )([^\r\n]+)\r?\n--\r?\n`,
    String.raw`-- Revision: (\w+)\r?\n`,
    String.raw`-- Revises: (\w+(?:, \w+)*)\r?\n`,
    String.raw`(?:-- Depends-On: ([\w.-]+(?:, [\w.-]+)*)\r?\n)?`,
    String.raw`(?:-- Labels: ([\w.-]+(?:, [\w.-]+)*)\r?\n)?`,
    String.raw`-- Created: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\r?\n`,
    String.raw`\s*-- aludel:upgrade[ \t]*\r?\n`,
  ].join(""),
  "y",
);

const listOf = (text: string | undefined): readonly string[] =>
  text === undefined || text === "none" ? [] : text.split(", ");

/**
 * The header of a SQL revision in the form that Aludel writes; `null` for any other, which is then read with more care.
 * Only the top of the file is looked at.
 */
export function scanSqlHeader(text: string): Header | null {
  canonical.lastIndex = 0;
  const found = canonical.exec(text);
  if (found === null) return null;
  const [, message = "", id = "", revises, dependsOn, labels, created = ""] = found;
  const createdAt = new Date(created);
  const header: Header = {
    id,
    revises: listOf(revises),
    dependsOn: listOf(dependsOn),
    labels: listOf(labels),
    message: message.trim(),
    createdAt,
  };
  return Number.isNaN(createdAt.getTime()) || headerMistake(header) !== null ? null : header;
}
