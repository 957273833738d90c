import type { Enum, Extension, Namespace, Outline, Policy, View } from "../../../schema/schema.js";
import { defaultNamespaceComment } from "../default-names.js";
import {
  byName,
  groupBy,
  isOfExtension,
  joinComment,
  nameIn,
  type Reading,
  readParameters,
  rowsOf,
} from "./reading.js";
import { readExpression, reprintable } from "./reprintable/reprintable.js";
import { indexOptionsOf, joinNamedIndexes } from "./tables.js";

/** The namespaces in scope but the default one. */
export function namespacesOf(reading: Reading): readonly Namespace[] {
  return [...reading.namespaces.values()]
    .filter((row) => !row.isDefault && !row.ofExtension)
    .map(({ name, comment }) => ({ name, comment }));
}

/** The default namespace, where its comment is not what it is made with. */
export function homeOf(reading: Reading): Namespace | null {
  const home = [...reading.namespaces.values()].find((row) => row.isDefault && !row.ofExtension);
  if (home === undefined) return null;
  const usual = home.name === "public" ? defaultNamespaceComment : null;
  return home.comment === usual ? null : { name: home.name, comment: home.comment };
}

/**
 * The extensions of the database, except plpgsql, which every database has. An extension is made with the comment of
 * its control file, which the server is asked for only when there is an extension.
 */
export async function readExtensions(reading: Reading): Promise<readonly Extension[]> {
  const rows = await rowsOf<{
    readonly name: string;
    readonly namespace: string;
    readonly version: string;
    readonly ownComment: boolean;
    readonly comment: string | null;
  }>(
    reading.connection,
    `SELECT e.extname::text AS name, s.nspname::text AS namespace, e.extversion AS version,
  available.name IS NOT NULL AND comment.description IS DISTINCT FROM available.comment AS "ownComment",
  comment.description AS comment
FROM pg_catalog.pg_extension e
JOIN pg_catalog.pg_namespace s ON s.oid = e.extnamespace
LEFT JOIN LATERAL (SELECT a.name, a.comment FROM pg_available_extensions() a WHERE a.name = e.extname) available ON true
${joinComment("pg_extension", "e.oid")}
WHERE e.extname <> 'plpgsql'
ORDER BY e.extname COLLATE "C"`,
  );
  return rows.map(({ ownComment, comment, ...row }) => ({
    ...row,
    namespace: nameIn(reading, row.namespace, row.name).namespace,
    ...(ownComment && { comment }),
  }));
}

/** The enums in scope, their values in the order of the enum. */
export async function readEnums(reading: Reading): Promise<readonly Enum[]> {
  const rows = await rowsOf<{
    readonly namespace: string;
    readonly name: string;
    readonly values: readonly string[];
    readonly comment: string | null;
  }>(
    reading.connection,
    `SELECT t.typnamespace::text AS namespace, t.typname::text AS name, comment.description AS comment,
  ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS values
FROM pg_catalog.pg_type t
${joinComment("pg_type", "t.oid")}
WHERE t.typtype = 'e' AND t.typnamespace IN ${reading.list} AND NOT ${isOfExtension("pg_type", "t.oid")}`,
  );
  return rows
    .map(({ namespace, name, values, comment }) => ({ ...nameIn(reading, namespace, name), values, comment }))
    .sort(byName);
}

export interface ViewRow {
  readonly oid: string;
  readonly view: Omit<View, "indexes">;
}

/** Columns of a view without its query, where something other than another view's query needs it or its row type. */
const needsOutline = `EXISTS (SELECT FROM pg_catalog.pg_depend d
    WHERE d.deptype = 'n' AND (d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid
        AND d.classid <> 'pg_catalog.pg_rewrite'::regclass
      OR d.refclassid = 'pg_catalog.pg_type'::regclass
        AND d.refobjid IN (SELECT unnest(ARRAY[t.oid, t.typarray]) FROM pg_catalog.pg_type t WHERE t.oid = c.reltype)))`;

/** Its query reads a column of its own, so that no row ever comes out of it. */
const readsItself = `EXISTS (SELECT FROM pg_catalog.pg_rewrite r
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = r.ev_class AND d.refobjsubid > 0
    WHERE r.ev_class = c.oid AND r.ev_type = '1')`;

/** The columns of a view, each with an expression that gives it without the query. */
const viewColumns = `CASE WHEN c.relkind = 'v' THEN (SELECT coalesce(json_agg(json_build_array(a.attname, 'NULL::' || format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END
      || ' AS ' || quote_ident(a.attname)) ORDER BY a.attnum), '[]')
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = c.oid AND a.attnum > 0) END`;

