import { applyOp } from "../op/apply.js";
import { dropColumnFrom } from "../op/column.js";
import { leaveParent } from "../op/create-table.js";
import { withoutLaterIndexes } from "../op/index-options.js";
import { inheritedColumn, isCloneOf, isKey, strangeCopies } from "../op/inherit.js";
import { parentsOf } from "../op/lookup.js";
import type { Op } from "../op/op.js";
import { creation } from "../op/recreate.js";
import { attachedTo, partsOf } from "../op/restore-names.js";
import { type Rename, untangleRenames } from "../op/untangle-renames.js";
import { copySchema, emptySchema } from "../schema/build.js";
import { sameData, sameIndex } from "../schema/equal.js";
import { nameKey, nameOf, type ObjectName, sameName, showName } from "../schema/name.js";
import type { Column, Index, Schema, SchemaDraft, Table } from "../schema/schema.js";
import { diffColumns } from "./column.js";
import { diffConstraints } from "./constraint.js";
import { diffIndexes } from "./index.js";
import { withMadeNames } from "./late-renames.js";
import { inOrder, phaseNames } from "./order.js";
import { takenNames } from "./table.js";
import { dropUnfit } from "./unfit-parts.js";
import { touchedOf, type Work } from "./work.js";

/** The tables of the new side that have a parent there, by how many generations stand over them. */
export function generationsOf(schema: Schema): readonly (readonly Table[])[] {
  const depths = new Map<string, number>();
  const depthOf = (table: Table): number => {
    const known = depths.get(nameKey(table));
    if (known !== undefined) return known;
    depths.set(nameKey(table), 0);
    const parents = parentsOf(table).flatMap((name) => schema.tables.get(nameKey(name)) ?? []);
    const depth = parents.length === 0 ? 0 : 1 + Math.max(...parents.map(depthOf));
    depths.set(nameKey(table), depth);
    return depth;
  };
  const generations: Table[][] = [];
  for (const table of schema.tables.values()) {
    if (parentsOf(table).length === 0) continue;
    const depth = depthOf(table);
    if (depth === 0) continue;
    while (generations.length < depth) generations.push([]);
    generations[depth - 1]?.push(table);
  }
  return generations;
}

/** The keys of tables that have something to do with another one. */
function familyKeys(schema: Schema): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const [key, table] of schema.tables) {
    const parents = parentsOf(table);
    if (parents.length > 0 || table.partitioning !== undefined) keys.add(key);
    for (const parent of parents) keys.add(nameKey(parent));
  }
  return keys;
}

function tableOfOp(op: Op): ObjectName | null {
  switch (op.kind) {
    case "create-table":
      return op.table;
    case "drop-table":
    case "attach-partition":
    case "set-inheritance":
    case "alter-table-options":
    case "set-row-security":
      return op.name;
    case "add-column":
    case "drop-column":
    case "alter-column":
    case "add-constraint":
    case "drop-constraint":
    case "rename-constraint":
    case "validate-constraint":
    case "create-index":
    case "drop-index":
    case "rename-index":
    case "attach-index":
      return op.table;
    default:
      return null;
  }
}

const afterwards = new Set<keyof Work["phases"]>(["dropTables"]);

/**
 * The tables of all families as the ops so far leave them: what happens to a parent has happened to its children. `until` a
 * phase, when it is not to be all of them.
 */
