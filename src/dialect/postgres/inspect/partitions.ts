import type { ObjectName } from "../../../schema/name.js";
import type { Constraint, Index, Partition, Partitioning, Table } from "../../../schema/schema.js";
import { nameIn, type Reading, rowsOf } from "./reading.js";

/** What a table has from other tables, and other tables from it. */
export type Family = Pick<Table, "partitioning" | "partition" | "inherits" | "ofType">;

interface FamilyRow {
  readonly oid: string;
  readonly key: string | null;
  readonly bounds: string | null;
  readonly typeName: string | null;
  readonly typeNamespace: string | null;
  /** In the order in which the table inherits; `null` where it does not. */
  readonly parentNames: readonly string[] | null;
  readonly parentNamespaces: readonly string[] | null;
}

/** By the table's oid; tables that stand alone are not in it. */
export async function readFamilies(reading: Reading): Promise<ReadonlyMap<string, Family>> {
  const rows = await rowsOf<FamilyRow>(
    reading.connection,
    `SELECT c.oid::text AS oid, CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS key,
  CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS bounds,
  t.typname::text AS "typeName", t.typnamespace::text AS "typeNamespace",
  parents.names AS "parentNames", parents.namespaces AS "parentNamespaces"
FROM pg_catalog.pg_class c
LEFT JOIN pg_catalog.pg_type t ON t.oid = c.reloftype AND c.reloftype <> 0
LEFT JOIN (
  SELECT i.inhrelid, array_agg(parent.relname::text ORDER BY i.inhseqno) AS names,
    array_agg(space.nspname::text ORDER BY i.inhseqno) AS namespaces
  FROM pg_catalog.pg_inherits i
  JOIN pg_catalog.pg_class parent ON parent.oid = i.inhparent AND parent.relkind IN ('r', 'p', 'f')
  JOIN pg_catalog.pg_namespace space ON space.oid = parent.relnamespace
  WHERE NOT i.inhdetachpending
  GROUP BY i.inhrelid
) parents ON parents.inhrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN ${reading.list}
  AND (c.relkind = 'p' OR t.oid IS NOT NULL OR parents.inhrelid IS NOT NULL)`,
  );
  return new Map(rows.map((row) => [row.oid, familyOf(reading, row)]));
}

function familyOf(reading: Reading, row: FamilyRow): Family {
  const parents = (row.parentNames ?? []).map((name, place) =>
    nameIn(reading, row.parentNamespaces?.[place] ?? "", name),
  );
  const partition = partitionOf(row, parents);
  return {
    ...(row.key !== null && { partitioning: partitioningOf(row.key) }),
    ...(partition !== null && { partition }),
    ...(partition === null && parents.length > 0 && { inherits: parents }),
    ...(row.typeName !== null && { ofType: nameIn(reading, row.typeNamespace ?? "", row.typeName) }),
  };
}

function partitionOf(row: FamilyRow, [parent]: readonly ObjectName[]): Partition | null {
  return row.bounds === null || parent === undefined ? null : { of: parent, bounds: row.bounds };
}

/** `RANGE (created_at, lower(name))`, as `pg_get_partkeydef` prints it. */
export function partitioningOf(definition: string): Partitioning {
  const [, strategy = "", keys = ""] = /^(RANGE|LIST|HASH)\s*\((.*)\)$/s.exec(definition) ?? [];
  return { strategy: strategy.toLowerCase() as Partitioning["strategy"], keys };
}

/** The index of the parent that an index of a partition is attached to, by its oid. */
export async function readIndexParents(reading: Reading): Promise<ReadonlyMap<string, ObjectName>> {
  const rows = await rowsOf<{ readonly oid: string; readonly name: string; readonly namespace: string }>(
    reading.connection,
    `SELECT i.inhrelid::text AS oid, parent.relname::text AS name, space.nspname::text AS namespace
FROM pg_catalog.pg_inherits i
JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relkind IN ('i', 'I') AND c.relnamespace IN ${reading.list}
JOIN pg_catalog.pg_class parent ON parent.oid = i.inhparent
JOIN pg_catalog.pg_namespace space ON space.oid = parent.relnamespace`,
  );
  return new Map(rows.map((row) => [row.oid, nameIn(reading, row.namespace, row.name)]));
}

/** Marks an index that is attached to one of the parent's, and one of the parent's that is not complete. */
export function withParent(index: Index, parent: ObjectName | undefined, incomplete: boolean): Index {
  return {
    ...index,
    ...(parent !== undefined && { attachedTo: parent }),
    ...(incomplete && { only: true as const }),
  };
}

/** Marks a constraint that comes from a parent; a key's index is attached to that of the parent's key. */
export function withOrigin(
  constraint: Constraint,
  inherited: boolean,
  parent: ObjectName | undefined,
): Constraint {
  const own: Constraint =
    parent === undefined || constraint.kind === "check" || constraint.kind === "foreign-key"
      ? constraint
      : { ...constraint, index: { ...constraint.index, attachedTo: parent } };
  return inherited || parent !== undefined ? { ...own, inherited: true } : own;
}
