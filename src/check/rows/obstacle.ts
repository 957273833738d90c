import type { Refusal, Values } from "../../dialect/rows.js";
import { messageOf } from "../../error/error.js";
import type { Op } from "../../op/op.js";
import { type ObjectName, sameName } from "../../schema/name.js";
import type { Column, ColumnType, Expression, Schema, Table } from "../../schema/schema.js";
import { spell } from "./declared.js";
import type { Demands } from "./demands.js";
import { type Fates, fatesOf } from "./fate.js";

/** A change that the engine refused because of rows. */
export interface Obstacle {
  readonly direction: "upgrade" | "downgrade";
  readonly refusal: Refusal;
  readonly error: unknown;
  /** What was carried out since the start, the op that was refused last; none of a SQL file. */
  readonly ops: readonly Op[];
}

/** What to say about an obstacle, and what rows must be like for the change to get past it. */
export interface WayAround {
  readonly finding: string;
  /** `null` when nothing is known that helps. */
  readonly demands: ReadonlyMap<string, Demands> | null;
}

const noDemands: Demands = {
  empty: false,
  notNull: new Set(),
  pointed: false,
  conditions: [],
  values: new Map(),
};

/** Where the obstacle is, in the names of the start. */
interface Place {
  readonly key: string;
  readonly table: Table;
  readonly columns: readonly string[];
}

/**
 * Finds out which rows were in the way and what others would not be: the first time rows that fit, the second time none
 * in that table.
 */
export function wayAround(
  start: Schema,
  obstacle: Obstacle,
  demands: ReadonlyMap<string, Demands>,
  valuesOf: (table: Table, column: Column) => Values | null,
): WayAround {
  const { refusal, direction, error } = obstacle;
  const fates = fatesOf(start, obstacle.ops, false);
  const parts = refusal.isLate ? [] : partsOf(obstacle.ops.slice(-1));
  const enumValues = aroundEnum(start, obstacle, demands, valuesOf);
  if (enumValues !== null) return enumValues;
  const place = placeOf(start, fates, refusal, parts);
  const where = place === null ? "" : ` ${whereText(place, refusal)}`;
  const finding = `the ${direction} fails with some rows:${where === "" ? "" : `${where}:`} ${messageOf(firstCause(error))}`;
  if (place === null) return { finding, demands: null };
  const before = demands.get(place.key);
  if (before?.empty) return { finding, demands: null };
  const next =
    before === undefined ? fitting(place, refusal, parts, valuesOf) : { ...noDemands, empty: true };
  return { finding, demands: new Map([...demands, [place.key, next]]) };
}

function partsOf(ops: readonly Op[]): readonly Op[] {
  return ops.flatMap((op): readonly Op[] => (op.kind === "batch-alter-table" ? op.ops : [op]));
}

/**
 * True when ops like these can meet rows that do not point anywhere any more. Where none can, rows were lost on the way,
 * and that is no matter of what was in them.
 */
export function mayUnlinkRows(ops: readonly Op[]): boolean {
  return partsOf(ops).some((op) => {
    if (op.kind === "add-constraint") return op.constraint.kind === "foreign-key";
    return ["alter-column", "drop-column", "add-column", "drop-table", "execute", "backfill"].includes(
      op.kind,
    );
  });
}

/** An enum loses values that rows hold: they get others, the second time none. */
function aroundEnum(
  start: Schema,
  { ops, direction, error }: Obstacle,
  demands: ReadonlyMap<string, Demands>,
  valuesOf: (table: Table, column: Column) => Values | null,
): WayAround | null {
  const op = ops.at(-1);
  if (op?.kind !== "replace-enum-values") return null;
  const name = spell(op.name, null);
  const finding = `the ${direction} fails with some rows: where rows hold a value that ${name} loses: ${messageOf(firstCause(error))}`;
  const next = new Map(demands);
  for (const [key, table] of start.tables) {
    const columns = table.columns.filter((column) => sameName(column.type, op.name));
    if (columns.length === 0) continue;
    const values = columns.flatMap((column): readonly [string, Values][] => {
      const all = valuesOf(table, column);
      const kept = all === null ? [] : op.values.flatMap((value) => all.constant(value) ?? []);
      const [first] = kept;
      if (all === null || first === undefined) return [];
      return [
        [column.name, { ...all, ordinary: (n) => kept[n % kept.length] ?? first, odd: [], pool: kept }],
      ];
    });
    const isSecond = demands.has(key) || values.length < columns.length;
    next.set(key, isSecond ? { ...noDemands, empty: true } : { ...noDemands, values: new Map(values) });
  }
  const isStuck = [...next].every(([key, one]) => demands.get(key)?.empty === one.empty && demands.has(key));
  return { finding, demands: isStuck ? null : next };
}

