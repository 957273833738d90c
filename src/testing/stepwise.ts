import { differences } from "../check/differences.js";
import { askConnection } from "../check/engine.js";
import { asksForGrants } from "../config/grants.js";
import type { Connection } from "../dialect/connection.js";
import type { Scratch } from "../dialect/dialect.js";
import { buildGraph } from "../revision/graph/graph.js";
import type { Revision } from "../revision/revision.js";
import { applyHistory } from "../run/apply-history.js";
import { unfold } from "../run/kept.js";
import { ownTables, type Project } from "../run/project.js";
import type { Schema } from "../schema/schema.js";

type Open = () => Promise<Scratch>;

/** Where two ways to the same revision part. */
export interface Parted {
  readonly revision: Revision;
  /** It was made of others, which the one way went. */
  readonly squashed: boolean;
  /** From the database that went step by step to the new one. */
  readonly lines: readonly string[];
}

/**
 * Takes a database up in one session, and another one step by step: a session for each revision, and those that were
 * squashed since as they were. `null` when both are the same in the end; else the first revision after which they
 * are not.
 */
export async function firstDifference(project: Project, open: Open): Promise<Parted | null> {
  const ways = await openWays(project, open);
  try {
    const order = project.graph.order.flatMap(
      ({ id }) => project.revisions.find((one) => one.id === id) ?? [],
    );
    for (const revision of order) await ways.go(revision);
    if ((await ways.compare()).length === 0) return null;
    return await search(project, open, order);
  } finally {
    await ways.close();
  }
}

/** The same once more, looking after every revision: only when it is known that there is something to be found. */
async function search(project: Project, open: Open, order: readonly Revision[]): Promise<Parted | null> {
  const ways = await openWays(project, open);
  try {
    for (const revision of order) {
      const squashed = await ways.go(revision);
      const lines = await ways.compare();
      if (lines.length > 0) return { revision, squashed, lines };
    }
    return null;
  } finally {
    await ways.close();
  }
}

interface Ways {
  /** Takes both databases over a revision; true when the one goes over what it was made of. */
  readonly go: (revision: Revision) => Promise<boolean>;
  readonly compare: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

async function openWays(project: Project, open: Open): Promise<Ways> {
  const { revisions, standsFor } = await unfold(project);
  const old = revisions.length === project.revisions.length ? project : withRevisions(project, revisions);
  const atOnce = await open();
  const stepwise = await open().catch(async (thrown: unknown) => {
    await atOnce.dispose();
    throw thrown;
  });
  return {
    go: async (revision) => {
      const steps = old.graph.order.flatMap(({ id }) =>
        (standsFor.get(id) ?? id) === revision.id ? (revisions.find((one) => one.id === id) ?? []) : [],
      );
      await applyHistory(project, atOnce.connection, [revision], "upgrade");
      for (const step of steps) await inOwnSession(old, stepwise, step);
      return steps.length > 1;
    },
    compare: async () => {
      const is = await inspect(project, stepwise.connection);
      const wanted = await inspect(project, atOnce.connection);
      const ask = askConnection(project.dialect, atOnce.connection);
      return (await differences(project.dialect, is, wanted, ask)).lines;
    },
    close: async () => {
      await atOnce.dispose();
      await stepwise.dispose();
    },
  };
}

function withRevisions(project: Project, revisions: readonly Revision[]): Project {
  return { ...project, revisions, graph: buildGraph(revisions) };
}

async function inOwnSession(project: Project, scratch: Scratch, revision: Revision): Promise<void> {
  const { sessionReset } = project.dialect;
  if (scratch.another === undefined) {
    if (sessionReset !== null) await scratch.connection.run(sessionReset);
    return applyHistory(project, scratch.connection, [revision], "upgrade");
  }
  const connection = await scratch.another();
  try {
    await applyHistory(project, connection, [revision], "upgrade");
  } finally {
    await connection.close();
  }
}

/** Looks at a database as a new session would, and leaves the session as it was: what it has set is what is looked for. */
async function inspect({ dialect, config }: Project, connection: Connection): Promise<Schema> {
  const settings = await dialect.sessionSettings?.(connection);
  if (dialect.sessionReset !== null) await connection.run(dialect.sessionReset);
  const schema = await dialect.inspect(connection, {
    namespaces: "all",
    ignoreTables: ownTables(config),
    grants: asksForGrants(config.filters),
  });
  if (settings !== undefined && settings !== "") await connection.run(settings);
  return schema;
}
