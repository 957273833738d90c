import { applyOp } from "../../../op/apply.js";
import { indexedOf } from "../../../op/lookup.js";
import type { Op } from "../../../op/op.js";
import { copySchema, indexKey, index as plainIndex } from "../../../schema/build.js";
import { nameKey, type ObjectName, sameName } from "../../../schema/name.js";
import type { Constraint, Schema, SchemaDraft, Table } from "../../../schema/schema.js";
import { quoteIdentifier } from "../quote.js";
import {
  mustNotOvertake,
  speaksOf,
  type Waiting,
  waitingColumn,
  waitingConstraint,
  waitingIndex,
} from "./barrier.js";
import {
  canBuildConcurrently,
  canProveNotNull,
  canTakeOver,
  canValidateLater,
  joinsFamily,
  type Key,
  mayNeedKey,
} from "./eligible.js";
import { type FreeNames, freeNames } from "./free-name.js";
import { type HeldDrops, heldDrops } from "./held-drops.js";
import { emptyStages, inStages, type Stages } from "./stages.js";

/** What is known while the ops are put in their places one after the other. */
interface Work {
  readonly ops: readonly Op[];
  /** The schema before the op at hand, in the order of the plain ops. */
  readonly draft: SchemaDraft;
  readonly held: HeldDrops;
  readonly names: FreeNames;
  /** What has its place for good. */
  readonly placed: Op[];
  stages: Stages;
  waiting: Waiting[];
  /** Tables and materialised views that were there before the ops, by `nameKey` of what they are called now. */
  readonly old: Set<string>;
  /** Names of indexes and constraints that come late. */
  readonly late: Set<string>;
  /** Tables that get a unique index or key late, by `nameKey`. */
  readonly lateKeys: Set<string>;
  /** Names and primary keys that drops at once have given free, so that nothing unique is in their place. */
  readonly freed: Set<string>;
}

/**
 * The same ops in the forms that keep nobody from reading and writing for long, where there are such forms: indexes
 * built and dropped CONCURRENTLY; keys that take over an index which was built so; checks and foreign keys NOT VALID,
 * validated in a transaction of their own; NOT NULL by way of a validated check. Ops on tables that the list itself
 * makes stay as they are, and so does what has no such form.
 *
 * Applied to `before` the result gives the same schema as `ops`. What each statement locks is measured on PostgreSQL 14
 * to 18; the manual has it in chapter 13.3 and on the pages of ALTER TABLE ("Notes") and CREATE INDEX ("Building
 * Indexes Concurrently").
 */
export function safeForm(ops: readonly Op[], before: Schema): readonly Op[] {
  const views = [...before.views].filter(([, view]) => view.materialized);
  const work: Work = {
    ops,
    draft: copySchema(before),
    held: heldDrops(ops, before),
    names: freeNames(before, ops),
    placed: [],
    stages: emptyStages(),
    waiting: [],
    old: new Set([...before.tables.keys(), ...views.map(([key]) => key)]),
    late: new Set(),
    lateKeys: new Set(),
    freed: new Set(),
  };
  if (work.old.size === 0) return ops;
  for (const op of ops) {
    if (work.waiting.some((one) => mustNotOvertake(op, one))) flush(work);
    place(work, op);
    follow(work.old, op);
    applyOp(work.draft, op);
  }
  flush(work);
  return work.placed;
}

/** Everything that waits gets its place before what comes next. */
function flush(work: Work): void {
  work.placed.push(...inStages(work.stages));
  work.stages = emptyStages();
  work.waiting = [];
  work.late.clear();
  work.lateKeys.clear();
}

/** Keeps account of what the old tables are called. */
function follow(old: Set<string>, op: Op): void {
  if (op.kind === "drop-table" || op.kind === "drop-view") old.delete(nameKey(op.name));
  else if (op.kind === "rename-table" || op.kind === "rename-view") {
    if (old.delete(nameKey(op.name))) old.add(nameKey({ ...op.name, name: op.to }));
  } else if (op.kind === "set-namespace") {
    if (old.delete(nameKey(op.name))) old.add(nameKey({ ...op.name, namespace: op.to }));
  }
}

