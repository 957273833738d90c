import type { ObjectName } from "../../../schema/name.js";
import type { Index, IndexKey } from "../../../schema/schema.js";
import { type ColumnRow, collationName } from "./columns.js";
import { groupBy, joinComment, type Reading, readParameters, readVector, rowsOf } from "./reading.js";
import { readExpression } from "./reprintable/reprintable.js";

interface RawIndexRow {
  readonly oid: string;
  readonly table: string;
  readonly name: string;
  readonly method: string;
  readonly unique: boolean;
  readonly keyCount: number;
  readonly columns: string;
  readonly options: string;
  readonly operatorClasses: string;
  readonly collations: string;
  readonly nullsNotDistinct: boolean;
  readonly parameters: readonly string[] | null;
  readonly tablespace: string | null;
  /** Statistics targets by the number of the key. */
  readonly statistics: Readonly<Record<string, number>> | null;
  readonly predicate: string | null;
  /** Of the keys that are expressions, in order. */
  readonly expressions: readonly string[] | null;
  /** The whole CREATE INDEX, where an expression may have a collation of its own. */
  readonly definition: string | null;
  /** Parameters of operator classes by the number of the key. */
  readonly classParameters: Readonly<Record<string, readonly string[]>> | null;
  /** Of a partitioned table, of which not every partition has it yet. */
  readonly incomplete: boolean;
  readonly ofConstraint: boolean;
  /** Of a partitioned table: what its columns are called. */
  readonly columnNames: readonly string[] | null;
  readonly comment: string | null;
}

/** A row with its vectors read. */
export interface IndexRow
  extends Omit<RawIndexRow, "columns" | "options" | "operatorClasses" | "collations"> {
  readonly columns: readonly string[];
  readonly options: readonly string[];
  readonly operatorClasses: readonly string[];
  readonly collations: readonly string[];
}

interface OperatorClassRow {
  readonly oid: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly inputType: string;
  readonly method: string;
}

interface CollationRow {
  readonly oid: string;
  readonly name: string;
  readonly namespace: string;
}

/** What the keys of indexes are read with. */
export interface IndexReader {
  readonly reading: Reading;
  readonly rows: ReadonlyMap<string, IndexRow>;
  readonly byTable: ReadonlyMap<string, readonly IndexRow[]>;
  readonly operatorClasses: ReadonlyMap<string, OperatorClassRow>;
  /** `method type` for which there is a default operator class of exactly that type. */
  readonly exactDefaults: ReadonlySet<string>;
  readonly collations: ReadonlyMap<string, ObjectName | null>;
  /** Of partitioned tables: what the columns of their indexes are called, by the table's oid and the index. */
  readonly columnNames: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
}

/** Every index of the tables and materialised views in scope, those under constraints too. */
export async function readIndexes(reading: Reading): Promise<IndexReader> {
  const [raw, classes, collations] = [
    await queryIndexes(reading),
    await queryOperatorClasses(reading),
    await queryCollations(reading),
  ];
  const rows = raw.map(
    (row): IndexRow => ({
      ...row,
      columns: readVector(row.columns),
      options: readVector(row.options),
      operatorClasses: readVector(row.operatorClasses),
      collations: readVector(row.collations),
    }),
  );
  return {
    reading,
    rows: new Map(rows.map((row) => [row.oid, row])),
    byTable: groupBy(
      rows.filter((row) => !row.ofConstraint),
      (row) => row.table,
    ),
    operatorClasses: new Map(classes.map((row) => [row.oid, row])),
    exactDefaults: new Set(
      classes.filter((row) => row.isDefault).map((row) => `${row.method} ${row.inputType}`),
    ),
    columnNames: namesByTable(rows),
    collations: new Map(collations.map((row) => [row.oid, collationName(reading, row.namespace, row.name)])),
  };
}

