import type { CastExpression } from "../op/apply.js";
import { descendantsOf } from "../op/create-table.js";
import { scopeOf } from "../op/dependents.js";
import { mentionsColumn } from "../op/expression/column.js";
import type { ColumnChanges, Op } from "../op/op.js";
import { integerOf, isSerial } from "../op/serial.js";
import { needsCast, sameBaseType } from "../op/type-change.js";
import { sameData } from "../schema/equal.js";
import { nameKey, nameOf, showName } from "../schema/name.js";
import type { Column, ColumnType, Identity, NotNull, OwnSequence, Table } from "../schema/schema.js";
import { hasHeldRows } from "./rebuilt.js";
import { warnings } from "./warnings.js";
import { commentDiffers, sameTexts, type TouchedColumns, type Work } from "./work.js";

/** What becomes of a column that both sides have. */
type Fate =
  | { readonly kind: "same" }
  | { readonly kind: "alter"; readonly changes: ColumnChanges }
  | { readonly kind: "recreate" };

interface Kept {
  readonly from: Column;
  readonly to: Column;
  fate: Fate;
}

/** Columns by name; matching them is the same for every table, and tables are many. */
function byName(columns: readonly Column[]): ReadonlyMap<string, Column> {
  return new Map(columns.map((column) => [column.name, column]));
}

/** What nearly every table is in nearly every diff: the same columns in the same order, to the letter. */
function identical(from: readonly Column[], to: readonly Column[]): boolean {
  if (from === to) return true;
  return from.length === to.length && from.every((column, place) => isIdentical(column, to[place]));
}

function isIdentical(from: Column, to: Column | undefined): boolean {
  if (to === undefined) return false;
  return (
    from.name === to.name &&
    from.nullable === to.nullable &&
    from.default === to.default &&
    from.comment === to.comment &&
    sameBaseType(from.type, to.type) &&
    sameData(from.type.modifiers, to.type.modifiers) &&
    sameData(from.identity, to.identity) &&
    sameData(from.generated, to.generated) &&
    sameData(from.collation, to.collation) &&
    sameData(from.notNull, to.notNull) &&
    sameData(from.own, to.own) &&
    sameData(from.storage, to.storage)
  );
}

function mutable(changes: ColumnChanges): { -readonly [K in keyof ColumnChanges]: ColumnChanges[K] } {
  return changes;
}

function sameGenerated(work: Work, table: Table, from: Column, to: Column): boolean {
  if (from.generated === null || to.generated === null) return from.generated === to.generated;
  if (from.generated.storage !== to.generated.storage) return false;
  const place = { object: table, part: "generated", name: to.name } as const;
  return sameTexts(work, place, [from.generated.expression], [to.generated.expression]);
}

function sameDefault(work: Work, table: Table, from: Column, to: Column): boolean {
  if (from.default === null || to.default === null || from.default === to.default) {
    return from.default === to.default;
  }
  // Between two types the engine cannot be asked whether the texts mean the same.
  if (!sameData(from.type, to.type)) return work.options.sameExpression(from.default, to.default);
  return sameTexts(work, { object: table, part: "default", name: to.name }, [from.default], [to.default]);
}

