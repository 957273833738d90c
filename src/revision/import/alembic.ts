import { basename, join } from "node:path";
import type { Row } from "../../dialect/connection.js";
import { AludelError } from "../../error/error.js";
import { ancestors } from "../graph/closure.js";
import { buildGraph } from "../graph/graph.js";
import { type Header, headerMistake } from "../header.js";
import type { FoundHistory, FoundRevision, Standing, Tool } from "./found.js";
import { type Assigned, readAssignments } from "./python-assignments.js";
import { entriesOf, exists, nothingFound, readSource } from "./source-files.js";
import { unreadable } from "./unreadable.js";

const names = ["revision", "down_revision", "branch_labels", "depends_on"] as const;

/**
 * `versions/` folders of Alembic, each file a revision. A folder that has `env.py` stands for the `versions` in it. Nothing is
 * run, and Python is not needed.
 * Source: Alembic, "Tutorial" and "Working with Branches".
 */
export const alembic: Tool = {
  name: "Alembic",
  read,
  // The name can be changed in env.py, and the configuration then has the same.
  tables: (versionTable) =>
    versionTable.name === table ? [versionTable] : [{ namespace: null, name: table }, versionTable],
  standing: readStanding,
};

const table = "alembic_version";

function read(folders: readonly string[]): FoundHistory {
  const revisions = folders.flatMap((folder) => {
    const inside = join(folder, "versions");
    const versions = exists(join(folder, "env.py")) && exists(inside) ? inside : folder;
    const files = filesOf(versions);
    if (files.length > 0) return files.map((file) => readAlembicRevision(file, readSource(file)));
    throw nothingFound("Alembic", versions, "Name the folder with the .py files: alembic/versions.");
  });
  return { revisions, line: false, engine: null, leftOut: [] };
}

/** Its rows stand for themselves and all below them, as ours do. */
function readStanding(rows: readonly Row[], revisions: readonly FoundRevision[]): Standing {
  const { nodes } = buildGraph(revisions);
  const ids = rows.map((row) => String(row["version_num"]));
  return {
    applied: new Set([...ancestors(ids.flatMap((id) => nodes.get(id) ?? []))].map(({ id }) => id)),
    edited: [],
    failed: [],
    unknown: ids.filter((id) => !nodes.has(id)),
  };
}

const isPython = (name: string): boolean => /^(?!\.|__init__).*\.py$/.test(name);

function filesOf(folder: string): readonly string[] {
  const entries = entriesOf(folder);
  for (const entry of entries) {
    if (!entry.isDirectory() || /^[._]/.test(entry.name)) continue;
    const inside = join(folder, entry.name);
    if (!entriesOf(inside).some(({ name }) => isPython(name))) continue;
    throw new AludelError("import-unreadable", "A folder inside has revisions, too", {
      where: { file: inside },
      remedy: "Name each folder: aludel import alembic FOLDER FOLDER.",
    });
  }
  return entries
    .filter((entry) => !entry.isDirectory() && isPython(entry.name))
    .map(({ name }) => join(folder, name));
}

/** One revision of Alembic's. @throws AludelError `import-unreadable` with the line. */
function readAlembicRevision(file: string, text: string): FoundRevision {
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
  const reason = `imported from Alembic, which has run it (${basename(file)})`;
  return { ...header, file, upgrade: reason, downgrade: reason, key: header.id, checksums: [] };
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
  const found = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  const date = found === null ? null : new Date(`${found[1]}T${found[2] ?? "00:00:00"}${found[3] ?? "Z"}`);
  if (date !== null && !Number.isNaN(date.getTime())) return date;
  const remedy = "Write it as 2011-11-08 11:40:27.089406, or remove the line.";
  throw unreadable(file, 1, `Its Create Date is ${JSON.stringify(text)}, which is no point in time`, remedy);
}
