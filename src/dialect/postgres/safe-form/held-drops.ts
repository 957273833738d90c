import { applyOp } from "../../../op/apply.js";
import { indexedOf, isTable, parentsOf } from "../../../op/lookup.js";
import type { Op } from "../../../op/op.js";
import { copySchema } from "../../../schema/build.js";
import { nameKey, type ObjectName, sameName } from "../../../schema/name.js";
import type { Constraint, Index, Schema, Table, View } from "../../../schema/schema.js";
import { mustNotOvertake, type Waiting, waitingConstraint, waitingIndex } from "./barrier.js";
import { canBuildConcurrently, canTakeOver, isKey, mayNeedKey } from "./eligible.js";
import type { Stage } from "./stages.js";

/**
 * Drops of indexes and keys that need not stand where a diff puts them, at the front. `discard`: an index that is
 * dropped concurrently, when what replaces it has been built. `finish`: a key that goes in the instant in which the
 * next one takes its place, so that the rows are never without one.
 */
export type HeldDrops = ReadonlyMap<Op, Extract<Stage, "discard" | "finish">>;

export function heldDrops(ops: readonly Op[], before: Schema): HeldDrops {
  const held = new Map<Op, "discard" | "finish">();
  if (!ops.some(({ kind }) => kind === "drop-index" || kind === "drop-constraint")) return held;
  const draft = copySchema(before);
  // A key that foreign keys have rested on goes at once: they come back only after the next one.
  const released = new Set<string>();
  for (const [position, op] of ops.entries()) {
    if (op.kind === "drop-index" && op.ifExists === undefined) {
      const stage = indexStage(op, indexedOf(draft, op.table), ops, position);
      if (stage !== null) held.set(op, stage);
    } else if (op.kind === "drop-constraint") {
      const table = draft.tables.get(nameKey(op.table));
      const old = table?.constraints.find(({ name }) => name !== null && name === op.constraint);
      if (old?.kind === "foreign-key") released.add(nameKey(old.references.table));
      if (table !== undefined && old !== undefined && !released.has(nameKey(table))) {
        if (canWait(old, table, ops, position)) held.set(op, "finish");
      }
    }
    applyOp(draft, op);
  }
  return held;
}

/** The op that gives the name of a dropped index or key to another of the same table, or the table another key. */
function replacementOf(
  ops: readonly Op[],
  position: number,
  table: ObjectName,
  isReplacement: (op: Op) => boolean,
): Op | null {
  const found = ops.find(
    (op, place) => place > position && "table" in op && isSame(op.table, table) && isReplacement(op),
  );
  return found ?? null;
}

function isSame(a: unknown, b: ObjectName): boolean {
  return typeof a === "object" && a !== null && "namespace" in a && sameName(a as ObjectName, b);
}

function indexStage(
  op: Op<"drop-index">,
  owner: Table | View,
  ops: readonly Op[],
  position: number,
): "discard" | "finish" | null {
  const index = owner.indexes.find(({ name }) => name === op.index);
  if (index === undefined || !canBuildConcurrently(owner, index)) return null;
  const replacement = replacementOf(ops, position, op.table, (one) => takesName(one, index.name));
  if (replacement?.kind === "create-index" && !canBuildConcurrently(owner, replacement.index)) return null;
  if (replacement?.kind === "add-constraint" && !canBeSwapped(replacement, owner, ops)) return null;
  const waiting = waitingIndex(owner, index);
  const rest = ops.slice(position + 1);
  if (rest.some((one) => takesOver(one, owner))) return null;
  if (rest.some((one) => one !== replacement && stops(one, waiting, index, owner))) return null;
  return replacement?.kind === "add-constraint" ? "finish" : "discard";
}

/** A new index or key of a partitioned table takes those of its partitions that are like it (manual, CREATE INDEX). */
function takesOver(op: Op, owner: Table | View): boolean {
  if (!isTable(owner) || (op.kind !== "create-index" && op.kind !== "add-constraint")) return false;
  return parentsOf(owner).some((parent) => sameName(parent, op.table));
}

function takesName(op: Op, name: string): boolean {
  if (op.kind === "create-index") return op.index.name === name;
  return op.kind === "add-constraint" && isKey(op.constraint) && op.constraint.name === name;
}

/** True when the drop cannot be put off until after the op. */
function stops(op: Op, waiting: Waiting, index: Index | null, owner: ObjectName): boolean {
  if (mustNotOvertake(op, waiting)) return true;
  if (waiting.names.some((name) => givesName(op, { namespace: owner.namespace, name }))) return true;
  switch (op.kind) {
    case "add-constraint":
      // It may come to rest on the index that is about to go.
      return (
        index?.unique === true &&
        op.constraint.kind === "foreign-key" &&
        sameName(op.constraint.references.table, owner)
      );
    case "drop-enum":
    case "drop-domain":
    case "drop-composite":
    case "drop-defined":
    case "drop-extension":
      // Its expressions or operator classes may need what goes.
      return index !== null && !isPlain(index);
    default:
      return false;
  }
}

function isPlain(index: Index): boolean {
  const keys = index.keys.every(
    (key) => key.column !== null && key.operatorClass === null && key.collation === null,
  );
  return keys && index.where === null && index.method === "btree";
}

/** True when the op gives this name to something that shares its names with indexes. */
function givesName(op: Op, name: ObjectName): boolean {
  const made = (namespace: string | null, one: string | null) =>
    one === name.name && namespace === name.namespace;
  switch (op.kind) {
    case "create-table":
      return (
        made(op.table.namespace, op.table.name) ||
        op.table.constraints.some((one) => made(op.table.namespace, one.name))
      );
    case "create-view":
      return made(op.view.namespace, op.view.name);
    case "create-sequence":
      return made(op.sequence.namespace, op.sequence.name);
    case "create-index":
      return made(op.table.namespace, op.index.name);
    case "add-constraint":
      return made(op.table.namespace, op.constraint.name);
    case "rename-index":
    case "rename-constraint":
      return made(op.table.namespace, op.to);
    case "rename-sequence":
      return made(op.name.namespace, op.to);
    default:
      return false;
  }
}

function canBeSwapped(op: Op<"add-constraint">, owner: Table | View, ops: readonly Op[]): boolean {
  const { constraint } = op;
  if (!isTable(owner) || !canTakeOver(owner, constraint)) return false;
  return !ops.some((one) => mayNeedKey(one, owner, constraint.name));
}

/** True when a key can stay until the next one takes its place. */
function canWait(old: Constraint, table: Table, ops: readonly Op[], position: number): boolean {
  if (!canTakeOver(table, old)) return false;
  const { name, kind } = old;
  const replacement = replacementOf(ops, position, table, (one) => {
    const isNextKey = one.kind === "add-constraint" && one.constraint.kind === "primary-key";
    return takesName(one, name) || (kind === "primary-key" && isNextKey);
  });
  if (replacement === null) return false;
  if (replacement.kind === "add-constraint" && !canBeSwapped(replacement, table, ops)) return false;
  if (replacement.kind === "create-index" && !canBuildConcurrently(table, replacement.index)) return false;
  const waiting = waitingConstraint(table, old);
  const rest = ops.slice(position + 1);
  if (rest.some((one) => isReferenceTo(one, table))) return false;
  return !rest.some((one) => one !== replacement && stops(one, waiting, null, table));
}

function isReferenceTo(op: Op, table: Table): boolean {
  if (op.kind !== "add-constraint" || op.constraint.kind !== "foreign-key") return false;
  return sameName(op.constraint.references.table, table);
}