function fateOf(work: Work, table: Table, from: Column, to: Column): Fate {
  if (from === to) return { kind: "same" };
  const changes = mutable({});
  if (!sameGenerated(work, table, from, to)) {
    // Only the expression of a stored column can be taken away in place; everything else computes values anew.
    if (to.generated !== null || from.generated?.storage === "virtual") return { kind: "recreate" };
    changes.generated = null;
  }
  if (!sameData(from.type, declared(from, to))) {
    changes.type = to.type;
    const cast = work.options.castExpression;
    const needed = needsCast(from.type, to.type);
    if (cast !== undefined && needed) changes.using = cast(to.name, to.type, from.type, bothSchemas(work));
    // A default is of the old type and would be in the way of the conversion.
    if (needed && from.default !== null) changes.default = to.default;
  }
  if (from.nullable !== to.nullable) changes.nullable = to.nullable;
  if (!sameDefault(work, table, from, to)) changes.default = to.default;
  if (!sameIdentity(work, from.identity, to.identity)) changes.identity = wantedIdentity(from, to);
  if (!sameData(from.collation, to.collation)) changes.collation = to.collation;
  const notNull = wantedNotNull(work, from, to);
  if (!sameData(from.notNull, notNull)) changes.notNull = notNull ?? null;
  if (isSerial(to.type)) {
    const held = changes.type === undefined ? from.own : ofColumnsType(from.own, to);
    if (held !== from.own || !sameOwn(work, from.own, to.own)) changes.own = wantedOwn(held, to.own) ?? null;
  }
  if (!sameData(from.storage, to.storage)) changes.storage = to.storage ?? null;
  return Object.keys(changes).length === 0 ? { kind: "same" } : { kind: "alter", changes };
}

/** How many dimensions an array is declared with is forgotten where a column comes from a parent (manual 8.15.1). */
function declared(from: Column, { type, inherited }: Column): ColumnType {
  const { dimensions } = from.type;
  return inherited && dimensions > 0 && type.dimensions > 0 ? { ...type, dimensions } : type;
}

/** The types of either schema, as they are when a column goes from one to another. */
function bothSchemas({ from, to }: Work): Parameters<CastExpression>[3] {
  if (from.enums.size + from.domains.size + from.composites.size + from.defined.size === 0) return to;
  return {
    enums: new Map([...from.enums, ...to.enums]),
    domains: new Map([...from.domains, ...to.domains]),
    composites: new Map([...from.composites, ...to.composites]),
    defined: new Map([...from.defined, ...to.defined]),
  };
}

/** A name that is not said stays what it is, where the engine keeps the names that it makes. */
function wantedNotNull(work: Work, from: Column, to: Column): NotNull | undefined {
  const name = from.notNull?.name ?? null;
  const keeps = work.options.can?.keepsNames === true && !from.nullable && !to.nullable;
  if (!keeps || name === null || to.notNull?.name != null) return to.notNull;
  return { onConflict: null, ...to.notNull, name };
}

/** What a sequence is that has the type of its column, which becomes another one, unless it is said to keep its own. */
function ofColumnsType(from: OwnSequence | undefined, to: Column): OwnSequence | undefined {
  if (from?.type === undefined || to.own?.type !== undefined || integerOf(to.type) === undefined) return from;
  const { type: _, ...rest } = from;
  return rest;
}

/** A sequence whose name is not said may have any where the engine keeps names; the rest is as its column is. */
function sameOwn(work: Work, from: OwnSequence = {}, to: OwnSequence = {}): boolean {
  const keeps = work.options.can?.keepsNames === true && to.name === undefined;
  return sameData({ ...from, ...(keeps && { name: undefined }) }, to);
}

/** What is said of the sequence behind a column, with the name that it keeps; `undefined` for nothing. */
function wantedOwn(from: OwnSequence | undefined, to: OwnSequence | undefined): OwnSequence | undefined {
  const own = { ...(from?.name !== undefined && { name: from.name }), ...to };
  return Object.keys(own).length === 0 ? undefined : own;
}

function sameIdentity(work: Work, from: Identity | null, to: Identity | null): boolean {
  if (from === null || to === null) return from === to;
  const { generation, sequence } = to;
  return (
    from.generation === generation && sameData(from.sequence, sequence) && sameOwn(work, from.own, to.own)
  );
}

function wantedIdentity(from: Column, { identity }: Column): Identity | null {
  const old = from.identity?.own;
  if (identity === null || old === undefined) return identity;
  const { own: said, ...rest } = identity;
  const own = wantedOwn(old, said);
  return { ...rest, ...(own !== undefined && { own }) };
}

