import { join, resolve } from "node:path";
import { type ImportPlan, planImport } from "../../check/plan-import.js";
import { settleSum } from "../../check/record-sum.js";
import { fileNameOf, slugOf } from "../../revision/file-name.js";
import { buildGraph } from "../../revision/graph/graph.js";
import { type Agreement, agree } from "../../revision/import/agreement.js";
import type { FoundRevision, Tool } from "../../revision/import/found.js";
import { renderImported } from "../../revision/import/render-imported.js";
import { tools } from "../../revision/import/tools.js";
import { readRevisions } from "../../revision/read-folder.js";
import { readRevision } from "../../revision/read-header.js";
import { apart, orderRepeatables } from "../../revision/repeatable.js";
import { replaceFiles } from "../../revision/replace-files.js";
import type { Revision } from "../../revision/revision.js";
import type { Project } from "../../run/project.js";
import { type ImportedStamp, stampImported } from "../../run/stamp-imported.js";
import { readToolTable } from "../../run/tool-table.js";
import type { ObjectName } from "../../schema/name.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { tellImport } from "../print/import.js";

/** A revision, and the text of its file. */
export interface Written {
  readonly revision: Revision;
  readonly text: string;
}

/** Where the chosen database is in the history, and what its version table says of it. */
export interface ImportedDatabase extends Agreement {
  readonly target: string;
  /** The other tool's. */
  readonly table: string;
  /** `null` where that was not asked for. */
  readonly stamp: ImportedStamp | null;
}

/**
 * `aludel import TOOL FOLDER…`: the revisions of another tool become revisions of ours. What is there already stays. All
 * files are written, or none, and only when the database agrees, where one is asked.
 */
export async function run(context: Context, options: CommandOptions["import"]): Promise<ExitCode> {
  const project = await context.project();
  const tool = tools[options.tool];
  if (tool === undefined) throw new TypeError(`no tool ${options.tool}`);
  const history = tool.read(options.folders.map((folder) => resolve(context.cwd, folder)));
  const plan = await planImport(project, tool, history, new Date());
  const agreement =
    options.stamp || options.fromDatabase ? await agreementOf(context, project, plan, options) : null;
  if (options.fromDatabase && agreement !== null) {
    const { importWithBaseline } = await import("../import-with-baseline.js");
    return importWithBaseline(context, project, plan, agreement, options);
  }
  const written = writtenOf(project, project.config.revisions, tool, plan.fresh);
  if (!options.dryRun) await write(project, written);
  const whole = withRevisions(project, [
    ...project.revisions,
    ...project.repeatables,
    ...revisionsOf(written),
  ]);
  const database = agreement === null ? null : await stamped(context, whole, tool, agreement, options);
  tellImport(context, { project: whole, plan, written, database, options });
  return 0;
}

async function write({ config }: Project, written: readonly Written[]): Promise<void> {
  const undo = replaceFiles(written.map(({ revision, text }) => ({ from: null, to: revision.file, text })));
  try {
    if (written.length > 0) await settleSum(config, { written: revisionsOf(written) });
  } catch (error) {
    undo();
    throw error;
  }
}

const revisionsOf = (written: readonly Written[]) => written.map(({ revision }) => revision);

/** The project with these revisions in the place of its own. */
function withRevisions(project: Project, all: readonly Revision[]): Project {
  const { revisions, repeatables } = apart(all);
  const graph = buildGraph(revisions);
  return { ...project, revisions, graph, repeatables: orderRepeatables(repeatables, graph) };
}

/** The project as its folders have it now. */
export async function readAgain(project: Project): Promise<Project> {
  return withRevisions(project, await readRevisions(project.config.revisionFolders));
}

async function agreementOf(
  context: Context,
  project: Project,
  { tool, graph, history }: ImportPlan,
  options: CommandOptions["import"],
): Promise<Agreement & Pick<ImportedDatabase, "table">> {
  const connection = await context.connect({ mustExist: true });
  const { dialect, config } = project;
  const tables = options.table === null ? tool.tables(config.versionTable) : [tableOf(options.table)];
  const { table, standing } = await readToolTable(connection, dialect, tool, history.revisions, tables);
  const { allowEdited } = options;
  const { target } = connection;
  return { table, ...agree(tool, standing, graph, history.revisions, { allowEdited, target }) };
}

/** `table` or `schema.table`. */
function tableOf(text: string): ObjectName {
  const [, namespace = null, name = ""] = /^(?:([^.]+)\.)?(.*)$/s.exec(text) ?? [];
  return { namespace, name };
}

/** Stamps the database, where that is asked for. */
export async function stamped(
  context: Context,
  project: Project,
  tool: Tool,
  agreement: Agreement & Pick<ImportedDatabase, "table">,
  options: CommandOptions["import"],
): Promise<ImportedDatabase> {
  const connection = await context.connect({ mustExist: true });
  const { target } = connection;
  if (!options.stamp || agreement.rows.length === 0) return { ...agreement, target, stamp: null };
  const stamp = await stampImported(project, connection, tool.name, agreement, {
    dryRun: options.dryRun,
    lockTimeoutMs: options.lockTimeoutMs,
    onWait: (holder) => context.out.talk(`waiting for ${holder}`),
  });
  return { ...agreement, target, pending: stamp.pending, stamp };
}

/** The revisions as they will stand in a folder. @throws AludelError `import-unreadable`. */
export function writtenOf(
  project: Project,
  folder: string,
  tool: Tool,
  found: readonly FoundRevision[],
): readonly Written[] {
  const taken = new Set<string>();
  return found.map((revision) => {
    const text = renderImported(revision, tool.name);
    const { id, message, createdAt } = revision;
    const plain = `${id}_${slugOf(message)}`;
    let name = createdAt === null ? plain : fileNameOf(project.config.fileName, { id, message, createdAt });
    if (taken.has(name)) name = `${name}_${id}`;
    taken.add(name);
    return { revision: readRevision(join(folder, `${name}.sql`), text), text };
  });
}
