import type { Act } from "../effect/act.js";
import type { Analyse } from "../effect/statement.js";
import type { Op } from "../op/op.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import { record } from "../run/record.js";
import { type ObjectName, showName } from "../schema/name.js";

/** How a revision can be undone. */
export type WayBack =
  | { readonly kind: "none"; readonly reason: string }
  /** There is one, and nobody can say before it runs what becomes of the rows. */
  | { readonly kind: "unknown"; readonly reason: string }
  /** There is one, and it takes these away with what is in them: `column persons.email`. */
  | { readonly kind: "loses"; readonly what: readonly string[] }
  | { readonly kind: "whole" };

/**
 * What the way back of a revision takes away with it: what was put into the columns and tables that the revision made
 * is gone when they are. No database is asked.
 *
 * @throws AludelError of loading the revision.
 */
export async function wayBackOf(
  project: Project,
  revision: Revision,
  analyse: Analyse,
  serverVersion: number,
): Promise<WayBack> {
  const recorded = await record(project, revision, "downgrade");
  if (recorded.irreversible !== null) return { kind: "none", reason: recorded.irreversible };
  if (recorded.queried) return { kind: "unknown", reason: "it asks the database what to do" };
  const what: string[] = [];
  for (const { op } of recorded.ops) {
    if (op.kind !== "execute") {
      what.push(...lostByOp(op));
      continue;
    }
    const source = { file: revision.file, text: op.sql };
    const statements = await analyse([source], { serverVersion, inTransaction: true });
    const unread = statements.find(({ effect }) => !effect.analysed);
    if (unread !== undefined) {
      return { kind: "unknown", reason: unread.effect.reason ?? "it runs what cannot be read" };
    }
    what.push(
      ...lostByActs(statements.flatMap(({ acts, inner }) => [...acts, ...inner.flatMap((one) => one.acts)])),
    );
  }
  return what.length === 0 ? { kind: "whole" } : { kind: "loses", what: [...new Set(what)] };
}

function lostByOp(op: Op): readonly string[] {
  switch (op.kind) {
    case "drop-table":
      return [`table ${showName(op.name)}`];
    case "drop-column":
      return [`column ${showName(op.table)}.${op.column}`];
    case "drop-namespace":
      return op.cascade ? [`schema ${op.name}`] : [];
    case "batch-alter-table":
      return op.ops.flatMap(lostByOp);
    default:
      return [];
  }
}

/** A table that another one takes the name of was only made anew. */
function lostByActs(acts: readonly Act[]): readonly string[] {
  const remade = new Set(
    acts.flatMap((act) => (act.kind === "rename" && act.member === null ? [act.to] : [])),
  );
  const tables = (names: readonly ObjectName[]) => names.map((name) => `table ${showName(name)}`);
  return acts.flatMap((act): readonly string[] => {
    switch (act.kind) {
      case "drop":
        if (act.object === "table") return tables(act.names.filter(({ name }) => !remade.has(name)));
        return act.object === "schema" && act.cascade ? act.names.map(({ name }) => `schema ${name}`) : [];
      case "drop-column":
        return [`column ${showName(act.table)}.${act.column}`];
      case "truncate":
        return act.tables.map((name) => `the rows of ${showName(name)}`);
      case "delete":
        return [`rows of ${showName(act.table)}`];
      default:
        return [];
    }
  });
}