function simulate(work: Work, keys: ReadonlySet<string>, until?: keyof Work["phases"]): SchemaDraft {
  const draft: SchemaDraft = {
    ...copySchema(emptySchema(work.from.dialect)),
    tables: new Map([...work.from.tables].filter(([key]) => keys.has(key))),
  };
  const end = until === undefined ? phaseNames.length : phaseNames.indexOf(until);
  const left = new Set<keyof Work["phases"]>(["rename", "detach", ...phaseNames.slice(end)]);
  const late = new Set([...afterwards, ...left].flatMap((name) => work.phases[name]));
  for (const op of inOrder(work.phases)) {
    const table = tableOfOp(op);
    if (table === null || !keys.has(nameKey(table)) || late.has(op)) continue;
    // Who uses the column is dealt with elsewhere.
    if (op.kind === "drop-column") dropColumnFrom(draft, op.table, op.column);
    else applyOp(draft, op);
  }
  return draft;
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> {
  return new Set([...a, ...b]);
}

/** A column of a parent that changes or goes is one of its children too. */
function inheritTouched(work: Work, table: Table): void {
  for (const parent of parentsOf(table)) {
    const theirs = work.touched.get(nameKey(parent));
    if (theirs === undefined) continue;
    const own = touchedOf(work, table);
    work.touched.set(nameKey(table), {
      retyped: union(own.retyped, theirs.retyped),
      converted: union(own.converted, theirs.converted),
      gone: union(own.gone, theirs.gone),
      held: union(own.held, theirs.held),
    });
  }
}

type IsTaken = (name: string) => boolean;

/** The diff of the tables that have parents: nothing of it when there are none. */
export interface Heirs {
  /** The columns of those that stay. */
  columns(): void;
  /**
   * All the rest, new ones too; `diffParts` is what is done with any table that stays. `taken` knows the names of all indexes
   * there were.
   */
  parts(taken: IsTaken, diffParts: (from: Table, to: Table, taken: IsTaken) => void): void;
}

export function openHeirs(work: Work): Heirs {
  const generations = generationsOf(work.to);
  const keys = new Set([...familyKeys(work.from), ...familyKeys(work.to)]);
  return {
    columns() {
      for (const generation of generations) {
        const now = simulate(work, keys);
        for (const to of generation) {
          const from = now.tables.get(nameKey(to));
          if (from !== undefined && work.from.tables.has(nameKey(to)))
            diffColumns(work, from, withoutNotNullNames(to));
          inheritTouched(work, to);
        }
      }
    },
    parts(taken, diffParts) {
      wholeIndexes(work);
      const families = takenNames({
        ...work.from,
        views: new Map(),
        tables: new Map([...work.from.tables].filter(([key]) => keys.has(key))),
      });
      for (const generation of generations) {
        for (const to of generation) {
          if (!work.from.tables.has(nameKey(to))) create(work, to);
        }
        const before = simulate(work, keys);
        for (const to of generation) join(work, before.tables.get(nameKey(to)), to);
        const joined = simulate(work, keys);
        const now = dropUnfit(work, joined, generation) ? simulate(work, keys) : joined;
        const takenNow = takenNames(now);
        // What went with a parent's has left its name to what came with the new one.
        const isTaken: IsTaken = (name) => takenNow(name) || (taken(name) && !families(name));
        const late: Rename[] = [];
        for (const to of generation) {
          const from = now.tables.get(nameKey(to));
          if (from === undefined) continue;
          if (!work.from.tables.has(nameKey(to))) diffNewColumns(work, from, to);
          const renames = work.phases.renameParts.length;
          diffParts(from, to, isTaken);
          late.push(...takeLate(work, keys, from, renames, isTaken));
        }
        if (late.length > 0) {
          const made = simulate(work, keys);
          const renames = withMadeNames(late, made, work.to);
          work.phases.createIndexes.push(...untangleRenames(renames, takenNames(made)));
        }
        wholeIndexes(work);
      }
    },
  };
}

/** What the NOT NULLs of a partition are called is settled when it becomes one: such a name cannot be changed. */
function withoutNotNullNames(table: Table): Table {
  if (table.partition === undefined) return table;
  const columns = table.columns.map((column): Column => {
    if (!column.inherited || column.notNull?.name == null) return column;
    const { notNull, ...rest } = column;
    const says = notNull.noInherit === true || notNull.notValid === true;
    return says ? { ...rest, notNull: { ...notNull, name: null } } : rest;
  });
  return { ...table, columns };
}

/** What a new table's columns have of their own, as soon as it is there. */
function diffNewColumns(work: Work, from: Table, to: Table): void {
  const { alterColumns, attach } = work.phases;
  const before = alterColumns.length;
  const warned = work.warnings.length;
  diffColumns(work, from, withoutNotNullNames(to));
  // A table without rows has nothing to warn of.
  work.warnings.splice(warned);
  attach.push(...alterColumns.splice(before));
}

/** The renames of what gets its name only when it is made with a part of the parent: they come after that. */
function takeLate(
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

/** One of the tables over it is there already: it is made when that is what it shall be. */
function hasOldAncestor(work: Work, table: Table): boolean {
  return parentsOf(table).some((name) => {
    const parent = work.to.tables.get(nameKey(name));
    return parent !== undefined && (work.from.tables.has(nameKey(name)) || hasOldAncestor(work, parent));
  });
}

/** A new table that has parents. Its indexes, policies and foreign keys are those of any table that stays. */
function create(work: Work, table: Table): void {
  const { phases } = work;
  const parent = table.partition && work.to.tables.get(nameKey(table.partition.of));
  const made = creation(withoutLaterIndexes(table).table);
  const constraints = made.constraints.filter((one) => one.kind !== "foreign-key");
  const own = { ...made, columns: toDeclare(work, made), constraints };
  const phase = hasOldAncestor(work, table) ? phases.attach : phases.createTables;
  if (parent === undefined) {
    phase.push({ kind: "create-table", table: own });
    return;
  }
  const kept = work.from.tables.has(nameKey(parent));
  const strange = kept ? strangeCopies(parent, table) : [];
  if (strange.length === 0) {
    phase.push({ kind: "create-table", table: isCopy(parent, table) ? shortened(own, table) : own });
    return;
  }
  const { partition, ...alone } = own;
  phase.push(
    { kind: "create-table", table: alone },
    ...strange.map(
      ({ attachedTo: _, ...index }): Op => ({ kind: "create-index", table: nameOf(table), index }),
    ),
  );
  if (partition !== undefined) phase.push({ kind: "attach-partition", name: nameOf(table), partition });
}

/** A column that is generated as the parent's is: the engine knows, and not every version may be told again. */
function toDeclare(work: Work, { columns, inherits = [] }: Table): readonly Column[] {
  const parents = inherits.flatMap((name) => work.to.tables.get(nameKey(name)) ?? []);
  const isGiven = ({ name, generated }: Column) =>
    generated !== null &&
    parents.some((parent) =>
      parent.columns.some((one) => one.name === name && sameData(one.generated, generated)),
    );
  return columns.map((column) => (isGiven(column) ? { ...column, generated: null } : column));
}

/** Everything that comes from the parent is left to the engine. */
function shortened(made: Table, { constraints }: Table): Table {
  const own = constraints.filter((one) => one.inherited !== true && one.kind !== "foreign-key");
  return { ...made, columns: [], constraints: own };
}

/**
 * The partition has its parent's columns, in their order, as the engine would make them but for defaults. A name of a NOT NULL is said
 * where it is another one than the engine would give.
 */
function isCopy(parent: Table, table: Table): boolean {
  // Checks that it is given are valid.
  if (table.constraints.some((one) => one.kind === "check" && one.inherited && !one.validated)) return false;
  if (parent.columns.length === 0 || parent.columns.length !== table.columns.length) return false;
  return parent.columns.every((column, place) => {
    const own = table.columns[place];
    if (own === undefined || own.notNull?.name != null) return false;
    const copy = inheritedColumn(parent, column);
    const { comment: _a, default: _b, notNull: _c, inherited: _d, ...left } = copy;
    const { comment: _e, default: _f, notNull: _g, inherited: _h, ...right } = own;
    return sameData(left, right);
  });
}

/**
 * An index that a partition has in a form of its own cannot be made together with its parent's: that is made alone, the
 * partitions' one by one, and these are attached.
 */
function wholeIndexes(work: Work): void {
  const ops = work.phases.createIndexes.splice(0);
  for (const op of ops) {
    if (op.kind !== "create-index" || (op.index.only && op.index.attachedTo === undefined)) {
      work.phases.createIndexes.push(op);
      continue;
    }
    const { attachedTo, ...index } = op.index;
    const alone = index.only !== true && hasStrangeCopies(work.to, op.table, op.index);
    work.phases.createIndexes.push({ ...op, index: alone ? { ...index, only: true } : index });
    if (attachedTo !== undefined) {
      work.phases.createIndexes.push({
        kind: "attach-index",
        table: op.table,
        index: index.name,
        to: attachedTo,
      });
    }
  }
}

function hasStrangeCopies(schema: Schema, table: ObjectName, index: Index): boolean {
  if (schema.tables.get(nameKey(table))?.partitioning === undefined) return false;
  const name = { namespace: table.namespace, name: index.name };
  for (const child of schema.tables.values()) {
    if (child.partition === undefined || !sameName(child.partition.of, table)) continue;
    const copy = child.indexes.find((one) => one.attachedTo !== undefined && sameName(one.attachedTo, name));
    if (copy === undefined || !isCloneOf(index, copy)) return true;
    if (hasStrangeCopies(schema, child, copy)) return true;
  }
  return false;
}

/** A table that stays, and becomes a partition or inherits from more tables. */
function join(work: Work, from: Table | undefined, to: Table): void {
  if (from === undefined) return;
  const taken = () => true;
  const isAttached = to.partition !== undefined && from.partition === undefined;
  if (isAttached && to.partition !== undefined) {
    const alone = aloneOf(from, to);
    diffConstraints(work, from, alone, taken);
    diffIndexes(work, from, alone, taken);
    work.phases.attach.push({ kind: "attach-partition", name: nameOf(to), partition: to.partition });
    work.warnings.push(
      `Table ${showName(to)} is attached to ${showName(to.partition.of)}: this fails when it has rows that do not fit ${to.partition.bounds}.`,
    );
  }
  if (to.inherits !== undefined && !sameData(from.inherits, to.inherits)) {
    diffConstraints(work, from, aloneOf(from, to), taken);
    work.phases.attach.push({ kind: "set-inheritance", name: nameOf(to), inherits: to.inherits });
  }
}

/** What a table has to be before it is attached: with all that the engine asks for, and without what it will make. */
function aloneOf(from: Table, to: Table): Table {
  const draft = { ...copySchema(emptySchema("postgres")), tables: new Map([[nameKey(to), to]]) };
  leaveParent(draft, to);
  const own = draft.tables.get(nameKey(to)) ?? to;
  const had = new Set([...from.constraints, ...from.indexes].map((one) => one.name));
  const given = new Set(
    to.constraints
      .filter((one) => one.inherited && (one.kind === "foreign-key" || (isKey(one) && !had.has(one.name))))
      .map((one) => one.name),
  );
  const attached = to.indexes.filter((one) => {
    const old = from.indexes.find(({ name }) => name === one.name);
    const { attachedTo, ...index } = one;
    return attachedTo !== undefined && (old === undefined || !sameIndex(old, index));
  });
  const gone = new Set(attached.map(({ name }) => name));
  return {
    ...own,
    constraints: own.constraints.filter((one) => !given.has(one.name)),
    indexes: own.indexes.filter(({ name }) => !gone.has(name)),
  };
}
