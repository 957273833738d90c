import { hash } from "node:crypto";
import { AludelError } from "../error/error.js";
import type { Header } from "./header.js";
import { parseHeader } from "./parse-header.js";
import type { Revision } from "./revision.js";
import { scanHeader } from "./scan-header.js";
import { scanSqlHeader } from "./scan-sql-header.js";
import { readSqlHeader } from "./sql-file.js";

/** `sha256` in hex of a file's text with line ends made `\n`, so that a checkout on Windows changes nothing. */
export function checksumOf(text: string): string {
  return hash("sha256", text.includes("\r") ? text.replaceAll("\r\n", "\n") : text, "hex");
}

/** @throws AludelError `revision-unreadable` for a file that is empty or no text. */
export function checkText(file: string, text: string): void {
  const refuse = (message: string, remedy: string, line = 1) => {
    throw new AludelError("revision-unreadable", message, { remedy, where: { file, line } });
  };
  if (text.trim() === "" || text === "\uFEFF") {
    refuse(
      "The revision file is empty",
      "Restore it from version control, or remove it if nothing revises it.",
    );
  }
  const bad = text.search(/[\0\uFFFD]/);
  if (bad !== -1) {
    refuse(
      "The revision file is not UTF-8 text",
      "Save it as UTF-8, or restore it from version control.",
      text.slice(0, bad).split("\n").length,
    );
  }
}

function readScriptHeader(file: string, text: string): Header {
  const scanned = scanHeader(text);
  if (scanned !== null) return scanned;
  checkText(file, text);
  return parseHeader(file, text.replace(/^\uFEFF/, " "));
}

function readSqlFileHeader(file: string, text: string): Header {
  const scanned = scanSqlHeader(text);
  if (scanned !== null) return scanned;
  checkText(file, text);
  return readSqlHeader(file, text);
}

/**
 * The revision that a file holds, read from its text alone: nothing in the file is run.
 *
 * @throws AludelError `revision-unreadable` with file and line, for text that is no revision or whose id, parents,
 * dependencies or labels are not literals.
 */
export function readRevision(file: string, text: string): Revision {
  const format = file.endsWith(".sql") ? "sql" : "typescript";
  const header = format === "sql" ? readSqlFileHeader(file, text) : readScriptHeader(file, text);
  return { ...header, file, format, checksum: checksumOf(text) };
}
