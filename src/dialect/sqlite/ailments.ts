import type { Ailment } from "../ailment.js";
import type { Connection } from "../connection.js";

/** See `Dialect.ailments`. Source: SQLite, "PRAGMA quick_check", "PRAGMA foreign_key_check". */
export async function ailments(connection: Connection): Promise<readonly Ailment[]> {
  const found: Ailment[] = [];
  const broken = (await connection.query("PRAGMA quick_check(5)")).map((row) =>
    String(Object.values(row)[0]),
  );
  if (broken.join() !== "ok") {
    found.push({
      code: "damaged",
      severity: "problem",
      message: `The file is damaged: ${broken.join("; ")}`,
      remedy: "Restore a backup, or rescue what can be read with `sqlite3 file.db .recover`.",
    });
  }
  const counts = new Map<string, number>();
  for (const { table, parent } of await connection.query("PRAGMA foreign_key_check")) {
    const key = `${table} → ${parent}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const [key, count] of counts) {
    found.push({
      code: "foreign-key-violation",
      severity: "problem",
      message: `${count} ${count === 1 ? "row points" : "rows point"} at rows that do not exist (${key}); a revision that makes such a table anew stops at them`,
      remedy: "Delete or correct these rows: `PRAGMA foreign_key_check` lists them.",
    });
  }
  return found;
}
