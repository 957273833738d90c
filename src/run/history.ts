import { AludelError } from "../error/error.js";
import type { Revision } from "../revision/revision.js";
import { type RunLogState, unfinishedKey } from "./run-log.js";
import type { Work } from "./session.js";

/** Follows the rows of the version table through a run, one revision at a time. */
export class Rows {
  private readonly byId: ReadonlyMap<string, Revision>;
  /** How many applied revisions name a revision as parent or dependency. */
  private readonly appliedChildren = new Map<string, number>();
  private current: ReadonlySet<string>;

  /** `applied` is every revision that is in the database, `rows` its maximal ones, as the version table has them. */
  constructor(byId: ReadonlyMap<string, Revision>, applied: Iterable<string>, rows: Iterable<string>) {
    this.byId = byId;
    this.current = new Set(rows);
    for (const id of applied) this.count(id, 1);
  }

  get now(): ReadonlySet<string> {
    return this.current;
  }

  /** The rows after the revision is upgraded: it stands for all that it builds on. */
  up(id: string): ReadonlySet<string> {
    const rows = new Set(this.current);
    for (const parent of this.parents(id)) rows.delete(parent);
    rows.add(id);
    this.count(id, 1);
    this.current = rows;
    return rows;
  }

  /** The rows after the revision is downgraded: what it built on comes back, unless something else stands for it. */
  down(id: string): ReadonlySet<string> {
    const rows = new Set(this.current);
    rows.delete(id);
    this.count(id, -1);
    for (const parent of this.parents(id)) {
      if ((this.appliedChildren.get(parent) ?? 0) === 0) rows.add(parent);
    }
    this.current = rows;
    return rows;
  }

  private parents(id: string): readonly string[] {
    const revision = this.byId.get(id);
    return revision === undefined ? [] : [...revision.revises, ...revision.dependsOn];
  }

  private count(id: string, by: 1 | -1): void {
    for (const parent of this.parents(id)) {
      this.appliedChildren.set(parent, (this.appliedChildren.get(parent) ?? 0) + by);
    }
  }
}

/** The revision's work, going on where an earlier run stopped. @throws AludelError `revision-edited`. */
export function workOf(
  revision: Revision,
  direction: "upgrade" | "downgrade",
  rows: Rows,
  log: RunLogState,
): Work {
  const unfinished = log.unfinished.get(unfinishedKey(direction, revision.id));
  if (unfinished !== undefined && unfinished.checksum !== revision.checksum) {
    throw new AludelError(
      "revision-edited",
      `Revision ${revision.id} was edited after ${unfinished.statementsDone} of its statements had been committed`,
      {
        where: { file: revision.file, revision: revision.id },
        remedy:
          "Put the file back to what it was, so that the run can go on after the committed statements; or undo these by hand and delete the unfinished line from the run log.",
      },
    );
  }
  const rowsBefore = rows.now;
  const rowsAfter = direction === "upgrade" ? rows.up(revision.id) : rows.down(revision.id);
  return { revision, direction, rowsBefore, rowsAfter, statementsDone: unfinished?.statementsDone ?? 0 };
}
