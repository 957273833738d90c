import { constraintUses, indexUses, scopeOf } from "../../../op/dependents.js";
import { isTable, parentsOf } from "../../../op/lookup.js";
import type { Op } from "../../../op/op.js";
import { nameKey, type ObjectName } from "../../../schema/name.js";
import type { Constraint, Index, Table, View } from "../../../schema/schema.js";

/** What an op that waits is about, to see which later ops must not overtake it. */
export interface Waiting {
  /** By `nameKey`. */
  readonly table: string;
  /** Names of the indexes and constraints that it makes or drops. */
  readonly names: readonly string[];
  /** It may have its columns from a parent. */
  readonly isHeir: boolean;
  usesColumn(column: string): boolean;
}

export function waitingIndex(owner: Table | View, index: Index): Waiting {
  const scope = isTable(owner) ? scopeOf(owner) : null;
  return {
    table: nameKey(owner),
    names: [index.name],
    isHeir: isTable(owner) && parentsOf(owner).length > 0,
    usesColumn: (column) => scope !== null && indexUses(index, scope, column),
  };
}

export function waitingConstraint(table: Table, constraint: Constraint): Waiting {
  const scope = scopeOf(table);
  return {
    table: nameKey(table),
    names: constraint.name === null ? [] : [constraint.name],
    isHeir: parentsOf(table).length > 0,
    usesColumn: (column) => constraintUses(constraint, scope, column),
  };
}

export function waitingColumn(table: ObjectName, name: string): Waiting {
  return { table: nameKey(table), names: [], isHeir: false, usesColumn: (column) => column === name };
}

/** These change names, types or rows that anything else may be about. */
const alwaysKinds: ReadonlySet<Op["kind"]> = new Set<Op["kind"]>([
  "execute",
  "bulk-insert",
  "backfill",
  "batch-alter-table",
  "rename-table",
  "set-namespace",
  "rename-column",
  "rename-view",
  "rename-enum",
  "rename-domain",
  "rename-composite",
  "replace-enum-values",
  "alter-domain",
  "alter-composite",
  "attach-partition",
  "detach-partition",
  "set-inheritance",
]);

/** True when the op must not run before what waits, if it comes after it. */
export function mustNotOvertake(op: Op, waiting: Waiting): boolean {
  if (alwaysKinds.has(op.kind)) return true;
  switch (op.kind) {
    case "drop-table":
    case "drop-view":
      return nameKey(op.name) === waiting.table;
    case "drop-column":
      return isOfColumn(op.table, op.column, waiting);
    case "alter-column":
      return changesValues(op) === true && isOfColumn(op.table, op.column, waiting);
    case "drop-constraint": {
      const name = typeof op.constraint === "string" ? op.constraint : op.constraint.name;
      return name !== null && isAbout(op.table, name, waiting);
    }
    case "rename-constraint":
      return isAbout(op.table, op.constraint, waiting);
    case "drop-index":
    case "rename-index":
      return isAbout(op.table, op.index, waiting);
    default:
      return false;
  }
}

/** What is done to a column of a parent is done to that of its heirs. */
function isOfColumn(table: ObjectName, column: string, waiting: Waiting): boolean {
  return (waiting.isHeir || nameKey(table) === waiting.table) && waiting.usesColumn(column);
}

function isAbout(table: ObjectName, name: string, waiting: Waiting): boolean {
  return nameKey(table) === waiting.table && waiting.names.includes(name);
}

function changesValues({ changes }: Op<"alter-column">): boolean {
  const { type, collation, generated, identity, nullable } = changes;
  return [type, collation, generated, identity, nullable].some((change) => change !== undefined);
}

/** True for what speaks of an index or constraint by its name, so that it has to be there. */
export function speaksOf(op: Op, names: ReadonlySet<string>): boolean {
  switch (op.kind) {
    case "set-comment":
      return (op.target.on === "index" || op.target.on === "constraint") && names.has(op.target.name);
    case "alter-table-options": {
      const { replicaIdentity, clusterOn } = op.options;
      const identity = replicaIdentity?.by === "index" ? replicaIdentity.index : undefined;
      return [identity, clusterOn].some((name) => name !== undefined && names.has(name));
    }
    case "attach-index":
      return names.has(op.index) || names.has(op.to.name);
    default:
      return false;
  }
}
