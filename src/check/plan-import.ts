import { dialectOfUrl } from "../dialect/registry.js";
import { AludelError } from "../error/error.js";
import { buildGraph, type Graph } from "../revision/graph/graph.js";
import type { FoundHistory, FoundRevision, Tool, Way } from "../revision/import/found.js";
import { place } from "../revision/import/place.js";
import { translate } from "../revision/import/translate.js";
import type { Revision } from "../revision/revision.js";
import { readSqlSections } from "../revision/sql-file.js";
import { unfold } from "../run/kept.js";
import type { Project } from "../run/project.js";
import type { DialectName } from "../schema/name.js";

/** What becomes of the history of another tool in a project. */
export interface ImportPlan {
  readonly tool: Tool;
  readonly history: FoundHistory;
  /** To be written, with their parents; what cannot run here is a record. */
  readonly fresh: readonly FoundRevision[];
  /** Ids that the project has already. */
  readonly known: readonly string[];
  /** Of these the ones whose SQL is not that of the other tool's file any more. */
  readonly changed: readonly string[];
  /** Those that have no SQL here, and never run. */
  readonly records: ReadonlySet<string>;
  /** The imported ones alone, as they stand in the project. */
  readonly graph: Graph;
}

/**
 * Finds out what an import adds to a project. Nothing is written, no database is asked, and nothing of the history is run.
 * @throws AludelError `dialect-mismatch` for a history of another engine, `import-unreadable`, and the errors of the graph.
 */
export async function planImport(
  project: Project,
  tool: Tool,
  history: FoundHistory,
  now: Date,
): Promise<ImportPlan> {
  checkEngine(project, tool, history);
  const { revisions: own, standsFor } = await unfold(project);
  const ids = new Set(history.revisions.filter(isInGraph).map(({ id }) => id));
  const repeatables = new Set(project.repeatables.map(({ id }) => id));
  const before = buildGraph(within(own, ids));
  const tops = new Set(before.finalHeads.map(({ id }) => id));
  const top = history.revisions.findLast(({ id }) => tops.has(id));
  const below = top === undefined ? null : (standsFor.get(top.id) ?? top.id);
  // The one that stands for others has its own id.
  const placed = place(history, own, repeatables, below, now);
  const fresh = await Promise.all(placed.fresh.map((revision) => translate(project.dialect, revision)));
  // Before anything is written: what is wrong with the graph is the error of this command, and not of all others.
  buildGraph([...project.revisions, ...fresh.filter(isInGraph)]);
  const records = new Set(fresh.flatMap(({ id, upgrade }) => (typeof upgrade === "string" ? [id] : [])));
  const changed: string[] = [];
  for (const revision of placed.known) {
    const file = [...own, ...project.repeatables].find(({ id }) => id === revision.id);
    if (file?.format !== "sql") continue;
    const sections = readSqlSections(file);
    if (sections.upgrade.kind === "irreversible") records.add(revision.id);
    if (!says(sections, await translate(project.dialect, revision))) changed.push(revision.id);
  }
  const graph = buildGraph(within([...own, ...fresh], ids));
  return { tool, history, fresh, known: placed.known.map(({ id }) => id), changed, records, graph };
}

const isInGraph = ({ repeatable }: Pick<Revision, "repeatable">): boolean => repeatable !== true;

/** These alone, as a graph of their own. */
function within<R extends Pick<Revision, "id" | "revises" | "dependsOn" | "labels">>(
  revisions: readonly R[],
  ids: ReadonlySet<string>,
): readonly R[] {
  const labels = new Set(revisions.filter(({ id }) => ids.has(id)).flatMap((one) => one.labels));
  return revisions
    .filter(({ id }) => ids.has(id))
    .map((one) => ({
      ...one,
      revises: one.revises.filter((id) => ids.has(id)),
      dependsOn: one.dependsOn.filter((name) => ids.has(name) || labels.has(name)),
    }));
}

type Sections = ReturnType<typeof readSqlSections>;

function says(sections: Sections, revision: FoundRevision): boolean {
  const isSame = (way: Way, section: Sections["upgrade"]) =>
    typeof way === "string"
      ? section.kind === "irreversible"
      : section.kind === "statements" && section.sql.endsWith(way.sql.trim());
  return isSame(revision.upgrade, sections.upgrade) && isSame(revision.downgrade, sections.downgrade);
}

function checkEngine({ dialect }: Project, tool: Tool, { engine }: FoundHistory): void {
  if (engine === null || engineOf(engine.name) === dialect.name) return;
  throw new AludelError(
    "dialect-mismatch",
    `The migrations of ${tool.name} are for ${engine.name}, and the project is for ${dialect.name}`,
    {
      where: { file: engine.file },
      remedy: "Name the folder of the other engine, or choose its database with --env or --url.",
    },
  );
}

/** What tools call engines beside what URLs call them. Turso is SQLite over the network. */
const otherNames: Readonly<Record<string, DialectName>> = { pg: "postgres", turso: "sqlite" };

function engineOf(name: string): DialectName | null {
  const other = otherNames[name];
  if (other !== undefined) return other;
  try {
    return dialectOfUrl(`${name}:`);
  } catch (error) {
    if (error instanceof AludelError) return null;
    throw error;
  }
}