function place(work: Work, op: Op): void {
  if (op.kind === "create-index") placeIndex(work, op);
  else if (op.kind === "drop-index") placeDrop(work, op, op.index);
  else if (op.kind === "drop-constraint") {
    placeDrop(work, op, typeof op.constraint === "string" ? op.constraint : op.constraint.name);
  } else if (op.kind === "add-constraint") placeConstraint(work, op);
  else if (op.kind === "alter-column") placeColumn(work, op);
  else if (op.kind === "validate-constraint") work.stages.check.push(op);
  else work.stages[speaksOf(op, work.late) ? "finish" : "now"].push(op);
}

const isOld = (work: Work, table: ObjectName) => work.old.has(nameKey(table));

function freedName(table: ObjectName, name: string): string {
  return nameKey({ namespace: table.namespace, name });
}

function placeDrop(work: Work, op: Op<"drop-index"> | Op<"drop-constraint">, name: string | null): void {
  const stage = work.held.get(op);
  if (stage === undefined || !isOld(work, op.table)) {
    work.stages.now.push(op);
    if (name !== null) work.freed.add(freedName(op.table, name));
    const table = work.draft.tables.get(nameKey(op.table));
    const gone = table?.constraints.find((one) => one.name === name);
    if (gone?.kind === "primary-key") work.freed.add(primaryKeyOf(op.table));
    return;
  }
  work.stages[stage].push(stage === "discard" && op.kind === "drop-index" ? concurrent(op) : op);
  work.waiting.push(waitingFor(work, op));
}

/** No name has a NUL in its second part. */
const primaryKeyOf = (table: ObjectName) => `${nameKey(table)}\0\0primary key`;

const concurrent = (op: Op<"drop-index">): Op<"drop-index"> => ({ ...op, concurrently: true });

function waitingFor(work: Work, op: Op<"drop-index"> | Op<"drop-constraint">): Waiting {
  if (op.kind === "drop-index") {
    const owner = indexedOf(work.draft, op.table);
    const index = owner.indexes.find(({ name }) => name === op.index);
    if (index !== undefined) return waitingIndex(owner, index);
  } else {
    const table = work.draft.tables.get(nameKey(op.table));
    const constraint = table?.constraints.find(({ name }) => name === op.constraint);
    if (table !== undefined && constraint !== undefined) return waitingConstraint(table, constraint);
  }
  return { table: nameKey(op.table), names: [], isHeir: true, usesColumn: () => true };
}

/** The name to build an index under: its own, or for a while another where its own is not free yet. */
function buildName(work: Work, table: ObjectName, name: string): string {
  const isHeld = [...work.held.keys()].some(
    (op) =>
      (op.kind === "drop-index" && sameName(op.table, table) && op.index === name) ||
      (op.kind === "drop-constraint" && sameName(op.table, table) && op.constraint === name),
  );
  return isHeld ? work.names.index(name) : name;
}

function placeIndex(work: Work, op: Op<"create-index">): void {
  const owner = indexedOf(work.draft, op.table);
  const { index, table } = op;
  const lostUnique = index.unique && work.freed.has(freedName(table, index.name));
  if (!isOld(work, table) || !canBuildConcurrently(owner, index) || lostUnique) {
    work.stages.now.push(op);
    return;
  }
  const name = buildName(work, table, index.name);
  work.stages.build.push({ ...op, index: { ...index, name, concurrently: true }, concurrently: true });
  if (name !== index.name) {
    work.stages.finish.push({ kind: "rename-index", table, index: name, to: index.name });
  }
  work.waiting.push(waitingIndex(owner, index));
  work.late.add(index.name);
  if (index.unique) work.lateKeys.add(nameKey(table));
}

function placeConstraint(work: Work, op: Op<"add-constraint">): void {
  const { constraint } = op;
  const table = work.draft.tables.get(nameKey(op.table));
  const needsKey =
    constraint.kind === "foreign-key" && work.lateKeys.has(nameKey(constraint.references.table));
  const stage = needsKey ? "finish" : "now";
  if (needsKey && constraint.name !== null) work.late.add(constraint.name);
  if (table === undefined || !isOld(work, op.table)) work.stages[stage].push(op);
  else if (canValidateLater(work.draft, table, constraint)) {
    work.stages[stage].push({ ...op, constraint: { ...constraint, validated: false } as Constraint });
    work.stages[needsKey ? "checkLast" : "check"].push(validation(op.table, constraint.name ?? ""));
    work.waiting.push(waitingConstraint(table, constraint));
  } else if (canTakeOver(table, constraint) && canComeLate(work, table, constraint)) {
    placeKey(work, op, table, constraint);
  } else work.stages[stage].push(op);
}

