import { describeOp } from "../../op/apply.js";
import type { Op } from "../../op/op.js";
import { isWidening, sameBaseType } from "../../op/type-change.js";
import { nameKey, type ObjectName, sameName } from "../../schema/name.js";
import type { ColumnType, Schema, Table } from "../../schema/schema.js";

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
  /** Partitions and heirs, with the columns that they have from it. */
  readonly heirs: Heir[];
}

interface Heir {
  readonly table: TableFate;
  readonly columns: ReadonlySet<ColumnFate>;
  /** A partition goes with its table. */
  readonly isPartition: boolean;
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
      heirs: [],
    });
  }
  for (const table of start.tables.values()) addHeir(fates, table);
  for (const op of ops) follow(fates, op, fillsNulls);
  return fates;
}

function addHeir(fates: ReadonlyMap<string, TableFate>, table: Table): void {
  const fate = fates.get(nameKey(table));
  if (fate === undefined) return;
  const columns = table.columns.flatMap(({ name, inherited }) => {
    const column = fate.columns.get(name);
    return inherited && column !== undefined ? [column] : [];
  });
  const parents = table.partition === undefined ? (table.inherits ?? []) : [table.partition.of];
  for (const parent of parents) {
    const isPartition = table.partition !== undefined;
    fates.get(nameKey(parent))?.heirs.push({ table: fate, columns: new Set(columns), isPartition });
  }
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

/** The column of the table, and of all that have it from there. */
function columnsNow(
  fates: ReadonlyMap<string, TableFate>,
  table: ObjectName,
  column: string,
): readonly ColumnFate[] {
  const fate = tableNow(fates, table);
  const own = [...(fate?.columns.values() ?? [])].find(({ now }) => now === column);
  return own === undefined || fate === undefined ? [] : [own, ...inHeirs(fate, column)];
}

function inHeirs({ heirs }: TableFate, column: string): readonly ColumnFate[] {
  return heirs.flatMap(({ table, columns }) => {
    const own = [...columns].find(({ now }) => now === column);
    return own === undefined ? [] : [own, ...inHeirs(table, column)];
  });
}

function drop(table: TableFate, loses: string): void {
  table.now = null;
  table.loses = loses;
  for (const heir of table.heirs) if (heir.isPartition) drop(heir.table, loses);
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
      if (table !== undefined) drop(table, describeOp(op));
      return;
    }
    case "detach-partition": {
      const table = tableNow(fates, op.name);
      for (const { heirs } of fates.values()) {
        const at = heirs.findIndex((heir) => heir.isPartition && heir.table === table);
        if (at >= 0) heirs.splice(at, 1);
      }
      return;
    }
    case "bulk-insert": {
      const table = tableNow(fates, op.table);
      if (table !== undefined) table.grows = true;
      return;
    }
    case "rename-column": {
      for (const column of columnsNow(fates, op.table, op.column)) column.now = op.to;
      return;
    }
    case "drop-column": {
      for (const column of columnsNow(fates, op.table, op.column)) {
        Object.assign(column, { now: null, loses: describeOp(op) });
      }
      return;
    }
    case "alter-column":
      for (const column of columnsNow(fates, op.table, op.column)) alter(column, op, fillsNulls);
      return;
    case "batch-alter-table":
      for (const one of op.ops) follow(fates, one, fillsNulls);
      return;
    case "set-namespace": {
      const now = { namespace: op.to, name: op.name.name };
      const table = op.on === "table" ? tableNow(fates, op.name) : undefined;
      if (table !== undefined) table.now = now;
      else for (const column of columnsOfType(fates, op.name)) column.type = { ...column.type, ...now };
      return;
    }
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

function alter(column: ColumnFate, op: Op<"alter-column">, fillsNulls: boolean): void {
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
