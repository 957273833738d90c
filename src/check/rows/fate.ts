import { describeOp } from "../../op/apply.js";
import type { Op } from "../../op/op.js";
import { isWidening, sameBaseType } from "../../op/type-change.js";
import { nameKey, type ObjectName, sameName } from "../../schema/name.js";
import type { ColumnType, Schema } from "../../schema/schema.js";

/** What ops do to a column that was there before them. */
export interface ColumnFate {
  /** What it is called after them; `null` when it is gone. */
  now: string | null;
  type: ColumnType;
  /** Its values are written in another way after the ops, so that they are held together only after the way back. */
  changed: boolean;
  /** The op that says by its nature that values do not come back; `null` when none does. */
  loses: string | null;
  /** The engine puts a value where NULL was. */
  nullsFilled: string | null;
}

/** What ops do to a table that was there before them. */
export interface TableFate {
  now: ObjectName | null;
  /** The op that took it away. */
  loses: string | null;
  /** Rows are put into it. */
  grows: boolean;
  readonly columns: Map<string, ColumnFate>;
}

/** What becomes of every table and column of a schema under ops, by `nameKey` of the start. */
export type Fates = ReadonlyMap<string, TableFate>;

/** Follows tables and columns through ops. SQL text is not looked into: what it does is measured. */
export function fatesOf(start: Schema, ops: readonly Op[], fillsNulls: boolean): Fates {
  const fates = new Map<string, TableFate>();
  for (const [key, table] of start.tables) {
    const columns = new Map(table.columns.map(({ name, type }) => [name, untouched(name, type)]));
    fates.set(key, {
      now: { namespace: table.namespace, name: table.name },
      loses: null,
      grows: false,
      columns,
    });
  }
  for (const op of ops) follow(fates, op, fillsNulls);
  return fates;
}

const untouched = (name: string, type: ColumnType): ColumnFate => ({
  now: name,
  type,
  changed: false,
  loses: null,
  nullsFilled: null,
});

function tableNow(fates: ReadonlyMap<string, TableFate>, name: ObjectName): TableFate | undefined {
  return [...fates.values()].find(({ now }) => now !== null && sameName(now, name));
}

function columnNow(
  fates: ReadonlyMap<string, TableFate>,
  table: ObjectName,
  column: string,
): ColumnFate | undefined {
  const columns = tableNow(fates, table)?.columns.values() ?? [];
  return [...columns].find(({ now }) => now === column);
}

function follow(fates: ReadonlyMap<string, TableFate>, op: Op, fillsNulls: boolean): void {
  switch (op.kind) {
    case "rename-table": {
      const table = tableNow(fates, op.name);
      if (table !== undefined) table.now = { namespace: op.name.namespace, name: op.to };
      return;
    }
    case "drop-table": {
      const table = tableNow(fates, op.name);
      if (table !== undefined) Object.assign(table, { now: null, loses: describeOp(op) });
      return;
    }
    case "bulk-insert": {
      const table = tableNow(fates, op.table);
      if (table !== undefined) table.grows = true;
      return;
    }
    case "rename-column": {
      const column = columnNow(fates, op.table, op.column);
      if (column !== undefined) column.now = op.to;
      return;
    }
    case "drop-column": {
      const column = columnNow(fates, op.table, op.column);
      if (column !== undefined) Object.assign(column, { now: null, loses: describeOp(op) });
      return;
    }
    case "alter-column":
      alter(columnNow(fates, op.table, op.column), op, fillsNulls);
      return;
    case "batch-alter-table":
      for (const one of op.ops) follow(fates, one, fillsNulls);
      return;
    case "rename-enum":
      for (const column of columnsOfType(fates, op.name)) column.type = { ...column.type, name: op.to };
      return;
    case "rename-enum-value":
    case "replace-enum-values":
    case "alter-composite":
      rewriteType(fates, op);
      return;
    default:
  }
}

function rewriteType(
  fates: ReadonlyMap<string, TableFate>,
  op: Op<"rename-enum-value" | "replace-enum-values" | "alter-composite">,
): void {
  const name = op.kind === "alter-composite" ? op.composite : op.name;
  for (const column of columnsOfType(fates, name)) {
    if (op.kind === "replace-enum-values" && op.mapping === undefined) continue;
    column.changed = true;
    if (op.kind !== "rename-enum-value") column.loses ??= describeOp(op);
  }
}

function columnsOfType(fates: ReadonlyMap<string, TableFate>, name: ObjectName): readonly ColumnFate[] {
  return [...fates.values()].flatMap(({ columns }) =>
    [...columns.values()].filter(({ type }) => nameKey(type) === nameKey(name)),
  );
}

function alter(column: ColumnFate | undefined, op: Op<"alter-column">, fillsNulls: boolean): void {
  if (column === undefined) return;
  const { type, generated, nullable } = op.changes;
  if (type !== undefined) {
    column.changed = true;
    if (!isWidening(column.type, type)) column.loses ??= describeOp(op);
    else if (op.changes.using !== undefined && sameBaseType(column.type, type))
      column.loses ??= describeOp(op);
    column.type = type;
  }
  if (generated != null) Object.assign(column, { changed: true, loses: column.loses ?? describeOp(op) });
  if (nullable === false && fillsNulls) column.nullsFilled ??= describeOp(op);
}
