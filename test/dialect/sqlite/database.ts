import { expect } from "vitest";
import type { Row } from "../../../src/dialect/connection.js";
import type { CompileContext } from "../../../src/dialect/dialect.js";
import { connect, type SqliteConnection } from "../../../src/dialect/sqlite/connect.js";
import { sqlite } from "../../../src/dialect/sqlite/sqlite.js";
import type { Step } from "../../../src/dialect/step.js";
import { AludelError } from "../../../src/error/error.js";
import type { Op, OpKind } from "../../../src/op/op.js";
import { nameKey } from "../../../src/schema/name.js";
import type { Schema, Table } from "../../../src/schema/schema.js";

/** A database in memory with this script run in it. */
export async function database(script = ""): Promise<SqliteConnection> {
  const connection = await connect("sqlite::memory:", { directory: process.cwd() });
  if (script !== "") await connection.run(script);
  return connection;
}

export function inspectAll(connection: SqliteConnection): Promise<Schema> {
  return sqlite.inspect(connection, { namespaces: "all", ignoreTables: [] });
}

export async function tableNamed(connection: SqliteConnection, name: string): Promise<Table> {
  const table = (await inspectAll(connection)).tables.get(nameKey({ namespace: null, name }));
  if (table === undefined) throw new Error(`There is no table ${name}`);
  return table;
}

/** A name in no namespace. */
export function named(name: string) {
  return { namespace: null, name };
}

export function compileOp(op: Op, context: CompileContext): readonly Step[] {
  const compile = sqlite.compile[op.kind as OpKind] as (op: Op, context: CompileContext) => readonly Step[];
  return compile(op, context);
}

/** Carries out ops as a runner does: foreign keys off outside, one transaction, the check before COMMIT. */
export async function migrate(
  connection: SqliteConnection,
  ops: readonly Op[],
  version: number | null = connection.server.version,
  checksForeignKeys = true,
): Promise<readonly Step[]> {
  const { foreignKeySwitch } = sqlite;
  if (foreignKeySwitch === null) throw new Error("SQLite has a switch");
  const done: Step[] = [];
  await connection.run(foreignKeySwitch.off);
  await connection.run(sqlite.begin);
  try {
    for (const op of ops) {
      for (const step of compileOp(op, { before: await inspectAll(connection), serverVersion: version })) {
        done.push(step);
        await connection.run(step.sql);
      }
    }
    const violations = checksForeignKeys ? await foreignKeySwitch.violations(connection) : [];
    if (violations.length > 0) throw new Error(violations.join("; "));
    await connection.run("COMMIT");
  } catch (error) {
    await connection.run("ROLLBACK");
    throw error;
  } finally {
    await connection.run(foreignKeySwitch.on);
  }
  return done;
}

export async function rows(connection: SqliteConnection, sql: string): Promise<readonly Row[]> {
  return connection.query(sql);
}

/** Every statement that SQLite keeps for an object, by name. */
export async function statementOf(connection: SqliteConnection, name: string): Promise<string> {
  const found = await connection.query("SELECT sql FROM sqlite_schema WHERE name = ?", [name]);
  return String(found[0]?.["sql"]);
}

/** The error that the work fails with; fails itself when it does not. */
export async function errorOf(work: Promise<unknown>): Promise<AludelError> {
  try {
    await work;
  } catch (error) {
    expect(error).toBeInstanceOf(AludelError);
    if (error instanceof AludelError) {
      expect(error.remedy).not.toBe("");
      return error;
    }
  }
  throw new Error("It did not fail");
}

/** Did the steps make the table anew? */
export function isRebuild(steps: readonly Step[]): boolean {
  return steps.some((step) => step.sql.startsWith("DROP TABLE"));
}
