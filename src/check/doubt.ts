import type { Dialect } from "../dialect/dialect.js";
import type { Place } from "../diff/contract.js";
import { formatPlace } from "../diff/place.js";
import { warnings } from "../diff/warnings.js";
import type { Op } from "../op/op.js";
import { nameKey, nameOf, type ObjectName, sameName, showName } from "../schema/name.js";
import type { Column, ColumnType, Enum, Schema, Table } from "../schema/schema.js";

/** A column before the change: what a database that does not have it yet knows it as. */
export interface OldColumn {
  readonly table: Table;
  readonly column: Column;
}

/**
 * A change that rows may be in the way of: only the database knows whether there are any, and only a person what is to
 * become of them. `place` is the name after the change.
 */
export type Doubt = { readonly place: Place } & (
  | { readonly kind: "added"; readonly table: Table }
  | { readonly kind: "not-null"; readonly old: OldColumn }
  | { readonly kind: "narrowed"; readonly old: OldColumn; readonly to: ColumnType }
  | {
      readonly kind: "value-removed";
      readonly type: Enum;
      readonly value: string;
      /** Those that the change leaves. */
      readonly left: readonly string[];
    }
);

/** What is said of a doubt that is left as it is; `null` where the file says nothing. */
export function warningOf(doubt: Doubt): string | null {
  const shown = [showName(doubt.place.object), doubt.place.member].join(".");
  if (doubt.kind === "added") return warnings.addedNotNull(shown);
  return doubt.kind === "not-null" ? warnings.madeNotNull(shown) : null;
}

export function nameOfDoubt(doubt: Doubt): string {
  return formatPlace(doubt.place);
}

/** The names that things had before the renames among the ops that came by. */
class OldNames {
  readonly #tables = new Map<string, ObjectName>();
  readonly #enums = new Map<string, ObjectName>();
  readonly #columns = new Map<string, string>();

  follow(op: Op): void {
    const renamed = (name: ObjectName, to: string) => nameKey({ namespace: name.namespace, name: to });
    if (op.kind === "rename-table") this.#tables.set(renamed(op.name, op.to), this.table(op.name));
    if (op.kind === "set-namespace") {
      const names = op.on === "table" ? this.#tables : op.on === "enum" ? this.#enums : null;
      const old = op.on === "table" ? this.table(op.name) : this.enum(op.name);
      names?.set(nameKey({ namespace: op.to, name: op.name.name }), old);
    }
    if (op.kind === "rename-enum") this.#enums.set(renamed(op.name, op.to), this.enum(op.name));
    if (op.kind !== "rename-column") return;
    this.#columns.set(this.#key(op.table, op.to), this.column(op.table, op.column));
  }

  table(name: ObjectName): ObjectName {
    return this.#tables.get(nameKey(name)) ?? name;
  }

  enum(name: ObjectName): ObjectName {
    return this.#enums.get(nameKey(name)) ?? name;
  }

  column(table: ObjectName, column: string): string {
    return this.#columns.get(this.#key(table, column)) ?? column;
  }

  #key(table: ObjectName, column: string): string {
    return JSON.stringify([nameKey(this.table(table)), column]);
  }
}

/** The changes of a list of ops that rows may be in the way of. `from` is the schema before them. */
export function findDoubts(dialect: Dialect, from: Schema, ops: readonly Op[]): readonly Doubt[] {
  const doubts: Doubt[] = [];
  const names = new OldNames();
  const dropped = new Set<string>();
  for (const op of ops) {
    names.follow(op);
    if (op.kind === "drop-column") dropped.add(JSON.stringify([nameKey(op.table), op.column]));
    if (op.kind === "add-column") {
      const table = from.tables.get(nameKey(names.table(op.table)));
      const again = dropped.has(JSON.stringify([nameKey(op.table), op.column.name]));
      if (table === undefined || again || !lacksValue(from, op.column)) continue;
      const place = { kind: "column", object: nameOf(op.table), member: op.column.name } as const;
      doubts.push({ kind: "added", place, table });
    }
    if (op.kind === "alter-column") doubts.push(...doubtsOfColumn(dialect, from, names, op));
    if (op.kind === "replace-enum-values") doubts.push(...doubtsOfEnum(from, names, op));
  }
  return doubts;
}

function lacksValue(from: Schema, column: Column): boolean {
  if (column.nullable || column.default !== null || column.identity !== null || column.generated !== null)
    return false;
  const domain = from.domains.get(nameKey(column.type));
  return domain === undefined || domain.default === null;
}

function doubtsOfColumn(
  dialect: Dialect,
  from: Schema,
  names: OldNames,
  op: Op<"alter-column">,
): readonly Doubt[] {
  const table = from.tables.get(nameKey(names.table(op.table)));
  const column = table?.columns.find((one) => one.name === names.column(op.table, op.column));
  if (table === undefined || column === undefined || column.generated !== null) return [];
  const place = { kind: "column", object: nameOf(op.table), member: op.column } as const;
  const old = { table, column };
  const doubts: Doubt[] = [];
  const { type, nullable, default: value } = op.changes;
  const filled = dialect.can.fillsNulls && typeof value === "string";
  if (nullable === false && column.nullable && !filled) doubts.push({ kind: "not-null", place, old });
  const change = type && { table, column: column.name, from: column.type, to: type };
  const renamedOnly = type !== undefined && sameName(column.type, type);
  if (change !== undefined && !(renamedOnly && isOwn(from, type)) && dialect.narrowing(change, 0) !== null)
    doubts.push({ kind: "narrowed", place, old, to: change.to });
  return doubts;
}

/** An enum or domain under its own name: what happens to its values is said with the type. */
function isOwn({ enums, domains }: Schema, type: ColumnType | undefined): boolean {
  return type !== undefined && (enums.has(nameKey(type)) || domains.has(nameKey(type)));
}

function doubtsOfEnum(from: Schema, names: OldNames, op: Op<"replace-enum-values">): readonly Doubt[] {
  const type = from.enums.get(nameKey(names.enum(op.name)));
  const gone = type?.values.filter((value) => !op.values.includes(value)) ?? [];
  if (type === undefined) return [];
  return gone
    .filter((value) => op.mapping?.[value] === undefined)
    .map((value) => ({
      kind: "value-removed",
      place: { kind: "enum-value", object: nameOf(op.name), member: value },
      type,
      value,
      left: op.values,
    }));
}
