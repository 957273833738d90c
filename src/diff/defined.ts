import type { Op } from "../op/op.js";
import { definedKey, definedName, readAddress } from "../schema/address.js";
import { sameData } from "../schema/equal.js";
import { nameKey, nameOf, type ObjectName, showName } from "../schema/name.js";
import type { Defined, DefinedKind, Table } from "../schema/schema.js";
import type { InTheWay } from "./closure.js";
import { addConstraint, dropConstraint } from "./constraint.js";
import { createIndex } from "./index.js";
import type { Renamed } from "./rename.js";
import { commentDiffers, sameTexts, type Work } from "./work.js";

/** How far along a kind is made by default; dependencies move single objects. */
const lateKinds: ReadonlySet<DefinedKind> = new Set(["rule", "trigger", "trigger-state", "statistics"]);
const lastKinds: ReadonlySet<DefinedKind> = new Set([
  "event-trigger",
  "publication",
  "grant",
  "default-privileges",
]);

/** Objects that speak of columns which got other names, by key, and how to find the old names. */
export interface OverRenamed extends Pick<Renamed, "backward"> {
  readonly over: ReadonlySet<string>;
}

/** What becomes of a defined object that both sides have. */
export type Fate = "same" | "replace" | "recreate";

function fateOf(work: Work, from: Defined, to: Defined): Fate {
  if (from === to) return "same";
  const owner = to.table ?? { namespace: to.namespace, name: to.name };
  const place = { object: owner, part: "defined", name: definedKey(to) } as const;
  const sameSettings = sameData(from.settings, to.settings);
  if (sameSettings && sameTexts(work, place, [from.definition], [to.definition])) return "same";
  if (from.kind === "trigger" && hasStates(work, from)) return "recreate";
  return work.options.canReplace?.(from, to) === true ? "replace" : "recreate";
}

/** Putting another in a trigger's place would bring its copies on partitions back to its own state, unasked. */
function hasStates({ from }: Work, { name }: Defined): boolean {
  return [...from.defined.values()].some((one) => one.kind === "trigger-state" && one.name === name);
}

/** Keys of the objects that both sides have and that differ, with what has to be done. */
export function fatesOf(work: Work): Map<string, Fate> {
  const fates = new Map<string, Fate>();
  for (const [key, to] of work.to.defined) {
    const from = work.from.defined.get(key);
    if (from !== undefined) fates.set(key, fateOf(work, from, to));
  }
  return fates;
}

export function recreatedOf(fates: ReadonlyMap<string, Fate>): ReadonlySet<string> {
  return new Set([...fates].filter(([, fate]) => fate === "recreate").map(([key]) => key));
}

function create(work: Work, object: Defined): void {
  const { phases } = work;
  const phase = lastKinds.has(object.kind)
    ? phases.createLast
    : lateKinds.has(object.kind)
      ? phases.createTriggers
      : phases.createDefined;
  phase.push({ kind: "create-defined", object });
}

/**
 * Those that act by themselves go before anything else happens, so that they do not act on it; what speaks of columns that get
 * other names goes before these.
 */
function drop(work: Work, object: Defined, early: boolean, renamed: OverRenamed): void {
  const { table, ...name } = definedName(object);
  if (renamed.over.has(definedKey(object))) {
    const before =
      table === null ? null : nameOf(renamed.backward({ kind: "table", object: table, member: null }).object);
    work.phases.dropDefinedOverRenamed.push({ kind: "drop-defined", object: { ...name, table: before } });
    return;
  }
  const acts = lateKinds.has(object.kind) || lastKinds.has(object.kind);
  const phase = acts || early ? work.phases.dropTriggers : work.phases.dropDefined;
  phase.push({ kind: "drop-defined", object: definedName(object) });
}

/** The table or view that an object belongs to goes, for good or for a while, and takes it along. */
function ownerGoes(work: Work, { table }: Defined, goneViews: ReadonlySet<string>): boolean {
  if (table === null) return false;
  const key = nameKey(table);
  if (goneViews.has(key)) return true;
  const known = work.from.tables.has(key) || work.from.views.has(key);
  return known && !work.to.tables.has(key) && !work.to.views.has(key);
}

/**
 * Functions, triggers and whatever else is known by its statement. `standing` has those that stand on what changes:
 * they go and come again. `goneViews` are the views that are dropped, for good or for a while.
 */
