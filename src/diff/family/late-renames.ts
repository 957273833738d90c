import type { Op } from "../../op/op.js";
import { attachedTo, partsOf } from "../../op/restore-names.js";
import { type Rename, untangleRenames } from "../../op/untangle-renames.js";
import { sameData } from "../../schema/equal.js";
import { nameKey } from "../../schema/name.js";
import type { Schema, Table } from "../../schema/schema.js";
import type { IsTaken } from "../taken-names.js";
import type { Work } from "../work.js";
import { simulate } from "./families.js";

/**
 * Renames with the names that the engine gives when the renames before them have run, which may have left or taken the name
 * that it would have chosen: `made` is the schema as it is then, `wanted` as it shall be.
 */
export function withMadeNames(renames: readonly Rename[], made: Schema, wanted: Schema): readonly Rename[] {
  return renames.flatMap((op) => {
    const key = nameKey(op.table);
    const part = partsOf(wanted.tables.get(key)).find(({ name }) => name === op.to);
    const of = part && attachedTo(part);
    const now = of && partsOf(made.tables.get(key)).find((one) => sameData(attachedTo(one), of));
    if (now?.name == null) return [op];
    if (now.name === op.to) return [];
    return [op.kind === "rename-index" ? { ...op, index: now.name } : { ...op, constraint: now.name }];
  });
}

/** The renames of what gets its name only when it is made with a part of the parent: they come after that. */
export function takeLate(
  work: Work,
  keys: ReadonlySet<string>,
  table: Table,
  start: number,
  taken: IsTaken,
): readonly Rename[] {
  const { renameParts } = work.phases;
  if (renameParts.length === start) return [];
  const old = partsOf(simulate(work, keys, "renameParts").tables.get(nameKey(table)));
  // A name may be another part's before.
  const isThere = (name: string) => {
    const of = partsOf(table).find((part) => part.name === name);
    return old.some((part) => part.name === name && sameData(attachedTo(part), of && attachedTo(of)));
  };
  const [early, late]: [Rename[], Rename[]] = [[], []];
  for (const op of renameParts.splice(start)) {
    if (op.kind !== "rename-index" && op.kind !== "rename-constraint") renameParts.push(op);
    else (isThere(op.kind === "rename-index" ? op.index : op.constraint) ? early : late).push(op);
  }
  const kept = withoutUndone(work, keys, early, taken);
  renameParts.push(...untangleRenames(kept, taken));
  return [...late, ...early.filter((op) => !kept.includes(op))];
}

/** The renames without those of what is made anew after them with a column that is converted, and then has a made name again. */
function withoutUndone(
  work: Work,
  keys: ReadonlySet<string>,
  early: readonly Rename[],
  taken: IsTaken,
): readonly Rename[] {
  if (early.length === 0) return early;
  const { renameParts } = work.phases;
  const start = renameParts.length;
  renameParts.push(...untangleRenames(early, taken));
  const made = simulate(work, keys);
  renameParts.splice(start);
  return early.filter((op) => partsOf(made.tables.get(nameKey(op.table))).some(({ name }) => name === op.to));
}

/** Takes out the indexes that get a name which a late rename sets free: they are made after it. */
export function takeWaiting({ phases }: Work, late: readonly Rename[]): readonly Op[] {
  const freed = new Set(
    late.map((op) => {
      const name = op.kind === "rename-index" ? op.index : op.constraint;
      return nameKey({ namespace: op.table.namespace, name });
    }),
  );
  const isWaiting = (op: Op) =>
    op.kind === "create-index" && freed.has(nameKey({ namespace: op.table.namespace, name: op.index.name }));
  const waiting = phases.createIndexes.filter(isWaiting);
  if (waiting.length > 0) {
    phases.createIndexes.splice(
      0,
      Number.POSITIVE_INFINITY,
      ...phases.createIndexes.filter((op) => !isWaiting(op)),
    );
  }
  return waiting;
}
