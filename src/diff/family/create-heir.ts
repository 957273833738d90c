import { generatedNotNullName } from "../../op/generated-name.js";
import { withoutLaterIndexes } from "../../op/index-options.js";
import { inheritedColumn } from "../../op/inherit/column.js";
import { strangeCopies } from "../../op/inherit/index.js";
import { parentsOf } from "../../op/lookup.js";
import type { Op } from "../../op/op.js";
import { creation, hasOwnOrder, withoutAddedKey } from "../../op/recreate.js";
import { sameData } from "../../schema/equal.js";
import { nameKey, nameOf } from "../../schema/name.js";
import type { Column, Table } from "../../schema/schema.js";
import type { Work } from "../work.js";

/**
 * A new table that has parents; one that was made by itself, and inherits since, is made so again, and joins them as tables do that
 * stay. Its indexes, policies and foreign keys are those of any table that stays.
 */
export function createHeir(work: Work, table: Table): void {
  const { phases } = work;
  const parent = table.partition && work.to.tables.get(nameKey(table.partition.of));
  const { table: made, later } = withoutAddedKey(creation(withoutLaterIndexes(table).table));
  const constraints = made.constraints.filter((one) => one.kind !== "foreign-key");
  const own = { ...made, columns: toDeclare(work, made), constraints };
  const phase = hasOldAncestor(work, table) ? phases.attach : phases.createTables;
  if (hasOwnOrder(work.to, table)) {
    const { inherits: _, ...alone } = made;
    phase.push({ kind: "create-table", table: { ...alone, constraints } }, ...later);
    return;
  }
  if (parent === undefined) {
    phase.push({ kind: "create-table", table: own }, ...later);
    return;
  }
  const kept = work.from.tables.has(nameKey(parent));
  const strange = kept ? strangeCopies(parent, table) : [];
  if (strange.length === 0) {
    const created = isCopy(parent, table) ? shortened(own, table) : withNamesOf(parent, own);
    phase.push({ kind: "create-table", table: created });
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

/** One of the tables over it is there already: it is made when that is what it shall be. */
function hasOldAncestor(work: Work, table: Table): boolean {
  return parentsOf(table).some((name) => {
    const parent = work.to.tables.get(nameKey(name));
    return parent !== undefined && (work.from.tables.has(nameKey(name)) || hasOldAncestor(work, parent));
  });
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
 * A partition that is made by itself, of whose NOT NULLs some have names of their own: the others are called as its parent's, which
 * it would not get that way.
 */
function withNamesOf(parent: Table, own: Table): Table {
  if (!own.columns.some(({ notNull }) => notNull?.name != null)) return own;
  const theirs = new Map(parent.columns.map((column) => [column.name, column]));
  const columns = own.columns.map((column): Column => {
    const given = theirs.get(column.name);
    if (column.nullable || column.notNull?.name != null || given === undefined || given.nullable)
      return column;
    const name = given.notNull?.name ?? generatedNotNullName(parent.name, given.name);
    return { ...column, notNull: { onConflict: null, ...column.notNull, name } };
  });
  return { ...own, columns };
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