/** Generated columns are made again when a column that they are computed from is converted or made again. */
function recreateComputed(table: Table, kept: readonly Kept[], touched: TouchedColumns): void {
  const scope = scopeOf(table);
  const changed = [...touched.retyped, ...touched.gone];
  for (const one of kept) {
    const expression = one.from.generated?.expression;
    if (expression === undefined || one.fate.kind === "recreate") continue;
    if (changed.some((name) => mentionsColumn(expression, scope, name))) one.fate = { kind: "recreate" };
  }
}

function isReplacedEnum(work: Work, column: Column): boolean {
  return work.replacedEnums.size > 0 && work.replacedEnums.has(nameKey(column.type));
}

/** The type keeps its name and is another one all the same. */
function isReplacedType(work: Work, table: Table, column: Column): boolean {
  return isReplacedEnum(work, column) || work.movedColumns.get(nameKey(table))?.has(column.name) === true;
}

/**
 * Columns of a table that both sides have; the order of columns is no difference. Fills `touched`, which indexes,
 * constraints, policies and views look at. Needs `replacedEnums` and `movedColumns`.
 */
export function diffColumns(work: Work, from: Table, to: Table): void {
  const replaces = work.replacedEnums.size + work.movedColumns.size > 0;
  if (!replaces && identical(from.columns, to.columns)) return;
  const old = byName(from.columns);
  const touched = {
    retyped: new Set<string>(),
    converted: new Set<string>(),
    gone: new Set<string>(),
    held: new Set<string>(),
  };
  const moves = work.movedColumns.get(nameKey(to));
  const kept: Kept[] = [];
  for (const column of to.columns) {
    const before = old.get(column.name);
    if (before !== undefined) kept.push({ from: before, to: column, fate: fateOf(work, to, before, column) });
  }
  for (const { from: column, fate } of kept) {
    const { type, collation } = fate.kind === "alter" ? fate.changes : {};
    const replaced = isReplacedType(work, to, column);
    const recollated = collation !== undefined && work.options.can?.collationIsType === true;
    if (type !== undefined || recollated || replaced) touched.retyped.add(column.name);
    const move = moves?.get(column.name);
    if (move !== undefined && move !== "aside") touched.held.add(column.name);
    if (replaced || (type !== undefined && !sameBaseType(column.type, type)))
      touched.converted.add(column.name);
    if (fate.kind === "recreate") touched.gone.add(column.name);
  }
  const names = byName(to.columns);
  for (const column of from.columns) if (!names.has(column.name)) touched.gone.add(column.name);
  if (touched.retyped.size + touched.gone.size > 0) {
    recreateComputed(from, kept, touched);
    for (const { from: column, fate } of kept) if (fate.kind === "recreate") touched.gone.add(column.name);
    work.touched.set(nameKey(to), touched);
  }
  pushColumnOps(work, from, to, kept);
}

function pushColumnOps(work: Work, from: Table, to: Table, kept: readonly Kept[]): void {
  const { phases } = work;
  const table = nameOf(to);
  const old = byName(from.columns);
  for (const column of to.columns) if (!old.has(column.name)) addColumn(work, to, column);
  for (const { from: before, to: column, fate } of kept) {
    if (fate.kind === "recreate") {
      addColumn(work, to, column);
      warnRecreated(work, to, before, column);
      continue;
    }
    if (fate.kind === "alter") alterColumn(work, to, before, fate.changes);
    if (commentDiffers(work, before, column)) {
      const target = { on: "column", table, name: column.name } as const;
      phases.comments.push({ kind: "set-comment", target, comment: column.comment });
    }
  }
  dropColumns(work, from, to, kept);
}

/**
 * What is computed from other columns goes before them, and before they change. A plain column that becomes a generated
 * one goes only when the new plain columns are there: SQLite has no table without one. The last goes first, so that the way
 * back, which is the other way round, adds them in the order that they had.
 */
