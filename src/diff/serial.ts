import { mentionsSequence } from "../op/expression/sequence.js";
import type { Op } from "../op/op.js";
import { isSerial, type SerialParts, serialParts, serialSequence, takeSerialApart } from "../op/serial.js";
import { copySchema } from "../schema/build.js";
import { nameKey, nameOf, type ObjectName, sameName } from "../schema/name.js";
import type { Column, Schema } from "../schema/schema.js";
import { alignNextValues } from "./next-values.js";
import { inOrder } from "./order.js";
import type { Work } from "./work.js";

/** The schemas of a diff, in which what is one sequence on both sides is said in one way. */
export interface Aligned {
  readonly from: Schema;
  readonly to: Schema;
  /** Columns of the old side that are `serial` no more. */
  readonly apart: readonly SerialParts[];
  /** Columns of the new side that become `serial`. */
  readonly joined: readonly SerialParts[];
}

/**
 * A sequence that is of a `serial` column on one side and stands by itself on the other (it has got options, a comment or
 * an owner) is one and the same, and keeps its position: the column is taken for what it stands for.
 */
export function alignSerials(from: Schema, wanted: Schema): Aligned {
  const to = alignNextValues(from, wanted);
  const [old, now] = [serials(from), serials(to)];
  const passes = (given: SerialParts | undefined, taken: SerialParts | undefined) =>
    given !== undefined && isElsewhere(given, taken) && !keepsSequence(given, to);
  const apart = [...old].filter(([key, parts]) => to.sequences.has(key) || passes(parts, now.get(key)));
  const joined = [...now].filter(([key, parts]) => from.sequences.has(key) || passes(old.get(key), parts));
  if (apart.length + joined.length === 0) return { from, to, apart: [], joined: [] };
  return {
    from: takenApart(from, apart, to),
    to: takenApart(to, joined, from),
    apart: apart.map(([, parts]) => parts),
    joined: joined.map(([, parts]) => parts),
  };
}

function serials(schema: Schema): ReadonlyMap<string, SerialParts> {
  const found = new Map<string, SerialParts>();
  for (const table of schema.tables.values()) {
    for (const column of table.columns) {
      const name = serialSequence(table, column);
      const parts = name === null ? null : serialParts(table, column);
      if (name !== null && parts !== null) found.set(nameKey(name), parts);
    }
  }
  return found;
}

function isElsewhere(a: SerialParts, b: SerialParts | undefined): boolean {
  return b !== undefined && !(sameName(a.table, b.table) && a.column.name === b.column.name);
}

/** The column stays one with a sequence that is called whatever it is called. */
function keepsSequence({ table, column }: SerialParts, to: Schema): boolean {
  const wanted = to.tables.get(nameKey(table))?.columns.find(({ name }) => name === column.name);
  return wanted !== undefined && isSerial(wanted.type) && wanted.own?.name === undefined;
}

/** The default is written as on the other side, where that draws from the sequence, too. */
function takenApart(
  schema: Schema,
  columns: readonly (readonly [string, SerialParts])[],
  other: Schema,
): Schema {
  if (columns.length === 0) return schema;
  const draft = copySchema(schema);
  for (const [, { table, column, sequence }] of columns) {
    const there = other.tables.get(nameKey(table))?.columns.find(({ name }) => name === column.name);
    const text = there?.default ?? null;
    const written = text !== null && isNextValue(text, sequence) ? { ...column, default: text } : column;
    const now = draft.tables.get(nameKey(table)) ?? table;
    takeSerialApart(draft, { table: now, column: written, sequence });
  }
  return draft;
}

function isNextValue(text: string, sequence: ObjectName): boolean {
  return /^nextval\('(?:[^']|'')+'::regclass\)$/.test(text) && mentionsSequence(text, sequence);
}

/**
 * Says that the sequence of a column which changes or goes stands by itself before that happens, and after all has happened to
 * one that becomes `serial`: a change to a `serial` column is one to its sequence, too, in either direction.
 */
export function sayApart(work: Work, { apart, joined }: Aligned): void {
  const { detachSequences, ownSequences, sequences } = work.phases;
  const ops = inOrder(work.phases);
  const alters = (sequence: ObjectName) => (op: Op) =>
    op.kind === "alter-sequence" && sameName(op.sequence, sequence);
  for (const { table, column, sequence } of apart) {
    if (!ops.some((op) => isAbout(op, table, column)) || detachSequences.some(alters(sequence))) continue;
    detachSequences.push({ kind: "alter-sequence", sequence });
  }
  for (const { table, column, sequence } of joined) {
    if (!ops.some((op) => isAbout(op, table, column)) || ownSequences.some(alters(sequence))) continue;
    const place = sequences.findIndex(alters(sequence));
    ownSequences.push(
      ...(place < 0 ? [{ kind: "alter-sequence", sequence } as const] : sequences.splice(place, 1)),
    );
  }
}

function isAbout(op: Op, table: ObjectName, { name }: Column): boolean {
  switch (op.kind) {
    case "drop-table":
      return sameName(op.name, table);
    case "drop-column":
    case "alter-column":
      return sameName(op.table, nameOf(table)) && op.column === name;
    default:
      return false;
  }
}
