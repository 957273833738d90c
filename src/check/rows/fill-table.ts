import { constantsOf } from "../../dialect/condition.js";
import type { Connection } from "../../dialect/connection.js";
import type { Dialect } from "../../dialect/dialect.js";
import type { Refusal, RowDialect, Values } from "../../dialect/rows.js";
import { AludelError, messageOf } from "../../error/error.js";
import { scopeOf } from "../../op/dependents.js";
import { mentionsColumn } from "../../op/expression.js";
import { nameKey, sameName, showName } from "../../schema/name.js";
import type { Expression, ForeignKey, Schema, Table } from "../../schema/schema.js";
import { combine, type Given, type Solved, solveConditions } from "./conditions.js";
import type { Demands } from "./demands.js";
import { foreignKeysOf, isNullable, mayPointNowhere } from "./table-order.js";

/** What is the same for all tables of one fill. */
export interface FillContext {
  readonly dialect: Dialect;
  readonly rows: RowDialect;
  readonly connection: Connection;
  readonly schema: Schema;
  readonly valuesOf: (table: Table, column: Table["columns"][number]) => Values | null;
  readonly postponed: ReadonlySet<ForeignKey>;
  readonly demands: ReadonlyMap<string, Demands>;
  /** Keys of parents that were read already. */
  readonly parentKeys: Map<string, readonly (readonly Expression[])[]>;
}

/** How one row is made: which of each column's values, and which parents. */
interface RowPlan {
  readonly n: number;
  readonly kind: "ordinary" | "nulls" | "odd";
  readonly turn: number;
  /** Columns that have shown to need a value. */
  readonly filled: ReadonlySet<string>;
}

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
    for (const batch of batches)
      await context.connection.run(context.rows.insert(table, columns, batch, first));
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

/** A foreign key and the keys that its rows can have. */
interface Parents {
  readonly key: ForeignKey;
  readonly keys: readonly (readonly Expression[])[];
  readonly optional: boolean;
}

/** Makes the rows of one table. */
class RowMaker {
  /** What every row gives, in this order. */
  readonly columns: readonly string[];
  readonly #context: FillContext;
  readonly #table: Table;
  readonly #given: readonly Given[];
  readonly #parents: readonly Parents[];
  readonly #demands: Demands | null;
  readonly #unique: ReadonlySet<string>;
  #solved: readonly Solved[];
  #isSolved = false;

  private constructor(
    context: FillContext,
    table: Table,
    given: readonly Given[],
    parents: readonly Parents[],
  ) {
    this.#context = context;
    this.#table = table;
    this.#given = given;
    this.#parents = parents;
    this.#demands = context.demands.get(nameKey(table)) ?? null;
    this.#unique = uniqueColumns(table);
    this.#solved = placedInPartitions(context.schema, table, given);
    this.columns = given.map(({ name }) => name);
  }

