import type { Connection } from "../../src/dialect/connection.js";
import type { Dialect } from "../../src/dialect/dialect.js";
import { AludelError } from "../../src/error/error.js";
import { nameKey } from "../../src/schema/name.js";
import type { Column, Schema, Table } from "../../src/schema/schema.js";

const sameData = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Everything that `now` asks of a row, `before` asks already. */
function asksNoMore(before: Table, now: Table): boolean {
  const has = (list: readonly unknown[], one: unknown) => list.some((other) => sameData(other, one));
  return (
    now.columns.every((column) => {
      const old = before.columns.find((one) => one.name === column.name);
      if (old === undefined) return column.nullable || column.default !== null || column.generated !== null;
      return sameData(old.type, column.type) && (column.nullable || !old.nullable);
    }) &&
    now.constraints.every((one) => has(before.constraints, one)) &&
    now.indexes.filter((index) => index.unique).every((one) => has(before.indexes, one))
  );
}

/** A value that fits the column in both schemas, as SQL; `null` where none is known. */
function fittingValue(
  dialect: Dialect,
  column: Column,
  from: Schema,
  to: Schema,
  row: number,
): string | null {
  const { type } = column;
  const [old, now] = [from, to].map((schema) => schema.enums.get(nameKey(type)));
  if (old !== undefined) {
    const value = old.values.find((one) => now?.values.includes(one));
    // Not left out: the default may be a value that goes.
    return value === undefined ? "NULL" : dialect.literal(value);
  }
  if (type.dimensions > 0) return "'{a,\"b,c\"}'";
  const name = type.name.toLowerCase();
  if (/^(integer|bigint|smallint|real|numeric)$/.test(name)) return `${20 + row}`;
  if (/^(text|character varying)$/.test(name)) return dialect.literal(`it's ${row}`);
  if (name === "boolean") return "true";
  if (name === "blob") return "x'00ff'";
  if (name.startsWith("timestamp")) return "'2026-11-21 05:30:00+00'";
  return null;
}

/**
 * A few rows in every table of which the second schema asks nothing that the first does not, where the constraints
 * take them: a row that points at nothing is left out.
 */
export async function insertRows(
  dialect: Dialect,
  connection: Connection,
  from: Schema,
  to: Schema,
): Promise<void> {
  // Twice, so that what points at a later table finds its rows.
  for (const row of [0, 1, 1]) {
    for (const [key, table] of from.tables) {
      const now = to.tables.get(key);
      if (now === undefined || !asksNoMore(table, now)) continue;
      const values = table.columns.flatMap((column) => {
        if (column.generated !== null || column.identity !== null) return [];
        const value = fittingValue(dialect, column, from, to, row);
        return value === null ? [] : [{ name: dialect.quote(column.name), value }];
      });
      if (values.length === 0) continue;
      const names = values.map(({ name }) => name).join(", ");
      const list = values.map(({ value }) => value).join(", ");
      await connection
        .query(`INSERT INTO ${dialect.quoteName(table)} (${names}) VALUES (${list})`)
        .catch(refusedByConstraint);
    }
  }
}

/** Takes the rows out of the tables that both schemas have. */
export async function deleteRows(
  dialect: Dialect,
  connection: Connection,
  from: Schema,
  to: Schema,
): Promise<void> {
  const tables = [...from.tables].filter(([key]) => to.tables.has(key)).map(([, table]) => table);
  // As often as there are tables: each time at least one goes that nothing points at any more.
  for (const _ of tables) {
    for (const table of tables) {
      await connection.query(`DELETE FROM ${dialect.quoteName(table)}`).catch(refusedByConstraint);
    }
  }
}

function refusedByConstraint(error: unknown): void {
  if (!(error instanceof AludelError) || error.code !== "sql-failed") throw error;
  const { sqlState, sqliteCode } = error.data;
  // Class 23 of PostgreSQL: integrity constraint violation.
  if (String(sqlState).startsWith("23") || String(sqliteCode).startsWith("SQLITE_CONSTRAINT")) return;
  throw error;
}
