import { isDeepStrictEqual } from "node:util";
import { AludelError } from "../error/error.js";
import type { Op } from "../op/op.js";
import type { Squash } from "../revision/graph/squash.js";
import type { PhaseHeader } from "../revision/phase.js";
import { readText } from "../revision/read-text.js";
import type { Revision } from "../revision/revision.js";
import { imported, readSqlRevision } from "../revision/sql-file.js";
import { renderRevision } from "../revision/write/render-revision.js";
import { renderSqlRevision, type SqlStep } from "../revision/write/render-sql-revision.js";
import type { Project } from "../run/project.js";
import { record } from "../run/record.js";
import type { Schema } from "../schema/schema.js";

/** What the header of a squashed revision says. */
export interface SquashedHeader
  extends Pick<Revision, "id" | "revises" | "dependsOn" | "labels" | "message" | "phase" | "waitsFor"> {
  readonly createdAt: Date;
}

/** What one revision for several says of its phase: it takes away what one of them does, and waits for all that they wait for. */
export function squashedPhase(revisions: readonly Revision[]): PhaseHeader {
  const waitsFor = [...new Set(revisions.flatMap((one) => one.waitsFor ?? []))];
  const isContract = revisions.some(({ phase }) => phase === "contract");
  return { ...(isContract && { phase: "contract" }), ...(waitsFor.length > 0 && { waitsFor }) };
}

/**
 * The text of one revision that does what several do, one after another: their ops in their order, data steps among them,
 * and back in the opposite order. SQL files become a SQL file.
 *
 * @throws AludelError `squash-refused` for what cannot be known without a database, and for what would not stay what it is.
 */
export async function squashText(
  project: Project,
  revisions: readonly Revision[],
  header: SquashedHeader,
  after: Schema,
): Promise<string> {
  for (const revision of revisions) refuseImports(revision);
  if (revisions.every(({ format }) => format === "sql")) return squashSql(revisions, header);
  const upgrade: Op[] = [];
  for (const revision of revisions) upgrade.push(...(await opsOf(project, revision, "upgrade")));
  return renderRevision({
    ...header,
    upgrade,
    downgrade: await squashDowngrade(project, revisions),
    enums: after.enums.keys(),
    dialect: project.dialect,
  });
}

async function squashDowngrade(
  project: Project,
  revisions: readonly Revision[],
): Promise<readonly Op[] | string> {
  const ops: Op[] = [];
  for (const revision of revisions.toReversed()) {
    const { irreversible } = await record(project, revision, "downgrade");
    if (irreversible !== null) return `${revision.id} has no way back: ${irreversible}`;
    ops.push(...(await opsOf(project, revision, "downgrade")));
  }
  return ops;
}

async function opsOf(
  project: Project,
  revision: Revision,
  direction: "upgrade" | "downgrade",
): Promise<readonly Op[]> {
  const { ops, queried } = await record(project, revision, direction);
  if (queried) throw refused(revision, "reads from the database, so that what it does is known only there");
  if (ops.some(({ autocommit, committed }) => autocommit || committed))
    throw refused(
      revision,
      "runs something outside the transaction, or divides it, which one revision for all would not keep apart",
    );
  const again = await record(project, revision, direction);
  if (!isDeepStrictEqual(ops, again.ops))
    throw refused(revision, "does something else each time it runs, which cannot be written down");
  return ops.map(({ op }) => op);
}

/** Text stays text: comments and formatting are the author's. */
function squashSql(revisions: readonly Revision[], header: SquashedHeader): string {
  const upgrade: SqlStep[] = [];
  const downgrade: SqlStep[] = [];
  let irreversible: string | null = null;
  for (const revision of revisions) {
    const { upgrade: up, downgrade: down } = readSqlRevision(revision.file, readText(revision.file));
    if (typeof up === "string") throw imported(revision, up);
    for (const section of [up, down]) {
      if (
        typeof section !== "string" &&
        (!section.transaction || /^\s*--\s*aludel:commit/m.test(section.text))
      )
        throw refused(revision, "divides its transaction, which one revision for all would not keep apart");
    }
    const step = (sql: string): readonly SqlStep[] =>
      sql.trim() === "" ? [] : [{ sql, transaction: "joins", comments: [titleOf(revision)] }];
    upgrade.push(...step(up.text));
    if (typeof down === "string") irreversible ??= `${revision.id} has no way back: ${down}`;
    else downgrade.unshift(...step(down.text));
  }
  return renderSqlRevision({ ...header, upgrade, downgrade: irreversible ?? downgrade });
}

const titleOf = ({ id, message }: Revision): string => `${id} ${message.split("\n")[0] ?? ""}`.trimEnd();

/** The old file moves to another folder, and must still load there. */
function refuseImports(revision: Revision): void {
  if (revision.format === "sql") return;
  if (!/(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'`]\.{1,2}\//.test(readText(revision.file))) return;
  throw refused(
    revision,
    "imports a file beside it, which it would not find from the folder of squashed revisions",
  );
}

function refused({ id, file }: Revision, reason: string): AludelError {
  return new AludelError("squash-refused", `Revision ${id} ${reason}`, {
    where: { revision: id, file },
    remedy: "Leave it out: squash the revisions before it and those after it, each by themselves.",
  });
}

/**
 * A repeatable revision that names one of those that are no more by themselves would name nothing.
 * @throws AludelError `squash-refused`.
 */
export function refuseNamed({ repeatables }: Project, { nodes, top }: Squash): void {
  for (const { id, file, dependsOn } of repeatables) {
    const named = nodes.find((node) => node !== top && dependsOn.includes(node.id));
    if (named === undefined) continue;
    throw new AludelError(
      "squash-refused",
      `The repeatable revision ${id} depends on ${named.id}, which would be no more by itself`,
      {
        where: { revision: id, file },
        remedy: `Let ${id} depend on ${top.id} instead: that id stays. Or squash up to ${named.id} and from there on, each by itself.`,
      },
    );
  }
}

/** The revisions of a plan, in its order. */
export function revisionsOf(project: Project, { nodes }: Squash): readonly Revision[] {
  const byId = new Map(project.revisions.map((revision) => [revision.id, revision]));
  return nodes.flatMap(({ id }) => byId.get(id) ?? []);
}
