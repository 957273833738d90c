import type {
  Constraint,
  ConstraintBase,
  ConstraintIndex,
  Deferral,
  Exclude,
  ForeignKeyAction,
} from "../../../schema/schema.js";
import type { ColumnRow } from "./columns.js";
import { type IndexReader, type IndexRow, keysOf, predicateOf } from "./indexes.js";
import { groupBy, joinComment, nameIn, type Reading, readParameters, rowsOf } from "./reading.js";
import { readExpression } from "./reprintable/reprintable.js";

export interface ConstraintRow {
  readonly oid: string;
  /** Of which a partition has this one, by its oid; `0` where there is none. */
  readonly parent: string;
  readonly table: string;
  readonly kind: "p" | "u" | "f" | "c" | "x";
  readonly name: string;
  readonly inherited: boolean;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly validated: boolean;
  readonly noInherit: boolean;
  /** Attribute numbers; `null` for a check without columns. */
  readonly columns: readonly number[] | null;
  /** Attribute numbers of `ON DELETE SET NULL (…)` and `SET DEFAULT (…)`. */
  readonly setColumns: readonly number[] | null;
  /** WITHOUT OVERLAPS of a key, PERIOD of a foreign key. */
  readonly period: boolean;
  readonly enforced: boolean;
  readonly referenced: string | null;
  readonly referencedName: string | null;
  readonly referencedNamespace: string | null;
  readonly referencedColumns: readonly string[] | null;
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly match: string;
  readonly expression: string | null;
  /** The index under it. */
  readonly index: string;
  readonly operators: readonly string[] | null;
  readonly comment: string | null;
}

/**
 * The constraints of every table in scope, by the table's oid, oldest first. NOT NULL is a property of the column
 * (and since version 18 a constraint too, `contype` n), and constraint triggers are triggers. A foreign key to a
 * partitioned table has a row for each of the partitions it points at, too, which are part of it.
 */
export async function readConstraints(
  reading: Reading,
): Promise<ReadonlyMap<string, readonly ConstraintRow[]>> {
  const { version } = reading.connection.server;
  const setColumns = version >= 150_000 ? "con.confdelsetcols" : "NULL";
  const [period, enforced] = version >= 180_000 ? ["con.conperiod", "con.conenforced"] : ["false", "true"];
  const rows = await rowsOf<ConstraintRow>(
    reading.connection,
    `SELECT con.oid::text AS oid, con.conparentid::text AS parent, con.conrelid::text AS table, con.contype::text AS kind, con.conname::text AS name,
  NOT con.conislocal AS inherited, con.condeferrable AS deferrable, con.condeferred AS deferred, con.convalidated AS validated,
  con.connoinherit AS "noInherit", con.conkey AS columns, ${setColumns} AS "setColumns",
  ${period} AS period, ${enforced} AS enforced,
  referenced.oid::text AS referenced, referenced.relname::text AS "referencedName",
  referenced_space.nspname::text AS "referencedNamespace",
  CASE WHEN con.contype = 'f' THEN (
    SELECT array_agg(a.attname::text ORDER BY key.place)
    FROM unnest(con.confkey) WITH ORDINALITY key(number, place)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = key.number
  ) END AS "referencedColumns",
  con.confdeltype::text AS "onDelete", con.confupdtype::text AS "onUpdate", con.confmatchtype::text AS match,
  CASE WHEN con.contype = 'c' THEN pg_get_expr(con.conbin, con.conrelid) END AS expression,
  con.conindid::text AS index,
  CASE WHEN con.contype = 'x' THEN (
    SELECT array_agg(CASE WHEN pg_operator_is_visible(o.oid) THEN o.oprname::text
      ELSE format('OPERATOR(%I.%s)', o_space.nspname, o.oprname) END ORDER BY key.place)
    FROM unnest(con.conexclop) WITH ORDINALITY key(operator, place)
    JOIN pg_catalog.pg_operator o ON o.oid = key.operator
    JOIN pg_catalog.pg_namespace o_space ON o_space.oid = o.oprnamespace
  ) END AS operators,
  comment.description AS comment
FROM pg_catalog.pg_constraint con
JOIN pg_catalog.pg_class c ON c.oid = con.conrelid
LEFT JOIN pg_catalog.pg_class referenced ON referenced.oid = con.confrelid AND con.contype = 'f'
LEFT JOIN pg_catalog.pg_namespace referenced_space ON referenced_space.oid = referenced.relnamespace
${joinComment("pg_constraint", "con.oid")}
LEFT JOIN pg_catalog.pg_constraint parent ON parent.oid = con.conparentid AND con.contype = 'f'
WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN ${reading.list} AND con.contype IN ('p', 'u', 'f', 'c', 'x')
  AND (parent.oid IS NULL OR parent.conrelid <> con.conrelid AND parent.confrelid = con.confrelid)
ORDER BY con.conrelid, con.oid`,
  );
  return groupBy(ownSetColumns(rows), (row) => row.table);
}

