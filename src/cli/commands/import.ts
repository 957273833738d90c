import { join, resolve } from "node:path";
import { settleSum } from "../../check/record-sum.js";
import { shortPath } from "../../error/format.js";
import { fileNameOf, slugOf } from "../../revision/file-name.js";
import { buildGraph } from "../../revision/graph/graph.js";
import { type AlembicRevision, readAlembic } from "../../revision/import/alembic.js";
import { renderRecord } from "../../revision/import/render-record.js";
import { readRevision } from "../../revision/read-header.js";
import { replaceFiles } from "../../revision/replace-files.js";
import type { Revision } from "../../revision/revision.js";
import type { Project } from "../../run/project.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";

/** A record, and the text of its file. */
export interface Written {
  readonly revision: Revision;
  readonly text: string;
}

/** `aludel import alembic FOLDER…`: the revisions of another tool become records of ours. All files are written, or none. */
export async function run(context: Context, options: CommandOptions["import"]): Promise<ExitCode> {
  const { cwd, out } = context;
  const project = await context.project();
  const found = readAlembic(options.folders.map((folder) => resolve(cwd, folder)));
  // Before anything is written: what is wrong with the graph is the error of this command, and not of all others.
  const graph = buildGraph([...project.revisions, ...found]);
  if (options.fromDatabase) {
    const { importWithBaseline } = await import("../import-with-baseline.js");
    return importWithBaseline(context, project, found, options);
  }
  const written = recordsOf(project, project.config.revisions, found);
  const undo = replaceFiles(written.map(({ revision, text }) => ({ from: null, to: revision.file, text })));
  try {
    await settleSum(project.config, { written: written.map(({ revision }) => revision) });
  } catch (error) {
    undo();
    throw error;
  }
  const heads = graph.heads.map(({ id }) => id);
  out.data({
    revisions: written.map(({ revision }) => ({ id: revision.id, file: revision.file })),
    heads,
    baseline: null,
  });
  for (const { revision } of written) out.text(shortPath(revision.file, cwd));
  out.talk(
    `${written.length === 1 ? "1 revision is a record" : `${written.length} revisions are records`} now; ${heads.length === 1 ? "the head is" : "the heads are"} ${heads.join(", ")}. None was run, and none will be.\n` +
      "A database that has them all goes on from there. What they did is not in these files: a new database cannot be built from\n" +
      "them, and what needs one (--autogenerate, check, verify) is refused. For that, import with --from-database.",
  );
  tellVersionTable(context, project);
  return 0;
}

/** Where Alembic keeps its rows unless told otherwise. */
export function tellVersionTable({ out }: Context, { config }: Project): void {
  if (config.versionTable.name === "alembic_version") return;
  out.warn(
    `${out.style("yellow", "warning:")} the configuration's versionTable is "${config.versionTable.name}". To go on with a database that Alembic\n` +
      '  managed, name the table that has its rows: versionTable: "alembic_version".',
  );
}

/** The records as they will stand in a folder. @throws AludelError `import-unreadable`. */
export function recordsOf(
  project: Project,
  folder: string,
  found: readonly AlembicRevision[],
): readonly Written[] {
  const taken = new Set<string>();
  return found.map(({ file: from, ...header }) => {
    const text = renderRecord({ header, tool: "Alembic", from: from.slice(from.search(/[^/\\]*$/)) });
    const { id, message, createdAt } = header;
    const plain = `${id}_${slugOf(message)}`;
    let name = createdAt === null ? plain : fileNameOf(project.config.fileName, { id, message, createdAt });
    if (taken.has(name)) name = `${name}_${id}`;
    taken.add(name);
    return { revision: readRevision(join(folder, `${name}.sql`), text), text };
  });
}
