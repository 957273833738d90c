import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import type { ObjectName } from "../schema/name.js";

/** Milliseconds that others who read the table are waited for: what is to be written there can do without it. */
const lockMs = 2000;

/**
 * Adds the columns that a table of an earlier version does not have.
 *
 * @returns false where that cannot be done now, because the user may not, or others hold the table: the table is then used as it
 * is, and the next run tries again.
 */
export async function addLaterColumns(
  dialect: Dialect,
  connection: Connection,
  table: ObjectName,
  columns: Readonly<Record<string, string>>,
): Promise<boolean> {
  const found = new Set(
    (await connection.query(dialect.columnNames(table))).map((row) => String(row["name"])),
  );
  const missing = Object.entries(columns).filter(([name]) => !found.has(name));
  if (missing.length === 0) return true;
  const name = dialect.quoteName(table);
  const limits = dialect.backfilling.limits(lockMs);
  const script = [
    dialect.begin,
    ...(limits === "" ? [] : [limits]),
    ...missing.map(([column, type]) => `ALTER TABLE ${name} ADD COLUMN ${column} ${type}`),
    "COMMIT",
  ];
  try {
    await connection.run(script.join(";\n"));
    return true;
  } catch (error) {
    if (!(error instanceof AludelError) || error.code === "connection-lost") throw error;
    await connection.run("ROLLBACK").catch(() => undefined);
    return false;
  }
}
