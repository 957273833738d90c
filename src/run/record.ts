import type { Op } from "../op/op.js";
import { functionFailed } from "../revision/function-failed.js";
import { loadRevision } from "../revision/load.js";
import { type RecordedOp, recordRevision } from "../revision/record.js";
import type { Revision } from "../revision/revision.js";
import { imported, readSqlSections } from "../revision/sql-file.js";
import type { Project } from "./project.js";

/** What a revision does in one direction, as far as it can be known without a database. */
export interface Recorded {
  readonly revision: Revision;
  readonly ops: readonly RecordedOp[];
  /** Why the ops do not say what the schema becomes (SQL text that defines things); `null` when they do. */
  readonly opaque: string | null;
  /** The reason why there is no such direction; the ops are then empty. */
  readonly irreversible: string | null;
  /** The function asked the database something, so that the ops end where it asked. */
  readonly queried: boolean;
}

/** Runs a revision's function against nothing and keeps what it asked for. Its file is loaded, no database is touched. @throws AludelError `revision-imported`, `revision-invalid`. */
export async function record(
  project: Project,
  revision: Revision,
  direction: "upgrade" | "downgrade",
): Promise<Recorded> {
  const empty = { revision, ops: [], opaque: null, irreversible: null, queried: false };
  if (revision.format === "sql") {
    const section = readSqlSections(revision)[direction];
    if (section.kind === "irreversible" && direction === "upgrade") throw imported(revision, section.reason);
    if (section.kind === "irreversible") return { ...empty, irreversible: section.reason };
    const op: Op = { kind: "execute", sql: section.sql };
    return {
      ...empty,
      ops: [{ op, autocommit: section.noTransaction }],
      opaque: await definesObjects(project, [op]),
    };
  }
  const definition = await loadRevision(revision, { root: project.config.root });
  const body = definition[direction];
  if (typeof body === "string") return { ...empty, irreversible: body };
  const { ops, queried } = await recordRevision(definition, direction, {
    dialect: project.dialect,
    arguments: project.arguments,
  }).catch((thrown: unknown) => {
    throw functionFailed(revision, direction, thrown, project.config.root);
  });
  const opaque = queried
    ? "it reads from the database"
    : await definesObjects(
        project,
        ops.map(({ op }) => op),
      );
  return { ...empty, ops, opaque, queried };
}

async function definesObjects(project: Project, ops: readonly Op[]): Promise<string | null> {
  for (const op of ops) {
    if (op.kind !== "execute") continue;
    for (const statement of await project.dialect.splitScript(op.sql)) {
      if (statement.effect !== "data") return `it runs SQL text: ${statement.sql.slice(0, 60)}`;
    }
  }
  return null;
}
