import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Step } from "../dialect/step.js";
import { AludelError, messageOf } from "../error/error.js";
import { applyOp } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { compileOp } from "../plan/compile-op.js";
import { fileNameOf } from "../revision/file-name.js";
import { newId } from "../revision/new-id.js";
import { readRevision } from "../revision/read-header.js";
import type { Revision } from "../revision/revision.js";
import { type RevisionContent, renderRevision } from "../revision/write/render-revision.js";
import { renderSqlRevision } from "../revision/write/render-sql-revision.js";
import type { Project } from "../run/project.js";
import { copySchema } from "../schema/build.js";
import type { Schema } from "../schema/schema.js";
import type { AutogenerateOptions, Change } from "./find-change.js";
import { requireNewNames } from "./new-names.js";

/**
 * Writes the change as a revision file and reads it back. Nothing is overwritten.
 * @throws AludelError `file-exists`, `file-unwritable`; `revision-invalid`, `revision-duplicate` or `label-duplicate`
 * for an id or label that the graph would not have.
 */
export async function writeRevision(
  project: Project,
  options: AutogenerateOptions,
  change: Change,
): Promise<Revision> {
  requireNewNames(project, options);
  const createdAt = new Date(Math.floor(Date.now() / 1000) * 1000);
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
  };
  const text = options.format === "sql" ? await sqlText(project, content, change) : renderRevision(content);
  const name = fileNameOf(project.config.fileName, { id, message: options.message, createdAt });
  const file = join(project.config.revisions, `${name}.${options.format === "sql" ? "sql" : "ts"}`);
  const revision = readRevision(file, text);
  writeNew(file, text);
  return revision;
}

function writeNew(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new AludelError(
      exists ? "file-exists" : "file-unwritable",
      `Cannot write ${file}: ${messageOf(error)}`,
      {
        where: { file },
        cause: error,
        remedy: exists
          ? "Choose another message, or wait a second."
          : "Make the folder writable, or set `revisions` to another one.",
      },
    );
  }
}

async function sqlText(project: Project, content: RevisionContent, change: Change): Promise<string> {
  const { downgrade } = content;
  return renderSqlRevision({
    ...content,
    upgrade: await compileAll(project, content.upgrade, change.before),
    downgrade: typeof downgrade === "string" ? downgrade : await compileAll(project, downgrade, change.after),
  });
}

async function compileAll(project: Project, ops: readonly Op[], before: Schema): Promise<readonly Step[]> {
  const draft = copySchema(before);
  const steps: Step[] = [];
  for (const op of ops) {
    steps.push(...(await compileOp(project.dialect, op, async () => draft, null)));
    applyOp(draft, op);
  }
  return steps;
}
