import type { Act } from "../effect/act.js";
import type { Analyse } from "../effect/statement.js";
import type { Op } from "../op/op.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import { record } from "../run/record.js";
import { type ObjectName, showName } from "../schema/name.js";
import { type Writes, writtenOver } from "./written-over.js";

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
 * is gone when they are. What the upgrade wrote over, a way back that does not write there leaves as it is. No database is
 * asked.
 *
 * @throws AludelError of loading the revision.
 */
export async function wayBackOf(
  project: Project,
  revision: Revision,
  analyse: Analyse,
  serverVersion: number,
): Promise<WayBack> {
  const back = await readRecorded(project, revision, "downgrade", analyse, serverVersion);
  if (back.kind !== "read") return back;
  const what = [...back.ops.flatMap(lostByOp), ...lostByActs(back.acts)];
  if (what.length > 0) return { kind: "loses", what: [...new Set(what)] };
  const there = await readRecorded(project, revision, "upgrade", analyse, serverVersion);
  if (there.kind === "none") return { kind: "whole" };
  if (there.kind !== "read") return there;
  const [first, ...more] = writtenOver(there, back);
  if (first === undefined) return { kind: "whole" };
  const all = [first, ...more].join(", ");
  return { kind: "unknown", reason: `its upgrade writes over ${all}, and the way back leaves that as it is` };
}

interface Read extends Writes {
  readonly kind: "read";
}

/** What a revision does in one direction: its ops, and the acts of the SQL among them. */
async function readRecorded(
  project: Project,
  revision: Revision,
  direction: "upgrade" | "downgrade",
  analyse: Analyse,
  serverVersion: number,
): Promise<Read | Extract<WayBack, { kind: "none" | "unknown" }>> {
  const recorded = await record(project, revision, direction);
  if (recorded.irreversible !== null) return { kind: "none", reason: recorded.irreversible };
  const whose = direction === "upgrade" ? "its upgrade" : "it";
  if (recorded.queried) return { kind: "unknown", reason: `${whose} asks the database what to do` };
  const acts: Act[] = [];
  for (const { op } of recorded.ops) {
    if (op.kind !== "execute") continue;
    const source = { file: revision.file, text: op.sql };
    const statements = await analyse([source], { serverVersion, inTransaction: true });
    const unread = statements.find(({ effect }) => !effect.analysed);
    if (unread !== undefined) {
      return { kind: "unknown", reason: unread.effect.reason ?? `${whose} runs what cannot be read` };
    }
    for (const { acts: own, inner } of statements) acts.push(...own, ...inner.flatMap((one) => one.acts));
  }
  return { kind: "read", ops: recorded.ops.map(({ op }) => op), acts };
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
