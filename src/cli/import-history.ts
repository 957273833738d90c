import { join } from "node:path";
import { fileNameOf, slugOf } from "../revision/file-name.js";
import { buildGraph } from "../revision/graph/graph.js";
import type { Agreement } from "../revision/import/agreement.js";
import type { FoundRevision, Tool } from "../revision/import/found.js";
import { renderImported } from "../revision/import/render-imported.js";
import { readRevisions } from "../revision/read-folder.js";
import { readRevision } from "../revision/read-header.js";
import { apart, orderRepeatables } from "../revision/repeatable.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import { type ImportedStamp, stampImported } from "../run/stamp-imported.js";
import type { Context } from "./context.js";
import type { CommandOptions } from "./options.js";

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

export const revisionsOf = (written: readonly Written[]) => written.map(({ revision }) => revision);

/** The project with these revisions in the place of its own. */
export function withRevisions(project: Project, all: readonly Revision[]): Project {
  const { revisions, repeatables } = apart(all);
  const graph = buildGraph(revisions);
  return { ...project, revisions, graph, repeatables: orderRepeatables(repeatables, graph) };
}

/** The project as its folders have it now. */
export async function readAgain(project: Project): Promise<Project> {
  return withRevisions(project, await readRevisions(project.config.revisionFolders));
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
