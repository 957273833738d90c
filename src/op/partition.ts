import { copySchema } from "../schema/build.js";
import { nameKey, nameOf, type ObjectName, sameName, showName } from "../schema/name.js";
import type { Index, Partition, Schema, SchemaDraft, Table } from "../schema/schema.js";
import { changeParents, joinParent, leaveParent } from "./create-table.js";
import { referencesTo, scopeOf } from "./dependents.js";
import { mentionsColumn } from "./expression/column.js";
import { attachedIndex } from "./inherit/index.js";
import { childrenOf, impossible, indexOf, putIndexed, tableOf } from "./lookup.js";
import type { Op, OpDefinitions } from "./op.js";

/** The ops that take from a former partition the indexes, keys and foreign keys that it got by being attached. */
function dropWhatCame(before: Schema, name: ObjectName, partition: Partition): readonly Op[] {
  const old = before.tables.get(nameKey(name));
  if (old === undefined) return [];
  const draft = copySchema(before);
  joinParent(draft, old, partition);
  const now = tableOf(draft, name);
  const had = new Set([...old.constraints, ...old.indexes].map((one) => one.name));
  const came = <T extends { readonly name: string | null }>(parts: readonly T[]) =>
    parts.flatMap((one) => (one.name === null || had.has(one.name) ? [] : [one.name]));
  return [
    ...came(now.constraints).map((constraint): Op => ({ kind: "drop-constraint", table: name, constraint })),
    ...came(now.indexes).map((index): Op => ({ kind: "drop-index", table: name, index })),
  ];
}

/** An attached index cannot be detached: the parent's is made again, with those that were attached before. */
function makeAnew(before: Schema, { table: name, index, to }: Op<"attach-index">): readonly Op[] {
  const table = tableOf(before, name);
  const parent = table.partition && before.tables.get(nameKey(table.partition.of));
  const whole = parent?.indexes.find((one) => one.name === to.name);
  if (parent === undefined || whole === undefined) return [];
  const again = childrenOf(before, parent).flatMap((child) => {
    const own = attachedIndex(parent, child, to.name);
    if (own === undefined) return [];
    const { attachedTo: _, ...alone } = own;
    const on = nameOf(child);
    return [
      { kind: "create-index", table: on, index: alone } as const,
      { kind: "attach-index", table: on, index: own.name, to } as const,
    ];
  });
  const old = table.indexes.find((one) => one.name === index);
  return [
    { kind: "drop-index", table: nameOf(parent), index: to.name },
    { kind: "create-index", table: nameOf(parent), index: whole },
    ...again,
    ...(old === undefined ? [] : [{ kind: "create-index", table: name, index: old } as const]),
  ];
}

/** The index of a partitioned table is valid as soon as every partition has one that is attached to it. */
function completeIndex(draft: SchemaDraft, partition: Table, index: ObjectName): void {
  const parent = partition.partition && tableOf(draft, partition.partition.of);
  const own = parent?.indexes.find((one) => one.name === index.name);
  if (parent === undefined || own?.only !== true) return;
  const attached = childrenOf(draft, parent).map((child) => attachedIndex(parent, child, index.name));
  if (attached.some((one) => one === undefined || one.only)) return;
  const { only: _, ...complete } = own;
  putIndexed(draft, { ...parent, indexes: parent.indexes.map((one) => (one === own ? complete : one)) });
  if (complete.attachedTo !== undefined) completeIndex(draft, parent, complete.attachedTo);
}

function partitionOf(schema: Schema, name: Parameters<typeof tableOf>[1]) {
  const table = tableOf(schema, name);
  if (table.partition !== undefined) return { table, partition: table.partition };
  throw impossible(
    `${showName(name)} is not a partition at this point`,
    showName(name),
    "Correct the name, or leave the op out.",
  );
}

