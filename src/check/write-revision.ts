import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compileOps } from "../plan/compile-op.js";
import { fileNameOf } from "../revision/file-name.js";
import { newId } from "../revision/new-id.js";
import { readRevision } from "../revision/read-header.js";
import type { Revision } from "../revision/revision.js";
import { type RevisionContent, renderRevision } from "../revision/write/render-revision.js";
import { renderSqlRevision } from "../revision/write/render-sql-revision.js";
import type { Project } from "../run/project.js";
import type { AutogenerateOptions, Change } from "./find-change.js";
import { folderFor } from "./folder.js";
import { requireNewNames } from "./new-names.js";
import { unwritten } from "./unwritten.js";

/**
 * Writes the change as a revision file and reads it back. Nothing is overwritten.
 * @throws AludelError `usage` where it is not known into which folder, `file-exists`, `file-unwritable`; `revision-invalid`, `revision-duplicate` or `label-duplicate`
 * for an id or label that the graph would not have.
 */
export async function writeRevision(
  project: Project,
  options: AutogenerateOptions,
  change: Change,
): Promise<Revision> {
  requireNewNames(project, options);
  const createdAt = options.createdAt ?? new Date(Math.floor(Date.now() / 1000) * 1000);
  const id = options.id ?? newId();
  const content: RevisionContent = {
    id,
    revises: options.revises,
    dependsOn: options.dependsOn,
    labels: options.labels,
    message: options.message,
    createdAt,
    upgrade: change.upgrade,
    downgrade: change.downgrade,
    loses: change.loses,
    notes: change.warnings,
    enums: [...change.before.enums.keys(), ...change.after.enums.keys()],
    dialect: project.dialect,
    ...(options.repeatable && { repeatable: options.repeatable }),
  };
  const text = options.format === "sql" ? await sqlText(project, content, change) : renderRevision(content);
  const name = fileNameOf(project.config.fileName, { id, message: options.message, createdAt });
  const file = join(
    options.folder ?? folderFor(project, options.revises),
    `${name}.${options.format === "sql" ? "sql" : "ts"}`,
  );
  const revision = readRevision(file, text);
  writeNew(file, text);
  return revision;
}

function writeNew(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    throw unwritten(file, error, {
      exists: "Choose another message, or wait a second.",
      unwritable: "Make the folder writable, or set `revisions` to another one.",
    });
  }
}

async function sqlText(project: Project, content: RevisionContent, change: Change): Promise<string> {
  const { downgrade } = content;
  return renderSqlRevision({
    ...content,
    upgrade: await compileOps(project.dialect, content.upgrade, change.before, null),
    downgrade:
      typeof downgrade === "string"
        ? downgrade
        : await compileOps(project.dialect, downgrade, change.after, null),
  });
}
