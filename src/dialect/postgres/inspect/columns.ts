import type { ObjectName } from "../../../schema/name.js";
import type { Column, ColumnStorage, ColumnType, Identity, NotNull } from "../../../schema/schema.js";
import { normalizeCollation } from "../collation.js";
import { normalizeNotNull, normalizeStorage } from "../normalize.js";
import { madeName } from "../quote.js";
import { serialOf } from "../types.js";
import { groupBy, joinComment, nameIn, type Reading, readParameters, rowsOf } from "./reading.js";
import { readExpression } from "./reprintable/reprintable.js";
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
  /** `p`, `e`, `x` or `m` where it is not that of the type. */
  readonly strategy: string | null;
  readonly compression: string;
  readonly statistics: number | null;
  readonly parameters: readonly string[] | null;
  /** Of the table: the name that the engine makes for a NOT NULL starts with it. */
  readonly tableName: string;
  /** PostgreSQL 18: the constraint that makes it NOT NULL, where the table has it by itself or is a partition. */
  readonly notNullName: string | null;
  /** That of a partition is its parent's, but for its name. */
  readonly notNullGiven: boolean | null;
  readonly notNullNoInherit: boolean | null;
  /** A partition's own NOT NULL is called after it, that of its parent is not. */
  readonly isPartition: boolean;
  readonly notNullValidated: boolean | null;
  readonly comment: string | null;
}

/** NOT NULLs are constraints in the catalogue, with names, since PostgreSQL 18. */
export function namesNotNull({ connection }: Reading): boolean {
  return connection.server.version >= 180_000;
}

/** The columns of every ordinary table in scope, by the table's oid, in the order of the table. */
export async function readColumns(reading: Reading): Promise<ReadonlyMap<string, readonly ColumnRow[]>> {
  const named = namesNotNull(reading);
  const rows = await rowsOf<ColumnRow>(
    reading.connection,
    `SELECT a.attrelid::text AS table, a.attnum::int AS number, a.attname::text AS name,
  ${typeColumns("t", "a.atttypid", "a.atttypmod", "a.attndims")},
  NOT a.attislocal AS inherited, a.attnotnull AS "notNull", a.attidentity::text AS identity, a.attgenerated::text AS generated,
  CASE WHEN a.atthasdef THEN pg_get_expr(def.adbin, def.adrelid) END AS expression,
  a.atttypid::text AS "fullTypeOid", a.attcollation::text AS "collationOid",
  collation_row.collname::text AS collation, collation_space.nspname::text AS "collationNamespace",
  CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END AS strategy,
  a.attcompression::text AS compression, CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::int END AS statistics,
  a.attoptions AS parameters, c.relname::text AS "tableName", c.relispartition AS "isPartition", ${notNullColumns(named)},
  comment.description AS comment
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef def ON def.adrelid = a.attrelid AND def.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation collation_row
  ON collation_row.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_catalog.pg_namespace collation_space ON collation_space.oid = collation_row.collnamespace
${named ? joinNotNull : ""}
${joinComment("pg_class", "a.attrelid", "a.attnum")}
WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
  AND c.relnamespace IN ${reading.list}
ORDER BY a.attrelid, a.attnum`,
  );
  return groupBy(rows, (row) => row.table);
}

function notNullColumns(named: boolean): string {
  const [name, given, noInherit, validated] = named
    ? ["required.conname::text", "NOT required.conislocal", "required.connoinherit", "required.convalidated"]
    : ["NULL", "NULL", "NULL", "NULL"];
  return `${name} AS "notNullName", ${given} AS "notNullGiven", ${noInherit} AS "notNullNoInherit",
  ${validated} AS "notNullValidated"`;
}

const joinNotNull = `LEFT JOIN pg_catalog.pg_constraint required ON required.conrelid = a.attrelid
  AND required.contype = 'n' AND (required.conislocal OR c.relispartition) AND required.conkey[1] = a.attnum`;

/** One column. `sequence` is the one that its values come from by being its own, if any. */
export function columnOf(
  reading: Reading,
  row: ColumnRow,
  typeOf: (row: TypeRow) => ColumnType,
  sequence: ColumnSequence | null,
): Column {
  const type = typeOf(row);
  const serial = sequence?.kind === "serial";
  const expression = row.expression === null ? null : readExpression(row.expression);
  const notNull = notNullOf(row);
  const storage = storageOf(row);
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
    ...(notNull !== null && { notNull }),
    ...(storage !== null && { storage }),
    ...(serial && sequence.own !== null && { own: sequence.own }),
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
  return {
    generation: row.identity === "a" ? "always" : "by-default",
    sequence: sequence.options,
    ...(sequence.own !== null && { own: sequence.own }),
  };
}

function notNullOf(row: ColumnRow): NotNull | null {
  if (row.notNullName === null) return null;
  if (row.notNullGiven === true) return { name: row.notNullName, onConflict: null };
  const isUsual = !row.isPartition && isMadeNotNull(row.notNullName, row.tableName, row.name);
  return normalizeNotNull({
    name: isUsual ? null : row.notNullName,
    onConflict: null,
    ...(row.notNullNoInherit === true && { noInherit: true }),
    ...(row.notNullValidated === false && { notValid: true }),
  });
}

/** The engine makes this name for the NOT NULL of the column; where it was taken there is a number behind it. */
export function isMadeNotNull(name: string, table: string, column: string): boolean {
  const [number = ""] = /\d*$/.exec(name) ?? [];
  return madeName(table, column, `not_null${number}`) === name;
}

/** `attstorage` and `attcompression` of pg_attribute (manual, 53.7). */
const strategies: Readonly<Record<string, string>> = { p: "plain", e: "external", x: "extended", m: "main" };
const compressions: Readonly<Record<string, string>> = { p: "pglz", l: "lz4" };

/** How a column is stored beyond what its type says; also for columns of materialised views. */
export function storageOf(
  row: Pick<ColumnRow, "strategy" | "compression" | "statistics" | "parameters">,
): ColumnStorage | null {
  const strategy = strategies[row.strategy ?? ""];
  const compression = compressions[row.compression];
  return normalizeStorage({
    ...(strategy !== undefined && { strategy }),
    ...(compression !== undefined && { compression }),
    ...(row.statistics !== null && { statistics: row.statistics }),
    ...(row.parameters !== null && { parameters: readParameters(row.parameters) }),
  });
}
