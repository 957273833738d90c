import type { Op } from "../../../op/op.js";
import { nameKey, nameOf } from "../../../schema/name.js";
import type { Index, Schema, Table } from "../../../schema/schema.js";
import { takenNames } from "./indexes.js";
import { shortName } from "./pair.js";

/**
 * Builds indexes while others write. One of a partitioned table cannot be built so: it is made of those of the partitions
 * (manual 5.12.2.1).
 */
export function buildIndexes(table: Table, indexes: readonly Index[], schema: Schema): readonly Op[] {
  const taken = takenNames(schema);
  return indexes.flatMap((index) => buildOne(table, index, { schema, taken }));
}

interface Around {
  readonly schema: Schema;
  readonly taken: Set<string>;
}

function buildOne(table: Table, index: Index, around: Around): readonly Op[] {
  const on = nameOf(table);
  if (table.partitioning === undefined)
    return [{ kind: "create-index", table: on, index: { ...index, concurrently: true }, concurrently: true }];
  const parts = [...around.schema.tables.values()].filter(
    ({ partition }) => partition !== undefined && nameKey(partition.of) === nameKey(table),
  );
  return [
    { kind: "create-index", table: on, index: { ...index, concurrently: false, only: true } },
    ...parts.flatMap((part): readonly Op[] => {
      const own = { ...index, name: freeName(`${part.name}_${index.name}`, around.taken) };
      const to = { namespace: table.namespace, name: index.name };
      return [
        ...buildOne(part, own, around),
        { kind: "attach-index", table: nameOf(part), index: own.name, to },
      ];
    }),
  ];
}

function freeName(stem: string, taken: Set<string>): string {
  for (let count = 0; ; count += 1) {
    const name = shortName(stem, count === 0 ? "" : `${count}`);
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

/** Takes them away again. Those of partitions go with that of the whole, in an instant. */
export function dropIndexes(table: Table, indexes: readonly Index[]): readonly Op[] {
  const on = nameOf(table);
  const whole = table.partitioning === undefined ? ({ concurrently: true } as const) : {};
  return indexes.map(({ name: index }): Op => ({ kind: "drop-index", table: on, index, ...whole })).reverse();
}
