import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import { isSerial } from "../op/serial.js";
import { showMember } from "../op/show.js";
import type { Contradiction } from "../schema/contradiction.js";
import { nameKey, nameOf } from "../schema/name.js";
import type { ColumnType, Schema } from "../schema/schema.js";

/**
 * The columns whose types neither the database nor the schema itself knows, all of them: the engine names only the first.
 * What the schema has of types and extensions is made in the database for as long as it takes.
 */
export async function unknownTypes(
  dialect: Dialect,
  connection: Connection,
  schema: Schema,
): Promise<readonly Contradiction[]> {
  const ask = dialect.unknownTypes;
  if (ask === undefined) return [];
  const used = [...schema.tables.values()].flatMap((table) =>
    table.columns.map((column) => ({ table, column, type: bareType(dialect, column.type) })),
  );
  const foreign = [
    ...new Set(used.filter(({ column }) => !isOwn(schema, column.type)).map(({ type }) => type)),
  ];
  if (foreign.length === 0) return [];
  const beside = () => ask(connection, foreign);
  const unknown = new Set(await withSupport(dialect, connection, schema, beside));
  return used
    .filter(({ column, type }) => unknown.has(type) && !isOwn(schema, column.type))
    .map(({ table, column, type }) => ({
      ...{ object: nameOf(table), member: column.name },
      text: `${showMember(table, column.name)} has the type ${type}, which is not known there`,
    }));
}

/** Asks while what expressions of the schema may speak of is there. */
async function withSupport<T>(
  dialect: Dialect,
  connection: Connection,
  schema: Schema,
  ask: () => Promise<T>,
): Promise<T> {
  const { expressionSupport } = await import("./expression-support.js");
  const support = await expressionSupport(dialect, schema, schema, connection.server.version);
  await connection.run("BEGIN");
  try {
    for (const statement of support) await tried(connection, statement);
    return await ask();
  } finally {
    await connection.run("ROLLBACK");
  }
}

/** What is there already, or cannot be made, is left out. */
async function tried(connection: Connection, statement: string): Promise<void> {
  await connection.run("SAVEPOINT tried");
  try {
    await connection.run(statement);
  } catch (error) {
    // What the role may not make either: the failure that all this is asked for must not give way to another one.
    if (!(error instanceof AludelError) || error.code === "connection-lost") throw error;
    await connection.run("ROLLBACK TO SAVEPOINT tried");
  }
}

/** Without modifiers, which only a type that is known can have. */
function bareType(dialect: Dialect, type: ColumnType): string {
  return dialect.formatType({ ...type, modifiers: [], dimensions: 0 });
}

function isOwn(schema: Schema, type: ColumnType): boolean {
  const key = nameKey(type);
  const { enums, domains, composites, tables, views } = schema;
  return isSerial(type) || [enums, domains, composites, tables, views].some((objects) => objects.has(key));
}