function namesByTable(rows: readonly IndexRow[]): IndexReader["columnNames"] {
  const named = rows.flatMap(({ table, name, columnNames }) =>
    columnNames === null ? [] : [{ table, entry: [name, columnNames] as const }],
  );
  const byTable = groupBy(named, ({ table }) => table);
  return new Map([...byTable].map(([table, all]) => [table, new Map(all.map(({ entry }) => entry))]));
}

function queryIndexes(reading: Reading): Promise<readonly RawIndexRow[]> {
  const nullsNotDistinct = reading.connection.server.version >= 150_000 ? "i.indnullsnotdistinct" : "false";
  return rowsOf<RawIndexRow>(
    reading.connection,
    `SELECT i.indexrelid::text AS oid, i.indrelid::text AS table, ic.relname::text AS name, am.amname::text AS method,
  i.indisunique AS unique, i.indnkeyatts::int AS "keyCount", i.indkey::text AS columns, i.indoption::text AS options,
  i.indclass::text AS "operatorClasses", i.indcollation::text AS collations,
  ${nullsNotDistinct} AS "nullsNotDistinct", ic.reloptions AS parameters,
  space.spcname::text AS tablespace, sampled.targets AS statistics,
  CASE WHEN i.indpred IS NOT NULL THEN pg_get_expr(i.indpred, i.indrelid) END AS predicate,
  CASE WHEN i.indexprs IS NOT NULL THEN (
    SELECT array_agg(pg_get_indexdef(i.indexrelid, place, false) ORDER BY place)
    FROM generate_series(1, i.indnkeyatts) place WHERE i.indkey[place - 1] = 0
  ) END AS expressions,
  CASE WHEN i.indexprs IS NOT NULL THEN pg_get_indexdef(i.indexrelid) END AS definition,
  parameters.of_class AS "classParameters",
  CASE WHEN c.relkind = 'p' THEN (
    SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = i.indexrelid AND a.attnum > 0
  ) END AS "columnNames",
  c.relkind = 'p' AND NOT i.indisvalid AS incomplete, con.oid IS NOT NULL AS "ofConstraint", comment.description AS comment
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
JOIN pg_catalog.pg_am am ON am.oid = ic.relam
LEFT JOIN pg_catalog.pg_tablespace space ON space.oid = ic.reltablespace
LEFT JOIN (
  SELECT attrelid, jsonb_object_agg(attnum, attstattarget) AS targets
  FROM pg_catalog.pg_attribute WHERE attstattarget >= 0 AND attnum > 0 GROUP BY attrelid
) sampled ON sampled.attrelid = i.indexrelid
LEFT JOIN pg_catalog.pg_constraint con
  ON con.conrelid = i.indrelid AND con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x')
LEFT JOIN (
  SELECT attrelid, jsonb_object_agg(attnum, to_jsonb(attoptions)) AS of_class
  FROM pg_catalog.pg_attribute WHERE attoptions IS NOT NULL GROUP BY attrelid
) parameters ON parameters.attrelid = i.indexrelid
${joinComment("pg_class", "i.indexrelid")}
WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
  AND c.relnamespace IN ${reading.list}
  -- What a concurrent build that failed has left is no index, and uninspected() names it; pg_dump leaves it out, too.
  AND (i.indisvalid OR c.relkind = 'p')
ORDER BY i.indrelid, i.indexrelid`,
  );
}

function queryOperatorClasses(reading: Reading): Promise<readonly OperatorClassRow[]> {
  return rowsOf<OperatorClassRow>(
    reading.connection,
    `SELECT o.oid::text AS oid, o.opcdefault AS "isDefault", o.opcintype::text AS "inputType", am.amname::text AS method,
  CASE WHEN pg_opclass_is_visible(o.oid) THEN quote_ident(o.opcname)
    ELSE format('%I.%I', s.nspname, o.opcname) END AS name
FROM pg_catalog.pg_opclass o
JOIN pg_catalog.pg_am am ON am.oid = o.opcmethod
JOIN pg_catalog.pg_namespace s ON s.oid = o.opcnamespace`,
  );
}

