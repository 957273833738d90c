import { sameConstraint, sameIndex } from "../schema/equal.js";
import { withIndexComment } from "../schema/index-comment.js";
import { nameKey, type ObjectName, sameName } from "../schema/name.js";
import type { Column, ColumnType, Constraint, Index, Schema, SchemaDraft, Table } from "../schema/schema.js";
import { generatedIndexName, generatedKeyName, generatedSequenceName } from "./generated-name.js";
import { columnsOfIndex, columnsOfKey, giveIndexColumns } from "./index-columns.js";
import { forgetIndexes } from "./index-options.js";
import { childrenOf, indexOwner, parentsOf, putIndexed } from "./lookup.js";
import type { ColumnChanges } from "./op.js";

/** A constraint that has an index under it. */
export type Key = Exclude<Constraint, { readonly kind: "check" | "foreign-key" }>;

export function isKey(constraint: Constraint): constraint is Key {
  return constraint.kind !== "check" && constraint.kind !== "foreign-key";
}

/** The other parents of a table, as they are. */
function otherParents(schema: Schema, child: Table, parent: ObjectName): readonly Table[] {
  return parentsOf(child)
    .filter((one) => !sameName(one, parent))
    .flatMap((one) => schema.tables.get(nameKey(one)) ?? []);
}

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

