import { AludelError } from "../../error/error.js";
import { frontier } from "../graph/closure.js";
import type { Graph } from "../graph/graph.js";
import type { FoundRevision, Standing, Tool } from "./found.js";

/** Where a database is in an imported history. */
export interface Agreement {
  /** Ids, in the order of the history. */
  readonly applied: readonly string[];
  /** Ids of repeatable ones that ran as their files are now. */
  readonly repeated: readonly string[];
  /** The rows of a version table that says the same. */
  readonly rows: readonly string[];
  /** Ids of what it does not have yet, in their order. */
  readonly pending: readonly string[];
  /** Ids of applied ones whose files were changed since; empty unless that was allowed. */
  readonly edited: readonly string[];
}

/**
 * Holds what the tool's table says against the files. A version table can say of a database only that it has a revision and
 * all below it, and what was run is only known where the files are those that ran.
 * @throws AludelError `import-refused` with everything that does not agree.
 */
export function agree(
  { name }: Pick<Tool, "name">,
  standing: Standing,
  graph: Graph,
  revisions: readonly FoundRevision[],
  options: { readonly allowEdited: boolean; readonly target: string },
): Agreement {
  const { failed, unknown } = standing;
  const repeatables = revisions.filter(({ repeatable }) => repeatable === true).map(({ id }) => id);
  const applied = new Set([...standing.applied].filter((id) => graph.nodes.has(id)));
  const edited = standing.edited.filter((id) => revisions.some((revision) => revision.id === id));
  const gaps = graph.order.filter(({ id, requiredBy }) => {
    return !applied.has(id) && requiredBy.some((above) => applied.has(above.id));
  });
  const fileOf = new Map(revisions.map(({ id, file }) => [id, file]));
  const details = [
    ...failed,
    ...unknown.map((one) => `${one}: applied, and not in the folder`),
    ...gaps.map(({ id, requiredBy }) => {
      const above = requiredBy.find((one) => applied.has(one.id));
      return `${id}: not applied, and ${above?.id} above it is`;
    }),
    ...(options.allowEdited
      ? []
      : edited.map((id) => `${id}: applied, and ${fileOf.get(id)} is not what ran`)),
  ];
  if (details.length > 0) {
    const remedies = [
      ...(failed.length > 0 ? [`Mend what failed, and have ${name} mark it as applied or rolled back.`] : []),
      ...(unknown.length > 0 ? ["Bring the missing files back (another branch may have them)."] : []),
      ...(gaps.length > 0
        ? [`Apply what was left out with ${name}; if it never will be, move its file away and import anew.`]
        : []),
      ...(edited.length > 0 && !options.allowEdited
        ? ["Bring back the files that ran, or say --allow-edited if the change makes no difference."]
        : []),
    ];
    throw new AludelError(
      "import-refused",
      `${options.target} and the folder do not agree on what ${name} has applied`,
      {
        details,
        remedy: `${remedies.join(" ")} Nothing was changed.`,
        data: { failed, unknown, gaps: gaps.map(({ id }) => id), edited },
      },
    );
  }
  const inOrder = graph.order.map(({ id }) => id);
  return {
    applied: inOrder.filter((id) => applied.has(id)),
    rows: frontier(graph, applied),
    repeated: repeatables.filter((id) => standing.applied.has(id)),
    pending: [...inOrder, ...repeatables].filter((id) => !standing.applied.has(id)),
    edited,
  };
}
