import type { Config } from "../config/config.js";
import type { Bookkeeping, Dialect } from "../dialect/dialect.js";
import type { Graph } from "../revision/graph/graph.js";
import type { Revision } from "../revision/revision.js";
import type { ObjectName } from "../schema/name.js";

/** What a command works with, before any connection: the configuration, the engine and the revisions as read. */
export interface Project {
  readonly config: Config;
  readonly dialect: Dialect;
  readonly revisions: readonly Revision[];
  /** Revisions that stand after the graph, in the order in which they run. They are not among the others. */
  readonly repeatables: readonly Revision[];
  /** The same revisions, checked and linked. */
  readonly graph: Graph;
  /** `-x key=value`. */
  readonly arguments: Readonly<Record<string, string>>;
}

/** The tables that Aludel keeps in the databases of a project. */
export function bookkeepingOf(config: Config): Bookkeeping {
  return { versionTable: config.versionTable, runLogTable: config.runLogTable };
}

/** All tables of Aludel's own: no model has them, and no diff is to see them. */
export function ownTables(config: Config): readonly ObjectName[] {
  const { versionTable, runLogTable, seedTable, backfillTable, deployTable, stateTable } = config;
  return [versionTable, runLogTable, seedTable, backfillTable, deployTable, stateTable];
}
