import type { ColumnType } from "../../../schema/schema.js";
import { isBuiltIn, parseType } from "../types.js";
import { nameIn, type Reading, rowsOf } from "./reading.js";

/** A type as a query gives it. `namespace` is the oid of its schema. */
export interface TypeRow {
  readonly type: string;
  /** Of the element where the type is an array. */
  readonly typeOid: string;
  readonly typeNamespace: string;
  readonly dimensions: number;
}

/** SQL of the columns of a `TypeRow` for a type with a modifier; `type` is the alias of its `pg_type`. */
export function typeColumns(type: string, oid: string, modifier: string, dimensions: string): string {
  return `format_type(${oid}, ${modifier}) AS type,
  CASE WHEN ${type}.typcategory = 'A' THEN ${type}.typelem ELSE ${type}.oid END::text AS "typeOid",
  CASE WHEN ${type}.typnamespace = 'pg_catalog'::regnamespace THEN '' ELSE ${type}.typnamespace::regnamespace::text END
    AS "typeNamespace",
  ${dimensions}::int AS dimensions`;
}

/**
 * Reads types. The text of `format_type` says what a type is called, with its namespace only where the search path
 * does not find it; a type of the user's is given the namespace it is in, one of an extension's as it was printed,
 * because where an extension lives differs from database to database. Each text is parsed once.
 */
export async function openTypes(reading: Reading): Promise<(row: TypeRow) => ColumnType> {
  const members = await rowsOf<{ readonly oid: string }>(
    reading.connection,
    `SELECT objid::text AS oid FROM pg_catalog.pg_depend
WHERE classid = 'pg_catalog.pg_type'::regclass AND deptype = 'e'`,
  );
  const ofExtension = new Set(members.map((member) => member.oid));
  const known = new Map<string, ColumnType>();
  return (row) => {
    const key = `${row.dimensions} ${row.typeNamespace} ${row.type}`;
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const parsed = parseType(row.type);
    const own = row.typeNamespace !== "" && !ofExtension.has(row.typeOid);
    const place = own ? nameIn(reading, unquoted(row.typeNamespace), parsed.name) : parsed;
    // A type of the user's that is called like a built-in one can be meant only with its namespace.
    const hidden = parsed.namespace !== null && place.namespace === null && isBuiltIn(place);
    const type: ColumnType = {
      ...parsed,
      namespace: hidden ? parsed.namespace : place.namespace,
      dimensions: parsed.dimensions === 0 ? 0 : Math.max(row.dimensions, 1),
    };
    known.set(key, type);
    return type;
  };
}

/** `regnamespace` prints a name with quotes where it needs them. */
function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
