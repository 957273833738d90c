import { nameKey } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import type { Op } from "./op.js";

type CreateIndex = Extract<Op, { readonly kind: "create-index" }>;

/**
 * The ops that lead to a schema, with the indexes of each partition made in the order that they have there. When a table becomes a
 * partition the engine takes the first of its indexes that fits one of the parent's, whichever way its keys go (manual, ALTER
 * TABLE, ATTACH PARTITION).
 */
export function partitionIndexesInOrder(schema: Schema, ops: readonly Op[]): readonly Op[] {
  const partitions = new Set(
    [...schema.tables].flatMap(([key, { partition }]) => (partition === undefined ? [] : [key])),
  );
  if (partitions.size === 0) return ops;
  const ordered: Op[] = [];
  let run: Op[] = [];
  const endRun = () => {
    ordered.push(...runInOrder(schema, partitions, run));
    run = [];
  };
  for (const op of ops) {
    if (op.kind !== "create-index" && op.kind !== "drop-index") endRun();
    run.push(op);
  }
  endRun();
  return ordered;
}

/** Each table's are made together where the last of them is made: by then their names are free. */
function runInOrder(schema: Schema, partitions: ReadonlySet<string>, run: readonly Op[]): readonly Op[] {
  const made = new Map<string, CreateIndex[]>();
  for (const op of run) {
    if (op.kind !== "create-index" || !partitions.has(nameKey(op.table))) continue;
    const key = nameKey(op.table);
    const list = made.get(key);
    if (list === undefined) made.set(key, [op]);
    else list.push(op);
  }
  const moved = new Map<Op, readonly Op[]>();
  for (const [key, list] of made) {
    const places = new Map(schema.tables.get(key)?.indexes.map(({ name }, place) => [name, place]));
    const placeOf = ({ index }: CreateIndex) => places.get(index.name) ?? places.size;
    const wanted = list.toSorted((a, b) => placeOf(a) - placeOf(b));
    if (wanted.every((op, place) => op === list[place])) continue;
    for (const op of list) moved.set(op, op === list.at(-1) ? wanted : []);
  }
  return run.flatMap((op) => moved.get(op) ?? [op]);
}
