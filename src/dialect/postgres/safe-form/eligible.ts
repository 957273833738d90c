import { descendantsOf, isPartitionAlike } from "../../../op/create-table.js";
import { isTable } from "../../../op/lookup.js";
import type { Op } from "../../../op/op.js";
import { nameKey, type ObjectName, sameName } from "../../../schema/name.js";
import type { Column, Constraint, Index, Schema, Table, View } from "../../../schema/schema.js";

export type Key = Extract<Constraint, { kind: "primary-key" | "unique" }>;

export function isKey(constraint: Constraint): constraint is Key {
  return constraint.kind === "primary-key" || constraint.kind === "unique";
}

/** What comes from a partitioned or inherited parent follows it, and is not changed by itself. */
function isOwn(constraint: Constraint): boolean {
  return constraint.inherited !== true;
}

/**
 * True for a check or foreign key that can be added NOT VALID and validated later. PostgreSQL before 18 has no
 * foreign keys NOT VALID on partitioned tables, and those that point at one are made for each of its partitions.
 */
export function canValidateLater(schema: Schema, table: Table, constraint: Constraint): boolean {
  if (constraint.name === null || !isOwn(constraint)) return false;
  if (constraint.kind === "check") return constraint.validated && constraint.enforced !== false;
  if (constraint.kind !== "foreign-key") return false;
  const target = schema.tables.get(nameKey(constraint.references.table));
  const partitioned = table.partitioning !== undefined || target?.partitioning !== undefined;
  return constraint.validated && constraint.enforced !== false && !partitioned;
}

/** True for a key that can take over an index which was built concurrently (manual, ALTER TABLE, USING INDEX). */
export function canTakeOver(table: Table, constraint: Constraint): constraint is Key & { name: string } {
  if (!isKey(constraint) || constraint.name === null || !isOwn(constraint)) return false;
  const attached = constraint.index?.attachedTo !== undefined;
  return table.partitioning === undefined && !attached && constraint.withoutOverlaps !== true;
}

/** True where CREATE INDEX CONCURRENTLY is allowed: not on a partitioned table, and not for the index of one. */
export function canBuildConcurrently(indexed: Table | View, index: Index): boolean {
  const isPartitioned = isTable(indexed) && indexed.partitioning !== undefined;
  return !isPartitioned && index.attachedTo === undefined && index.only !== true;
}

/**
 * True when a validated CHECK (column IS NOT NULL) spares SET NOT NULL its scan. Of a row type `IS NOT NULL` asks for
 * more: that no field of it is NULL.
 */
export function canProveNotNull(schema: Schema, { type }: Column): boolean {
  if (type.dimensions > 0) return true;
  const domain = schema.domains.get(nameKey(type));
  if (domain !== undefined) return canProveNotNull(schema, { type: domain.type } as Column);
  return ![schema.composites, schema.tables, schema.views].some((map) => map.has(nameKey(type)));
}

/** What a key's definition in another object looks like: a view that groups by it, a function with ON CONFLICT. */
const usesKeys = /group\s+by|on\s+conflict/i;

/** True when the op defines something that may need the key from the start, so that the key cannot come later. */
export function mayNeedKey(op: Op, table: ObjectName, name: string): boolean {
  switch (op.kind) {
    case "create-view":
      return usesKeys.test(op.view.definition) && op.view.definition.includes(table.name);
    case "create-defined":
    case "replace-defined": {
      const text = [op.object.definition, ...op.object.settings].join("\n");
      return text.includes(name) || (usesKeys.test(text) && text.includes(table.name));
    }
    default:
      return false;
  }
}

/** True when a table that is made by itself comes under this one: it must have all checks there are by then. */
export function joinsFamily(draft: Schema, table: Table, op: Op): boolean {
  const parents = joinedParents(op);
  if (parents.length === 0) return false;
  return [table, ...descendantsOf(draft, table)].some((one) => parents.some((name) => sameName(one, name)));
}

function joinedParents(op: Op): readonly ObjectName[] {
  switch (op.kind) {
    case "attach-partition":
      return [op.partition.of];
    case "set-inheritance":
      return op.inherits;
    case "create-table": {
      const { partition } = op.table;
      return partition === undefined || isPartitionAlike(op.table) ? [] : [partition.of];
    }
    default:
      return [];
  }
}
