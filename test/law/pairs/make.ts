import type { Connection } from "../../../src/dialect/connection.js";
import { AludelError } from "../../../src/error/error.js";
import { type Item, statementsOf, without } from "./item.js";

/** What the engine has taken of a schema, and what it said to the rest. */
export interface Made {
  readonly items: readonly Item[];
  readonly refused: readonly string[];
}

/**
 * Makes a schema in an empty database, within a transaction. What the engine refuses is left out with all that needs it:
 * generators need not know every rule of the engine.
 */
export async function make(connection: Connection, items: readonly Item[]): Promise<Made> {
  const all = statementsOf(items)
    .map(({ sql }) => sql)
    .join(";\n");
  if (all === "" || (await tried(connection, all)) === null) return { items, refused: [] };
  const refused: string[] = [];
  let left = items;
  const done = new Set<string>();
  for (;;) {
    const next = statementsOf(left).find(({ item }) => !done.has(item.id));
    if (next === undefined) return { items: left, refused };
    done.add(next.item.id);
    const reason = await tried(connection, next.sql);
    if (reason === null) continue;
    refused.push(`${reason}: ${next.sql}`);
    left = without(left, next.item.id);
  }
}

/** Runs statements as a whole. What the engine said when it took none of them, else `null`. */
async function tried(connection: Connection, sql: string): Promise<string | null> {
  await connection.run("SAVEPOINT before");
  try {
    await connection.run(sql);
    await connection.run("RELEASE before");
    return null;
  } catch (error) {
    if (!(error instanceof AludelError) || error.code !== "sql-failed") throw error;
    await connection.run("ROLLBACK TO before");
    await connection.run("RELEASE before");
    return error.message;
  }
}
