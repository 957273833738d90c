import type { ColumnType, Domain } from "../../../schema/schema.js";
import { usualNotNull } from "../normalize-objects.js";
import { collationName } from "./columns.js";
import { byName, isOfExtension, joinComment, nameIn, type Reading, rowsOf } from "./reading.js";
import { readExpression } from "./reprintable/reprintable.js";
import { type TypeRow, typeColumns } from "./type-reader.js";

interface DomainRow extends TypeRow {
  readonly oid: string;
  readonly name: string;
  readonly namespace: string;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly collation: string | null;
  readonly collationNamespace: string | null;
  readonly checks: readonly DomainCheckRow[];
  readonly notNullName: string | null;
  readonly comment: string | null;
}

interface DomainCheckRow {
  readonly name: string;
  readonly expression: string;
  readonly validated: boolean;
  readonly comment: string | null;
}

/** The domains in scope (manual 52.64 `pg_type`, 52.13 `pg_constraint`), their conditions in the order of their names. */
export async function readDomains(
  reading: Reading,
  typeOf: (row: TypeRow) => ColumnType,
): Promise<readonly Domain[]> {
  const rows = await rowsOf<DomainRow>(
    reading.connection,
    `SELECT d.typname::text AS name, d.typnamespace::text AS namespace, d.typnotnull AS "notNull",
  ${typeColumns("t", "d.typbasetype", "d.typtypmod", "d.typndims")},
  pg_get_expr(d.typdefaultbin, 0) AS default,
  co.collname::text AS collation, co_space.nspname::text AS "collationNamespace",
  (SELECT con.conname::text FROM pg_catalog.pg_constraint con
    WHERE con.contypid = d.oid AND con.contype = 'n') AS "notNullName",
  coalesce((SELECT json_agg(json_build_object('name', con.conname, 'expression', pg_get_expr(con.conbin, 0),
      'validated', con.convalidated, 'comment', obj_description(con.oid, 'pg_constraint'))
      ORDER BY con.conname COLLATE "C")
    FROM pg_catalog.pg_constraint con WHERE con.contypid = d.oid AND con.contype = 'c'), '[]') AS checks,
  comment.description AS comment
FROM pg_catalog.pg_type d
JOIN pg_catalog.pg_type t ON t.oid = d.typbasetype
LEFT JOIN pg_catalog.pg_collation co ON co.oid = d.typcollation AND d.typcollation <> t.typcollation
LEFT JOIN pg_catalog.pg_namespace co_space ON co_space.oid = co.collnamespace
${joinComment("pg_type", "d.oid")}
WHERE d.typtype = 'd' AND d.typnamespace IN ${reading.list} AND NOT ${isOfExtension("pg_type", "d.oid")}`,
  );
  return rows.map((row) => domainOf(reading, row, typeOf)).sort(byName);
}

function domainOf(reading: Reading, row: DomainRow, typeOf: (row: TypeRow) => ColumnType): Domain {
  const usual = row.notNullName === null || row.notNullName === usualNotNull(row.name);
  return {
    ...nameIn(reading, row.namespace, row.name),
    type: typeOf(row),
    nullable: !row.notNull,
    ...(usual || row.notNullName === null ? {} : { notNullName: row.notNullName }),
    default: row.default === null ? null : readExpression(row.default),
    collation: collationName(reading, row.collationNamespace, row.collation),
    checks: row.checks.map((check) => ({
      ...check,
      expression: readExpression(check.expression),
    })),
    comment: row.comment,
  };
}
