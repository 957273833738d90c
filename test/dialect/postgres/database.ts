import { tmpdir } from "node:os";
import type { Connection } from "../../../src/dialect/connection.js";
import { compile } from "../../../src/dialect/postgres/compile/compile.js";
import { connectPostgres } from "../../../src/dialect/postgres/connect.js";
import { inspectPostgres } from "../../../src/dialect/postgres/inspect/inspect.js";
import type { Op, OpKind } from "../../../src/op/op.js";
import { draftSchema } from "../../../src/schema/build.js";
import type { Schema } from "../../../src/schema/schema.js";
import { createTestDatabase } from "../../server/postgres-server.js";

export const everyNamespace = { namespaces: "all", ignoreTables: [] } as const;

/** Calls `use` with a session on an empty database of a real server. */
export async function onServer<T>(use: (connection: Connection) => Promise<T>): Promise<T> {
  const database = await createTestDatabase();
  try {
    return await on(database.url, use);
  } finally {
    await database.drop();
  }
}

/** Calls `use` with a session on an empty database in this process. */
export function onPglite<T>(use: (connection: Connection) => Promise<T>): Promise<T> {
  return on("pglite:", use);
}

async function on<T>(url: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connectPostgres(url, { directory: tmpdir() });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

export function sqlOf<K extends OpKind>(
  op: Op<K>,
  before: Schema = draftSchema("postgres"),
): readonly string[] {
  const one = compile[op.kind] as (op: unknown, context: unknown) => readonly { readonly sql: string }[];
  return one(op, { before, serverVersion: 180_000 }).map((step) => step.sql);
}

/** Runs ops on a database, each with the schema that is inspected before it where it is asked for. */
export async function runOps(
  connection: Connection,
  ops: readonly Op[],
  inspectBefore = false,
): Promise<void> {
  for (const op of ops) {
    const before = inspectBefore
      ? await inspectPostgres(connection, everyNamespace)
      : draftSchema("postgres");
    for (const sql of sqlOf(op, before)) await connection.run(sql);
  }
}
