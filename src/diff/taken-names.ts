import { isKey } from "../schema/key.js";
import { nameKey } from "../schema/name.js";
import type { Schema, Table } from "../schema/schema.js";

/** Whether a key of `nameKey` is the name of an index. */
export type IsTaken = (name: string) => boolean;

/**
 * Answers whether a key of `nameKey` is the name of an index that there is before the diff, also of one under a
 * constraint. Collected at the first question: most diffs never ask.
 */
export function takenNames(schema: Schema): IsTaken {
  let names: ReadonlySet<string> | undefined;
  return (name) => {
    names ??= indexNames(schema);
    return names.has(name);
  };
}

/** Names of the table's indexes, also of those under its constraints. */
export function* partNames(table: Table): Generator<string> {
  const { namespace } = table;
  for (const { name } of table.indexes) yield nameKey({ namespace, name });
  for (const constraint of table.constraints) {
    if (constraint.name !== null && isKey(constraint)) yield nameKey({ namespace, name: constraint.name });
  }
}

function indexNames(schema: Schema): ReadonlySet<string> {
  const names = new Set<string>();
  for (const table of schema.tables.values()) for (const name of partNames(table)) names.add(name);
  for (const view of schema.views.values()) {
    for (const index of view.indexes) names.add(nameKey({ namespace: view.namespace, name: index.name }));
  }
  return names;
}
