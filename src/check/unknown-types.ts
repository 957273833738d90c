import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { showMember } from "../op/show.js";
import type { Contradiction } from "../schema/contradiction.js";
import { nameKey, nameOf } from "../schema/name.js";
import type { ColumnType, Schema } from "../schema/schema.js";

/**
 * The columns whose types neither the database nor the schema itself knows, all of them: the engine names only the first.
 * One query.
 */
export async function unknownTypes(
  dialect: Dialect,
  connection: Connection,
  schema: Schema,
): Promise<readonly Contradiction[]> {
  if (dialect.unknownTypes === undefined) return [];
  const used = [...schema.tables.values()].flatMap((table) =>
    table.columns.map((column) => ({ table, column, type: bareType(dialect, column.type) })),
  );
  const foreign = [
    ...new Set(used.filter(({ column }) => !isOwn(schema, column.type)).map(({ type }) => type)),
  ];
  const unknown = new Set(await dialect.unknownTypes(connection, foreign));
  return used
    .filter(({ column, type }) => unknown.has(type) && !isOwn(schema, column.type))
    .map(({ table, column, type }) => ({
      ...{ object: nameOf(table), member: column.name },
      text: `${showMember(table, column.name)} has the type ${type}, which is not known there`,
    }));
}

/** Without modifiers, which only a type that is known can have. */
function bareType(dialect: Dialect, type: ColumnType): string {
  return dialect.formatType({ ...type, modifiers: [], dimensions: 0 });
}

function isOwn(schema: Schema, type: ColumnType): boolean {
  const key = nameKey(type);
  const { enums, domains, composites, tables, views } = schema;
  if ([enums, domains, composites, tables, views].some((objects) => objects.has(key))) return true;
  return [...schema.defined.values()].some(
    (one) => (one.kind === "range" || one.kind === "base-type") && nameKey(one) === key,
  );
}
