import { readModels } from "../../check/read-models.js";
import { withStandIns } from "../../check/stand-ins.js";
import type { Scratch } from "../../dialect/dialect.js";
import { AludelError } from "../../error/error.js";
import type { Revision } from "../../revision/revision.js";
import type { Project } from "../../run/project.js";
import type { BaseSide } from "../base-side.js";
import type { BaseTree } from "../base-tree.js";
import { errorFinding, type Gate, type GateFinding, holds, type Verdict } from "../check.js";
import { judge, type Sides } from "./judge.js";
import { type Queries, textKey, together } from "./query.js";
import { queryFiles, readQueries } from "./read-queries.js";
import { findingsOf, unreadFinding, withoutAllowed } from "./said.js";
import { stages } from "./stages.js";

export interface CompatOptions {
  readonly openScratch: () => Promise<Scratch>;
  readonly base: () => Promise<BaseSide>;
  /** Queries of the deployed code that are known from elsewhere than its files. */
  readonly recorded: readonly (() => Promise<Queries>)[];
}

const nothing = (looked: string, skipped: string): Verdict => ({ looked, skipped, findings: [] });

/**
 * Does the code that is deployed get along with the schema before and after every new revision, and the code of the change
 * with the last one? Queries are prepared, and none is run.
 *
 * @throws AludelError `queries-not-found`, and what reading queries and running revisions of the base throws.
 */
export async function compat(gate: Gate, options: CompatOptions): Promise<Verdict> {
  const { project } = gate;
  const { queries: patterns, allowedBreaks } = project.config.ci;
  if (patterns.length === 0 && options.recorded.length === 0)
    return nothing(
      "no queries",
      "the configuration names no queries (ci.queries), and none are given (--queries)",
    );
  const base = await options.base();
  if (base.project === null)
    return nothing("no base", `${gate.base.reference} has no project, so nothing is deployed`);
  const added = addedTo(base.project, gate);
  const { deployed, fresh, notRead } = await sidesOf(gate, base.tree, options.recorded);
  const looked = `${count(deployed.length, "query", "queries")} of the deployed code, ${fresh.length} new, before and after ${count(added.length, "revision", "revisions")}`;
  const skip = (reason: string): Verdict => {
    return { looked, skipped: holds({ findings: notRead }) ? reason : null, findings: notRead };
  };
  const ids = new Set(project.revisions.map(({ id }) => id));
  const gone = base.project.revisions.filter(({ id }) => !ids.has(id));
  if (gone.length > 0)
    return skip(
      `${gone.length} revisions of ${gate.base.reference} are gone, so that its schema does not lead to the new one`,
    );
  if (added.length === 0 && fresh.length === 0) return skip("no revision and no query is new");
  const openScratch = await withOthers(gate, options.openScratch);
  try {
    const { said, database } = await judge(
      stages(base.project, project, added, openScratch),
      { deployed, fresh },
      project.dialect,
    );
    const { open, told } = withoutAllowed(said, allowedBreaks, project.config.file);
    const findings = [...findingsOf(open, project.dialect.expand !== undefined), ...told, ...notRead];
    return {
      looked: `${looked}, on ${database}`,
      skipped: null,
      findings: deployed.length === 0 && added.length > 0 ? [...findings, noneDeployed(gate)] : findings,
    };
  } catch (error) {
    const isNew = error instanceof AludelError && added.some(({ id }) => id === error.where.revision);
    if (!isNew) throw error;
    return { looked, skipped: null, findings: [errorFinding("compat", error)] };
  }
}

const count = (number: number, one: string, more: string) => `${number} ${number === 1 ? one : more}`;

/** What the base has not, parents first; and repeatable revisions that it has otherwise. */
function addedTo(base: Project, { project, added }: Gate): readonly Revision[] {
  const known = new Set(base.revisions.map(({ id }) => id));
  const byId = new Map(project.revisions.map((revision) => [revision.id, revision]));
  const inGraph = project.graph.order.flatMap(({ id }) => (known.has(id) ? [] : (byId.get(id) ?? [])));
  return [...inGraph, ...added.filter(({ repeatable }) => repeatable === true)];
}

/** What filters leave out of the models may be what revisions and queries refer to. */
async function withOthers({ project }: Gate, openScratch: () => Promise<Scratch>) {
  const { config, dialect } = project;
  const { include, exclude } = config.filters;
  const isFiltered = [include, exclude].some((rules) => Object.values(rules).some((some) => some.length > 0));
  if (!isFiltered || config.schema.length === 0) return openScratch;
  const { standIns } = await readModels(config, dialect.name, openScratch);
  return withStandIns(project, standIns, openScratch);
}

async function sidesOf(
  { project }: Gate,
  tree: BaseTree,
  recorded: CompatOptions["recorded"],
): Promise<Sides & { readonly notRead: readonly GateFinding[] }> {
  const { root, ci } = project.config;
  const inBase = tree.inside(root);
  const here = await queryFiles(root, ci.queries);
  const there = await queryFiles(inBase, ci.queries);
  if (ci.queries.length > 0 && here.length + there.length === 0) {
    throw new AludelError("queries-not-found", `No file matches ci.queries: ${ci.queries.join(", ")}`, {
      where: { file: project.config.file },
      remedy:
        "Correct the globs, which begin at the folder of the configuration, or record the queries first.",
    });
  }
  const now = await readQueries(
    root,
    here.map((path) => ({ path, file: path })),
    project.dialect,
  );
  const files = there.map((path) => ({ path, file: `${root}${path.slice(inBase.length)}` }));
  const before = await readQueries(root, files, project.dialect);
  const noted: Queries[] = [];
  for (const read of recorded) noted.push(await read());
  const deployed = together([before, ...noted]);
  const known = new Set(deployed.queries.map(textKey));
  return {
    deployed: deployed.queries,
    fresh: now.queries.filter((query) => !known.has(textKey(query))),
    notRead: [
      ...now.unread.map((one) => unreadFinding(one, true)),
      ...deployed.unread
        .filter(({ file, isScript }) => !isScript || !here.includes(file ?? ""))
        .map((one) => unreadFinding(one, false)),
    ],
  };
}

function noneDeployed({ base, project }: Gate): GateFinding {
  return {
    check: "compat",
    code: "queries-unknown",
    severity: "warning",
    message: `${base.reference} has no file of queries, so what the revisions break for the deployed code is not known`,
    remedy: "With the next change they are there; for this one give them: --queries FILE.",
    file: project.config.file,
    line: null,
    revision: null,
  };
}