/** What the engine said, without what the runner made of it. */
function firstCause(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}

function tableOfOp(op: Op): ObjectName | null {
  if ("table" in op && "name" in op.table) return op.table;
  return op.kind === "batch-alter-table" || op.kind === "alter-table-options" ? op.name : null;
}

function placeOf(start: Schema, fates: Fates, refusal: Refusal, parts: readonly Op[]): Place | null {
  const named = parts.map(tableOfOp).find((name) => name !== null) ?? null;
  for (const [key, table] of start.tables) {
    const now = fates.get(key)?.now ?? null;
    const isIt =
      named !== null
        ? now !== null && sameName(now, named)
        : refusal.table !== null && now?.name === refusal.table;
    if (!isIt) continue;
    const columns = fates.get(key)?.columns ?? new Map();
    const old = [...columns].filter(
      ([, fate]) => fate.now !== null && affected(refusal, parts).includes(fate.now),
    );
    return { key, table, columns: old.map(([name]) => name) };
  }
  return null;
}

/** Columns that the refusal or the refused op is about, as they are called now. */
function affected(refusal: Refusal, parts: readonly Op[]): readonly string[] {
  if (refusal.columns.length > 0) return refusal.columns;
  return parts.flatMap((op) => {
    if (op.kind === "alter-column" && (refusal.kind === "unfit") === (op.changes.type !== undefined))
      return [op.column];
    if (op.kind === "create-index") return op.index.keys.flatMap((key) => key.column ?? []);
    if (op.kind === "add-constraint" && "columns" in op.constraint) return op.constraint.columns;
    return [];
  });
}

function whereText({ table, columns }: Place, { kind, constraint }: Refusal): string {
  const name = spell(table, null);
  const [only] = columns;
  const shown =
    columns.length === 1 && only !== undefined ? spell(table, only) : `(${columns.join(", ")}) of ${name}`;
  if (columns.length === 0 && kind !== "check" && kind !== "reference") return `where ${name} has rows`;
  switch (kind) {
    case "null":
      return `where ${shown} has NULL`;
    case "duplicate":
      return `where ${shown} has duplicates`;
    case "check":
    case "partition":
      return constraint === null
        ? `where a row of ${name} violates a condition`
        : `where a row of ${name} violates ${constraint}`;
    case "reference":
      return `where ${columns.length === 0 ? `a row of ${name}` : shown} points at no row`;
    case "unfit":
      return `where a value of ${shown} does not fit`;
  }
}

/** The demands that rows of the table have to meet. */
function fitting(
  { table, columns }: Place,
  { kind }: Refusal,
  parts: readonly Op[],
  valuesOf: (table: Table, column: Column) => Values | null,
): Demands {
  if (columns.length === 0 && kind !== "check") return { ...noDemands, empty: true };
  if (kind === "null") return { ...noDemands, notNull: new Set(columns) };
  if (kind === "check") {
    const conditions = parts.flatMap((op): readonly Expression[] =>
      op.kind === "add-constraint" && op.constraint.kind === "check" ? [op.constraint.expression] : [],
    );
    return conditions.length === 0 ? { ...noDemands, empty: true } : { ...noDemands, conditions };
  }
  if (kind === "reference") return { ...noDemands, empty: true };
  const types = parts.flatMap((op): readonly [string, ColumnType][] =>
    op.kind === "alter-column" && op.changes.type !== undefined ? [[op.column, op.changes.type]] : [],
  );
  const values = types.flatMap(([name, type]): readonly [string, Values][] => {
    const column = table.columns.find((one) => one.name === name);
    if (column === undefined) return [];
    const found = valuesOf(table, { ...column, type });
    return found === null ? [] : [[name, { ...found, cast: valuesOf(table, column)?.cast ?? null }]];
  });
  return { ...noDemands, values: new Map(values) };
}
