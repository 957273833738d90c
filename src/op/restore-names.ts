import { AludelError } from "../error/error.js";
import { copySchema } from "../schema/build.js";
import { sameData } from "../schema/equal.js";
import { isKey } from "../schema/key.js";
import { nameKey, nameOf, type ObjectName } from "../schema/name.js";
import type { Constraint, Index, Schema, SchemaDraft, Table } from "../schema/schema.js";
import type { Op } from "./op.js";
import { type Rename, untangleRenames } from "./untangle-renames.js";

type Part = Constraint | Index;

/** The constraints and indexes of a table. */
export function partsOf(table: Table | undefined): readonly Part[] {
  return table === undefined ? [] : [...table.constraints, ...table.indexes];
}

/** What of the parent's a part of a partition is. */
export function attachedTo(part: Part): ObjectName | undefined {
  if (!("kind" in part)) return part.attachedTo;
  return isKey(part) ? part.index?.attachedTo : undefined;
}

/**
 * What is left to rename when a way back has attached partitions again: of several keys or indexes that are alike the engine
 * takes the first for the first of the parent's, whatever each was of. `after` is the schema that the way back begins with.
 */
export function restoreNames(
  before: Schema,
  after: SchemaDraft,
  ops: readonly Op[],
  apply: (draft: SchemaDraft, op: Op) => void,
): readonly Op[] {
  if (!ops.some(({ kind }) => kind === "attach-partition")) return [];
  const draft = copySchema(after);
  try {
    for (const op of ops) apply(draft, op);
  } catch (error) {
    // What was written by hand may fit the database and not the schema: nothing is known of its names.
    if (error instanceof AludelError) return [];
    throw error;
  }
  return namesBack([...before.tables.values()], draft, apply);
}

/**
 * The renames that give the parts of partitions which are their parents' the names that they have in `tables`; `draft` has them
 * behind it then. Those below come after those above, by whose names they are known.
 */
export function namesBack(
  tables: readonly Table[],
  draft: SchemaDraft,
  apply: (draft: SchemaDraft, op: Op) => void,
): readonly Op[] {
  const done: Op[] = [];
  for (let left = tables; left.length > 0; ) {
    const waiting = new Set(left.map(nameKey));
    const highest = left.filter(({ partition }) => !partition || !waiting.has(nameKey(partition.of)));
    left = left.filter((table) => !highest.includes(table));
    const renames = highest.flatMap((table) => renamesOf(table, draft));
    if (renames.length === 0) continue;
    const ops = untangleRenames(renames, (key) => namesOf(draft).has(key));
    for (const op of ops) apply(draft, op);
    done.push(...ops);
  }
  return done;
}

function renamesOf(table: Table, now: Schema): readonly Rename[] {
  if (table.partition === undefined) return [];
  const there = partsOf(now.tables.get(nameKey(table)));
  return partsOf(table).flatMap((part): readonly Rename[] => {
    const of = attachedTo(part);
    const other = of && there.find((one) => sameData(attachedTo(one), of));
    if (part.name === null || other?.name == null || other.name === part.name) return [];
    const place = { table: nameOf(table), to: part.name };
    return "kind" in part
      ? [{ kind: "rename-constraint", ...place, constraint: other.name }]
      : [{ kind: "rename-index", ...place, index: other.name }];
  });
}

function namesOf(schema: Schema): ReadonlySet<string> {
  const parts = [...schema.tables.values()].flatMap((table) =>
    partsOf(table).map(({ name }) => nameKey({ namespace: table.namespace, name: name ?? "" })),
  );
  return new Set([...parts, ...schema.tables.keys(), ...schema.views.keys(), ...schema.sequences.keys()]);
}
