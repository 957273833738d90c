import { isUtf8 } from "node:buffer";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { AludelError, messageOf } from "../../error/error.js";
import { type Header, headerMistake } from "../header.js";
import { type Assigned, readAssignments } from "./python-assignments.js";
import { unreadable } from "./unreadable.js";

/** A revision of Alembic's, as its file says. */
export interface AlembicRevision extends Header {
  readonly file: string;
}

const names = ["revision", "down_revision", "branch_labels", "depends_on"] as const;

/**
 * The revisions of `versions/` folders of Alembic, in the order of their files' names. A folder that has `env.py` stands for
 * the `versions` in it. Nothing is run, and Python is not needed.
 * Source: Alembic, "Tutorial" and "Working with Branches".
 *
 * @throws AludelError `import-unreadable` with file and line, `file-unreadable`.
 */
export function readAlembic(folders: readonly string[]): readonly AlembicRevision[] {
  return folders.flatMap((folder) => {
    const versions = hasEnvironment(folder) ? join(folder, "versions") : folder;
    const files = filesOf(versions);
    if (files.length > 0) return files.map((file) => readAlembicRevision(file, read(file)));
    throw new AludelError("file-unreadable", "The folder has no revisions of Alembic", {
      where: { file: versions },
      remedy: "Name the folder with the .py files: alembic/versions.",
    });
  });
}

const hasEnvironment = (folder: string): boolean =>
  statSync(join(folder, "env.py"), { throwIfNoEntry: false }) !== undefined &&
  statSync(join(folder, "versions"), { throwIfNoEntry: false }) !== undefined;

const isPython = (name: string): boolean => /^(?!\.|__init__).*\.py$/.test(name);

function filesOf(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isDirectory() || /^[._]/.test(entry.name)) continue;
      const inside = join(folder, entry.name);
      if (!readdirSync(inside).some(isPython)) continue;
      throw new AludelError("import-unreadable", "A folder inside has revisions, too", {
        where: { file: inside },
        remedy: "Name each folder: aludel import alembic FOLDER FOLDER.",
      });
    }
    return entries
      .filter((entry) => !entry.isDirectory() && isPython(entry.name))
      .map(({ name }) => join(folder, name))
      .sort();
  } catch (error) {
    if (error instanceof AludelError) throw error;
    throw unreadableFile(folder, error);
  }
}

function read(file: string): string {
  const bytes = bytesOf(file);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw unreadable(file, 1, "The file is not UTF-8", "Save it as UTF-8.");
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

/** One revision of Alembic's. @throws AludelError `import-unreadable` with the line. */
export function readAlembicRevision(file: string, text: string): AlembicRevision {
  const { docstring, assigned } = readAssignments(file, text, names);
  const id = assigned.get("revision");
  const below = assigned.get("down_revision");
  if (typeof id?.value !== "string") {
    throw unreadable(
      file,
      id?.line ?? 1,
      "The file has no revision id",
      'Write revision = "…", or move the file away if it is no revision.',
    );
  }
  if (below === undefined) {
    throw unreadable(
      file,
      id.line,
      "The file has no down_revision",
      "Write down_revision = None for a base.",
    );
  }
  const header: Header = {
    id: id.value,
    revises: listOf(below),
    labels: listOf(assigned.get("branch_labels")),
    dependsOn: listOf(assigned.get("depends_on")),
    message: messageIn(docstring) || messageOfName(file, id.value),
    createdAt: createdIn(file, docstring),
  };
  const mistake = headerMistake(header);
  if (mistake !== null) {
    const remedy = `${mistake.remedy} Change it in all files that name it, and in the version table.`;
    throw unreadable(file, id.line, `Its names cannot be taken over: ${mistake.message}`, remedy);
  }
  return { ...header, file };
}

function listOf(assigned: Assigned | undefined): readonly string[] {
  const value = assigned?.value ?? [];
  return typeof value === "string" ? [value] : value;
}

/** What Alembic writes below the message: it is in the assignments as well. */
const field = /^[ \t]*(?:Revision ID|Revises|Create Date):.*$/gim;

/** All that a person wrote, also below the fields. */
function messageIn(docstring: string): string {
  return docstring
    .replace(field, "")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** `1975ea83b712_create_account.py` */
function messageOfName(file: string, id: string): string {
  const name = basename(file, ".py");
  return name.replace(`${id}_`, "").replaceAll("_", " ").trim() || id;
}

/** A time without a zone is taken for UTC: where it was written is not known. */
function createdIn(file: string, docstring: string): Date | null {
  const text = /^\s*Create Date:[ \t]*(\S.*?)[ \t]*$/im.exec(docstring)?.[1];
  if (text === undefined) return null;
  const found = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  const date = found === null ? null : new Date(`${found[1]}T${found[2]}${found[3] ?? "Z"}`);
  if (date !== null && !Number.isNaN(date.getTime())) return date;
  const remedy = "Write it as 2011-11-08 11:40:27.089406, or remove the line.";
  throw unreadable(file, 1, `Its Create Date is ${JSON.stringify(text)}, which is no point in time`, remedy);
}
