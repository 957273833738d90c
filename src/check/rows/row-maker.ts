import { nameKey, sameName, showName } from "../../schema/name.js";
import type { Expression, ForeignKey, Table } from "../../schema/schema.js";
import { type Given, type Solved, solveConditions } from "./conditions.js";
import type { Demands } from "./demands.js";
import { type FillContext, keysOfParent, referencedColumns } from "./fill-context.js";
import { placedInPartitions } from "./partition-values.js";
import { foreignKeysOf, isNullable, mayPointNowhere } from "./table-order.js";

/** How one row is made: which of each column's values, and which parents. */
export interface RowPlan {
  readonly n: number;
  readonly kind: "ordinary" | "nulls" | "odd";
  readonly turn: number;
  /** Columns that have shown to need a value. */
  readonly filled: ReadonlySet<string>;
}

/** A foreign key and the keys that its rows can have. */
interface Parents {
  readonly key: ForeignKey;
  readonly keys: readonly (readonly Expression[])[];
  readonly optional: boolean;
  /** The key of a row that is made together with this one; `null` where the parents are there already. */
  readonly planned: ((n: number) => readonly Expression[]) | null;
}

/** What is known before the rows are there, where rows need each other. */
export interface Together {
  readonly keys: ReadonlySet<ForeignKey>;
  /** Columns of the table that these point at: they are given, also where the engine would make them. */
  readonly columns: ReadonlySet<string>;
}

/** Makes the rows of one table. */
export class RowMaker {
  /** What every row gives, in this order. */
  readonly columns: readonly string[];
  readonly #context: FillContext;
  readonly #table: Table;
  readonly #given: readonly Given[];
  readonly #parents: readonly Parents[];
  readonly #demands: Demands | null;
  readonly #unique: ReadonlySet<string>;
  readonly #fixed: ReadonlySet<string>;
  #solved: readonly Solved[];
  #isSolved = false;

  private constructor(
    context: FillContext,
    table: Table,
    given: readonly Given[],
    parents: readonly Parents[],
    fixed: ReadonlySet<string>,
  ) {
    this.#context = context;
    this.#table = table;
    this.#given = given;
    this.#parents = parents;
    this.#demands = context.demands.get(nameKey(table)) ?? null;
    this.#unique = uniqueColumns(table);
    this.#solved = placedInPartitions(context.schema, table, given);
    this.#fixed = fixed;
    this.columns = given.map(({ name }) => name);
  }

  /** Or the reason why no row of this table can be made. */
  static async of(
    context: FillContext,
    table: Table,
    together: Together = togetherWithItself(table),
  ): Promise<RowMaker | string> {
    const parents = await parentsOf(context, table, together);
    if (typeof parents === "string") return parents;
    const given: Given[] = [];
    for (const column of table.columns) {
      if (column.generated !== null) continue;
      const pointing = parents.find(({ key }) => key.columns.includes(column.name));
      const demanded = context.demands.get(nameKey(table))?.values.get(column.name);
      const values = demanded ?? context.valuesOf(table, column);
      const isGiven = pointing !== undefined || together.columns.has(column.name);
      if (values?.isMadeByEngine && !isGiven) continue;
      const nullable = isNullable(table, column.name) && values?.refusesNull !== true;
      if (values === null) {
        if (!nullable && column.default === null) return `no value of ${column.name}'s type is known`;
        continue;
      }
      const place = pointing?.key.columns.indexOf(column.name) ?? 0;
      const known = pointing === undefined ? null : pointing.keys.flatMap((key) => key[place] ?? []);
      given.push({ name: column.name, values, nullable, parents: known });
    }
    const maker = new RowMaker(context, table, given, parents, together.columns);
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
    for (const { name, values } of this.#given) {
      if (this.#fixed.has(name)) set.set(name, values.ordinary(plan.n));
    }
    for (const { columns, solutions, inTurn } of this.#solved) {
      const wanted = solutions.filter((solution) => this.#fits(plan, columns, solution));
      const step = inTurn ? 1 : Math.max(1, Math.floor(wanted.length / 5));
      const solution =
        wanted[(plan.turn * step + (inTurn ? 0 : Math.floor(plan.turn / 5))) % Math.max(1, wanted.length)];
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
    for (const { key, keys, optional, planned } of this.#parents) {
      const isFree = optional && !key.columns.some((name) => this.#needsValue(plan, name));
      const fitting = keys.filter((one) =>
        key.columns.every((name, at) => !set.has(name) || set.get(name) === one[at]),
      );
      const some = planned?.(plan.n) ?? fitting[plan.turn % Math.max(1, fitting.length)];
      const chosen = plan.kind === "nulls" && isFree ? undefined : some;
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

/** The foreign keys of a table with the keys that its rows can have; or why there are none. */
async function parentsOf(
  context: FillContext,
  table: Table,
  together: Together,
): Promise<readonly Parents[] | string> {
  const parents: Parents[] = [];
  for (const key of foreignKeysOf(table)) {
    const mayBeNull = mayPointNowhere(table, key);
    const optional = mayBeNull && !(context.demands.get(nameKey(table))?.pointed ?? false);
    const planned = together.keys.has(key) ? plannedKeys(context, key) : null;
    const isLater = planned !== null || context.postponed.has(key);
    const keys = isLater ? [] : await keysOfParent(context, table, key);
    if (keys.length === 0 && planned === null && !mayBeNull) {
      return `a row needs one of ${showName(key.references.table)}, which has none`;
    }
    parents.push({ key, keys, optional, planned });
  }
  // The widest first: what it takes, the others have to fit.
  return parents.sort((a, b) => b.key.columns.length - a.key.columns.length);
}

/** The keys that the rows of the parent are given when they are made. */
function plannedKeys(context: FillContext, key: ForeignKey): Parents["planned"] {
  const parent = context.schema.tables.get(nameKey(key.references.table));
  if (parent === undefined) return null;
  const values = referencedColumns(parent, key).map((name) => {
    const column = parent.columns.find((one) => one.name === name);
    return column === undefined ? null : context.valuesOf(parent, column);
  });
  return (n) => values.map((one) => one?.ordinary(n) ?? "NULL");
}

/** A foreign key to the same table that may not be NULL: each row points at itself. */
function togetherWithItself(table: Table): Together {
  const keys = foreignKeysOf(table).filter(
    (key) => sameName(key.references.table, table) && !mayPointNowhere(table, key),
  );
  return { keys: new Set(keys), columns: new Set(keys.flatMap((key) => referencedColumns(table, key))) };
}
