import { AludelError } from "../error/error.js";
import { suggest } from "../error/suggest.js";
import {
  blockCommentLines,
  type Header,
  headerMistake,
  readCreated,
  readFields,
  repeatableMistake,
} from "./header.js";
import { isPhaseMistake, type PhaseHeader, readPhase } from "./phase.js";
import { readText } from "./read-text.js";
import type { Revision } from "./revision.js";
import { scanLines } from "./sql-line.js";

/** One way of a SQL revision. */
export interface SqlSection {
  /** The statements, as they are in the file. */
  readonly text: string;
  /** Line of the file on which `text` begins, from 1. */
  readonly line: number;
  /** False for `-- aludel:no-transaction`. */
  readonly transaction: boolean;
}

/** A SQL revision, taken apart. A string instead of a way is the reason why there is none. */
export interface SqlRevision {
  readonly header: Header;
  /** A string for a revision that another tool ran, and that is kept as a record. */
  readonly upgrade: SqlSection | string;
  readonly downgrade: SqlSection | string;
}

const marker = /^[ \t]*--[ \t]*aludel:([\w-]+)[ \t]*(.*?)[ \t]*$/;
/** These divide a section, and do not begin one. */
const inner: readonly string[] = ["no-transaction", "commit", "assert"];
const known = ["upgrade", "downgrade", ...inner];

function unreadable(file: string, line: number, message: string, remedy: string): AludelError {
  return new AludelError("revision-unreadable", message, { remedy, where: { file, line } });
}

interface Marker {
  readonly name: string;
  readonly rest: string;
  /** Counted from 0. */
  readonly at: number;
}

/** The lines that divide the file. One that is misspelled, or that stands in a quote, would move SQL to the other way. */
function findMarkers(file: string, lines: readonly string[]): readonly Marker[] {
  const { quoted } = scanLines(lines.join("\n"));
  return lines.flatMap((line, at) => {
    const found = line.includes("aludel:") ? marker.exec(line) : null;
    if (found === null) return [];
    const [, name = "", rest = ""] = found;
    if (!known.includes(name)) {
      const meant = suggest(name, known);
      if (meant === null) return [];
      throw unreadable(file, at + 1, `There is no "aludel:${name}"`, `Did you mean "-- aludel:${meant}"?`);
    }
    if (quoted[at]) {
      throw unreadable(
        file,
        at + 1,
        `"-- aludel:${name}" stands inside a quoted text or a comment that began above`,
        "Close the quote above it, or write the revision in TypeScript.",
      );
    }
    return [{ name, rest, at }];
  });
}

/** The comment lines at the top, without their signs. Anything else there belongs into a section. */
function headerLines(file: string, lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  if (lines[first]?.trimStart().startsWith("/*")) {
    const text = lines.slice(first).join("\n").trim();
    const end = text.indexOf("*/");
    if (end === text.length - 2) return blockCommentLines(text);
  }
  return lines.map((line, at) => {
    const found = /^\s*(?:--[ \t]?(.*?))?\s*$/.exec(line);
    if (found !== null) return found[1] ?? "";
    throw unreadable(
      file,
      at + 1,
      "There is SQL before the first section",
      'Put "-- aludel:upgrade" above it.',
    );
  });
}

function listOf(text: string | undefined): readonly string[] {
  const names = (text ?? "").split(",").map((name) => name.trim());
  return names.filter((name) => name !== "" && name !== "none");
}

function readHeader(file: string, lines: readonly string[]): Header {
  const { message, fields } = readFields(headerLines(file, lines));
  const id = fields.get("revision");
  const repeatable = readRepeatable(file, lines, fields.get("repeatable"));
  if (id === undefined || (!fields.has("revises") && !repeatable)) {
    const missing = id === undefined ? "Revision: 4f2a91c04b7d" : "Revises: 9c1d0b7e55aa";
    throw unreadable(
      file,
      1,
      `The header has no "${missing.split(" ")[0]}"`,
      `Write a comment line at the top: "-- ${missing}"${id === undefined ? "" : ', "-- Revises: none" for the first one'}.`,
    );
  }
  const header = {
    id,
    revises: listOf(fields.get("revises")),
    dependsOn: listOf(fields.get("depends-on")),
    labels: listOf(fields.get("labels")),
  };
  const mistake =
    headerMistake(header) ?? repeatableMistake({ ...header, ...(repeatable && { repeatable }) });
  if (mistake !== null) {
    throw unreadable(file, 1, `The header cannot be right: ${mistake.message}`, mistake.remedy);
  }
  const phased = readPhaseOf(file, lines, fields);
  return { ...header, ...(repeatable && { repeatable }), ...phased, message, createdAt: readCreated(fields) };
}

