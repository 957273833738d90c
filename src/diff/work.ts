import { parentsOf } from "../op/lookup.js";
import type { Address } from "../schema/dependency.js";
import { sameData } from "../schema/equal.js";
import { nameKey, type ObjectName } from "../schema/name.js";
import type { Expression, Schema, Table } from "../schema/schema.js";
import { type Slot, type SlotPart, slotOf } from "../schema/slot.js";
import type { DiffOptions } from "./contract.js";
import { emptyPhases, type Phases } from "./order.js";

/**
 * How a column leaves a type or collation that is made anew. `aside`: the old type has another name while both are
 * there. `held`: nothing can be called otherwise, so that the column is of another type or collation in between.
 */
export type Move = "aside" | "held" | "held-collation";

/** Columns that have a type made anew, by table and name. */
export type MovedColumns = ReadonlyMap<string, ReadonlyMap<string, Move>>;

/** Columns of a table that will not be what they were, by name. */
export interface TouchedColumns {
  /** Another type, of the same kind or not. */
  readonly retyped: Set<string>;
  /** Another type beyond its modifiers, so that a foreign key over it cannot stand in between. */
  readonly converted: Set<string>;
  /** Dropped for good, or dropped and made again. */
  readonly gone: Set<string>;
  /** Of another type or collation for a while, so that indexes and constraints over it cannot stay. */
  readonly held: Set<string>;
}

/** A diff under way. `from` has its renames behind it. */
export interface Work {
  readonly from: Schema;
  readonly to: Schema;
  readonly options: DiffOptions;
  readonly phases: Phases;
  readonly unclear: Set<Slot>;
  readonly warnings: string[];
  /** By table. */
  readonly touched: Map<string, TouchedColumns>;
  /** Columns of keys that go away, at least for a while, by table: foreign keys to them have to go before. */
  readonly lostKeys: Map<string, string[][]>;
  /** Enums that are made anew. */
  readonly replacedEnums: Set<string>;
  /** Domains that are made anew. */
  readonly replacedDomains: Set<string>;
  /** Composite types that are made anew. */
  readonly replacedComposites: Set<string>;
  /** Types and collations made anew that cannot be called otherwise meanwhile. */
  readonly heldTypes: Set<Address>;
  /** Columns that have a type or collation made anew, by table. */
  readonly movedColumns: Map<string, Map<string, Move>>;
}

export function newWork(from: Schema, to: Schema, options: DiffOptions): Work {
  return {
    from,
    to,
    options,
    phases: emptyPhases(),
    unclear: new Set(),
    warnings: [],
    touched: new Map(),
    lostKeys: new Map(),
    replacedEnums: new Set(),
    replacedDomains: new Set(),
    replacedComposites: new Set(),
    heldTypes: new Set(),
    movedColumns: new Map(),
  };
}

const untouched: TouchedColumns = {
  retyped: new Set(),
  converted: new Set(),
  gone: new Set(),
  held: new Set(),
};

export function touchedOf(work: Work, table: ObjectName): TouchedColumns {
  return work.touched.get(nameKey(table)) ?? untouched;
}

/** Texts of one place, held against each other: the same, or for the engine to say. */
export function sameTexts(
  work: Work,
  place: { readonly object: ObjectName; readonly part: SlotPart; readonly name: string },
  a: readonly (Expression | null)[],
  b: readonly (Expression | null)[],
): boolean {
  if (a.length !== b.length) return false;
  let same = true;
  for (const [position, left] of a.entries()) {
    const right = b[position] ?? null;
    if ((left === null) !== (right === null)) return false;
    if (left === null || right === null || left === right) continue;
    if (!work.options.sameExpression(left, right)) same = false;
  }
  if (same) return true;
  if (!isOld(work, place, a)) return false;
  const slot = slotOf(place.object, place.part, place.name);
  if (work.options.equivalent?.has(slot)) return true;
  work.unclear.add(slot);
  return false;
}

/**
 * The engine is asked about the texts of the two schemas. What a column of an heir has by the time at which it is looked at may
 * be another one: its parent's new default.
 */
function isOld(
  { from }: Work,
  { object, part, name }: Parameters<typeof sameTexts>[1],
  [text]: readonly (Expression | null)[],
): boolean {
  if (part !== "default" && part !== "generated") return true;
  const column = from.tables.get(nameKey(object))?.columns.find((one) => one.name === name);
  if (column === undefined) return true;
  return text === (part === "default" ? column.default : (column.generated?.expression ?? null));
}

/** What of a place is not text, and the texts in it. */
export interface Split {
  readonly rest: unknown;
  readonly texts: readonly (Expression | null)[];
}

/** The places are the same; where only their texts differ, the slot goes to `unclear`. */
export function sameSplit(
  work: Work,
  place: { readonly object: ObjectName; readonly part: SlotPart; readonly name: string },
  a: Split,
  b: Split,
): boolean {
  return sameData(a.rest, b.rest) && sameTexts(work, place, a.texts, b.texts);
}

/** A table that has a parent in its schema follows what happens to that one (`partition.ts`). */
function isHeir(schema: Schema, table: Table): boolean {
  return (
    (table.partition !== undefined || table.inherits !== undefined) &&
    parentsOf(table).some((parent) => schema.tables.has(nameKey(parent)))
  );
}

/** Tables that both sides have, those with parents left out. */
export function* keptTables(work: Work): Generator<{ readonly from: Table; readonly to: Table }> {
  for (const [key, to] of work.to.tables) {
    if (isHeir(work.to, to)) continue;
    const from = work.from.tables.get(key);
    if (from !== undefined) yield { from, to };
  }
}

/** Tables that both sides have and that have parents. */
export function* keptHeirs(work: Work): Generator<{ readonly from: Table; readonly to: Table }> {
  for (const [key, to] of work.to.tables) {
    const from = isHeir(work.to, to) ? work.from.tables.get(key) : undefined;
    if (from !== undefined) yield { from, to };
  }
}

/** Tables that only the new side has, those with parents left out. */
export function newTables(work: Work): ReadonlyMap<string, Table> {
  return new Map(
    [...work.to.tables].filter(([key, table]) => !work.from.tables.has(key) && !isHeir(work.to, table)),
  );
}

/** Tables that only the old side has. */
export function droppedTables(work: Work): ReadonlyMap<string, Table> {
  return new Map([...work.from.tables].filter(([key]) => !work.to.tables.has(key)));
}

/** A comment that both may have; pushes nothing when comments are no difference for the engine. */
export function commentDiffers(
  work: Work,
  from: { readonly comment: string | null },
  to: { readonly comment: string | null },
): boolean {
  return from.comment !== to.comment && work.options.can?.comments !== false;
}
