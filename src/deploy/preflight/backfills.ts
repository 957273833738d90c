import { AludelError } from "../../error/error.js";
import type { Op } from "../../op/op.js";
import { closure } from "../../revision/graph/closure.js";
import { type KnownBackfill, readBackfills } from "../../run/backfill/state.js";
import { record } from "../../run/record.js";
import { type ObjectName, showName } from "../../schema/name.js";
import { actsOf, mayBeSame } from "../contract/going.js";
import { phaseOf } from "../phase.js";
import type { PlannedRevision } from "../plan.js";
import type { Answer, Preflight } from "./check.js";

const mostNamed = 3;

/** What fills the rows that a contract counts on is done, and no row came after it that it would still be needed for. */
export async function backfillsCheck(at: Preflight): Promise<Answer> {
  const contracts = at.plan.revisions.filter((one) => phaseOf(one) === "contract");
  if (contracts.length === 0) return { verdict: "skipped", told: "no contract would run" };
  const known = await earlierBackfills(at, contracts);
  if (known.length === 0) return { verdict: "skipped", told: "no backfill has run before it" };
  const open = known.filter(({ status }) => status !== "done");
  const left: string[] = [];
  const unknown: string[] = [];
  const touched = contracts.flatMap(tablesOf);
  for (const op of await doneOps(at, known)) {
    if (!touched.some((table) => mayBeSame(table, op.table))) continue;
    try {
      const rows = await rowsThatNeedIt(at, op);
      if (rows.length > 0)
        left.push(`${showName(op.table)}: ${rows.join(", ")} still fit \`where\` of its backfill`);
    } catch (error) {
      if (!(error instanceof AludelError)) throw error;
      unknown.push(
        `${showName(op.table)}: whether rows still need its backfill could not be asked (${error.message})`,
      );
    }
  }
  const details = [...open.map(showOpen), ...left];
  if (details.length > 0) {
    return {
      verdict: "failed",
      code: "backfill-incomplete",
      told:
        open.length > 0
          ? "A contract counts on a backfill that is not done"
          : "Rows that a contract counts on came after their backfill",
      details,
      remedy:
        open.length > 0
          ? "Do it first: `aludel backfill status` tells where it is. Of a revision that was stamped, and not run, take the stamp back."
          : "Have new rows written right first; then write those that are there with a revision of its own before the contract.",
    };
  }
  if (unknown.length > 0) {
    const remedy = "Look at these tables yourself.";
    return { verdict: "warning", told: "Not everything could be looked at", details: unknown, remedy };
  }
  return {
    verdict: "passed",
    told: `${known.map(({ table }) => table).join(", ")}: filled, and nothing is left`,
  };
}

/** Those of revisions that the database counts as applied, and that a contract stands on. */
async function earlierBackfills(
  { project, connection, plan }: Preflight,
  contracts: readonly PlannedRevision[],
): Promise<readonly KnownBackfill[]> {
  const { dialect, config, graph } = project;
  const all = await readBackfills(connection, dialect, config.backfillTable);
  if (all.length === 0) return [];
  const pending = new Set(plan.revisions.map(({ revision }) => revision.id));
  const inGraph = contracts.map(({ revision }) => revision.id).filter((id) => graph.nodes.has(id));
  const below = closure(graph, inGraph);
  return all.filter(
    ({ direction, revision }) => direction === "upgrade" && below.has(revision) && !pending.has(revision),
  );
}

async function doneOps(
  { project }: Preflight,
  known: readonly KnownBackfill[],
): Promise<readonly Op<"backfill">[]> {
  const ids = new Set(known.filter(({ status }) => status === "done").map(({ revision }) => revision));
  const ops: Op<"backfill">[] = [];
  for (const revision of project.revisions.filter(({ id }) => ids.has(id))) {
    const recorded = await record(project, revision, "upgrade");
    ops.push(...recorded.ops.flatMap(({ op }) => (op.kind === "backfill" ? [op] : [])));
  }
  return ops;
}

function rowsThatNeedIt({ project, connection }: Preflight, op: Op<"backfill">): Promise<readonly string[]> {
  return project.dialect.backfilling
    .walk(connection, op.table)
    .then((walk) => walk.names(`(${op.where}\n)`, mostNamed));
}

function tablesOf({ statements }: PlannedRevision): readonly ObjectName[] {
  return actsOf(statements).flatMap((act): readonly ObjectName[] => {
    if ("ifTableExists" in act && act.on === "table") return [act.table];
    return act.kind === "drop" && act.object === "table" ? act.names : [];
  });
}

function showOpen({ revision, table, status, passed, total }: KnownBackfill): string {
  const rows = total === null ? `${passed} rows` : `${passed} of about ${total} rows`;
  return `${revision}: the backfill of ${table} is ${status}, after ${rows}`;
}