export function diffDefined(
  work: Work,
  fates: ReadonlyMap<string, Fate>,
  standing: InTheWay,
  goneViews: ReadonlySet<string>,
  renamed: OverRenamed,
): void {
  for (const [key, to] of work.to.defined) {
    const from = work.from.defined.get(key);
    if (from === undefined) {
      create(work, to);
      continue;
    }
    const fate = standing.defined.has(key) ? "recreate" : (fates.get(key) ?? "same");
    const taken = ownerGoes(work, from, goneViews);
    if (taken || fate === "recreate") {
      if (!taken) drop(work, from, true, renamed);
      create(work, to);
      continue;
    }
    if (fate === "replace") {
      work.phases.createDefined.push({ kind: "replace-defined", object: { ...to, comment: null } });
    }
    if (commentDiffers(work, from, to)) {
      const target = { on: "defined", object: definedName(to) } as const;
      work.phases.comments.push({ kind: "set-comment", target, comment: to.comment });
    }
  }
  for (const [key, from] of work.from.defined) {
    if (!work.to.defined.has(key) && !ownerGoes(work, from, goneViews)) {
      drop(work, from, standing.defined.has(key), renamed);
    }
  }
}

/** Parts of kept tables that stand on what goes for a while: each is taken away before and given back after. */
export function restoreParts(work: Work, standing: InTheWay): void {
  // In an order of their own: what the engine says of dependencies has none.
  for (const address of [...standing.parts].sort()) {
    const read = readAddress(address);
    if (!("part" in read)) continue;
    const key = nameKey(read.owner);
    const [from, to] = [work.from.tables.get(key), work.to.tables.get(key)];
    if (from === undefined || to === undefined) continue;
    if (read.kind === "default") restoreDefault(work, from, to, read.part);
    else if (read.kind === "constraint") restoreConstraint(work, from, to, read.part);
    else if (read.kind === "index") restoreIndex(work, from, to, read.part);
    else if (read.kind === "column" && !leavesByItself(work, key, read.part))
      warnColumn(work, from, read.part);
  }
}

function restoreDefault(work: Work, from: Table, to: Table, name: string): void {
  const [before, after] = [from, to].map((table) => table.columns.find((column) => column.name === name));
  if (before === undefined || after === undefined) return;
  // One that is computed goes and comes again (`recompute.ts`).
  if (before.generated !== null) return;
  if (before.default === null || after.default === null) return;
  const alter = (value: string | null): Op => ({
    kind: "alter-column",
    table: nameOf(to),
    column: name,
    changes: { default: value },
  });
  const { alterColumns, clearDefaults, restoreDefaults } = work.phases;
  const set = alterColumns.find((op) => setsDefault(op, to, name));
  // One that changes with its type goes before that and comes after it.
  if (set?.kind === "alter-column" && set.changes.type !== undefined) return;
  if (!clearDefaults.some((op) => setsDefault(op, to, name))) clearDefaults.push(alter(null));
  // One that changes is set anew anyway, when what the old one stood on is gone: beside it a call may be ambiguous.
  if (set === undefined) restoreDefaults.push(alter(after.default));
}

function setsDefault(op: Op, table: ObjectName, column: string): boolean {
  if (op.kind !== "alter-column" || op.column !== column || op.changes.default === undefined) return false;
  return nameKey(op.table) === nameKey(table);
}

function has(ops: readonly Op[], kind: Op["kind"], table: ObjectName, name: string): boolean {
  return ops.some((op) => {
    if (op.kind !== kind || !("table" in op) || nameKey(op.table as ObjectName) !== nameKey(table))
      return false;
    if (op.kind === "drop-index") return op.index === name;
    return op.kind === "drop-constraint" && op.constraint === name;
  });
}

function restoreConstraint(work: Work, from: Table, to: Table, name: string): void {
  const { phases } = work;
  const drops = [...phases.dropConstraints, ...phases.dropForeignKeys];
  if (has(drops, "drop-constraint", to, name)) return;
  const before = from.constraints.find((one) => one.name === name);
  const after = to.constraints.find((one) => one.name === name);
  if (before === undefined) return;
  phases.dropConstraints.push(dropConstraint(to, before));
  if (after !== undefined) phases.addConstraints.push(addConstraint(to, after));
}

function restoreIndex(work: Work, from: Table, to: Table, name: string): void {
  const { phases } = work;
  if (has(phases.dropIndexes, "drop-index", to, name)) return;
  const before = from.indexes.find((one) => one.name === name);
  const after = to.indexes.find((one) => one.name === name);
  if (before === undefined) return;
  phases.dropIndexes.push({ kind: "drop-index", table: nameOf(to), index: name });
  if (after !== undefined) phases.createIndexes.push(createIndex(to, after, false));
}

/** The column has another type, or none, while what it stands on goes. */
function leavesByItself(work: Work, table: string, column: string): boolean {
  const touched = work.touched.get(table);
  return touched !== undefined && [touched.retyped, touched.gone].some((names) => names.has(column));
}

function warnColumn(work: Work, table: Table, column: string): void {
  const shown = `${showName(table)}.${column}`;
  const warning =
    `Column ${shown} stands on a type or function that has to be made anew, and no operation can take it off: ` +
    "move the column with SQL of your own (op.execute) in a revision before this one.";
  if (!work.warnings.includes(warning)) work.warnings.push(warning);
}
