import { rmSync } from "node:fs";
import { readBaseline } from "../check/baseline.js";
import type { ImportPlan } from "../check/plan-import.js";
import { settleSum } from "../check/record-sum.js";
import { writeRevision } from "../check/write-revision.js";
import { AludelError } from "../error/error.js";
import { shortPath } from "../error/format.js";
import type { Agreement } from "../revision/import/agreement.js";
import type { FoundRevision } from "../revision/import/found.js";
import { replaceFiles } from "../revision/replace-files.js";
import { keptFolderOf } from "../run/kept.js";
import type { Project } from "../run/project.js";
import type { Context } from "./context.js";
import { readAgain, stamped, writtenOf } from "./import-history.js";
import type { CommandOptions, ExitCode } from "./options.js";
import { importData, tellDatabase, tellLeftOver } from "./print/import.js";
import { tellLeftOut } from "./print/left-out.js";
import { warnOfUninspected } from "./write-baseline.js";
import { proveWritten, tellWritten } from "./written-revision.js";

/**
 * Takes over a history whose head a database is at: what the database has becomes the revision with the id of that head, for
 * new databases, and the imported ones are kept beside it as squashed revisions are.
 *
 * @throws AludelError `baseline-refused` for several heads, a project that has revisions, and a database that is not at the
 * head; `proof-failed`, after which everything is as it was.
 */
export async function importWithBaseline(
  context: Context,
  project: Project,
  found: ImportPlan,
  agreement: Agreement & { readonly table: string },
  options: CommandOptions["import"],
): Promise<ExitCode> {
  const { out, cwd } = context;
  const plan = withoutRepeatables(found);
  const { tool, fresh } = plan;
  const head = onlyHead(project, plan);
  const connection = await context.connect({ mustExist: true });
  if (agreement.pending.length > 0) throw notAtHead(connection.target, agreement, head.id, tool.name);
  if (options.dryRun) throw noDryRun();
  const baseline = await readBaseline(project, connection, "ignore");
  const folder = keptFolderOf(project.config.revisions, head.id);
  const written = writtenOf(project, folder, tool, fresh);
  const undo = replaceFiles(written.map(({ revision, text }) => ({ from: null, to: revision.file, text })));
  let file: string | null = null;
  try {
    const revision = await writeRevision(
      project,
      {
        message: head.message,
        revises: [],
        dependsOn: [],
        labels: fresh.flatMap(({ labels }) => labels),
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
    if (options.verify) await proveWritten(context, project, revision, wanted, { rows: options.rows });
    await settleSum(project.config, { written: [revision] });
  } catch (error) {
    if (file !== null) rmSync(file, { force: true });
    undo();
    throw error;
  }
  const database = await stamped(context, await readAgain(project), tool, agreement, options);
  out.data({
    ...importData({ plan, written, database, options }),
    heads: [head.id],
    baseline: { id: head.id, file, uninspected: baseline.uninspected, ignored: baseline.leftOut },
  });
  const isThere = tool.tables(project.config.versionTable)[0] === project.config.versionTable;
  const isStamped = database.stamp !== null || isThere;
  out.talk(
    `A new database begins with ${head.id}, which makes what ${connection.target} has. ` +
      (isStamped
        ? `Databases at ${head.id} have it already: nothing runs.\n`
        : `Databases that ${tool.name} managed\nhave to be told where they are: \`aludel import ${options.tool} … --stamp\`.\n`) +
      `The ${written.length === 1 ? "imported one is" : `${written.length} imported ones are`} in ${shortPath(folder, cwd)}, for databases that are not so far yet. Rows that revisions\n` +
      "wrote are not in the baseline: add what a new database needs.",
  );
  tellLeftOver(context, plan);
  tellDatabase(context, { plan, options }, database);
  return 0;
}

/** What repeatable ones have made is in the baseline, and would be made twice. */
function withoutRepeatables(plan: ImportPlan): ImportPlan {
  const isRepeatable = ({ repeatable }: FoundRevision) => repeatable === true;
  const reason = "it is repeatable, and the baseline has what it made";
  const after = plan.fresh.filter(isRepeatable).map(({ file }) => ({ file, reason }));
  const history = { ...plan.history, leftOut: [...plan.history.leftOut, ...after] };
  return { ...plan, history, fresh: plan.fresh.filter((revision) => !isRepeatable(revision)) };
}

/** @throws AludelError `baseline-refused`. */
function onlyHead(project: Project, { graph, fresh, tool }: ImportPlan): FoundRevision {
  const [first] = project.revisions;
  if (first !== undefined) {
    throw new AludelError("baseline-refused", `There are revisions in ${project.config.revisions} already`, {
      where: { revision: first.id },
      remedy:
        "A baseline is the first revision. Move them away and import again; or import without --from-database.",
    });
  }
  const heads = graph.finalHeads.map(({ id }) => id);
  const head = fresh.find(({ id }) => id === heads[0]);
  if (head !== undefined && heads.length === 1) return head;
  throw new AludelError("baseline-refused", `The revisions have ${heads.length} heads: ${heads.join(", ")}`, {
    remedy: `A baseline stands for one. Join them with ${tool.name} (\`alembic merge heads\`), upgrade the database, and import again.`,
  });
}

function notAtHead(target: string, { rows }: Agreement, head: string, tool: string): AludelError {
  const at = rows.length === 0 ? "no revision" : rows.join(", ");
  return new AludelError("baseline-refused", `${target} is at ${at}, and the head is ${head}`, {
    remedy: `Bring it to the head with ${tool}, or choose another database with --env or --url.`,
  });
}

function noDryRun(): AludelError {
  return new AludelError("usage", "A baseline has to be written to be proved", {
    remedy: "Leave --dry-run out; if the proof fails, everything is as it was.",
  });
}
