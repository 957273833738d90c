import { nameKey } from "../schema/name.js";
import type { Index, Schema, Table } from "../schema/schema.js";
import type { Op } from "./op.js";

type CreateIndex = Extract<Op, { readonly kind: "create-index" }>;

/** The indexes of a table by name, in the order in which they are to be made. */
type Places = ReadonlyMap<string, number>;

/**
 * The ops that lead from `start` to `schema`, with the indexes of partitioned tables made in the order that they have there, and
 * those of partitions in the order of their parents'. Where a table and the one that it becomes a partition of both have
 * indexes, the engine takes the first that fits for the first, whichever way their keys go (manual, ALTER TABLE, ATTACH PARTITION).
 */
export function familyIndexesInOrder(start: Schema, schema: Schema, ops: readonly Op[]): readonly Op[] {
  const generations = familiesOf(schema);
  return generations.reduce((ordered, tables) => {
    const places = new Map(tables.map((table) => [nameKey(table), placesOf(start, schema, ordered, table)]));
    return inRuns(places, ordered);
  }, ops);
}

/** The tables that are partitioned or partitions, by generations. */
function familiesOf(schema: Schema): readonly (readonly Table[])[] {
  let generation = [...schema.tables.values()].filter(
    ({ partition, partitioning }) => partition === undefined && partitioning !== undefined,
  );
  const generations: (readonly Table[])[] = [];
  while (generation.length > 0) {
    generations.push(generation);
    const parents = new Set(generation.map(nameKey));
    generation = [...schema.tables.values()].filter(
      ({ partition }) => partition !== undefined && parents.has(nameKey(partition.of)),
    );
  }
  return generations;
}

/** Those of a partition that are of the parent's come first, in the order that the parent's have once the ops have run. */
function placesOf(start: Schema, schema: Schema, ops: readonly Op[], table: Table): Places {
  const parent = table.partition && schema.tables.get(nameKey(table.partition.of));
  const names = table.indexes.map(({ name }) => name);
  if (parent === undefined) return new Map(names.map((name, place) => [name, place]));
  const made = madeOrder(start, ops, parent);
  const placeOf = ({ attachedTo }: Index) => (attachedTo && made.get(attachedTo.name)) ?? made.size;
  const wanted = table.indexes.toSorted((a, b) => placeOf(a) - placeOf(b));
  return new Map(wanted.map(({ name }, place) => [name, place]));
}

/** The names of a table's indexes, those that it begins with before those that the ops make. */
function madeOrder(start: Schema, ops: readonly Op[], table: Table): Places {
  const key = nameKey(table);
  const names = new Set(start.tables.get(key)?.indexes.map(({ name }) => name));
  for (const op of ops) {
    if (op.kind === "drop-table" && nameKey(op.name) === key) names.clear();
    else if (op.kind === "drop-index" && op.table !== null && nameKey(op.table) === key)
      names.delete(op.index);
    else if (op.kind === "create-index" && nameKey(op.table) === key) names.add(op.index.name);
  }
  return new Map([...names].map((name, place) => [name, place]));
}

function inRuns(tables: ReadonlyMap<string, Places>, ops: readonly Op[]): readonly Op[] {
  const ordered: Op[] = [];
  let run: Op[] = [];
  const endRun = () => {
    ordered.push(...runInOrder(tables, run));
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
function runInOrder(tables: ReadonlyMap<string, Places>, run: readonly Op[]): readonly Op[] {
  const made = new Map<string, CreateIndex[]>();
  for (const op of run) {
    if (op.kind !== "create-index" || !tables.has(nameKey(op.table))) continue;
    const key = nameKey(op.table);
    const list = made.get(key);
    if (list === undefined) made.set(key, [op]);
    else list.push(op);
  }
  const moved = new Map<Op, readonly Op[]>();
  for (const [key, list] of made) {
    const places = tables.get(key) ?? new Map<string, number>();
    const placeOf = ({ index }: CreateIndex) => places.get(index.name) ?? places.size;
    const wanted = list.toSorted((a, b) => placeOf(a) - placeOf(b));
    if (wanted.every((op, place) => op === list[place])) continue;
    for (const op of list) moved.set(op, op === list.at(-1) ? wanted : []);
  }
  return run.flatMap((op) => moved.get(op) ?? [op]);
}
