import type { Connection } from "../../dialect/connection.js";
import type { Dialect } from "../../dialect/dialect.js";
import { loadRowDialect } from "../../dialect/registry.js";
import { AludelError, messageOf } from "../../error/error.js";
import { nameKey, sameName, showName } from "../../schema/name.js";
import type { Schema, Table } from "../../schema/schema.js";
import type { FillContext } from "../rows/fill-context.js";
import { RowMaker } from "../rows/row-maker.js";
import { foreignKeysOf } from "../rows/table-order.js";

/** Gives the tables that are there by now their rows, each once. */
export type FillRows = (connection: Connection) => Promise<void>;

/** What became of the tables that rows were asked for, by the names that were asked with. */
export type FilledTables = Map<string, Done & { readonly table: string }>;

interface Done {
  readonly count: number;
  readonly reason: string | null;
}

const batchSize = 500;
/** Of a table that others only point at. */
const parentRows = 20;

/**
 * Fills tables with many ordinary rows, which differ in every column whose type has so many values. Rows of other tables
 * are made where foreign keys need them.
 */
export function fillMany(
  dialect: Dialect,
  asked: ReadonlyMap<string, number>,
  filled: FilledTables,
): FillRows {
  return async (connection) => {
    const open = [...asked].filter(([name]) => !filled.has(name));
    if (open.length === 0) return;
    const schema = await dialect.inspect(connection, { namespaces: "all", ignoreTables: [] });
    const rows = await loadRowDialect(dialect.name);
    const context: FillContext = {
      dialect,
      rows,
      connection,
      schema,
      valuesOf: await rows.valuesOf(connection, schema),
      postponed: new Set(),
      demands: new Map(),
      parentKeys: new Map(),
    };
    if (rows.settings.before !== null) await connection.run(rows.settings.before);
    for (const [name, count] of open) {
      const table = findTable(schema, name, dialect.can.defaultNamespace);
      if (table === undefined) continue;
      const shown = `${table.namespace ?? dialect.can.defaultNamespace}.${table.name}`;
      filled.set(name, { table: shown, ...(await fill(context, table, count, new Set())) });
      await rows.advanceCounters(connection, [table]);
    }
    if (rows.settings.after !== null) await connection.run(rows.settings.after);
  };
}

/** The table that a person means; without a namespace that may be any, if there is one only. */
function findTable(schema: Schema, name: string, home: string | null): Table | undefined {
  const tables = [...schema.tables.values()];
  const exact = tables.find((table) => showName(table) === name);
  if (exact !== undefined) return exact;
  const wanted = name.replaceAll('"', "").toLowerCase();
  const found = tables.filter(
    (table) =>
      table.name.toLowerCase() === wanted ||
      `${table.namespace ?? home}.${table.name}`.toLowerCase() === wanted,
  );
  return found.length === 1 ? found[0] : undefined;
}

async function fill(
  context: FillContext,
  table: Table,
  count: number,
  above: ReadonlySet<string>,
): Promise<Done> {
  const key = nameKey(table);
  for (const { references } of foreignKeysOf(table)) {
    const parent = context.schema.tables.get(nameKey(references.table));
    if (parent === undefined || sameName(parent, table) || above.has(nameKey(parent))) continue;
    if (await hasRows(context, parent)) continue;
    await fill(context, parent, parentRows, new Set([...above, key]));
  }
  const maker = await RowMaker.of(context, table);
  if (typeof maker === "string") return { count: 0, reason: maker };
  if (table.constraints.some(({ kind }) => kind === "check")) await maker.solve();
  const all = new Set(table.columns.map(({ name }) => name));
  let made = 0;
  while (made < count) {
    const size = maker.columns.length === 0 ? 1 : Math.min(batchSize, count - made);
    const batch = Array.from({ length: size }, (_, at) =>
      maker.row({ n: made + at, kind: "ordinary", turn: made + at, filled: all }),
    );
    try {
      await context.connection.run(context.rows.insert(table, maker.columns, batch, made));
    } catch (error) {
      if (!(error instanceof AludelError) || error.code !== "sql-failed") throw error;
      return { count: made, reason: messageOf(error) };
    }
    made += size;
  }
  return { count: made, reason: null };
}

async function hasRows({ connection, dialect }: FillContext, table: Table): Promise<boolean> {
  return (await connection.query(`SELECT 1 AS one FROM ${dialect.quoteName(table)} LIMIT 1`)).length > 0;
}
