import type { ObjectName } from "../../../schema/name.js";
import type { ColumnType, OwnSequence, Sequence, SequenceOptions } from "../../../schema/schema.js";
import { normalizeSequenceOptions } from "../normalize.js";
import { madeName } from "../quote.js";
import { parseType } from "../types.js";
import { byName, isOfExtension, joinComment, nameIn, type Reading, rowsOf } from "./reading.js";

/** A sequence that is part of a column: behind an identity, or what makes the column `serial`. */
export interface ColumnSequence {
  readonly kind: "identity" | "serial";
  readonly options: SequenceOptions;
  /** What of it is not as the engine would make it. */
  readonly own: OwnSequence | null;
}

export interface Sequences {
  /** Those that stand by themselves. */
  readonly own: readonly Sequence[];
  /** By `columnKey` of the column that they are part of. */
  readonly ofColumns: ReadonlyMap<string, ColumnSequence>;
}

export function columnKey(table: string, number: number): string {
  return `${table} ${number}`;
}

interface SequenceRow {
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  readonly start: string;
  readonly increment: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly cache: string;
  readonly cycle: boolean;
  readonly unlogged: boolean;
  /** As the table that it belongs to is: the engine makes no other. */
  readonly usual: boolean;
  /** `i` behind an identity, `a` owned by a column, `null` neither. */
  readonly dependency: string | null;
  readonly table: string | null;
  readonly column: number | null;
  readonly tableName: string | null;
  readonly tableNamespace: string | null;
  readonly columnName: string | null;
  /** The owner's default, where it is computed from this sequence. */
  readonly default: string | null;
  readonly ofSerial: boolean | null;
  /** Without its modifier. */
  readonly columnType: string | null;
  readonly comment: string | null;
}

/** Every sequence in scope, apart into those of columns and those of their own. */
export async function readSequences(reading: Reading): Promise<Sequences> {
  // Sequences can be unlogged since version 15, and are then as their table is.
  const usual = reading.connection.server.version >= 150_000 ? "owner.relpersistence" : "'p'";
  const rows = await rowsOf<SequenceRow>(
    reading.connection,
    `SELECT c.relname::text AS name, c.relnamespace::text AS namespace, format_type(s.seqtypid, NULL) AS type,
  s.seqstart::text AS start, s.seqincrement::text AS increment, s.seqmin::text AS minimum, s.seqmax::text AS maximum,
  s.seqcache::text AS cache, s.seqcycle AS cycle, c.relpersistence = 'u' AS unlogged, c.relpersistence = ${usual} AS usual,
  d.deptype::text AS dependency, d.refobjid::text AS table, d.refobjsubid::int AS column,
  owner.relname::text AS "tableName", owner_space.nspname::text AS "tableNamespace", a.attname::text AS "columnName",
  CASE WHEN u.objid IS NOT NULL THEN pg_get_expr(def.adbin, def.adrelid) END AS default,
  a.attnotnull AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) AS "ofSerial",
  format_type(a.atttypid, NULL) AS "columnType",
  comment.description AS comment
FROM pg_catalog.pg_sequence s
JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
  AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
LEFT JOIN pg_catalog.pg_class owner ON owner.oid = d.refobjid
LEFT JOIN pg_catalog.pg_namespace owner_space ON owner_space.oid = owner.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
LEFT JOIN pg_catalog.pg_attrdef def ON def.adrelid = d.refobjid AND def.adnum = d.refobjsubid
LEFT JOIN pg_catalog.pg_depend u ON u.classid = 'pg_catalog.pg_attrdef'::regclass AND u.objid = def.oid
  AND u.refclassid = 'pg_catalog.pg_class'::regclass AND u.refobjid = c.oid AND u.refobjsubid = 0
${joinComment("pg_class", "c.oid")}
WHERE c.relnamespace IN ${reading.list} AND c.relpersistence <> 't' AND NOT ${isOfExtension("pg_class", "c.oid")}`,
  );
  const own: Sequence[] = [];
  const ofColumns = new Map<string, ColumnSequence>();
  for (const row of rows) {
    const kind = kindOf(row);
    const type = parseType(row.type);
    const options = optionsOf(row, type);
    if (kind === "own") own.push(sequenceOf(reading, row, type, options));
    else {
      const own = ownPart(reading, row, type);
      ofColumns.set(columnKey(row.table ?? "", row.column ?? 0), { kind, options, own });
    }
  }
  return { own: own.sort(byName), ofColumns };
}

/** An identity's sequence has always the type of its column, as far as its options tell; that of a serial may have any. */
function ownPart(reading: Reading, row: SequenceRow, type: ColumnType): OwnSequence | null {
  const usualName = madeName(row.tableName ?? "", row.columnName ?? "", "seq");
  const space = reading.namespaces.get(row.namespace)?.name;
  const named = row.name !== usualName || space !== row.tableNamespace;
  const typed = row.dependency === "a" && row.columnType !== null && row.columnType !== type.name;
  if (!named && !typed && row.usual) return null;
  return {
    ...(named && { name: nameIn(reading, row.namespace, row.name) }),
    ...(typed && { type }),
    ...(!row.usual && { unlogged: row.unlogged }),
  };
}

function optionsOf(row: SequenceRow, type: ColumnType): SequenceOptions {
  const { start, increment, minimum, maximum, cache, cycle } = row;
  return normalizeSequenceOptions({ start, increment, minimum, maximum, cache, cycle }, type);
}

/**
 * `serial` leaves no trace but this: an integer column, not null, whose default is the next value of a sequence that
 * it owns and that has only default options (manual 8.1.4). The type of the sequence is not looked at: before version 10
 * it was `bigint` for every column.
 */
function kindOf(row: SequenceRow): ColumnSequence["kind"] | "own" {
  if (row.dependency === "i") return "identity";
  const plain = Object.values(optionsOf(row, parseType(row.type))).every(
    (value) => value === null || value === false,
  );
  const called = row.default !== null && /^nextval\('(?:[^']|'')+'::regclass\)$/.test(row.default);
  const serial = row.dependency === "a" && row.ofSerial === true && row.comment === null;
  return serial && plain && called ? "serial" : "own";
}

function sequenceOf(
  reading: Reading,
  row: SequenceRow,
  type: ColumnType,
  options: SequenceOptions,
): Sequence {
  return {
    ...nameIn(reading, row.namespace, row.name),
    type,
    options,
    ownedBy: ownerOf(reading, row),
    comment: row.comment,
    ...(row.unlogged && { unlogged: true }),
  };
}

function ownerOf(
  reading: Reading,
  row: SequenceRow,
): { readonly table: ObjectName; readonly column: string } | null {
  if (row.tableName === null || row.tableNamespace === null || row.columnName === null) return null;
  return { table: nameIn(reading, row.tableNamespace, row.tableName), column: row.columnName };
}
