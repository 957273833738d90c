import { type nameKey, sameName, showName } from "../schema/name.js";
import type { Index, Schema, SchemaDraft, Table } from "../schema/schema.js";
import { impossible, indexOf, putIndexed, tableOf } from "./lookup.js";
import type { OpDefinitions } from "./op.js";

function without(table: Table, property: "partition" | "inherits"): Table {
  const { [property]: _, ...rest } = table;
  return rest;
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
      const table = tableOf(draft, name);
      const parent = tableOf(draft, partition.of);
      if (parent.partitioning === undefined) {
        throw impossible(
          `${showName(parent)} is not a partitioned table`,
          showName(parent),
          "Name the partitioned table, or create it as one.",
        );
      }
      putIndexed(draft, { ...table, partition });
    },
    invert: (_before, { name }) => ({ ops: [{ kind: "detach-partition", name }] }),
    describe: ({ name, partition }) => `attach partition ${showName(name)} to ${showName(partition.of)}`,
  },

  "detach-partition": {
    effect: () => "narrowing",
    apply(draft, { name }) {
      putIndexed(draft, without(partitionOf(draft, name).table, "partition"));
    },
    invert: (before, { name }) => ({
      ops: [{ kind: "attach-partition", name, partition: partitionOf(before, name).partition }],
    }),
    describe: ({ name }) => `detach partition ${showName(name)}`,
  },

  "set-inheritance": {
    effect: () => "narrowing",
    apply(draft, { name, inherits }) {
      const table = without(tableOf(draft, name), "inherits");
      for (const parent of inherits) tableOf(draft, parent);
      putIndexed(draft, inherits.length === 0 ? table : { ...table, inherits });
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
    },
    // An attached index cannot be detached; it goes with its partition's own drop, or with the parent's index.
    invert: () => ({ ops: [] }),
    describe: ({ index, to }) => `attach index ${index} to ${showName(to)}`,
  },
} satisfies Pick<OpDefinitions, "attach-partition" | "detach-partition" | "set-inheritance" | "attach-index">;

/** The partitions of a table, and those of its partitions, in the order of the schema. */
export function partitionsOf(schema: Schema, table: Parameters<typeof nameKey>[0]): readonly Table[] {
  const own = [...schema.tables.values()].filter(
    (one) => one.partition !== undefined && sameName(one.partition.of, table),
  );
  return own.flatMap((one) => [one, ...partitionsOf(schema, one)]);
}