function readPhaseOf(
  file: string,
  lines: readonly string[],
  fields: ReadonlyMap<string, string>,
): PhaseHeader {
  const read = readPhase(fields.get("phase"), listOf(fields.get("waits-for")));
  if (!isPhaseMistake(read)) return read;
  const field = fields.has("phase") ? /phase:/i : /waits[- ]for:/i;
  throw unreadable(file, lines.findIndex((one) => field.test(one)) + 1, read.message, read.remedy);
}

function readRepeatable(file: string, lines: readonly string[], value: string | undefined): boolean {
  if (value === undefined || /^(?:no|false)$/i.test(value)) return false;
  if (/^(?:yes|true)$/i.test(value)) return true;
  const line = lines.findIndex((one) => /repeatable:/i.test(one)) + 1;
  throw unreadable(file, line, `"Repeatable: ${value}" is neither yes nor no`, 'Write "-- Repeatable: yes".');
}

function sectionOf(lines: readonly string[], from: number, to: number, alone: boolean): SqlSection {
  const text = lines.slice(from, to).join("\n");
  return { text: text.trimEnd(), line: from + 1, transaction: !alone };
}

function findSections(
  file: string,
  lines: readonly string[],
  markers: readonly Marker[],
): Omit<SqlRevision, "header"> {
  const sections = markers.filter(({ name }) => !inner.includes(name));
  const of = (name: string): SqlSection | string | null => {
    const [found, second] = sections.filter((one) => one.name === name);
    if (second !== undefined) {
      throw unreadable(file, second.at + 1, `There is a second "-- aludel:${name}"`, "Keep one of each.");
    }
    if (found === undefined) return null;
    const reason = /^none\b:?\s*(.*)$/.exec(found.rest);
    if (reason !== null) return reason[1] || (name === "upgrade" ? null : "The revision has no way back");
    const end = sections.find((one) => one.at > found.at)?.at ?? lines.length;
    const alone = markers.some(({ name: one, at }) => one === "no-transaction" && at > found.at && at < end);
    return sectionOf(lines, found.at + 1, end, alone);
  };
  const upgrade = of("upgrade");
  if (upgrade === null) {
    throw unreadable(
      file,
      1,
      'The file has no section "-- aludel:upgrade"',
      "Put that line above the statements.",
    );
  }
  return { upgrade, downgrade: of("downgrade") ?? "The file has no section for the way back" };
}

/**
 * Takes a SQL revision apart: header fields in the comment at its top, `-- aludel:upgrade` and `-- aludel:downgrade`
 * above the statements of each way, `-- aludel:no-transaction` in a section that must run outside a transaction,
 * `-- aludel:commit` between statements of which the first are committed before the others run, `-- aludel:assert message`
 * above a query that must give no row,
 * `-- aludel:downgrade none: reason` where there is no way back, `-- aludel:upgrade none: reason` in the record of a revision
 * that another tool ran.
 *
 * @throws AludelError `revision-unreadable` with the line.
 */
export function readSqlRevision(file: string, text: string): SqlRevision {
  const lines = text
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n")
    .split("\n");
  const markers = findMarkers(file, lines);
  const first = markers[0]?.at;
  if (first === undefined) {
    throw unreadable(
      file,
      1,
      'The file has no section "-- aludel:upgrade"',
      "Put that line above the statements.",
    );
  }
  return { header: readHeader(file, lines.slice(0, first)), ...findSections(file, lines, markers) };
}

/** One direction of a SQL revision. */
export type SqlDirection =
  | {
      readonly kind: "statements";
      readonly sql: string;
      readonly line: number;
      readonly noTransaction: boolean;
    }
  | { readonly kind: "irreversible"; readonly reason: string };

/** The error of a revision that was run by another tool, and is only a record of that. */
export function imported({ id, file }: Pick<Revision, "id" | "file">, reason: string): AludelError {
  return new AludelError("revision-imported", `Revision ${id} cannot run here: ${reason}`, {
    where: { file, revision: id },
    remedy:
      "Bring the database to the imported head with the tool that the revision comes from. New databases need a baseline: import with --from-database.",
  });
}

/**
 * Reads the file of a SQL revision for what it runs.
 * @throws AludelError `revision-unreadable`, or `file-unreadable` when the file has gone.
 */
export function readSqlSections(
  revision: Pick<Revision, "file">,
): Readonly<Record<"upgrade" | "downgrade", SqlDirection>> {
  const { upgrade, downgrade } = readSqlRevision(revision.file, readText(revision.file));
  return { upgrade: directionOf(upgrade), downgrade: directionOf(downgrade) };
}

function directionOf(section: SqlSection | string): SqlDirection {
  if (typeof section === "string") return { kind: "irreversible", reason: section };
  const { text, line, transaction } = section;
  return { kind: "statements", sql: text, line, noTransaction: !transaction };
}

/** The header alone. */
export function readSqlHeader(file: string, text: string): Header {
  return readSqlRevision(file, text).header;
}