function validation(table: ObjectName, constraint: string): Op {
  return { kind: "validate-constraint", table, constraint };
}

/** False where something defined in the same list may need the key, or where the one before it is gone already. */
function canComeLate(work: Work, table: Table, key: Key & { readonly name: string }): boolean {
  if (work.freed.has(freedName(table, key.name))) return false;
  if (key.kind === "primary-key" && work.freed.has(primaryKeyOf(table))) return false;
  return !work.ops.some((op) => mayNeedKey(op, table, key.name));
}

function placeKey(
  work: Work,
  op: Op<"add-constraint">,
  table: Table,
  key: Key & { readonly name: string },
): void {
  const name = buildName(work, table, key.name);
  const index = plainIndex(
    name,
    key.columns.map((column) => indexKey({ column })),
    {
      unique: true,
      include: key.include,
      nullsNotDistinct: key.kind === "unique" && key.nullsNotDistinct,
      parameters: key.index?.parameters ?? {},
      concurrently: true,
      ...(key.index?.tablespace !== undefined && { tablespace: key.index.tablespace }),
    },
  );
  work.stages.build.push({ kind: "create-index", table: op.table, index, concurrently: true });
  work.stages.finish.push({ ...op, usingIndex: name });
  work.waiting.push(waitingConstraint(table, key));
  work.late.add(key.name);
  work.lateKeys.add(nameKey(table));
}

/** NOT NULL without a scan under the lock: PostgreSQL sees in a validated check that no row has NULL. */
function placeColumn(work: Work, op: Op<"alter-column">): void {
  const { changes } = op;
  const table = work.draft.tables.get(nameKey(op.table));
  const column = table?.columns.find(({ name }) => name === op.column);
  const becomesRequired = column?.nullable === true && changes.nullable === false && changes.identity == null;
  if (table === undefined || !becomesRequired || !canSetLater(work, op, table)) {
    work.stages.now.push(op);
    return;
  }
  const { nullable, notNull, ...rest } = changes;
  if (Object.keys(rest).length > 0) work.stages.now.push({ ...op, changes: rest });
  const name = work.names.notNull(op.table, op.column);
  const check: Constraint = {
    kind: "check",
    name,
    implicitName: false,
    comment: null,
    expression: `${quoteIdentifier(op.column)} IS NOT NULL`,
    noInherit: false,
    validated: false,
  };
  work.stages.now.push({ kind: "add-constraint", table: op.table, constraint: check });
  work.stages.check.push(validation(op.table, name));
  work.stages.finish.push(
    { ...op, changes: { nullable: false, ...(notNull !== undefined && { notNull }) } },
    { kind: "drop-constraint", table: op.table, constraint: name },
  );
  work.waiting.push(waitingColumn(op.table, op.column));
}

/** False where an op of the list needs the column NOT NULL at once, or where it is so without a scan. */
function canSetLater(work: Work, op: Op<"alter-column">, table: Table): boolean {
  const column = table.columns.find(({ name }) => name === op.column);
  if (!isOld(work, op.table) || column === undefined) return false;
  const type = op.changes.type ?? column.type;
  if (!canProveNotNull(work.draft, { ...column, type })) return false;
  if (op.changes.notNull?.notValid === true || op.changes.notNull?.noInherit === true) return false;
  if (work.ops.some((one) => joinsFamily(work.draft, table, one))) return false;
  return !work.ops.some((one) => {
    if (one.kind === "alter-table-options") {
      return sameName(one.name, op.table) && one.options.replicaIdentity?.by === "index";
    }
    // A key that is added at once sets it by itself, in the one scan that it needs anyway.
    return (
      one.kind === "add-constraint" &&
      sameName(one.table, op.table) &&
      one.constraint.kind === "primary-key" &&
      one.constraint.columns.includes(op.column) &&
      !(canTakeOver(table, one.constraint) && canComeLate(work, table, one.constraint))
    );
  });
}