  /** Or the reason why no row of this table can be made. */
  static async of(context: FillContext, table: Table): Promise<RowMaker | string> {
    const parents: Parents[] = [];
    for (const key of foreignKeysOf(table)) {
      const optional =
        mayPointNowhere(table, key) && !(context.demands.get(nameKey(table))?.pointed ?? false);
      const keys = context.postponed.has(key) ? [] : await keysOfParent(context, table, key);
      if (keys.length === 0 && !mayPointNowhere(table, key)) {
        return `a row needs one of ${showName(key.references.table)}, which has none`;
      }
      parents.push({ key, keys, optional });
    }
    // The widest first: what it takes, the others have to fit.
    parents.sort((a, b) => b.key.columns.length - a.key.columns.length);
    const given: Given[] = [];
    for (const column of table.columns) {
      if (column.generated !== null) continue;
      const pointing = parents.find(({ key }) => key.columns.includes(column.name));
      const values =
        context.demands.get(nameKey(table))?.values.get(column.name) ?? context.valuesOf(table, column);
      if (values?.isMadeByEngine && pointing === undefined) continue;
      const nullable = isNullable(table, column.name) && values?.refusesNull !== true;
      if (values === null) {
        if (!nullable && column.default === null) return `no value of ${column.name}'s type is known`;
        continue;
      }
      const place = pointing?.key.columns.indexOf(column.name) ?? 0;
      const known = pointing === undefined ? null : pointing.keys.flatMap((key) => key[place] ?? []);
      given.push({ name: column.name, values, nullable, parents: known });
    }
    const maker = new RowMaker(context, table, given, parents);
    if (maker.#demands !== null) await maker.solve();
    return maker;
  }

  /** Asks the engine, once, which values satisfy the table's conditions. */
  async solve(): Promise<void> {
    if (this.#isSolved) return;
    this.#isSolved = true;
    const { dialect, connection } = this.#context;
    const own = this.#table.constraints.flatMap((one) => (one.kind === "check" ? [one.expression] : []));
    const conditions = [...own, ...(this.#demands?.conditions ?? [])];
    const solved = await solveConditions(dialect, connection, this.#table, this.#given, conditions);
    this.#solved = [...this.#solved, ...solved];
  }

  row(plan: RowPlan): readonly Expression[] {
    const set = new Map<string, Expression>();
    for (const { columns, solutions } of this.#solved) {
      const wanted = solutions.filter((solution) => this.#fits(plan, columns, solution));
      // Far apart, because neighbours differ in their last column only.
      const step = Math.max(1, Math.floor(wanted.length / 5));
      const solution = wanted[(plan.turn * step + Math.floor(plan.turn / 5)) % Math.max(1, wanted.length)];
      columns.forEach((name, at) => {
        const value = solution?.[at];
        if (value !== undefined) set.set(name, value);
      });
    }
    this.#point(plan, set);
    return this.#given.map((one, at) => set.get(one.name) ?? this.#value(plan, one, at));
  }

  #needsValue(plan: RowPlan, name: string): boolean {
    return plan.filled.has(name) || (this.#demands?.notNull.has(name) ?? false);
  }

  #fits(plan: RowPlan, columns: readonly string[], solution: readonly Expression[]): boolean {
    return columns.every((name, at) => solution[at] !== "NULL" || !this.#needsValue(plan, name));
  }

  #value(plan: RowPlan, { name, values, nullable, parents }: Given, at: number): Expression {
    const mayBeNull = nullable && !this.#needsValue(plan, name);
    if (parents !== null) return mayBeNull ? "NULL" : (parents[0] ?? values.ordinary(plan.n));
    if (plan.kind === "nulls" && mayBeNull) return "NULL";
    const isPlain = plan.kind !== "odd" || this.#demands !== null || values.odd.length === 0;
    if (isPlain || (this.#unique.has(name) && plan.turn % 2 === 1)) return values.ordinary(plan.n);
    return values.odd[(at + plan.turn) % values.odd.length] ?? values.ordinary(plan.n);
  }

  /** Lets the foreign keys point at rows; several that share a column agree about it. */
  #point(plan: RowPlan, set: Map<string, Expression>): void {
    for (const { key, keys, optional } of this.#parents) {
      const isFree = optional && !key.columns.some((name) => this.#needsValue(plan, name));
      const fitting = keys.filter((one) =>
        key.columns.every((name, at) => !set.has(name) || set.get(name) === one[at]),
      );
      const chosen =
        plan.kind === "nulls" && isFree ? undefined : fitting[plan.turn % Math.max(1, fitting.length)];
      key.columns.forEach((name, at) => {
        const value = chosen?.[at];
        if (set.has(name)) return;
        if (value !== undefined) set.set(name, value);
        else if (isNullable(this.#table, name)) set.set(name, "NULL");
      });
    }
  }
}

function uniqueColumns(table: Table): ReadonlySet<string> {
  return new Set([
    ...table.constraints.flatMap((one) =>
      one.kind === "primary-key" || one.kind === "unique" ? one.columns : [],
    ),
    ...table.indexes.flatMap((index) => (index.unique ? index.keys.flatMap((key) => key.column ?? []) : [])),
  ]);
}

/** Values of the partition key that lie in some partition: the bounds themselves, of which the lower is in. */
function placedInPartitions(schema: Schema, table: Table, given: readonly Given[]): readonly Solved[] {
  if (table.partitioning === undefined) return [];
  const bounds: string[] = [];
  const keys: string[] = [table.partitioning.keys];
  const parents: Table[] = [table];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (const child of schema.tables.values()) {
      if (child.partition === undefined || !sameName(child.partition.of, parent)) continue;
      bounds.push(child.partition.bounds);
      if (child.partitioning !== undefined) keys.push(child.partitioning.keys);
      parents.push(child);
    }
  }
  const scope = scopeOf(table);
  const columns = given.filter(({ name }) => keys.some((key) => mentionsColumn(key, scope, name)));
  const texts = bounds.flatMap((bound) => (/ WITH /i.test(bound) ? [] : constantsOf(bound).texts));
  const candidates = columns.map(({ values }) => [
    ...new Set([...texts.flatMap((text) => values.constant(text) ?? []), values.ordinary(0)]),
  ]);
  return [{ columns: columns.map(({ name }) => name), conditions: [], solutions: combine(candidates) }];
}

const parentRows = 6;

/** The keys that a foreign key can point at, as literals. */
async function keysOfParent(
  { schema, connection, dialect, rows, parentKeys }: FillContext,
  table: Table,
  key: ForeignKey,
): Promise<readonly (readonly Expression[])[]> {
  const parent = schema.tables.get(nameKey(key.references.table));
  if (parent === undefined || sameName(parent, table)) return [];
  const primary = parent.constraints.find((one) => one.kind === "primary-key");
  const columns = key.references.columns.length > 0 ? key.references.columns : (primary?.columns ?? []);
  const id = JSON.stringify([nameKey(parent), columns]);
  const known = parentKeys.get(id);
  if (known !== undefined) return known;
  const list = columns.map((name, at) => `${rows.asText(name)} AS c${at}`).join(", ");
  const given = columns.map((name) => `${dialect.quote(name)} IS NOT NULL`).join(" AND ");
  const found = await connection.query(
    `SELECT ${list} FROM ${dialect.quoteName(parent)} WHERE ${given} LIMIT ${parentRows}`,
  );
  const keys = found.map((row) => columns.map((_, at) => rows.readLiteral(String(row[`c${at}`]))));
  if (keys.length > 0) parentKeys.set(id, keys);
  return keys;
}
