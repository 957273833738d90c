import { rmSync } from "node:fs";
import { readBaseline } from "../check/baseline.js";
import { settleSum } from "../check/record-sum.js";
import { writeRevision } from "../check/write-revision.js";
import { AludelError } from "../error/error.js";
import { shortPath } from "../error/format.js";
import { buildGraph } from "../revision/graph/graph.js";
import type { AlembicRevision } from "../revision/import/alembic.js";
import { replaceFiles } from "../revision/replace-files.js";
import { keptFolderOf } from "../run/kept.js";
import { bookkeepingOf, type Project } from "../run/project.js";
import { readVersions } from "../run/version-table.js";
import { recordsOf } from "./commands/import.js";
import type { Context } from "./context.js";
import type { CommandOptions, ExitCode } from "./options.js";
import { tellLeftOut } from "./print/left-out.js";
import { warnOfUninspected } from "./write-baseline.js";
import { proveWritten, tellWritten } from "./written-revision.js";

/**
 * Takes over a history whose head a database is at: what the database has becomes the revision with the id of that head, for
 * new databases, and the records are kept beside it as squashed revisions are.
 *
 * @throws AludelError `baseline-refused` for several heads, a project that has revisions, and a database that is not at the
 * head; `proof-failed`, after which everything is as it was.
 */
export async function importWithBaseline(
  context: Context,
  project: Project,
  found: readonly AlembicRevision[],
  options: CommandOptions["import"],
): Promise<ExitCode> {
  const { out, cwd } = context;
  const head = onlyHead(project, found);
  const connection = await context.connect({ mustExist: true });
  const rows = (await readVersions(connection, project.dialect, bookkeepingOf(project.config))) ?? [];
  if (rows.length !== 1 || rows[0] !== head.id) throw notAtHead(project, connection.target, rows, head.id);
  const baseline = await readBaseline(project, connection, "ignore");
  const folder = keptFolderOf(project.config.revisions, head.id);
  const records = recordsOf(project, folder, found);
  const undo = replaceFiles(records.map(({ revision, text }) => ({ from: null, to: revision.file, text })));
  let file: string | null = null;
  try {
    const revision = await writeRevision(
      project,
      {
        message: head.message,
        revises: [],
        dependsOn: [],
        labels: found.flatMap(({ labels }) => labels),
        id: head.id,
        renames: [],
        drops: [],
        inline: true,
        format: "typescript",
        folder: project.config.revisions,
        ...(head.createdAt === null ? {} : { createdAt: head.createdAt }),
      },
      baseline.change,
    );
    file = revision.file;
    tellWritten(context, revision, baseline.change);
    tellLeftOut(context, baseline.leftOut);
    warnOfUninspected(context, baseline);
    const wanted = { schema: baseline.schema, unsaid: [] };
    if (options.verify) await proveWritten(context, project, revision, wanted, options.rows);
    await settleSum(project.config, { written: [revision] });
  } catch (error) {
    if (file !== null) rmSync(file, { force: true });
    undo();
    throw error;
  }
  out.data({
    revisions: records.map(({ revision }) => ({ id: revision.id, file: revision.file })),
    heads: [head.id],
    baseline: { id: head.id, file, uninspected: baseline.uninspected, ignored: baseline.leftOut },
  });
  out.talk(
    `A new database begins with ${head.id}, which makes what ${connection.target} has. Databases at ${head.id} have it already: nothing runs.\n` +
      `The ${records.length === 1 ? "record is" : `${records.length} records are`} in ${shortPath(folder, cwd)}, for databases that Alembic has not brought so far yet. Rows that revisions wrote are\n` +
      "not in the baseline: add what a new database needs.",
  );
  return 0;
}

/** @throws AludelError `baseline-refused`. */
function onlyHead(project: Project, found: readonly AlembicRevision[]): AlembicRevision {
  const [first] = project.revisions;
  if (first !== undefined) {
    throw new AludelError("baseline-refused", `There are revisions in ${project.config.revisions} already`, {
      where: { revision: first.id },
      remedy:
        "A baseline is the first revision. Move them away and import again; or import without --from-database.",
    });
  }
  const heads = buildGraph(found).finalHeads.map(({ id }) => id);
  const head = found.find(({ id }) => id === heads[0]);
  if (head !== undefined && heads.length === 1) return head;
  throw new AludelError("baseline-refused", `The revisions have ${heads.length} heads: ${heads.join(", ")}`, {
    remedy:
      "A baseline stands for one. Join them with `alembic merge heads`, upgrade the database, and import again.",
  });
}

function notAtHead(project: Project, target: string, rows: readonly string[], head: string): AludelError {
  const table = project.config.versionTable.name;
  return new AludelError(
    "baseline-refused",
    rows.length === 0
      ? `${target} is at no revision: its version table "${table}" is empty or not there`
      : `${target} is at ${rows.join(", ")}, and the head is ${head}`,
    {
      remedy:
        rows.length === 0
          ? 'Name the table that Alembic keeps its rows in: versionTable: "alembic_version" in the configuration.'
          : "Run `alembic upgrade head` on it, or choose another database with --env or --url.",
    },
  );
}
