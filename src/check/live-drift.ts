import type { Connection } from "../dialect/connection.js";
import type { Scratch } from "../dialect/dialect.js";
import { closure } from "../revision/graph/closure.js";
import { bookkeepingOf, type Project } from "../run/project.js";
import { replay } from "../run/replay.js";
import { readVersions } from "../run/version-table.js";
import type { Schema } from "../schema/schema.js";
import { adoptUnsaid } from "./adopt.js";
import { adoptNotNullNames } from "./adopt-not-null.js";
import { besideRepeatables } from "./beside-repeatables.js";
import { type Differences, differences } from "./differences.js";
import { lazyScratch } from "./engine.js";
import { filterFound } from "./filtered.js";
import { readModels } from "./read-models.js";
import { inspectLike } from "./sides.js";
import { withStandIns } from "./stand-ins.js";

/** What a database is, beside what it should be. */
export interface LiveDrift {
  /** The revisions that its version table names; `null` when it has none. */
  readonly at: readonly string[] | null;
  /** Of these, those that no file has: what they made is not known, and nothing is told of it. */
  readonly unknown: readonly string[];
  /** From what its revisions lead to, to what it is; `null` where that is not known. */
  readonly byHand: Differences | null;
  /** Revisions that it does not have. */
  readonly pending: readonly string[];
  /** From what it is to the models; `null` without models. */
  readonly notDeployed: Differences | null;
}

/**
 * Looks at a database that is only read, and tells apart what somebody has changed in it from what is not deployed yet. What only
 * an engine can tell (whether two expressions mean the same) is asked on a scratch database.
 *
 * @throws AludelError as `inspect`, `replay` and `readModels`.
 */
export async function liveDrift(
  given: Project,
  connection: Connection,
  openScratch: () => Promise<Scratch>,
): Promise<LiveDrift> {
  const project = await besideRepeatables(given);
  const { dialect, graph, config } = project;
  const at = await readVersions(connection, dialect, bookkeepingOf(config));
  const rows = at ?? [];
  const unknown = rows.filter((id) => !graph.nodes.has(id));
  const models = config.schema.length === 0 ? null : await readModels(config, dialect.name, openScratch);
  const standing = models === null ? openScratch : withStandIns(project, models.standIns, openScratch);
  const expected = unknown.length > 0 ? null : await replay(project, rows, standing);
  const scratch = lazyScratch(dialect, openScratch);
  try {
    const found = await inspectLike(project, connection, bothOf(expected, models?.schema ?? null));
    const owned =
      expected === null ? null : filterFound(project, expected, models?.schema ?? expected).schema;
    const byHand =
      owned === null
        ? null
        : await differences(dialect, adoptNotNullNames(owned, found.schema), found.schema, scratch.ask);
    const wanted = models === null ? null : adoptUnsaid(models.schema, found.schema, models.unsaid);
    const notDeployed =
      wanted === null ? null : await differences(dialect, found.schema, wanted, scratch.ask);
    const applied = closure(
      graph,
      rows.filter((id) => graph.nodes.has(id)),
    );
    const pending = graph.order.filter(({ id }) => !applied.has(id)).map(({ id }) => id);
    return { at, unknown, byHand, pending, notDeployed };
  } finally {
    await scratch.dispose();
  }
}

/**
 * What revisions and models speak of together: a schema that only a revision to come makes may be in the database
 * already, by hand, and is not to be told as missing there.
 */
function bothOf(expected: Schema | null, models: Schema | null): Schema | null {
  if (expected === null || models === null) return expected ?? models;
  return {
    ...expected,
    namespaces: new Map([...models.namespaces, ...expected.namespaces]),
    tables: new Map([...models.tables, ...expected.tables]),
    views: new Map([...models.views, ...expected.views]),
    enums: new Map([...models.enums, ...expected.enums]),
    sequences: new Map([...models.sequences, ...expected.sequences]),
  };
}
