import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";

interface Where {
  readonly connection: Connection;
  readonly dialect: Pick<Dialect, "begin" | "foreignKeySwitch">;
}

/** Runs everything in one transaction. What it throws is thrown when all of it is rolled back. */
export async function inTransaction(
  { connection, dialect }: Where,
  body: () => Promise<void>,
): Promise<void> {
  await connection.run(dialect.begin);
  try {
    await body();
    await connection.run("COMMIT");
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** The same with foreign keys off where the engine wants that for some steps of revisions: within a transaction it is too late. */
export async function inTransactionWithoutForeignKeys(
  where: Where,
  body: () => Promise<void>,
): Promise<void> {
  const { connection, dialect } = where;
  const { foreignKeySwitch } = dialect;
  if (foreignKeySwitch === null) return inTransaction(where, body);
  await connection.run(foreignKeySwitch.off);
  try {
    await inTransaction(where, body);
  } finally {
    await connection.run(foreignKeySwitch.on).catch(() => undefined);
  }
}
