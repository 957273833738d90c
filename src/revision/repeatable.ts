import { AludelError } from "../error/error.js";
import type { GraphNode } from "./graph/node.js";
import type { Problem } from "./graph/problem.js";
import type { Revision } from "./revision.js";

/** Revisions apart: those of the graph, and those that stand after it. */
export interface Apart {
  readonly revisions: readonly Revision[];
  readonly repeatables: readonly Revision[];
}

export function apart(all: readonly Revision[]): Apart {
  const repeatables: Revision[] = [];
  // Nearly no project has any, and thousands need not be copied.
  for (const revision of all) if (revision.repeatable === true) repeatables.push(revision);
  if (repeatables.length === 0) return { revisions: all, repeatables };
  return { revisions: all.filter(({ repeatable }) => repeatable !== true), repeatables };
}

/** The names in the graph that a repeatable revision may depend on: ids and labels. */
export interface KnownNames {
  readonly nodes: ReadonlyMap<string, Pick<GraphNode, "revision">>;
  readonly labels: ReadonlyMap<string, unknown>;
}

/** What is wrong with repeatable revisions: an id that another has, a dependency that nothing is called by, a circle. */
export function repeatableProblems(repeatables: readonly Revision[], graph: KnownNames): readonly Problem[] {
  const byId = new Map<string, Revision>();
  const problems: Problem[] = [];
  for (const revision of repeatables) {
    const { id, file, dependsOn } = revision;
    const other = byId.get(id)?.file ?? graph.nodes.get(id)?.revision.file ?? null;
    if (other !== null || graph.nodes.has(id) || graph.labels.has(id)) {
      problems.push({
        code: "revision-duplicate",
        message: `The id ${id} of a repeatable revision is taken${other === null ? "" : `: ${other} and ${file}`}`,
        remedy: "Give it another id.",
        where: { file, revision: id },
        property: "id",
      });
    }
    byId.set(id, revision);
    for (const name of dependsOn) {
      const isKnown =
        graph.nodes.has(name) || graph.labels.has(name) || repeatables.some((one) => one.id === name);
      if (isKnown) continue;
      problems.push({
        code: "revision-parent-missing",
        message: `Revision ${id} depends on ${name}, which does not exist`,
        remedy: "Change dependsOn, or bring the file of that revision back.",
        where: { file, revision: id },
        property: "dependsOn",
        name,
      });
    }
  }
  const circle = sorted(repeatables).circle;
  if (circle === null) return problems;
  const where = { file: circle.file, revision: circle.id };
  return [
    ...problems,
    {
      code: "revision-cycle",
      message: `Repeatable revisions depend on one another in a circle through ${circle.id}`,
      remedy: "Take one of them out of dependsOn.",
      where,
      property: "dependsOn",
    },
  ];
}

/**
 * Repeatable revisions in the order in which they run: in that of their files, each after those that it depends on.
 * @throws AludelError of the first of `repeatableProblems`, the others are its details.
 */
export function orderRepeatables(repeatables: readonly Revision[], graph: KnownNames): readonly Revision[] {
  const [first, ...others] = repeatableProblems(repeatables, graph);
  if (first === undefined) return sorted(repeatables).order;
  throw new AludelError(first.code, first.message, {
    remedy: first.remedy,
    where: first.where,
    details: others.map(({ message, remedy }) => `${message}. ${remedy}`),
  });
}

interface Sorted {
  readonly order: readonly Revision[];
  /** One of a circle. */
  readonly circle: Revision | null;
}

function sorted(repeatables: readonly Revision[]): Sorted {
  const byId = new Map(repeatables.map((revision) => [revision.id, revision]));
  const done = new Set<string>();
  const open = new Set<string>();
  const order: Revision[] = [];
  let circle: Revision | null = null;
  const visit = (revision: Revision) => {
    if (done.has(revision.id)) return;
    if (open.has(revision.id)) {
      circle ??= revision;
      return;
    }
    open.add(revision.id);
    for (const name of revision.dependsOn) {
      const other = byId.get(name);
      if (other !== undefined) visit(other);
    }
    done.add(revision.id);
    order.push(revision);
  };
  for (const revision of repeatables) visit(revision);
  return { order, circle };
}