function dropColumns(work: Work, from: Table, to: Table, kept: readonly Kept[]): void {
  const now = byName(to.columns);
  const recreated = kept.filter(({ fate }) => fate.kind === "recreate").map((one) => one.from);
  const dropped = from.columns.filter((column) => !now.has(column.name)).reverse();
  const inTheWay = [...recreated, ...dropped.filter((column) => column.generated !== null)];
  const op = (column: Column): Op => ({ kind: "drop-column", table: nameOf(to), column: column.name });
  work.phases.dropColumnsInTheWay.push(...inTheWay.filter((column) => column.generated !== null).map(op));
  work.phases.dropRecreatedColumns.push(...recreated.filter((column) => column.generated === null).map(op));
  work.phases.dropColumns.push(...dropped.filter((column) => column.generated === null).map(op));
}

function addColumn(work: Work, table: Table, column: Column): void {
  const op: Op = { kind: "add-column", table: nameOf(table), column };
  if (column.generated !== null) {
    work.phases.addGeneratedColumns.push(op);
    return;
  }
  // What is held by `text` has as many values as the table had columns.
  const phase = hasHeldRows(work, table) ? work.phases.addColumnsOfRows : work.phases.addColumns;
  phase.push(op);
  if (!column.nullable && column.default === null && column.identity === null) {
    work.warnings.push(warnings.addedNotNull(`${showName(table)}.${column.name}`));
  }
}

function warnRecreated(work: Work, table: Table, from: Column, to: Column): void {
  const shown = `${showName(table)}.${to.name}`;
  if (from.generated === null) {
    work.warnings.push(`Column ${shown} becomes generated: it is made anew and its old values are lost.`);
  } else if (to.generated === null) {
    work.warnings.push(
      `Column ${shown} is no longer generated: it is made anew and its computed values are lost.`,
    );
  } else work.warnings.push(`Generated column ${shown} is made anew: its values are computed again.`);
}

function alterColumn(work: Work, to: Table, from: Column, changes: ColumnChanges): void {
  const cleared = isReplacedEnum(work, from) && from.default !== null && changes.default === null;
  const { default: _, ...others } = changes;
  const left: ColumnChanges = cleared ? others : changes;
  if (Object.keys(left).length > 0) {
    const op = { kind: "alter-column", table: nameOf(to), column: from.name, changes: left } as const;
    work.phases.alterColumns.push(op);
    clearBelow(work, to, from, left);
  }
  if (changes.nullable === false && !isFilled(work, left)) {
    const shown = `${showName(to)}.${from.name}`;
    work.warnings.push(warnings.madeNotNull(shown));
  }
}

/**
 * Partitions and heirs may have a default where the table has none, which is in the way of a conversion: it is taken away, and what
 * they shall have is found like any other difference.
 */
function clearBelow(work: Work, table: Table, from: Column, { type, default: value }: ColumnChanges): void {
  if (type === undefined || value !== undefined || !needsCast(from.type, type)) return;
  for (const heir of descendantsOf(work.from, table)) {
    if (!heir.columns.some(({ name, default: own }) => name === from.name && own !== null)) continue;
    const changes: ColumnChanges = { default: null };
    const op = { kind: "alter-column", table: nameOf(heir), column: from.name, changes } as const;
    work.phases.clearDefaults.push(op);
  }
}

/** No NULL stays: the engine puts the new default in its place. */
function isFilled(work: Work, { default: value }: ColumnChanges): boolean {
  return work.options.can?.fillsNulls === true && typeof value === "string" && !/^[\s(]*null\b/i.test(value);
}

/**
 * Takes away the defaults that may name a value which is about to vanish from its enum: those that change, and
 * those of columns that go. `to` is absent for a table that goes.
 */
export function clearDefaults(work: Work, from: Table, to: Table | undefined): void {
  for (const column of from.columns) {
    if (column.default === null || !isReplacedEnum(work, column)) continue;
    const after = to?.columns.find((one) => one.name === column.name);
    const keeps = after?.default != null && sameDefault(work, from, column, after);
    if (keeps) continue;
    const changes: ColumnChanges = { default: null };
    work.phases.clearDefaults.push({
      kind: "alter-column",
      table: nameOf(from),
      column: column.name,
      changes,
    });
  }
}
