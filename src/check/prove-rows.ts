import type { RowDialect } from "../dialect/rows.js";
import { AludelError } from "../error/error.js";
import type { Op } from "../op/op.js";
import type { Revision } from "../revision/revision.js";
import { record } from "../run/record.js";
import { columnType, table } from "../schema/build.js";
import type { Column, Schema, Table } from "../schema/schema.js";
import { type Attempt, attempt, type Refused } from "./attempt.js";
import { differences } from "./differences.js";
import type { ProofStep, Wanted } from "./proof.js";
import { proveBare, refusal } from "./prove-bare.js";
import { declaredLosses } from "./rows/declared.js";
import type { Demands } from "./rows/demands.js";
import { fatesOf } from "./rows/fate.js";
import { type Filled, fillSchema } from "./rows/fill.js";
import { judgeRows } from "./rows/judge.js";
import { mayUnlinkRows, wayAround } from "./rows/obstacle.js";
import type { RowReport } from "./rows/report.js";
import { readRows, sizeOf } from "./rows/snapshot.js";
import type { Walk } from "./walk.js";

interface Proved {
  readonly steps: readonly ProofStep[];
  readonly rows: RowReport | null;
}

/** A revision that new rows never get past is given up after so many. */
const mostRounds = 12;

/**
 * The proof with rows. When the database refuses a part because of what is in the rows, the revision is proved without
 * any, so that its mechanics are judged apart from them; that it fails with some rows is then a finding, and it is tried
 * again with rows that are not in the way.
 */
export async function proveRows(
  walk: Walk,
  revision: Revision,
  wanted: Wanted | null,
  rows: RowDialect,
): Promise<Proved> {
  const { dialect } = walk.project;
  let demands: ReadonlyMap<string, Demands> = new Map();
  let bare: readonly ProofStep[] | null = null;
  const findings: string[] = [];
  const refusedRows: string[] = [];
  const skipped = (steps: readonly ProofStep[], reason: string): Proved => ({
    steps: [...steps, { part: "rows kept", result: "skipped", lines: [reason] }],
    rows: { rows: 0, tables: 0, lost: [], findings, refused: refusedRows, unfilled: [] },
  });
  for (let round = 0; round < mostRounds; round += 1) {
    await walk.goBefore(revision);
    const start = await walk.inspect();
    const filled = await fillSchema(dialect, rows, walk.connection, start, demands, walk.memory);
    const tried = await attempt(walk, revision, wanted, start, rows);
    if (tried.refused === null) {
      const made = tried.steps.some(isFailed) ? await changesOfRows(walk, revision, rows, demands) : [];
      if (made.length > 0) return skipped((await proveBare(walk, revision, wanted)).steps, madeByRows(made));
      return await judged(walk, revision, start, filled, tried, { findings, refused: refusedRows });
    }
    if (!(await emptied(walk, rows, start, tried.refused))) walk.spoil();
    if (bare === null) {
      bare = (await proveBare(walk, revision, wanted)).steps;
      if (bare.some(isFailed)) return { steps: bare, rows: null };
      if (bare.some(({ result }) => result === "skipped") || !(await walk.stepBack(revision))) walk.spoil();
    }
    const refused = rows.refusal(causeOf(tried.refused));
    if (refused === null || (refused.isLate && !mayUnlinkRows(tried.ops))) {
      const made = await changesOfRows(walk, revision, rows, demands);
      if (made.length > 0) return skipped(bare, madeByRows(made));
      return { steps: [...bare, failsWithRows(walk, tried.refused)], rows: null };
    }
    await walk.goBefore(revision);
    const valuesOf = await valuesAfter(walk, rows, start, tried.ops);
    const { direction, error } = tried.refused;
    const obstacle = { direction, refusal: refused, error, ops: tried.ops };
    const next = wayAround(start, obstacle, demands, valuesOf);
    if (!findings.includes(next.finding)) {
      findings.push(next.finding);
      const asked = causeOf(tried.refused).code === "assertion-failed";
      if (direction === "upgrade" && !asked) refusedRows.push(next.finding);
    }
    if (next.demands === null) return skipped(bare, "no rows were found that it does not fail with");
    demands = next.demands;
  }
  return skipped(bare ?? [], `no rows were found in ${mostRounds} attempts that it does not fail with`);
}

/**
 * After an upgrade that was rolled back as a whole: takes the rows of the proof out again, so that the next attempt needs
 * no new database. False when that cannot be, because the history has rows of its own or something is left behind.
 */
async function emptied(walk: Walk, rows: RowDialect, start: Schema, refused: Refused): Promise<boolean> {
  if (refused.part !== "upgrade") return false;
  const { connection, project } = walk;
  const { lines } = await differences(project.dialect, start, await walk.inspect(), null);
  const own = [...walk.memory.values()].reduce((sum, { count }) => sum + count, 0);
  if (lines.length > 0 || sizeOf(await readRows(rows, connection, start)).rows !== own) return false;
  const script = rows.empty([...start.tables.values()]);
  if (script !== "") await connection.run(script);
  walk.memory.clear();
  return true;
}

