import type { ColumnType, Composite } from "../../../schema/schema.js";
import { collationName } from "./columns.js";
import { byName, groupBy, isOfExtension, joinComment, nameIn, type Reading, rowsOf } from "./reading.js";
import { type TypeRow, typeColumns } from "./type-reader.js";

interface AttributeRow extends TypeRow {
  readonly composite: string;
  readonly name: string;
  readonly namespace: string;
  readonly typeComment: string | null;
  /** `null` for a type without attributes. */
  readonly attribute: string | null;
  readonly collation: string | null;
  readonly collationNamespace: string | null;
  readonly comment: string | null;
}

/** The composite types in scope that are not the row type of a table or view, with their attributes in order. */
export async function readComposites(
  reading: Reading,
  typeOf: (row: TypeRow) => ColumnType,
): Promise<readonly Composite[]> {
  const rows = await rowsOf<AttributeRow>(
    reading.connection,
    `SELECT c.oid::text AS composite, own.typname::text AS name, own.typnamespace::text AS namespace,
  obj_description(own.oid, 'pg_type') AS "typeComment", a.attname::text AS attribute,
  ${typeColumns("t", "a.atttypid", "a.atttypmod", "a.attndims")},
  co.collname::text AS collation, co_space.nspname::text AS "collationNamespace", comment.description AS comment
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_type own ON own.oid = c.reltype
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_catalog.pg_namespace co_space ON co_space.oid = co.collnamespace
${joinComment("pg_class", "a.attrelid", "a.attnum")}
WHERE c.relkind = 'c' AND own.typnamespace IN ${reading.list} AND NOT ${isOfExtension("pg_type", "own.oid")}
ORDER BY c.oid, a.attnum`,
  );
  return [...groupBy(rows, (row) => row.composite).values()]
    .flatMap((attributes) => {
      const [first] = attributes;
      if (first === undefined) return [];
      return [
        {
          ...nameIn(reading, first.namespace, first.name),
          attributes: attributes.flatMap((row) => attributeOf(reading, row, typeOf)),
          comment: first.typeComment,
        },
      ];
    })
    .sort(byName);
}

function attributeOf(
  reading: Reading,
  row: AttributeRow,
  typeOf: (row: TypeRow) => ColumnType,
): Composite["attributes"] {
  if (row.attribute === null) return [];
  const collation = collationName(reading, row.collationNamespace, row.collation);
  return [{ name: row.attribute, type: typeOf(row), collation, comment: row.comment }];
}
