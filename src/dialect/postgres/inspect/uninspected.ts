import type { Connection } from "../../connection.js";
import type { Scope, Uninspected } from "../../dialect.js";
import { isOfExtension, nameIn, openReading, type Reading, rowsOf } from "./reading.js";

/**
 * Lists the objects in scope that `inspectPostgres` leaves out, or leaves a part of out, so that a command can name
 * them: nothing is dropped silently.
 */
export async function uninspected(connection: Connection, scope: Scope): Promise<readonly Uninspected[]> {
  const reading = await openReading(connection, scope);
  const rows = await rowsOf<{
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly table: string | null;
  }>(connection, queries(reading).join("\nUNION ALL\n").concat("\nORDER BY 1, 2, 4, 3"));
  return rows.map(({ kind, namespace, name, table }) => ({
    kind,
    name: nameIn(reading, namespace, name),
    table: table === null ? null : nameIn(reading, namespace, table),
  }));
}

/** Each gives kind, namespace (oid), name and table. */
function queries(reading: Reading): readonly string[] {
  return [
    relations(reading),
    types(reading),
    routines(reading),
    triggers(reading),
    rules(reading),
    ...parts(reading),
  ];
}

function relations({ list }: Reading): string {
  return `SELECT 'foreign table' AS kind, c.relnamespace::text AS namespace, c.relname::text AS name, NULL::text AS table
FROM pg_catalog.pg_class c
WHERE c.relnamespace IN ${list} AND c.relkind = 'f' AND NOT ${isOfExtension("pg_class", "c.oid")}`;
}

function types({ list }: Reading): string {
  return `SELECT CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite type' WHEN 'r' THEN 'range type'
    ELSE 'base type' END, t.typnamespace::text, t.typname::text, NULL
FROM pg_catalog.pg_type t
LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
WHERE t.typnamespace IN ${list} AND NOT ${isOfExtension("pg_type", "t.oid")}
  AND (t.typtype IN ('d', 'r') OR t.typtype = 'c' AND c.relkind = 'c'
    OR t.typtype = 'b' AND t.typcategory <> 'A')`;
}

function routines({ list }: Reading): string {
  return `SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
  p.pronamespace::text, p.proname::text, NULL
FROM pg_catalog.pg_proc p
WHERE p.pronamespace IN ${list} AND NOT ${isOfExtension("pg_proc", "p.oid")}
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')`;
}

function triggers({ list }: Reading): string {
  return `SELECT 'trigger', c.relnamespace::text, t.tgname::text, c.relname::text
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace IN ${list} AND NOT t.tgisinternal AND NOT c.relispartition
  AND NOT ${isOfExtension("pg_class", "c.oid")}`;
}

/** The rule that is the query of a view is inspected with the view. */
function rules({ list }: Reading): string {
  return `SELECT 'rule', c.relnamespace::text, r.rulename::text, c.relname::text
FROM pg_catalog.pg_rewrite r
JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace IN ${list} AND r.rulename <> '_RETURN' AND NOT ${isOfExtension("pg_class", "c.oid")}`;
}

/** Properties of objects that are inspected, where the property itself is not. */
function parts({ list }: Reading): readonly string[] {
  const ofTable = `c.relnamespace IN ${list} AND NOT c.relispartition AND c.relpersistence <> 't'`;
  return [
    `SELECT 'statistics', s.stxnamespace::text, s.stxname::text, c.relname::text
FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid
WHERE s.stxnamespace IN ${list}`,
    `SELECT 'invalid index', c.relnamespace::text, ic.relname::text, c.relname::text
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
WHERE ${ofTable} AND NOT i.indisvalid AND c.relkind IN ('r', 'm')`,
    `SELECT 'comment on column of view', c.relnamespace::text, a.attname::text, c.relname::text
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_catalog.pg_class'::regclass
  AND d.objsubid = a.attnum
WHERE ${ofTable} AND c.relkind IN ('v', 'm') AND NOT ${isOfExtension("pg_class", "c.oid")}`,
  ];
}