/** The next value of a `serial` column's sequence, for those that have the column from it. */
export function nextValue(table: Table, column: Column): string {
  const made = generatedSequenceName(table.name, column.name);
  const name = column.own?.name ?? { namespace: table.namespace, name: made };
  const quoted = [...(name.namespace === null ? [] : [name.namespace]), name.name].map((part) =>
    /^[a-z_][a-z0-9_$]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`,
  );
  return `nextval('${quoted.join(".").replaceAll("'", "''")}'::regclass)`;
}

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

/** The name is one of a table, view, sequence, index or key of the namespace. */
export function takenIn(schema: Schema, namespace: string | null): (name: string) => boolean {
  return (name) => {
    const key = nameKey({ namespace, name });
    if (schema.tables.has(key) || schema.views.has(key) || schema.sequences.has(key)) return true;
    if (indexOwner(schema, namespace, name) !== undefined) return true;
    for (const table of schema.tables.values()) {
      if (table.namespace !== namespace) continue;
      if (table.constraints.some((one) => one.name === name)) return true;
    }
    return false;
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

/** Gives a constraint of the parent to one child and those under it. */
export function giveConstraint(
  draft: SchemaDraft,
  parent: Table,
  child: Table,
  constraint: Constraint,
): void {
  if (constraint.kind === "check") {
    if (!constraint.noInherit) giveCheck(draft, child, constraint);
    return;
  }
  if (child.partition === undefined) return;
  const given = isKey(constraint)
    ? partitionKey(draft, parent, child, constraint)
    : copyOfReference(child, constraint);
  const named = given.old === undefined ? constraint.name : null;
  const after = giveIndexColumns(
    parent,
    named,
    withConstraint(child, given.old, given.copy),
    given.copy.name,
  );
  putIndexed(draft, after);
  // Below one that was there are those that came with it.
  if (isKey(constraint) && given.old !== undefined) return;
  for (const next of childrenOf(draft, after)) giveConstraint(draft, after, next, given.copy);
}

function withConstraint(table: Table, old: Constraint | undefined, copy: Constraint): Table {
  const constraints =
    old === undefined
      ? [...table.constraints, copy]
      : table.constraints.map((one) => (one === old ? copy : one));
  return { ...table, constraints };
}

function giveCheck(draft: SchemaDraft, child: Table, constraint: Constraint): void {
  const old = child.constraints.find((one) => one.kind === "check" && one.name === constraint.name);
  if (old !== undefined && child.partition === undefined) return;
  const copy: Constraint =
    old === undefined ? { ...constraint, comment: null, inherited: true } : { ...old, inherited: true };
  const after = withConstraint(child, old, copy);
  putIndexed(draft, after);
  if (old !== undefined) return;
  for (const next of childrenOf(draft, after)) giveCheck(draft, next, copy);
}

function bare(constraint: Constraint): Constraint {
  const { inherited: _, ...rest } = constraint;
  if (!("index" in rest)) return rest;
  const { index: _index, ...withoutIndex } = rest;
  return withoutIndex as Constraint;
}

interface Given {
  readonly old: Constraint | undefined;
  readonly copy: Constraint;
}

/** An equal key of the partition becomes part of the parent's; without one the engine makes one. */
function partitionKey(draft: SchemaDraft, parent: Table, child: Table, key: Key): Given {
  const attachedTo = { namespace: parent.namespace, name: key.name ?? "" };
  const old = child.constraints.find(
    (one): one is Key =>
      isKey(one) && one.index?.attachedTo === undefined && sameConstraint(bare(one), bare(key)),
  );
  if (old !== undefined) {
    return { old, copy: { ...old, inherited: true, index: { ...old.index, attachedTo } } };
  }
  const names = columnsOfKey(parent, key);
  const name = generatedKeyName(child.name, key, names, takenIn(draft, child.namespace));
  const { index } = withIndexComment(key, null);
  return {
    old,
    copy: { ...key, name, comment: null, inherited: true, index: { ...index, attachedTo } },
  };
}

function copyOfReference(child: Table, constraint: Constraint): Given {
  const old = child.constraints.find(
    (one) => one.kind === "foreign-key" && sameConstraint(bare(one), bare(constraint)),
  );
  if (old !== undefined) return { old, copy: { ...old, inherited: true } };
  return { old, copy: { ...constraint, comment: null, inherited: true } };
}

/** The parts of a child that are there because of a constraint of its parent. */
export function copiesOf(parent: ObjectName, child: Table, constraint: Constraint): readonly Constraint[] {
  if (constraint.kind === "check") {
    return child.constraints.filter(
      (one) => one.kind === "check" && one.inherited && one.name === constraint.name,
    );
  }
  if (isKey(constraint)) {
    const attached = { namespace: parent.namespace, name: constraint.name ?? "" };
    return child.constraints.filter(
      (one) => isKey(one) && one.index?.attachedTo !== undefined && sameName(one.index.attachedTo, attached),
    );
  }
  const copies = child.constraints.filter(
    (one) => one.kind === "foreign-key" && one.inherited && sameConstraint(bare(one), bare(constraint)),
  );
  const named = copies.filter((one) => one.name === constraint.name);
  return named.length > 0 ? named : copies.slice(0, 1);
}

/** Takes from those under a table what they have of a constraint that it no longer has. */
export function takeConstraint(draft: SchemaDraft, parent: ObjectName, constraint: Constraint): void {
  for (const child of childrenOf(draft, parent)) {
    const others = otherParents(draft, child, parent).some((other) =>
      other.constraints.some((one) => one.kind === "check" && !one.noInherit && one.name === constraint.name),
    );
    const copies = others ? [] : copiesOf(parent, child, constraint);
    if (copies.length === 0) continue;
    const left = forgetIndexes(child, (name) => copies.some((one) => one.name === name));
    putIndexed(draft, { ...left, constraints: child.constraints.filter((one) => !copies.includes(one)) });
    for (const copy of copies) takeConstraint(draft, child, copy);
  }
}

/** Changes what those under a table have of one of its constraints. */
export function changeCopies(
  draft: SchemaDraft,
  parent: ObjectName,
  constraint: Constraint,
  change: (copy: Constraint) => Constraint,
): void {
  for (const child of childrenOf(draft, parent)) {
    const copies = copiesOf(parent, child, constraint);
    if (copies.length === 0) continue;
    const constraints = child.constraints.map((one) => (copies.includes(one) ? change(one) : one));
    putIndexed(draft, { ...child, constraints });
    for (const copy of copies) changeCopies(draft, child, copy, change);
  }
}

/** What the engine looks at of an index that a partition has, before it makes it a part of its parent's (`CompareIndexInfo`). */
function bareIndex({ attachedTo: _a, only: _o, tablespace: _t, statistics: _s, ...index }: Index): Index {
  const keys = index.keys.map((key) => ({ ...key, order: "asc", nulls: "last" }) as const);
  return { ...index, keys, parameters: {} };
}

/** The index of a partition is one like its parent's, but for the name and the comment. */
export function isCloneOf(parent: Index, index: Index): boolean {
  const bare = ({ attachedTo: _a, only: _o, ...rest }: Index): Index => rest;
  return sameIndex(bare(parent), bare(index));
}

/** The indexes that a partition has from its parent, and not as the engine gives them to a new one: without statistics targets. */
export function strangeCopies(parent: Table, partition: Table): readonly Index[] {
  return partition.indexes.filter((index) => {
    const whole = parent.indexes.find((one) => one.name === index.attachedTo?.name);
    if (whole === undefined) return false;
    const { statistics: _, ...given } = whole;
    return !isCloneOf(given, index);
  });
}

/** A statistics target that is set for an index of a partitioned table goes to all that are parts of it by then. */
export function passStatistics(draft: SchemaDraft, parent: Table, { name, statistics }: Index): void {
  if (statistics === undefined) return;
  for (const child of childrenOf(draft, parent)) {
    const copy = attachedIndex(parent, child, name);
    if (copy === undefined) continue;
    const now = { ...copy, statistics: { ...copy.statistics, ...statistics } };
    const indexes = child.indexes.map((one) => (one === copy ? now : one));
    putIndexed(draft, { ...child, indexes });
    passStatistics(draft, child, { ...copy, statistics });
  }
}

/** Gives an index of a partitioned table to one partition and those under it; statistics targets stay with the table's own. */
export function giveIndex(draft: SchemaDraft, parent: Table, child: Table, given: Index): void {
  if (child.partition === undefined) return;
  const { statistics: _, ...index } = given;
  const attachedTo = { namespace: parent.namespace, name: index.name };
  const old = child.indexes.find(
    (one) => one.attachedTo === undefined && sameIndex(bareIndex(one), bareIndex(index)),
  );
  const copy: Index =
    old === undefined
      ? {
          ...index,
          name: generatedIndexName(
            child.name,
            columnsOfIndex(parent, given),
            takenIn(draft, child.namespace),
          ),
          comment: null,
          concurrently: false,
          attachedTo,
        }
      : { ...old, attachedTo };
  const indexes =
    old === undefined ? [...child.indexes, copy] : child.indexes.map((one) => (one === old ? copy : one));
  const after = {
    ...giveIndexColumns(parent, old === undefined ? given.name : null, child, copy.name),
    indexes,
  };
  putIndexed(draft, after);
  if (old !== undefined) return;
  for (const next of childrenOf(draft, after)) giveIndex(draft, after, next, copy);
}

/** The index of a partition that is part of one of its parent's. */
export function attachedIndex(parent: ObjectName, child: Table, index: string): Index | undefined {
  const name = { namespace: parent.namespace, name: index };
  return child.indexes.find((one) => one.attachedTo !== undefined && sameName(one.attachedTo, name));
}

/** Takes from partitions what they have of an index that the parent no longer has. */
export function takeIndex(draft: SchemaDraft, parent: ObjectName, index: string): void {
  for (const child of childrenOf(draft, parent)) {
    const copy = attachedIndex(parent, child, index);
    if (copy === undefined) continue;
    const left = forgetIndexes(child, (name) => name === copy.name);
    putIndexed(draft, { ...left, indexes: child.indexes.filter((one) => one !== copy) });
    takeIndex(draft, child, copy.name);
  }
}

/** Indexes and keys of partitions are attached to one that has another name now. */
export function renameAttached(draft: SchemaDraft, parent: ObjectName, from: string, to: string): void {
  const [old, now] = [from, to].map((name) => ({ namespace: parent.namespace, name }));
  if (old === undefined || now === undefined) return;
  const moved = <T extends { readonly attachedTo?: ObjectName }>(one: T): T =>
    one.attachedTo !== undefined && sameName(one.attachedTo, old) ? { ...one, attachedTo: now } : one;
  for (const child of childrenOf(draft, parent)) {
    putIndexed(draft, {
      ...child,
      indexes: child.indexes.map(moved),
      constraints: child.constraints.map((one) =>
        isKey(one) && one.index !== undefined ? { ...one, index: moved(one.index) } : one,
      ),
    });
  }
}