function queryCollations(reading: Reading): Promise<readonly CollationRow[]> {
  return rowsOf<CollationRow>(
    reading.connection,
    `SELECT co.oid::text AS oid, co.collname::text AS name, s.nspname::text AS namespace
FROM pg_catalog.pg_collation co
JOIN pg_catalog.pg_namespace s ON s.oid = co.collnamespace
WHERE co.oid IN (
  SELECT unnest(i.indcollation::oid[]) FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indrelid AND c.relnamespace IN ${reading.list}
)`,
  );
}

/** One index that is not a constraint's. `columns` are those of its table. */
export function indexOf(reader: IndexReader, row: IndexRow, columns: readonly ColumnRow[]): Index {
  const named = new Map(columns.map((column) => [column.number, column.name]));
  return {
    name: row.name,
    unique: row.unique,
    method: row.method,
    keys: keysOf(reader, row, columns),
    include: row.columns.slice(row.keyCount).map((number) => named.get(Number(number)) ?? ""),
    where: predicateOf(row),
    nullsNotDistinct: row.nullsNotDistinct,
    parameters: readParameters(row.parameters),
    comment: row.comment,
    concurrently: false,
    ...(row.tablespace !== null && { tablespace: row.tablespace }),
    ...(row.statistics !== null && { statistics: row.statistics }),
  };
}

export function predicateOf(row: IndexRow): string | null {
  return row.predicate === null ? null : readExpression(row.predicate);
}

/** The keys of an index, without the columns that are only included. */
export function keysOf(
  reader: IndexReader,
  row: IndexRow,
  columns: readonly ColumnRow[],
): readonly IndexKey[] {
  const byNumber = new Map(columns.map((column) => [String(column.number), column]));
  const expressions = [...(row.expressions ?? [])];
  return row.columns.slice(0, row.keyCount).map((number, place): IndexKey => {
    const column = byNumber.get(number) ?? null;
    const text = number === "0" ? (expressions.shift() ?? "") : null;
    // indoption (src/include/catalog/pg_index.h): 1 descending, 2 nulls first.
    const option = Number(row.options[place] ?? 0);
    return {
      column: column?.name ?? null,
      expression: text === null ? null : readExpression(text),
      order: option & 1 ? "desc" : "asc",
      nulls: option & 2 ? "first" : "last",
      collation: keyCollation(reader, row, place, column, text),
      operatorClass: operatorClassOf(reader, row, place, column),
      ...classParametersOf(row, place),
    };
  });
}

/** The collation of a key when it is not the column's or, as the definition shows, the expression's own. */
function keyCollation(
  reader: IndexReader,
  row: IndexRow,
  place: number,
  column: ColumnRow | null,
  text: string | null,
): ObjectName | null {
  const oid = row.collations[place] ?? "0";
  if (oid === "0" || oid === column?.collationOid) return null;
  if (text !== null && row.definition?.includes(`${text} COLLATE `) !== true) return null;
  return reader.collations.get(oid) ?? null;
}

/** The operator class of a key when the engine would not take it by itself (`GetDefaultOpClass` of the server). */
function operatorClassOf(
  reader: IndexReader,
  row: IndexRow,
  place: number,
  column: ColumnRow | null,
): string | null {
  const found = reader.operatorClasses.get(row.operatorClasses[place] ?? "");
  if (found === undefined) return null;
  const exact =
    column === null ||
    column.fullTypeOid === found.inputType ||
    !reader.exactDefaults.has(`${row.method} ${column.fullTypeOid}`);
  // The grammar takes parameters only after a name, be it that of the default.
  const named = row.classParameters?.[String(place + 1)] !== undefined;
  return found.isDefault && exact && !named ? null : found.name;
}

function classParametersOf(row: IndexRow, place: number): Pick<IndexKey, "operatorClassParameters"> {
  const parameters = row.classParameters?.[String(place + 1)];
  return parameters === undefined ? {} : { operatorClassParameters: readParameters(parameters) };
}
