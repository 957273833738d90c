import type { Connection } from "../../dialect/connection.js";
import type { Dialect } from "../../dialect/dialect.js";
import type { RowDialect, Values } from "../../dialect/rows.js";
import { nameKey, sameName } from "../../schema/name.js";
import type { Expression, ForeignKey, Schema, Table } from "../../schema/schema.js";
import type { Demands } from "./demands.js";

/** What is the same for all tables of one fill. */
export interface FillContext {
  readonly dialect: Dialect;
  readonly rows: RowDialect;
  readonly connection: Connection;
  readonly schema: Schema;
  readonly valuesOf: (table: Table, column: Table["columns"][number]) => Values | null;
  readonly postponed: ReadonlySet<ForeignKey>;
  readonly demands: ReadonlyMap<string, Demands>;
  /** Keys of parents that were read already. */
  readonly parentKeys: Map<string, readonly (readonly Expression[])[]>;
}

const parentRows = 6;

/** The keys that a foreign key can point at, as literals. */
export async function keysOfParent(
  { schema, connection, dialect, rows, parentKeys }: FillContext,
  table: Table,
  key: ForeignKey,
): Promise<readonly (readonly Expression[])[]> {
  const parent = schema.tables.get(nameKey(key.references.table));
  if (parent === undefined || sameName(parent, table)) return [];
  const columns = referencedColumns(parent, key);
  const id = JSON.stringify([nameKey(parent), columns]);
  const known = parentKeys.get(id);
  if (known !== undefined) return known;
  const list = columns.map((name, at) => `${rows.asText(name)} AS c${at}`).join(", ");
  const given = columns.map((name) => `${dialect.quote(name)} IS NOT NULL`).join(" AND ");
  const found = await connection.query(
    `SELECT ${list} FROM ${dialect.quoteName(parent)} WHERE ${given} LIMIT ${parentRows}`,
  );
  const keys = found.map((row) => columns.map((_, at) => rows.readLiteral(String(row[`c${at}`]))));
  if (keys.length > 0) parentKeys.set(id, keys);
  return keys;
}

/** The columns that a foreign key points at: those of the primary key where it does not say. */
export function referencedColumns(parent: Table, key: ForeignKey): readonly string[] {
  const primary = parent.constraints.find((one) => one.kind === "primary-key");
  return key.references.columns.length > 0 ? key.references.columns : (primary?.columns ?? []);
}
