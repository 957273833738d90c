// 1,000 revisions of one statement each, into an empty database.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { onFreshDatabase } from "../fresh-database.mjs";
import { race } from "../measure.mjs";
import { drizzleFolder, knexFolder, sqlFolder } from "../peers/folders.mjs";
import { printTable } from "../print.mjs";
import { cli, makeFolder, writeConfig, writeRevisions } from "../project.mjs";

const node = process.execPath;
const script = (path) => new URL(`../${path}`, import.meta.url).pathname;
const count = 1_000;

export async function run() {
  await onPostgres();
  await onSqlite();
}

async function onPostgres() {
  const sql = makeFolder("apply-sql");
  writeConfig(sql, "postgres://unused");
  writeRevisions(sql, count, "sql");
  const ts = makeFolder("apply-ts");
  writeConfig(ts, "postgres://unused");
  writeRevisions(ts, count, "ts");
  const [knex, peer, drizzle] = [knexFolder(count), sqlFolder(count), drizzleFolder(count)];
  const rows = await race(
    [
      onFreshDatabase("floor: driver, a transaction each", (url) => [
        node,
        script("floor/apply-postgres.mjs"),
        url,
        join(sql, "revisions"),
      ]),
      onFreshDatabase("aludel upgrade, .sql", (url) => [node, cli, "upgrade", "head", "-q", "--url", url], {
        cwd: sql,
      }),
      onFreshDatabase("aludel upgrade, .ts", (url) => [node, cli, "upgrade", "head", "-q", "--url", url], {
        cwd: ts,
      }),
      onFreshDatabase(
        "aludel upgrade, .ts, nothing cached",
        (url) => {
          rmSync(join(ts, "node_modules/.cache"), { recursive: true, force: true });
          return [node, cli, "upgrade", "head", "-q", "--url", url];
        },
        { cwd: ts },
      ),
      onFreshDatabase("knex", (url) => [node, script("peers/knex.mjs"), "latest", url, knex]),
      onFreshDatabase("umzug (no library transactions: ours)", (url) => [
        node,
        script("peers/umzug.mjs"),
        url,
        peer,
      ]),
      onFreshDatabase("node-pg-migrate", (url) => [node, script("peers/node-pg-migrate.mjs"), url, peer]),
      onFreshDatabase("drizzle-orm (one transaction for all)", (url) => [
        node,
        script("peers/drizzle.mjs"),
        url,
        drizzle,
      ]),
    ],
    { runs: 5 },
  );
  printTable(`Applying ${count} revisions on PostgreSQL`, rows);
}

async function onSqlite() {
  const folders = { sql: makeFolder("apply-sqlite-sql"), ts: makeFolder("apply-sqlite-ts") };
  for (const [format, folder] of Object.entries(folders)) {
    writeConfig(folder, "sqlite:./bench.db");
    writeRevisions(folder, count, format);
  }
  const floorFile = join(folders.sql, "floor.db");
  const without = (file) => () => {
    for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(`${file}${end}`, { force: true });
  };
  const aludel = (name, folder) => ({
    name,
    command: [node, cli, "upgrade", "head", "-q"],
    cwd: folder,
    before: without(join(folder, "bench.db")),
  });
  const rows = await race(
    [
      {
        name: "floor: driver, a transaction each",
        command: [node, script("floor/apply-sqlite.mjs"), floorFile, join(folders.sql, "revisions")],
        before: without(floorFile),
      },
      aludel("aludel upgrade, .sql", folders.sql),
      aludel("aludel upgrade, .ts", folders.ts),
    ],
    { runs: 5 },
  );
  printTable(`Applying ${count} revisions on SQLite`, rows);
}
