import type { Description } from "../../dialect/description.js";
import type { Scratch } from "../../dialect/dialect.js";
import type { AludelError } from "../../error/error.js";
import type { Revision } from "../../revision/revision.js";
import { applyHistory } from "../../run/apply-history.js";
import { ownTables, type Project } from "../../run/project.js";
import type { Schema } from "../../schema/schema.js";
import { type Query, textKey } from "./query.js";

/** What the engine says of a query. */
export type Answer = Description | AludelError;

/** A schema that is there while a change is rolled out. */
export interface Stage {
  /** The revision that led here; `null` at the beginning. */
  readonly revision: Revision | null;
  /** How the database was made, for the report. */
  readonly database: string;
  /** Prepares the queries, and runs none; by `textKey`. */
  readonly ask: (queries: readonly Query[]) => Promise<ReadonlyMap<string, Answer>>;
  readonly inspect: () => Promise<Schema>;
}

/**
 * The schema of the base, and what it becomes with each new revision, one after the other on one scratch database. A stage is
 * over when the next one is asked for.
 *
 * @throws AludelError what the revisions do, those of the base and the new ones.
 */
export async function* stages(
  base: Project,
  head: Project,
  added: readonly Revision[],
  openScratch: () => Promise<Scratch>,
): AsyncGenerator<Stage> {
  const scratch = await openScratch();
  try {
    const { connection, description: database } = scratch;
    const stage = (revision: Revision | null): Stage => ({
      revision,
      database,
      ask: async (queries) => {
        const answers = await connection.describe(queries.map(({ sql }) => sql));
        return new Map(
          queries.flatMap((query, at) => {
            const answer = answers[at];
            return answer === undefined ? [] : [[textKey(query), answer] as const];
          }),
        );
      },
      inspect: () =>
        head.dialect.inspect(connection, { namespaces: "all", ignoreTables: ownTables(head.config) }),
    });
    const byId = new Map(base.revisions.map((revision) => [revision.id, revision]));
    const history = base.graph.order.flatMap(({ id }) => byId.get(id) ?? []);
    await applyHistory(base, connection, [...history, ...base.repeatables], "upgrade");
    yield stage(null);
    for (const revision of added) {
      await applyHistory(head, connection, [revision], "upgrade");
      yield stage(revision);
    }
  } finally {
    await scratch.dispose();
  }
}