/**
 * What the rows of the proof do to the schema before the revision runs, a line each: a trigger may make a table for every
 * row. What comes of that is no answer about the revision. The walk begins anew before and after it.
 */
async function changesOfRows(
  walk: Walk,
  revision: Revision,
  rows: RowDialect,
  demands: ReadonlyMap<string, Demands>,
): Promise<readonly string[]> {
  const { dialect } = walk.project;
  walk.spoil();
  await walk.goBefore(revision);
  const start = await walk.inspect();
  await fillSchema(dialect, rows, walk.connection, start, demands, walk.memory);
  const { lines } = await differences(dialect, start, await walk.inspect(), null);
  walk.spoil();
  return lines;
}

function madeByRows(lines: readonly string[]): string {
  const [first = ""] = lines;
  const more = lines.length > 1 ? `, and ${lines.length - 1} more` : "";
  return `rows that are put in change the schema themselves, as triggers may: ${first}${more}`;
}

const isFailed = ({ result }: ProofStep): boolean => result === "failed";

/** What the database said; the runner has told around it what became of the revision. */
function causeOf({ error }: Refused): AludelError {
  if (error instanceof AludelError) return error.cause instanceof AludelError ? error.cause : error;
  throw error;
}

/** Refused with rows and not without, and not because of what is in them: no table with rows can be changed so. */
function failsWithRows(walk: Walk, refused: Refused): ProofStep {
  const { lines, ...rest } = refusal(walk.project.dialect, refused.error);
  const first = `the ${refused.direction} fails on tables that have rows, and not on empty ones`;
  return { part: "rows kept", result: "failed", lines: [first, ...lines], ...rest };
}

/** Also knows the types that columns are given by the ops. */
async function valuesAfter(walk: Walk, rows: RowDialect, start: Schema, ops: readonly Op[]) {
  const types = ops
    .flatMap((op): readonly Op[] => (op.kind === "batch-alter-table" ? op.ops : [op]))
    .flatMap((op) => (op.kind === "alter-column" && op.changes.type !== undefined ? [op.changes.type] : []));
  const columns = types.map((type, at): Column => ({ ...plainColumn, name: `c${at}`, type }));
  const extra: Table = table("aludel types", { columns });
  return rows.valuesOf(walk.connection, {
    ...start,
    tables: new Map([...start.tables, ["aludel types", extra]]),
  });
}

const plainColumn: Column = {
  name: "",
  type: columnType("text"),
  nullable: true,
  default: null,
  identity: null,
  generated: null,
  collation: null,
  comment: null,
};

async function judged(
  walk: Walk,
  revision: Revision,
  start: Schema,
  filled: Filled,
  tried: Attempt,
  known: Pick<RowReport, "findings" | "refused">,
): Promise<Proved> {
  const { steps, stops } = tried;
  if (stops === null || steps.some(isFailed)) return { steps, rows: null };
  const ops = tried.ops.slice(0, tried.upgradeOps);
  const judgement = judgeRows({
    schema: start,
    stops,
    fates: fatesOf(start, ops, walk.project.dialect.can.fillsNulls),
    ops,
    textUp: await hasText(walk, revision, "upgrade"),
    textDown: await hasText(walk, revision, "downgrade"),
    declared: declaredLosses(revision.file),
  });
  const size = sizeOf(stops.start);
  const report: RowReport = {
    ...size,
    lost: judgement.lost,
    findings: [...known.findings, ...judgement.findings],
    refused: known.refused,
    unfilled: filled.unfilled,
  };
  const { failures } = judgement;
  const kept: ProofStep =
    failures.length > 0
      ? { part: "rows kept", result: "failed", lines: failures, remedy: unkeptRemedy }
      : size.rows > 0
        ? { part: "rows kept", result: "held", lines: [] }
        : { part: "rows kept", result: "skipped", lines: ["there are no rows before it"] };
  return { steps: [...steps, kept], rows: report };
}

const unkeptRemedy =
  "Let the way back restore these values; or, where nothing can, say so with a comment in the file: " +
  "`aludel:loses persons.email`.";

/** True when SQL text of the revision's own runs, rows are filled, or the revision asks the database, so that it may change any row. */
async function hasText(walk: Walk, revision: Revision, direction: "upgrade" | "downgrade"): Promise<boolean> {
  if (revision.format === "sql") return true;
  const { ops, queried } = await record(walk.project, revision, direction);
  return queried || ops.some(({ op }) => op.kind === "execute" || op.kind === "backfill");
}
