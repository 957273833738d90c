import { nameKey, nameOf, type ObjectName } from "../schema/name.js";
import type { Column, ColumnType, Schema, SchemaDraft, Sequence, Table } from "../schema/schema.js";
import { generatedSequenceName } from "./generated-name.js";
import { existing, putIndexed } from "./lookup.js";

const integers: Readonly<Record<string, string>> = {
  smallserial: "smallint",
  serial: "integer",
  bigserial: "bigint",
};

/** PostgreSQL: the type of the values of a `serial` column; `undefined` for other types. */
export function integerOf({ namespace, name }: ColumnType): string | undefined {
  return namespace === null ? integers[name] : undefined;
}

/** PostgreSQL: the type brings a sequence along, which comes and goes with it. */
export function isSerial(type: ColumnType): boolean {
  return integerOf(type) !== undefined;
}

/** What the sequence of a `serial` column is called: its own name, or the one that the engine gives. */
function sequenceName(table: Table, column: Column): ObjectName {
  const made = { namespace: table.namespace, name: generatedSequenceName(table.name, column.name) };
  return column.own?.name ?? made;
}

/** The next value of a `serial` column's sequence, for those that have the column from it. */
export function nextValue(table: Table, column: Column): string {
  const name = sequenceName(table, column);
  const quoted = [...(name.namespace === null ? [] : [name.namespace]), name.name].map((part) =>
    /^[a-z_][a-z0-9_$]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`,
  );
  return `nextval('${quoted.join(".").replaceAll("'", "''")}'::regclass)`;
}

/** A `serial` column as what it stands for (PostgreSQL manual, 8.1.4): an integer, and the sequence that it draws from. */
export interface SerialParts {
  readonly table: Table;
  readonly column: Column;
  readonly sequence: Sequence;
}

/** The name of the sequence behind a `serial` column; `null` for other columns. */
export function serialSequence(table: Table, column: Column): ObjectName | null {
  return isSerial(column.type) ? sequenceName(table, column) : null;
}

/** The column before its table or itself gets another name, which the sequence behind it does not follow. */
export function keepSequence(table: Table, column: Column): Column {
  const name = serialSequence(table, column);
  return name === null ? column : { ...column, own: { ...column.own, name } };
}

export function serialParts(table: Table, column: Column): SerialParts | null {
  const name = serialSequence(table, column);
  const integer = integerOf(column.type);
  if (name === null || integer === undefined) return null;
  const { own = {}, ...rest } = column;
  const type = { ...column.type, name: integer };
  const unlogged = own.unlogged ?? table.options.unlogged;
  return {
    table,
    column: { ...rest, type, nullable: false, default: nextValue(table, column) },
    sequence: {
      ...name,
      type: own.type ?? type,
      options: { start: null, increment: null, minimum: null, maximum: null, cache: null, cycle: false },
      ownedBy: { table: nameOf(table), column: column.name },
      comment: null,
      ...(unlogged && { unlogged }),
    },
  };
}

/** The `serial` column whose sequence has the name. */
function serialOf(schema: Schema, name: ObjectName): SerialParts | null {
  for (const table of schema.tables.values()) {
    for (const column of table.columns) {
      const sequence = serialSequence(table, column);
      if (sequence !== null && nameKey(sequence) === nameKey(name)) return serialParts(table, column);
    }
  }
  return null;
}

/** The sequence of this name, also one behind a `serial` column. */
export function findSequence(schema: Schema, name: ObjectName): Sequence | undefined {
  return schema.sequences.get(nameKey(name)) ?? serialOf(schema, name)?.sequence;
}

/** As `findSequence`. @throws AludelError `op-impossible` where there is none. */
export function sequenceNamed(schema: Schema, name: ObjectName): Sequence {
  return findSequence(schema, name) ?? existing(schema.sequences, name, "sequence");
}

/** As `sequenceNamed`; the column is then no longer `serial`, because more is said of the sequence than that. */
export function sequenceApart(draft: SchemaDraft, name: ObjectName): Sequence {
  const serial = draft.sequences.has(nameKey(name)) ? null : serialOf(draft, name);
  if (serial !== null) takeSerialApart(draft, serial);
  return existing(draft.sequences, name, "sequence");
}

/** Puts what the column stands for in its place. */
export function takeSerialApart(draft: SchemaDraft, { table, column, sequence }: SerialParts): void {
  const columns = table.columns.map((one) => (one.name === column.name ? column : one));
  putIndexed(draft, { ...table, columns });
  draft.sequences.set(nameKey(sequence), sequence);
}
