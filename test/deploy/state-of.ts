import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Engine, inspectUrl, on } from "../run/project.js";

/** More than any database of a test has, and less than a file with a hole pretends to have. */
const readable = 64 * 1024 * 1024;

/**
 * What a database is, to be held against what it is later. On PostgreSQL the number of the next transaction that writes is
 * part of it: the server gives one to every transaction before its first change, also to one that is rolled back, and to
 * none that only reads. So the server has to be the test's own. On SQLite it is the files, with the time at which they were
 * last written.
 */
export async function stateOf(engine: Engine, url: string, folder: string): Promise<object> {
  return engine === "sqlite" ? filesOf(folder) : serverOf(url, folder);
}

async function serverOf(url: string, folder: string): Promise<object> {
  const schema = await inspectUrl(url, folder);
  return on(url, folder, async (connection) => {
    const tables = await connection.query(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^(pg_|information_schema)' ORDER BY 1`,
    );
    const rows: Record<string, unknown> = {};
    for (const { name } of tables) {
      const [row] = await connection.query(
        `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS hash FROM ${String(name)} AS t`,
      );
      rows[String(name)] = row?.["hash"];
    }
    const [next] = await connection.query("SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS xid");
    return { schema, rows, nextWriter: next?.["xid"] };
  });
}

function filesOf(folder: string): object {
  const files = readdirSync(folder).filter((name) => /\.db/.test(name));
  return Object.fromEntries(files.map((name) => [name, fileOf(join(folder, name))]));
}

function fileOf(path: string): object {
  const { size, mtimeNs } = statSync(path, { bigint: true });
  const hash = size > readable ? null : createHash("sha256").update(readFileSync(path)).digest("hex");
  return { size, mtimeNs, hash };
}