/** The name under which an index stands: one of its own, or that of a constraint. */
function attach(draft: SchemaDraft, table: Table, name: string, to: Index["attachedTo"] | null): void {
  const mark = <T extends { readonly attachedTo?: Index["attachedTo"] & {} }>({
    attachedTo: _,
    ...rest
  }: T) => (to == null ? rest : { ...rest, attachedTo: to });
  const constraints = table.constraints.map((one) =>
    one.name === name && "columns" in one && one.kind !== "foreign-key"
      ? { ...one, index: mark(one.index ?? {}) }
      : one,
  );
  const owned = table.constraints.some((one) => one.name === name && one.kind !== "check");
  if (!owned) indexOf(table, name);
  const indexes = table.indexes.map((one) => (one.name === name ? (mark(one) as Index) : one));
  putIndexed(draft, { ...table, constraints, indexes });
}

export const partitionDefinitions = {
  "attach-partition": {
    effect: () => "additive",
    apply(draft, { name, partition }) {
      joinParent(draft, tableOf(draft, name), partition);
    },
    invert: (before, { name, partition }) => ({
      ops: [{ kind: "detach-partition", name }, ...dropWhatCame(before, name, partition)],
    }),
    describe: ({ name, partition }) => `attach partition ${showName(name)} to ${showName(partition.of)}`,
  },

  "detach-partition": {
    effect: () => "narrowing",
    apply(draft, { name }) {
      leaveParent(draft, partitionOf(draft, name).table);
    },
    invert: (before, { name }) => ({
      ops: [{ kind: "attach-partition", name, partition: partitionOf(before, name).partition }],
    }),
    describe: ({ name }) => `detach partition ${showName(name)}`,
  },

  "set-inheritance": {
    effect: () => "narrowing",
    apply(draft, { name, inherits }) {
      for (const parent of inherits) tableOf(draft, parent);
      changeParents(draft, tableOf(draft, name), inherits);
    },
    invert: (before, { name }) => ({
      ops: [{ kind: "set-inheritance", name, inherits: tableOf(before, name).inherits ?? [] }],
    }),
    describe: ({ name, inherits }) =>
      inherits.length === 0
        ? `let ${showName(name)} inherit from nothing`
        : `let ${showName(name)} inherit from ${inherits.map(showName).join(", ")}`,
  },

  "attach-index": {
    effect: () => "additive",
    apply(draft, { table, index, to }) {
      attach(draft, tableOf(draft, table), index, to);
      completeIndex(draft, tableOf(draft, table), to);
    },
    invert: (before, op) => ({ ops: makeAnew(before, op) }),
    describe: ({ index, to }) => `attach index ${index} to ${showName(to)}`,
  },
} satisfies Pick<OpDefinitions, "attach-partition" | "detach-partition" | "set-inheritance" | "attach-index">;

/**
 * The ops that drop a table. A partition cannot be dropped as long as a foreign key points at the table that it is a
 * part of: it is detached before, and the engine looks for rows that point into it. `later` is the schema that other ops
 * may have led to by then.
 */
export function dropTableOps(schema: Schema, table: Table, later: Schema = schema): readonly Op[] {
  const name = nameOf(table);
  const drop: Op = { kind: "drop-table", name };
  const isDetached = isPointedAt(schema, table) || isPointedAt(later, table);
  return isDetached ? [{ kind: "detach-partition", name }, drop] : [drop];
}

function isPointedAt(schema: Schema, { partition }: Table): boolean {
  if (partition === undefined) return false;
  if (referencesTo(schema, partition.of).length > 0) return true;
  const parent = schema.tables.get(nameKey(partition.of));
  if (parent === undefined) return false;
  const pointsAtItself = parent.constraints.some(
    (one) => one.kind === "foreign-key" && sameName(one.references.table, parent),
  );
  return pointsAtItself || isPointedAt(schema, parent);
}

/** The partitions of a table, and those of its partitions, each after its parent. */
export function partitionsOf(schema: Schema, table: ObjectName): readonly Table[] {
  return childrenOf(schema, table)
    .filter((one) => one.partition !== undefined)
    .flatMap((one) => [one, ...partitionsOf(schema, one)]);
}

/** True when a table is partitioned by a column of the type, which no engine lets go of that. */
export function isPartitionKey(schema: Schema, type: ObjectName): boolean {
  return [...schema.tables.values()].some((table) => {
    const { partitioning } = table;
    if (partitioning === undefined) return false;
    const scope = scopeOf(table);
    return table.columns.some(
      (column) => sameName(column.type, type) && mentionsColumn(partitioning.keys, scope, column.name),
    );
  });
}
