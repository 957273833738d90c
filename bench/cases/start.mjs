// Cold starts: help, where is the database, and an upgrade that has nothing to do.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { createTestDatabase } from "../../test/server/server.mjs";
import { race } from "../measure.mjs";
import { drizzleFolder, knexFolder, sqlFolder } from "../peers/folders.mjs";
import { printTable } from "../print.mjs";
import { cli, makeFolder, writeConfig, writeRevisions } from "../project.mjs";

const node = process.execPath;
const script = (path) => new URL(`../${path}`, import.meta.url).pathname;

function must(command, cwd) {
  const result = spawnSync(command[0], command.slice(1), { cwd, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${command.join(" ")}\n${result.stderr}${result.stdout}`);
}

export async function run() {
  const nothing = { name: "node -e 0", command: [node, "-e", "0"] };
  printTable("Help", await race([nothing, { name: "aludel --help", command: [node, cli, "--help"] }]));
  for (const count of [10, 1_000, 10_000]) {
    await runOn("PostgreSQL", count, nothing);
    await runOn("SQLite", count, nothing);
  }
}

async function runOn(engine, count, nothing) {
  const folder = makeFolder("start");
  const database = engine === "PostgreSQL" ? await createTestDatabase() : null;
  const url = database?.url ?? "sqlite:./bench.db";
  writeConfig(folder, url);
  writeRevisions(folder, count, "sql");
  must([node, cli, "upgrade", "head"], folder);
  const floor = database
    ? [node, script("floor/status-postgres.mjs"), database.url]
    : [node, script("floor/status-sqlite.mjs"), join(folder, "bench.db")];
  const contenders = [
    nothing,
    { name: "floor: driver, version table", command: floor },
    { name: "aludel current", command: [node, cli, "current"], cwd: folder },
    { name: "aludel upgrade head (nothing to do)", command: [node, cli, "upgrade", "head"], cwd: folder },
  ];
  if (database && count === 1_000) contenders.push(...(await peers(count)));
  printTable(`Cold start on ${engine}, ${count} revisions applied`, await race(contenders));
  await database?.drop();
}

/** The peers, each with its own database that has everything applied. */
async function peers(count) {
  const made = [];
  const add = async (name, commandOf) => {
    const { url } = await createTestDatabase();
    const command = commandOf(url);
    must(command);
    made.push({ name, command });
  };
  const knex = knexFolder(count);
  const sql = sqlFolder(count);
  const drizzle = drizzleFolder(count);
  await add("knex latest (nothing to do)", (url) => [node, script("peers/knex.mjs"), "latest", url, knex]);
  await add("umzug up (nothing to do)", (url) => [node, script("peers/umzug.mjs"), url, sql]);
  await add("node-pg-migrate up (nothing to do)", (url) => [
    node,
    script("peers/node-pg-migrate.mjs"),
    url,
    sql,
  ]);
  await add("drizzle-orm migrate (nothing to do)", (url) => [
    node,
    script("peers/drizzle.mjs"),
    url,
    drizzle,
  ]);
  return made;
}
