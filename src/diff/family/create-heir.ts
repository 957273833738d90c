import { withoutLaterIndexes } from "../../op/index-options.js";
import { inheritedColumn } from "../../op/inherit/column.js";
import { strangeCopies } from "../../op/inherit/index.js";
import { parentsOf } from "../../op/lookup.js";
import type { Op } from "../../op/op.js";
import { creation, withoutAddedKey } from "../../op/recreate.js";
import { sameData } from "../../schema/equal.js";
import { nameKey, nameOf } from "../../schema/name.js";
import type { Column, Table } from "../../schema/schema.js";
import type { Work } from "../work.js";

/** A new table that has parents. Its indexes, policies and foreign keys are those of any table that stays. */
export function createHeir(work: Work, table: Table): void {
  const { phases } = work;
  const parent = table.partition && work.to.tables.get(nameKey(table.partition.of));
  const { table: made, later } = withoutAddedKey(creation(withoutLaterIndexes(table).table));
  const constraints = made.constraints.filter((one) => one.kind !== "foreign-key");
  const own = { ...made, columns: toDeclare(work, made), constraints };
  const phase = hasOldAncestor(work, table) ? phases.attach : phases.createTables;
  if (parent === undefined) {
    phase.push({ kind: "create-table", table: own }, ...later);
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
