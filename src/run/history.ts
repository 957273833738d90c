import { AludelError } from "../error/error.js";
import { closure } from "../revision/graph/closure.js";
import type { Graph } from "../revision/graph/graph.js";
import type { GraphNode } from "../revision/graph/node.js";
import type { Revision } from "../revision/revision.js";
import type { Work } from "./run-context.js";
import { type RunLogState, unfinishedKey } from "./run-log.js";

/** Follows the rows of the version table through a run, one revision at a time. */
export class Rows {
  private readonly graph: Graph;
  /** Every revision that is in the database. */
  private readonly applied: Set<string>;
  private current: ReadonlySet<string>;

  /** `rows` are those of the version table: the maximal ones of all that is applied. */
  constructor(graph: Graph, rows: Iterable<string>) {
    this.graph = graph;
    this.current = new Set(rows);
    this.applied = new Set(closure(graph, this.current));
  }

  get now(): ReadonlySet<string> {
    return this.current;
  }

  /** The rows after the revision is upgraded: it stands for all that it builds on. */
  up(id: string): ReadonlySet<string> {
    const rows = new Set(this.current);
    for (const parent of this.requires(id)) rows.delete(parent.id);
    rows.add(id);
    this.applied.add(id);
    this.current = rows;
    return rows;
  }

  /** The rows after the revision is downgraded: what it built on comes back, unless something else stands for it. */
  down(id: string): ReadonlySet<string> {
    const rows = new Set(this.current);
    rows.delete(id);
    this.applied.delete(id);
    for (const parent of this.requires(id)) {
      if (!parent.requiredBy.some((child) => this.applied.has(child.id))) rows.add(parent.id);
    }
    this.current = rows;
    return rows;
  }

  private requires(id: string): readonly GraphNode[] {
    return this.graph.nodes.get(id)?.requires ?? [];
  }
}

/**
 * The revision's work, going on where an earlier run stopped.
 * @throws AludelError `revision-edited` for a file that was edited since then, unless that is allowed.
 */
export function workOf(
  revision: Revision,
  direction: "upgrade" | "downgrade",
  rows: Rows,
  log: RunLogState,
  allowEdited: boolean,
): Work {
  const key = unfinishedKey(direction, revision.id);
  if (revision.repeatable === true) return repeatableWork(revision, direction, rows.now, log, key);
  const unfinished = log.unfinished.get(key);
  if (unfinished !== undefined && unfinished.checksum !== revision.checksum && !allowEdited) {
    const { statementsDone: done } = unfinished;
    throw new AludelError(
      "revision-edited",
      `Revision ${revision.id} was edited after ${done === 1 ? "1 statement of it was" : `${done} statements of it were`} committed`,
      {
        where: { file: revision.file, revision: revision.id },
        remedy:
          `If only what comes after ${done === 1 ? "that statement" : `these ${done}`} was changed, run again with --allow-edited. Otherwise put the file back; ` +
          `or undo by hand what is committed, and say with \`aludel stamp\` where the database then is: the revision then starts anew.`,
      },
    );
  }
  const rowsBefore = rows.now;
  const rowsAfter = direction === "upgrade" ? rows.up(revision.id) : rows.down(revision.id);
  const statementsDone = unfinished?.statementsDone ?? 0;
  const cutOff = log.cutOff.get(key) === statementsDone;
  return { revision, direction, rowsBefore, rowsAfter, statementsDone, cutOff };
}

/** The rows stay; what stopped half-way in another text of it begins anew, because it may be done twice. */
function repeatableWork(
  revision: Revision,
  direction: "upgrade" | "downgrade",
  rows: ReadonlySet<string>,
  log: RunLogState,
  key: string,
): Work {
  const unfinished = log.unfinished.get(key);
  const statementsDone = unfinished?.checksum === revision.checksum ? unfinished.statementsDone : 0;
  const cutOff = statementsDone > 0 && log.cutOff.get(key) === statementsDone;
  return { revision, direction, rowsBefore: rows, rowsAfter: rows, statementsDone, cutOff };
}
