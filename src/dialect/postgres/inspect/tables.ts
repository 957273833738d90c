import type { TableOptions } from "../../../schema/schema.js";
import { isOfExtension, joinComment, type Reading, readParameters, rowsOf } from "./reading.js";

export interface TableRow {
  readonly oid: string;
  readonly namespace: string;
  readonly name: string;
  readonly unlogged: boolean;
  readonly tablespace: string | null;
  readonly parameters: readonly string[] | null;
  readonly toastParameters: readonly string[] | null;
  readonly rowSecurity: boolean;
  readonly forced: boolean;
  readonly method: string | null;
  readonly replicaIdentity: string;
  readonly replicaIndex: string | null;
  readonly clusterOn: string | null;
  readonly comment: string | null;
}

/**
 * The tables in scope, partitioned ones and their partitions too. Left out, and named by `uninspected`: foreign
 * tables. Left out for good: what belongs to an extension, temporary tables.
 */
export function readTables(reading: Reading): Promise<readonly TableRow[]> {
  return rowsOf<TableRow>(
    reading.connection,
    `SELECT c.oid::text AS oid, c.relnamespace::text AS namespace, c.relname::text AS name,
  c.relpersistence = 'u' AS unlogged, space.spcname::text AS tablespace, c.reloptions AS parameters,
  toast.reloptions AS "toastParameters", c.relrowsecurity AS "rowSecurity", c.relforcerowsecurity AS forced,
  nullif(am.amname::text, 'heap') AS method, c.relreplident::text AS "replicaIdentity",
  named."replicaIndex", named."clusterOn", comment.description AS comment
FROM pg_catalog.pg_class c
LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
${joinNamedIndexes}
LEFT JOIN pg_catalog.pg_tablespace space ON space.oid = c.reltablespace
LEFT JOIN pg_catalog.pg_class toast ON toast.oid = c.reltoastrelid
${joinComment("pg_class", "c.oid")}
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.relnamespace IN ${reading.list}
  AND NOT ${isOfExtension("pg_class", "c.oid")}`,
  );
}

/** SQL: joins the indexes that CLUSTER and replica identity of `c` name, as `named`. */
export const joinNamedIndexes = `LEFT JOIN (
  SELECT i.indrelid, max(ic.relname::text) FILTER (WHERE i.indisreplident) AS "replicaIndex",
    max(ic.relname::text) FILTER (WHERE i.indisclustered) AS "clusterOn"
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
  WHERE i.indisreplident OR i.indisclustered
  GROUP BY i.indrelid
) named ON named.indrelid = c.oid`;

/** Replica identity by an index that was dropped is none, and pg_dump does not print it either. */
export function indexOptionsOf(
  row: Pick<TableRow, "replicaIdentity" | "replicaIndex" | "clusterOn">,
): Pick<TableOptions, "replicaIdentity" | "clusterOn"> {
  const { replicaIdentity, replicaIndex, clusterOn } = row;
  return {
    ...(replicaIdentity === "f" && { replicaIdentity: { by: "full" } }),
    ...(replicaIdentity === "n" && { replicaIdentity: { by: "nothing" } }),
    ...(replicaIdentity === "i" &&
      replicaIndex !== null && { replicaIdentity: { by: "index", index: replicaIndex } }),
    ...(clusterOn !== null && { clusterOn }),
  };
}

export function optionsOf(row: TableRow): TableOptions {
  return {
    unlogged: row.unlogged,
    tablespace: row.tablespace,
    parameters: {
      ...readParameters(row.parameters),
      ...readParameters(row.toastParameters, "toast."),
    },
    strict: false,
    withoutRowid: false,
    ...(row.method !== null && { method: row.method }),
    ...indexOptionsOf(row),
  };
}