/**
 * What a partition has of its table's foreign key keeps the numbers that the columns of `SET NULL (…)` have there, though
 * its own may be others (seen on 18): they are found by their place in the key.
 */
function ownSetColumns(rows: readonly ConstraintRow[]): readonly ConstraintRow[] {
  const inherited = rows.filter(({ setColumns, parent }) => setColumns !== null && parent !== "0");
  if (inherited.length === 0) return rows;
  const byOid = new Map(rows.map((row) => [row.oid, row]));
  const topOf = (row: ConstraintRow): ConstraintRow => {
    const parent = byOid.get(row.parent);
    return parent === undefined ? row : topOf(parent);
  };
  const own = new Map(
    inherited.map((row) => {
      const top = topOf(row);
      const places = (top.setColumns ?? []).map((number) => (top.columns ?? []).indexOf(number));
      return [row, { ...row, setColumns: places.flatMap((place) => row.columns?.[place] ?? []) }];
    }),
  );
  return rows.map((row) => own.get(row) ?? row);
}

const actions: Readonly<Record<string, ForeignKeyAction>> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

/** One constraint. `columns` are those of its table, `index` is the one under it. */
export function constraintOf(
  indexes: IndexReader,
  row: ConstraintRow,
  columns: readonly ColumnRow[],
  index: IndexRow | null,
): Constraint {
  const base: ConstraintBase = { name: row.name, implicitName: false, comment: row.comment };
  const named = new Map(columns.map((column) => [column.number, column.name]));
  const namesOf = (numbers: readonly number[] | null) =>
    (numbers ?? []).map((number) => named.get(number) ?? "");
  const keys = namesOf(row.columns);
  const deferral: Deferral = row.deferred ? "deferred" : row.deferrable ? "deferrable" : "immediate";
  const include = namesOf(index?.columns.slice(index.keyCount).map(Number) ?? null);
  const own = {
    ...(row.period && { withoutOverlaps: true as const }),
    ...indexPart(index),
  };
  switch (row.kind) {
    case "p":
      return { kind: "primary-key", ...base, columns: keys, include, deferral, autoincrement: false, ...own };
    case "u": {
      const nullsNotDistinct = index?.nullsNotDistinct === true;
      return { kind: "unique", ...base, columns: keys, include, nullsNotDistinct, deferral, ...own };
    }
    case "f":
      return {
        kind: "foreign-key",
        ...base,
        columns: keys,
        references: {
          table: nameIn(indexes.reading, row.referencedNamespace ?? "", row.referencedName ?? ""),
          columns: row.referencedColumns ?? [],
        },
        onDelete: actions[row.onDelete] ?? "no action",
        onUpdate: actions[row.onUpdate] ?? "no action",
        match: row.match === "f" ? "full" : "simple",
        deferral,
        validated: row.validated,
        ...(row.setColumns !== null && { setColumns: namesOf(row.setColumns) }),
        ...(!row.enforced && { enforced: false }),
        ...(row.period && { period: true }),
      };
    case "c": {
      const { noInherit, validated } = row;
      return {
        kind: "check",
        ...base,
        expression: readExpression(row.expression ?? ""),
        noInherit,
        validated,
        ...(!row.enforced && { enforced: false }),
      };
    }
    case "x":
      return {
        ...excludeOf(indexes, row, columns, index, base, deferral),
        ...(include.length > 0 && { include }),
        ...indexPart(index),
      };
  }
}

/** What the index under a constraint is beyond the engine's default. */
function indexPart(index: IndexRow | null): { readonly index?: ConstraintIndex } {
  if (index === null) return {};
  const { parameters, tablespace, comment } = index;
  if (parameters === null && tablespace === null && comment === null) return {};
  return {
    index: {
      ...(parameters !== null && { parameters: readParameters(parameters) }),
      ...(tablespace !== null && { tablespace }),
      ...(comment !== null && { comment }),
    },
  };
}

function excludeOf(
  indexes: IndexReader,
  row: ConstraintRow,
  columns: readonly ColumnRow[],
  index: IndexRow | null,
  base: ConstraintBase,
  deferral: Deferral,
): Exclude {
  const keys = index === null ? [] : keysOf(indexes, index, columns);
  return {
    kind: "exclude",
    ...base,
    method: index?.method ?? "gist",
    elements: keys.map((key, place) => ({ key, operator: row.operators?.[place] ?? "" })),
    where: index === null ? null : predicateOf(index),
    deferral,
  };
}
