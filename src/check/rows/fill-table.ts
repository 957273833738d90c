import type { Refusal } from "../../dialect/rows.js";
import { AludelError, messageOf } from "../../error/error.js";
import { sameName } from "../../schema/name.js";
import type { Expression, Table } from "../../schema/schema.js";
import { type FillContext, referencedColumns } from "./fill-context.js";
import { RowMaker, type RowPlan } from "./row-maker.js";
import { foreignKeysOf } from "./table-order.js";

/** What became of one table. */
export interface TableFilled {
  readonly count: number;
  /** Why there are no rows; `null` when there are. */
  readonly reason: string | null;
}

const kinds: readonly RowPlan["kind"][] = ["ordinary", "nulls", "odd", "odd"];
const attempts = 8;

/** Fills one table whose parents are filled. `first` is the number of rows that it was given before. */
export async function fillTable(context: FillContext, table: Table, first: number): Promise<TableFilled> {
  const maker = await RowMaker.of(context, table);
  if (typeof maker === "string") return { count: 0, reason: maker };
  const plans = kinds.map((kind, at): RowPlan => ({ n: first + at, kind, turn: at, filled: new Set() }));
  const together = plans.map((plan) => maker.row(plan));
  const all = await tryInsert(context, table, maker.columns, together, first);
  if (all === null) return { count: together.length, reason: null };
  let count = 0;
  let reason = messageOf(all);
  for (const plan of plans) {
    const error = await insertOne(context, table, maker, plan, first + count);
    if (error === null) count += 1;
    else reason = messageOf(error);
  }
  if (count > 0) return { count, reason: null };
  return (await withoutTriggers(context, table, maker, plans[0], first))
    ? { count: 1, reason: null }
    : { count, reason };
}

async function tryInsert(
  context: FillContext,
  table: Table,
  columns: readonly string[],
  values: readonly (readonly Expression[])[],
  first: number,
): Promise<AludelError | null> {
  // A table of which nothing is given gets its rows one by one.
  const batches = columns.length === 0 ? values.map((row) => [row]) : [values];
  try {
    for (const [at, batch] of batches.entries()) {
      await context.connection.run(context.rows.insert(table, columns, batch, first + at));
    }
    return null;
  } catch (error) {
    if (!(error instanceof AludelError) || error.code === "connection-lost") throw error;
    return error;
  }
}

/** One row, again and again with other values as long as the engine says what was wrong with it. */
async function insertOne(
  context: FillContext,
  table: Table,
  maker: RowMaker,
  plan: RowPlan,
  first: number,
): Promise<AludelError | null> {
  let now = plan;
  let error: AludelError | null = null;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    error = await tryInsert(context, table, maker.columns, [maker.row(now)], first);
    if (error === null) return null;
    const refusal = context.rows.refusal(error);
    if (refusal === null && now.kind === "ordinary" && attempt > 2) return error;
    if (refusal?.kind === "check") await maker.solve();
    now = otherwise(now, refusal);
  }
  return error;
}

function otherwise(plan: RowPlan, refusal: Refusal | null): RowPlan {
  const turn = plan.turn + 1;
  switch (refusal?.kind) {
    case "null":
      return refusal.columns.length > 0 && !refusal.columns.every((name) => plan.filled.has(name))
        ? { ...plan, filled: new Set([...plan.filled, ...refusal.columns]) }
        : { ...plan, kind: "ordinary" };
    case "duplicate":
      return { ...plan, n: plan.n + 13, turn, kind: "ordinary" };
    case "check":
    case "partition":
    case "reference":
      return { ...plan, turn };
    default:
      return { ...plan, n: plan.n + 1, turn, kind: "ordinary" };
  }
}

/** A trigger may refuse what only the application knows how to do right: then the row goes in behind its back. */
async function withoutTriggers(
  { rows, connection, ...context }: FillContext,
  table: Table,
  maker: RowMaker,
  plan: RowPlan | undefined,
  first: number,
): Promise<boolean> {
  if (rows.withoutTriggers === null || plan === undefined) return false;
  try {
    await connection.run(rows.withoutTriggers.before);
  } catch {
    return false;
  }
  try {
    const ordinary: RowPlan = { ...plan, kind: "ordinary" };
    const again = { ...context, rows, connection };
    return (await tryInsert(again, table, maker.columns, [maker.row(ordinary)], first)) === null;
  } finally {
    await connection.run(rows.withoutTriggers.after);
  }
}

/**
 * Fills tables whose foreign keys go round in a circle, none of which may be NULL: the rows' keys are made up first, and
 * a row of each is put in at once.
 */
export async function fillCircle(
  context: FillContext,
  tables: readonly Table[],
  first: number,
): Promise<string | null> {
  const keys = new Set(
    tables.flatMap((table) =>
      foreignKeysOf(table).filter((key) => tables.some((one) => sameName(one, key.references.table))),
    ),
  );
  const scripts: string[][] = [[], []];
  for (const table of tables) {
    const pointing = [...keys].filter((key) => sameName(key.references.table, table));
    const columns = new Set(pointing.flatMap((key) => referencedColumns(table, key)));
    const maker = await RowMaker.of(context, table, { keys, columns });
    if (typeof maker === "string") return maker;
    scripts.forEach((script, at) => {
      const row = maker.row({ n: first + at, kind: "ordinary", turn: at, filled: new Set() });
      script.push(context.rows.insert(table, maker.columns, [row], first + at));
    });
  }
  const { deferred, withoutTriggers: behind } = context.rows;
  const script = scripts.flat().join(";\n");
  const error = await tryRun(context, `${deferred.before};\n${script};\n${deferred.after}`);
  if (error === null) return null;
  await context.connection.run(deferred.undo).catch(() => undefined);
  if (behind === null || (await tryRun(context, behind.before)) !== null) return messageOf(error);
  const again = await tryRun(context, script);
  await context.connection.run(behind.after);
  return again === null ? null : messageOf(error);
}

async function tryRun({ connection }: FillContext, script: string): Promise<AludelError | null> {
  try {
    await connection.run(script);
    return null;
  } catch (error) {
    if (!(error instanceof AludelError) || error.code === "connection-lost") throw error;
    return error;
  }
}
