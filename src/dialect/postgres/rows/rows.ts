import type { AludelError } from "../../../error/error.js";
import { nameKey } from "../../../schema/name.js";
import type { Column, Expression, Schema, Table } from "../../../schema/schema.js";
import type { Connection } from "../../connection.js";
import { type Refusal, type RefusalKind, type RowDialect, storedColumns, type Values } from "../../rows.js";
import { quoteIdentifier, quoteName, quoteString } from "../quote.js";
import { formatType, isSerial, underlyingType } from "../types.js";
import { type Resolved, TypeResolver } from "./resolve-type.js";

/** How PostgreSQL's rows are made and read for the proof. */
export const rows: RowDialect = {
  async valuesOf(connection, schema) {
    const resolver = new TypeResolver(connection);
    const found = new Map<string, Resolved | null>();
    for (const { columns } of schema.tables.values()) {
      for (const { type } of columns) {
        const key = formatType(type);
        if (!found.has(key)) found.set(key, await resolver.resolve(type));
      }
    }
    const made = sequenceColumns(schema);
    return (table, column) => {
      const resolved = found.get(formatType(column.type)) ?? null;
      const isMade = column.identity !== null || made.has(columnKey(table, column));
      if (resolved !== null) return columnValues(column, resolved, isMade || isSerial(column.type));
      return null;
    };
  },

  insert(table, columns, values) {
    const into = quoteName(table);
    if (columns.length === 0) return `INSERT INTO ${into} DEFAULT VALUES`;
    const always = table.columns.some(
      ({ name, identity }) => identity?.generation === "always" && columns.includes(name),
    );
    const list = values.map((row) => `(${row.join(", ")})`).join(", ");
    const names = columns.map(quoteIdentifier).join(", ");
    return `INSERT INTO ${into} (${names})${always ? " OVERRIDING SYSTEM VALUE" : ""} VALUES ${list}`;
  },

  read(table) {
    const columns = storedColumns(table).map(({ name }) => name);
    const list = columns.map((name, at) => `${quoteIdentifier(name)}::text AS c${at}`).join(", ");
    // Rows of partitions and heirs are read with these.
    return { sql: `SELECT ${list} FROM ONLY ${quoteName(table)}`, columns };
  },

  readLiteral: (text) => (text === null ? "NULL" : quoteString(text)),
  asText: (column) => `${quoteIdentifier(column)}::text`,
  refusal,
  settings: {
    before: "SET synchronous_commit = off",
    after: "RESET synchronous_commit",
  },
  withoutTriggers: {
    before: "SET session_replication_role = replica",
    after: "RESET session_replication_role",
  },
  deferred: { before: "BEGIN; SET CONSTRAINTS ALL DEFERRED", after: "COMMIT", undo: "ROLLBACK" },
  empty: (tables) =>
    tables.length === 0 ? "" : `TRUNCATE ${tables.map((table) => quoteName(table)).join(", ")} CASCADE`,
  counters,
  beginSteady: "BEGIN ISOLATION LEVEL REPEATABLE READ",
  watchWrites: async (connection) => () => written(connection),
  // What has made the keys of the rows stands above them already.
  advanceCounters: async () => undefined,
};

const columnKey = (table: Table, column: Pick<Column, "name">): string =>
  JSON.stringify([nameKey(table), column.name]);

/** Columns that take their values from a sequence which belongs to them. */
function sequenceColumns(schema: Schema): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { ownedBy } of schema.sequences.values()) {
    if (ownedBy === null) continue;
    const table = schema.tables.get(nameKey(ownedBy.table));
    if (table !== undefined) found.add(columnKey(table, { name: ownedBy.column }));
  }
  for (const table of schema.tables.values()) {
    for (const column of table.columns) {
      if (/\bnextval\s*\(/i.test(column.default ?? "")) found.add(columnKey(table, column));
    }
  }
  return found;
}

function columnValues(column: Column, { values, refusesNull, constant }: Resolved, isMade: boolean): Values {
  const literal = (text: string): Expression => quoteString(text);
  return {
    ordinary: (n) => literal(values.ordinary(n)),
    odd: values.odd.map(literal),
    pool: values.pool.map(literal),
    constant: (text) => {
      const isWhole = /^\{.*\}$/s.test(text) && column.type.dimensions > 0;
      return text.includes("\0") || !(isWhole || values.accepts(text)) ? null : literal(constant(text));
    },
    ofLength: (length) => (values.ofLength?.(length) ?? []).map(literal),
    isMadeByEngine: isMade,
    refusesNull,
    cast: formatType(underlyingType(column.type)),
  };
}

const kinds: Readonly<Record<string, RefusalKind>> = {
  "23502": "null",
  "23503": "reference",
  "23505": "duplicate",
  "23514": "check",
  "23P01": "duplicate",
};

/** Classes 22 and 23 of SQLSTATE are about data and integrity (manual, appendix A). */
function refusal(error: AludelError): Refusal | null {
  const { sqlState, constraint, table, column, detail } = error.data;
  const state = String(sqlState);
  if (!/^2[23]/.test(state)) return null;
  const listed = /^Key \((.*)\)=\(/s.exec(String(detail ?? ""))?.[1];
  const named = column === undefined ? (listed?.split(", ") ?? []) : [String(column)];
  const isUnplaced = state === "23514" && /no partition of relation/.test(error.message);
  return {
    kind: isUnplaced ? "partition" : (kinds[state] ?? "unfit"),
    constraint: constraint === undefined ? null : String(constraint),
    table: table === undefined ? null : String(table),
    columns: named.map((name) => name.replace(/^"(.*)"$/s, "$1").replaceAll('""', '"')),
    isLate: false,
  };
}

async function counters(connection: Connection): Promise<ReadonlyMap<string, bigint>> {
  const found = await connection.query(
    `SELECT CASE WHEN pg_table_is_visible(format('%I.%I', schemaname, sequencename)::regclass)
      THEN sequencename::text ELSE schemaname || '.' || sequencename END AS name, last_value::text AS value
     FROM pg_sequences WHERE last_value IS NOT NULL AND increment_by > 0 AND NOT cycle`,
  );
  return new Map(found.map(({ name, value }) => [String(name), BigInt(String(value))]));
}

/**
 * Whoever writes to a table holds one of these locks on it until the transaction ends (manual, 13.3.1), a savepoint that
 * was rolled back aside.
 */
async function written(connection: Connection): Promise<readonly string[]> {
  const found = await connection.query(
    `SELECT DISTINCT c.relname::text AS name
     FROM pg_catalog.pg_locks AS l
     JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
     WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid() AND l.granted AND c.relkind IN ('r', 'p')
       AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'ShareLock') AND l.database <> 0`,
  );
  return found.map(({ name }) => String(name));
}
