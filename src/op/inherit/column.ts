import type { ObjectName } from "../../schema/name.js";
import type { Column, Schema, SchemaDraft, Table } from "../../schema/schema.js";
import { childrenOf, otherParents, putIndexed } from "../lookup.js";
import type { ColumnChanges } from "../op.js";
import { integerOf, nextValue } from "../serial.js";

/**
 * What a partition or a table that inherits has of a column of its parent: all but the comment, the identity and what
 * is only about sampling (manual, CREATE TABLE, INHERITS and PARTITION OF).
 */
export function inheritedColumn(parent: Table, column: Column): Column {
  const integer = integerOf(column.type);
  const { strategy, compression } = column.storage ?? {};
  const nullable = column.nullable || column.notNull?.noInherit === true;
  return {
    name: column.name,
    type: integer === undefined ? column.type : { ...column.type, name: integer },
    nullable,
    default: integer === undefined ? column.default : nextValue(parent, column),
    identity: null,
    generated: column.generated,
    collation: column.collation,
    comment: null,
    ...((strategy !== undefined || compression !== undefined) && {
      storage: {
        ...(strategy !== undefined && { strategy }),
        ...(compression !== undefined && { compression }),
      },
    }),
    inherited: true,
  };
}

/** Adds a column of the parent to those under it, where they have none of that name. */
export function passColumn(draft: SchemaDraft, parent: Table, column: Column): void {
  for (const child of childrenOf(draft, parent)) {
    if (child.columns.some((one) => one.name === column.name)) continue;
    const copy = inheritedColumn(parent, column);
    const after = { ...child, columns: [...child.columns, copy] };
    putIndexed(draft, after);
    passColumn(draft, after, copy);
  }
}

/** Those under a table that have a column only from it. */
export function heirsOf(schema: Schema, parent: ObjectName, column: string): readonly Table[] {
  return childrenOf(schema, parent).filter(
    (child) =>
      child.columns.some((one) => one.name === column && one.inherited === true) &&
      !otherParents(schema, child, parent).some((other) => other.columns.some((one) => one.name === column)),
  );
}

/**
 * The change to a column of `parent`, for those that have the column from it: `serial` is an integer there, and takes the
 * next value of the parent's sequence.
 */
export function changesBelow(
  parent: Table,
  before: Column,
  after: Column,
  changes: ColumnChanges,
): ColumnChanges {
  if (changes.type === undefined && changes.own === undefined) return changes;
  const [was, will] = [before, after].map(({ type }) => integerOf(type));
  const { own: _, ...rest } = changes;
  if (will !== undefined) {
    const type = changes.type === undefined ? {} : { type: { ...changes.type, name: will } };
    return { ...rest, ...type, default: nextValue(parent, after) };
  }
  return was === undefined ? changes : { ...rest, default: changes.default ?? null };
}

/** What of a change to a column also happens to one under it, `column` (manual, ALTER TABLE). */
export function passedOn(column: Column, changes: ColumnChanges): ColumnChanges {
  const { identity: _identity, notNull: _notNull, storage, using: _using, ...rest } = changes;
  if (storage === undefined) return rest;
  // SET COMPRESSION and options of attributes stay with the table that they are said of.
  const { strategy: _strategy, statistics: _statistics, ...own } = column.storage ?? {};
  const { strategy, statistics } = storage ?? {};
  const stored = {
    ...own,
    ...(strategy !== undefined && { strategy }),
    ...(statistics !== undefined && { statistics }),
  };
  return { ...rest, storage: Object.keys(stored).length === 0 ? null : stored };
}
