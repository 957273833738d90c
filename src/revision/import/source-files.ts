import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { AludelError, messageOf } from "../../error/error.js";
import { unreadable } from "./unreadable.js";

/** The text of a file of another tool, as it is. @throws AludelError `file-unreadable`, `import-unreadable`. */
export function readSource(file: string): string {
  const bytes = bytesOf(file);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw unreadable(file, 1, "The file is not UTF-8", "Save it as UTF-8.");
}

/** The same without a byte order mark, and with line ends made `\n`. */
export const plainText = (text: string): string => text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");

/** The entries of a folder, by name. Those that begin with a dot are left out. @throws AludelError `file-unreadable`. */
export function entriesOf(folder: string): readonly Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith(".")).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw unreadableFile(folder, error);
  }
}

/** Folders inside the folder, too. */
export function filesBelow(folder: string): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [path];
    return entry.name === "node_modules" ? [] : filesBelow(path);
  });
}

export const exists = (file: string): boolean => statSync(file, { throwIfNoEntry: false }) !== undefined;

/** @throws AludelError `usage` where there are several. */
export function onlyFolder(tool: string, folders: readonly string[]): string {
  const [folder, second] = folders;
  if (folder !== undefined && second === undefined) return folder;
  throw new AludelError("usage", `${tool} has its migrations in one folder`, { remedy: "Name that one." });
}

export function nothingFound(tool: string, folder: string, remedy: string): AludelError {
  return new AludelError("file-unreadable", `The folder has no migrations of ${tool}`, {
    where: { file: folder },
    remedy,
  });
}

/** The SHA-256 that a tool may have written of a text: as it is, or as git has it on another system. */
export function sha256Of(text: string): readonly string[] {
  const unix = text.replaceAll("\r\n", "\n");
  return [...new Set([text, unix, unix.replaceAll("\n", "\r\n")])].map((one) => hash("sha256", one, "hex"));
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unreadableFile(file, error);
  }
}

function unreadableFile(file: string, error: unknown): AludelError {
  return new AludelError("file-unreadable", `It could not be read: ${messageOf(error)}`, {
    where: { file },
    cause: error,
    remedy: "Check that it is there and that you may read it.",
  });
}
