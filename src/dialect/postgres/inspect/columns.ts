import type { ObjectName } from "../../../schema/name.js";
import type { Column, ColumnType, Identity } from "../../../schema/schema.js";
import { normalizeCollation } from "../normalize.js";
import { trimExpression } from "../token.js";
import { serialOf } from "../types.js";
import { groupBy, joinComment, nameIn, type Reading, rowsOf } from "./reading.js";
import type { ColumnSequence } from "./sequences.js";
import { type TypeRow, typeColumns } from "./type-reader.js";

export interface ColumnRow extends TypeRow {
  readonly table: string;
  readonly number: number;
  readonly name: string;
  readonly inherited: boolean;
  readonly notNull: boolean;
  readonly identity: string;
  readonly generated: string;
  readonly expression: string | null;
  /** Oids, to hold an index's against. */
  readonly fullTypeOid: string;
  readonly collationOid: string;
  readonly collation: string | null;
  readonly collationNamespace: string | null;
  readonly comment: string | null;
}

/** The columns of every ordinary table in scope, by the table's oid, in the order of the table. */
export async function readColumns(reading: Reading): Promise<ReadonlyMap<string, readonly ColumnRow[]>> {
  const rows = await rowsOf<ColumnRow>(
    reading.connection,
    `SELECT a.attrelid::text AS table, a.attnum::int AS number, a.attname::text AS name,
  ${typeColumns("t", "a.atttypid", "a.atttypmod", "a.attndims")},
  NOT a.attislocal AS inherited, a.attnotnull AS "notNull", a.attidentity::text AS identity, a.attgenerated::text AS generated,
  CASE WHEN a.atthasdef THEN pg_get_expr(def.adbin, def.adrelid) END AS expression,
  a.atttypid::text AS "fullTypeOid", a.attcollation::text AS "collationOid",
  collation_row.collname::text AS collation, collation_space.nspname::text AS "collationNamespace",
  comment.description AS comment
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef def ON def.adrelid = a.attrelid AND def.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation collation_row
  ON collation_row.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_catalog.pg_namespace collation_space ON collation_space.oid = collation_row.collnamespace
${joinComment("pg_class", "a.attrelid", "a.attnum")}
WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
  AND c.relnamespace IN ${reading.list}
ORDER BY a.attrelid, a.attnum`,
  );
  return groupBy(rows, (row) => row.table);
}

/** One column. `sequence` is the one that its values come from by being its own, if any. */
export function columnOf(
  reading: Reading,
  row: ColumnRow,
  typeOf: (row: TypeRow) => ColumnType,
  sequence: ColumnSequence | null,
): Column {
  const type = typeOf(row);
  const serial = sequence?.kind === "serial";
  const expression = row.expression === null ? null : trimExpression(row.expression);
  return {
    name: row.name,
    type: serial ? serialOf(type) : type,
    nullable: !row.notNull,
    default: serial || row.generated !== "" ? null : expression,
    identity: identityOf(row, sequence),
    generated:
      row.generated === "" || expression === null
        ? null
        : { expression, storage: row.generated === "s" ? "stored" : "virtual" },
    collation: collationName(reading, row.collationNamespace, row.collation),
    comment: row.comment,
    ...(row.inherited && { inherited: true as const }),
  };
}

export function collationName(
  reading: Reading,
  namespace: string | null,
  name: string | null,
): ObjectName | null {
  if (name === null || namespace === null) return null;
  return normalizeCollation(nameIn(reading, namespace, name));
}

function identityOf(row: ColumnRow, sequence: ColumnSequence | null): Identity | null {
  if (row.identity === "" || sequence === null) return null;
  return { generation: row.identity === "a" ? "always" : "by-default", sequence: sequence.options };
}