interface OutlineRow {
  readonly needsOutline: boolean;
  readonly readsItself: boolean;
  /** `null` for a materialised one. */
  readonly columns: readonly (readonly [name: string, column: string])[] | null;
}

/** The views in scope, oldest first, so that most come after those they read. */
export async function readViews(reading: Reading): Promise<readonly ViewRow[]> {
  const rows = await rowsOf<
    OutlineRow & {
      readonly oid: string;
      readonly namespace: string;
      readonly name: string;
      readonly materialized: boolean;
      readonly definition: string;
      readonly parameters: readonly string[] | null;
      readonly filled: boolean;
      readonly method: string | null;
      readonly tablespace: string | null;
      readonly replicaIdentity: string;
      readonly replicaIndex: string | null;
      readonly clusterOn: string | null;
      readonly comment: string | null;
    }
  >(
    reading.connection,
    `SELECT c.oid::text AS oid, c.relnamespace::text AS namespace, c.relname::text AS name,
  c.relkind = 'm' AS materialized, pg_get_viewdef(c.oid) AS definition, c.reloptions AS parameters,
  c.relispopulated AS filled, nullif(am.amname::text, 'heap') AS method, space.spcname::text AS tablespace,
  CASE WHEN c.relkind = 'm' THEN c.relreplident::text ELSE 'd' END AS "replicaIdentity",
  named."replicaIndex", named."clusterOn", comment.description AS comment, ${needsOutline} AS "needsOutline",
  ${readsItself} AS "readsItself", ${viewColumns} AS columns
FROM pg_catalog.pg_class c
LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
${joinNamedIndexes}
LEFT JOIN pg_catalog.pg_tablespace space ON space.oid = c.reltablespace
${joinComment("pg_class", "c.oid")}
WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND c.relnamespace IN ${reading.list}
  AND NOT ${isOfExtension("pg_class", "c.oid")}
ORDER BY c.oid`,
  );
  return rows.map((row) => ({
    oid: row.oid,
    view: {
      ...nameIn(reading, row.namespace, row.name),
      materialized: row.materialized,
      definition: reprintable(row.definition.trim().replace(/;$/, "")),
      parameters: readParameters(row.parameters),
      withData: row.filled,
      method: row.method,
      tablespace: row.tablespace,
      comment: row.comment,
      ...viewOptions(row),
      ...(row.columns !== null && { columnTypes: row.columns.map(([, column]) => column) }),
      ...outlineOf(row),
    },
  }));
}

function outlineOf({ columns, needsOutline, readsItself }: OutlineRow): Pick<View, "outline"> {
  if (columns === null || !(needsOutline || readsItself)) return {};
  const outline: Outline = {
    columns: columns.map(([name]) => name),
    definition: ["SELECT", columns.map(([, column]) => `    ${column}`).join(",\n")].join("\n"),
    ...(readsItself && { readsItself }),
  };
  return { outline };
}

/** Only a materialised view has any. */
function viewOptions(row: Parameters<typeof indexOptionsOf>[0]): Pick<View, "options"> {
  const options = indexOptionsOf(row);
  return Object.keys(options).length === 0 ? {} : { options };
}

const commands: Readonly<Record<string, Policy["command"]>> = {
  "*": "all",
  r: "select",
  a: "insert",
  w: "update",
  d: "delete",
};

/** The row security policies in scope, by the table's oid. */
export async function readPolicies(reading: Reading): Promise<ReadonlyMap<string, readonly Policy[]>> {
  const rows = await rowsOf<{
    readonly table: string;
    readonly name: string;
    readonly permissive: boolean;
    readonly command: string;
    readonly roles: readonly string[];
    readonly using: string | null;
    readonly check: string | null;
    readonly comment: string | null;
  }>(
    reading.connection,
    `SELECT p.polrelid::text AS table, p.polname::text AS name, p.polpermissive AS permissive,
  p.polcmd::text AS command,
  ARRAY(SELECT coalesce(r.rolname::text, 'public') FROM unnest(p.polroles) role(oid)
    LEFT JOIN pg_catalog.pg_roles r ON r.oid = role.oid ORDER BY r.rolname COLLATE "C") AS roles,
  pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS check,
  comment.description AS comment
FROM pg_catalog.pg_policy p
JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
${joinComment("pg_policy", "p.oid")}
WHERE c.relnamespace IN ${reading.list}
ORDER BY p.polrelid, p.polname COLLATE "C"`,
  );
  const byTable = groupBy(rows, (row) => row.table);
  return new Map(
    [...byTable].map(([table, policies]) => [
      table,
      policies.map(({ table: _table, command, using, check, ...rest }) => ({
        ...rest,
        command: commands[command] ?? "all",
        using: using === null ? null : readExpression(using),
        check: check === null ? null : readExpression(check),
      })),
    ]),
  );
}
