import { resolve } from "node:path";
import { type ImportPlan, planImport } from "../../check/plan-import.js";
import { settleSum } from "../../check/record-sum.js";
import { type Agreement, agree } from "../../revision/import/agreement.js";
import { tools } from "../../revision/import/tools.js";
import { replaceFiles } from "../../revision/replace-files.js";
import type { Project } from "../../run/project.js";
import { readToolTable } from "../../run/tool-table.js";
import type { ObjectName } from "../../schema/name.js";
import type { Context } from "../context.js";
import {
  type ImportedDatabase,
  revisionsOf,
  stamped,
  type Written,
  withRevisions,
  writtenOf,
} from "../import-history.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { tellImport } from "../print/import.js";

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
