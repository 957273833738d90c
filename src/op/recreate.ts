import { nameKey, nameOf } from "../schema/name.js";
import type { Constraint, Index, Schema, Sequence, Table, View } from "../schema/schema.js";
import { detachedConstraint } from "./create-table.js";
import { createdView, viewOptionsOps, withoutLaterIndexes } from "./index-options.js";
import { strangeCopies } from "./inherit/index.js";
import type { Op } from "./op.js";

/** A new table without the primary key that is added to it, and the op that adds it. */
export function withoutAddedKey(table: Table): { readonly table: Table; readonly later: readonly Op[] } {
  const isAdded = (one: Constraint) => one.kind === "primary-key" && one.added === true;
  const added = table.constraints.filter(isAdded);
  if (added.length === 0) return { table, later: [] };
  return {
    table: { ...table, constraints: table.constraints.filter((one) => !isAdded(one)) },
    later: added.map((one): Op => {
      const { added: _, ...constraint }: Constraint & { readonly added?: true } = one;
      return { kind: "add-constraint", table: nameOf(table), constraint };
    }),
  };
}

/**
 * The columns of a table that inherits are its own, and in another order than CREATE TABLE … INHERITS gives: there those of the
 * parents come first (manual, CREATE TABLE).
 */
export function hasOwnOrder(schema: Schema, { inherits, columns, constraints }: Table): boolean {
  if (inherits === undefined) return false;
  if (columns.some((one) => one.inherited) || constraints.some((one) => one.inherited)) return false;
  const theirs = inherits.flatMap((name) => schema.tables.get(nameKey(name))?.columns ?? []);
  const given = new Set([...theirs, ...columns].map(({ name }) => name));
  return [...given].some((name, place) => columns[place]?.name !== name);
}

/** The ops that make a table as it is, with its indexes, policies and the sequences that belong to it. */
export function createTableOps(table: Table, owned: readonly Sequence[]): readonly Op[] {
  const name = nameOf(table);
  const early = withoutLaterIndexes(table);
  const made = withoutAddedKey(creation(early.table));
  return [
    ...createSequenceOps(owned),
    { kind: "create-table", table: made.table },
    ...made.later,
    ...ownSequenceOps(owned),
    ...table.indexes
      .filter((index) => index.attachedTo === undefined)
      .map((index): Op => ({ kind: "create-index", table: name, index })),
    ...early.later,
    ...table.policies.map((policy): Op => ({ kind: "create-policy", table: name, policy })),
  ];
}

/**
 * As `createTableOps`, for a table with parents: a partition that has an index of its parent in a form of its own is made alone, with
 * that, and attached, and a table with an order of its own is made alone, and inherits then.
 */
export function createChildOps(schema: Schema, table: Table, owned: readonly Sequence[]): readonly Op[] {
  const { partition, inherits = [], ...single } = table;
  if (hasOwnOrder(schema, table))
    return [...createTableOps(single, owned), { kind: "set-inheritance", name: nameOf(table), inherits }];
  const parent = partition && schema.tables.get(nameKey(partition.of));
  const strange = new Set(parent === undefined ? [] : strangeCopies(parent, table));
  if (partition === undefined || strange.size === 0) return createTableOps(table, owned);
  const alone = ({ attachedTo: _, ...index }: Index): Index => index;
  const indexes = table.indexes.map((one) => (strange.has(one) ? alone(one) : one));
  return [
    ...createTableOps({ ...table, indexes }, owned).map(withoutParent),
    { kind: "attach-partition", name: nameOf(table), partition },
  ];
}

function withoutParent(op: Op): Op {
  if (op.kind !== "create-table") return op;
  const { partition: _, ...table } = op.table;
  return { ...op, table };
}

/**
 * The table as it is created: without what is made after it, and without what it has from a parent alone. What a
 * partition needs to be attached stays in it, its columns, checks and keys.
 */
export function creation(table: Table): Table {
  const isGiven = (one: Constraint) =>
    one.inherited === true && (one.kind === "foreign-key" || table.partition === undefined);
  const isPartition = table.partition !== undefined;
  const columns =
    table.inherits === undefined ? table.columns : table.columns.filter((one) => !one.inherited);
  const constraints = table.constraints.filter((one) => !isGiven(one));
  return {
    ...table,
    columns: isPartition ? columns.map(({ inherited: _, ...column }) => column) : columns,
    constraints: isPartition ? constraints.map(detachedConstraint) : constraints,
    indexes: [],
    policies: [],
  };
}

/** Sequences of columns that do not exist yet: their owner is set when it does, by `ownSequenceOps`. */
export function createSequenceOps(owned: readonly Sequence[]): readonly Op[] {
  return owned.map((sequence) => ({ kind: "create-sequence", sequence: { ...sequence, ownedBy: null } }));
}

export function ownSequenceOps(owned: readonly Sequence[]): readonly Op[] {
  return owned.map((sequence) => ({ kind: "alter-sequence", sequence }));
}

/** The ops that make a view as it is, with the indexes of a materialised one. */
export function createViewOps(view: View): readonly Op[] {
  const name = nameOf(view);
  return [
    { kind: "create-view", view: createdView(view) },
    ...view.indexes.map((index): Op => ({ kind: "create-index", table: name, index })),
    ...viewOptionsOps(view),
  ];
}
