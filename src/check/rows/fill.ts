import type { Connection } from "../../dialect/connection.js";
import type { Dialect } from "../../dialect/dialect.js";
import type { RowDialect } from "../../dialect/rows.js";
import { AludelError } from "../../error/error.js";
import { nameKey, showName } from "../../schema/name.js";
import type { ForeignKey, Schema, Table } from "../../schema/schema.js";
import type { Demands } from "./demands.js";
import { type FillContext, referencedColumns } from "./fill-context.js";
import { fillCircle, fillTable } from "./fill-table.js";
import { fillOrder, foreignKeysOf } from "./table-order.js";

/** What a fill did. */
export interface Filled {
  /** Rows that were added. */
  readonly rows: number;
  readonly tables: number;
  readonly unfilled: readonly Unfilled[];
}

/** A table without rows, and why. */
export interface Unfilled {
  readonly table: string;
  readonly reason: string;
}

/** Which tables have rows of ours, so that a walk over many revisions fills only what is new or changed. */
export type FillMemory = Map<string, { readonly shape: string; readonly count: number }>;

/**
 * Puts a few rows into every table of a scratch database that has this schema: ordinary ones, one with NULL wherever
 * it may be, and nasty ones at the limits of their types. What a constraint refuses is tried again with other values.
 * A table that takes no row is named with the reason: that is no failure.
 */
export async function fillSchema(
  dialect: Dialect,
  rows: RowDialect,
  connection: Connection,
  schema: Schema,
  demands: ReadonlyMap<string, Demands>,
  memory: FillMemory,
): Promise<Filled> {
  const { tables, postponed, circles } = fillOrder(schema);
  const open = tables.filter((table) => memory.get(nameKey(table))?.shape !== shapeOf(table));
  if (open.length === 0) return { rows: 0, tables: 0, unfilled: [] };
  if (rows.settings.before !== null) await connection.run(rows.settings.before);
  const context: FillContext = {
    dialect,
    rows,
    connection,
    schema,
    valuesOf: await rows.valuesOf(connection, schema),
    postponed,
    demands,
    parentKeys: new Map(),
  };
  const reasons = new Map<readonly Table[], string | null>();
  const inCircle = async (circle: readonly Table[], first: number) => {
    const reason = reasons.has(circle)
      ? (reasons.get(circle) ?? null)
      : await fillCircle(context, circle, first);
    reasons.set(circle, reason);
    return { count: reason === null ? 2 : 0, reason };
  };
  const unfilled: Unfilled[] = [];
  const filled: Table[] = [];
  let count = 0;
  for (const table of open) {
    if (demands.get(nameKey(table))?.empty) continue;
    const first = memory.get(nameKey(table))?.count ?? 0;
    const circle = circles.find((one) => one.includes(table));
    const done =
      circle === undefined ? await fillTable(context, table, first) : await inCircle(circle, first);
    if (done.reason !== null) unfilled.push({ table: showName(table), reason: done.reason });
    if (done.count > 0) filled.push(table);
    count += done.count;
    memory.set(nameKey(table), { shape: shapeOf(table), count: first + done.count });
  }
  for (const table of filled) {
    for (const key of foreignKeysOf(table)) if (postponed.has(key)) await pointLater(context, table, key);
  }
  await rows.advanceCounters(connection, filled);
  if (rows.settings.after !== null) await connection.run(rows.settings.after);
  return { rows: count, tables: filled.length, unfilled };
}

/** What a table's rows depend on; a table whose shape is another one gets new rows. */
function shapeOf(table: Table): string {
  return JSON.stringify([table.columns, table.constraints]);
}

/** Lets one row of the table point at a row that was not there when it was made. */
async function pointLater(
  { dialect, connection, schema }: FillContext,
  table: Table,
  key: ForeignKey,
): Promise<void> {
  const own = table.constraints.find((one) => one.kind === "primary-key");
  const parent = schema.tables.get(nameKey(key.references.table));
  const target = parent === undefined ? [] : referencedColumns(parent, key);
  if (own === undefined || target.length === 0) return;
  const list = (names: readonly string[]) => names.map(dialect.quote).join(", ");
  const given = target.map((name) => `${dialect.quote(name)} IS NOT NULL`).join(" AND ");
  const name = dialect.quoteName(table);
  const order = list(own.columns);
  const sql =
    `UPDATE ${name} SET (${list(key.columns)}) = (SELECT ${list(target)} FROM ${dialect.quoteName(key.references.table)} ` +
    `WHERE ${given} ORDER BY ${list(target)} LIMIT 1) ` +
    `WHERE (${order}) = (SELECT ${order} FROM ${name} ORDER BY ${order} LIMIT 1)`;
  // Where a condition or a trigger objects, the row stays as it is.
  await connection.run(sql).catch((error: unknown) => {
    if (!(error instanceof AludelError) || error.code === "connection-lost") throw error;
  });
}
