import type { Expression } from "../../../schema/schema.js";
import type { Connection } from "../../connection.js";

/** A type that somebody made, as the catalogue has it. Types within it are as `format_type` prints them. */
export type MadeType =
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | {
      readonly kind: "domain";
      readonly base: string;
      readonly notNull: boolean;
      /** On the name `value`. */
      readonly conditions: readonly Expression[];
    }
  | { readonly kind: "composite"; readonly attributes: readonly string[] }
  | { readonly kind: "range" | "multirange"; readonly base: string };

const query = `
SELECT CASE WHEN pg_type_is_visible(t.oid) THEN NULL ELSE n.nspname::text END AS namespace, t.typname::text AS name,
  t.typtype::text AS kind, t.typnotnull AS not_null,
  CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod)
    WHEN 'r' THEN (SELECT format_type(rngsubtype, NULL) FROM pg_range WHERE rngtypid = t.oid)
    WHEN 'm' THEN (SELECT format_type(rngsubtype, NULL) FROM pg_range WHERE rngmultitypid = t.oid) END AS base,
  CASE t.typtype
    WHEN 'e' THEN (SELECT json_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)
    WHEN 'c' THEN (SELECT json_agg(format_type(atttypid, atttypmod) ORDER BY attnum) FROM pg_attribute
      WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped)
    WHEN 'd' THEN (SELECT json_agg(pg_get_expr(conbin, 0) ORDER BY conname) FROM pg_constraint
      WHERE contypid = t.oid AND contype = 'c') END AS parts
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typtype IN ('e', 'd', 'c', 'r', 'm') AND (t.typtype <> 'c' OR c.relkind = 'c')
  AND n.nspname <> 'information_schema'`;

/** Key of a type in the map of `madeTypes`. */
export const typeKey = (namespace: string | null, name: string): string =>
  JSON.stringify([namespace === "pg_catalog" ? null : namespace, name]);

/** The enums, domains, composites and ranges of the database, by `typeKey`. */
export async function madeTypes(connection: Connection): Promise<ReadonlyMap<string, MadeType>> {
  const types = new Map<string, MadeType>();
  for (const row of await connection.query(query)) {
    const namespace = row["namespace"] === null ? null : String(row["namespace"]);
    types.set(typeKey(namespace, String(row["name"])), readType(row));
  }
  return types;
}

function readType(row: Readonly<Record<string, unknown>>): MadeType {
  const parts = Array.isArray(row["parts"]) ? row["parts"].map(String) : [];
  const base = String(row["base"]);
  switch (row["kind"]) {
    case "e":
      return { kind: "enum", values: parts };
    case "d":
      return { kind: "domain", base, notNull: row["not_null"] === true, conditions: parts };
    case "c":
      return { kind: "composite", attributes: parts };
    default:
      return { kind: row["kind"] === "m" ? "multirange" : "range", base };
  }
}
