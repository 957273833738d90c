// A rollout over many tenants, three revisions each: files of SQLite, and schemas of one PostgreSQL.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { createTestDatabase } from "../../test/server/server.mjs";
import { race } from "../measure.mjs";
import { printTable } from "../print.mjs";
import { cli, makeFolder, writeConfig, writeRevisions } from "../project.mjs";

const node = process.execPath;
const floor = new URL("../floor/rollout.mjs", import.meta.url).pathname;
const revisions = 3;
const parallel = 4;
const runs = 3;

export async function run() {
  for (const count of [100, 500]) await onFiles(count);
  for (const count of [200, 1_000]) await onSchemas(count);
}

function project(name, fleet) {
  const folder = makeFolder(name);
  writeConfig(folder, "sqlite:unused.db", `\n  fleet: { ${fleet}, parallel: ${parallel} },`);
  writeRevisions(folder, revisions, "sql");
  return folder;
}

async function onFiles(count) {
  const folder = project("rollout", 'files: "*.tenant.db"');
  const before = () => {
    for (const name of readdirSync(folder)) if (name.includes(".tenant.db")) rmSync(join(folder, name));
    for (let at = 0; at < count; at++) writeFileSync(join(folder, `t${at}.tenant.db`), "");
  };
  const rows = await race(
    [
      {
        name: "floor: driver, a transaction each",
        command: [node, floor, "sqlite", folder, join(folder, "revisions"), String(parallel)],
        before,
      },
      { name: "aludel rollout", command: [node, cli, "rollout", "-q"], cwd: folder, before },
    ],
    { runs },
  );
  printTable(`${count} files of SQLite, ${revisions} revisions each, ${parallel} at a time`, rows);
}

async function onSchemas(count) {
  const folder = project("rollout", 'query: "SELECT name AS schema FROM public.tenants ORDER BY name"');
  const fresh = (name, commandOf) => {
    let database;
    const contender = {
      name,
      command: [],
      cwd: folder,
      before: async () => {
        await database?.drop();
        database = await createTestDatabase();
        await prepare(database.url, count);
        contender.command = commandOf(database.url);
      },
    };
    return contender;
  };
  const rows = await race(
    [
      fresh("floor: driver, a transaction each", (url) => [
        ...[node, floor, "postgres", url],
        ...[join(folder, "revisions"), String(parallel)],
      ]),
      fresh("aludel rollout", (url) => [node, cli, "rollout", "-q", "--url", url]),
    ],
    { runs },
  );
  printTable(`${count} schemas of PostgreSQL, ${revisions} revisions each, ${parallel} at a time`, rows);
}

async function prepare(url, count) {
  const client = new pg.Client(url);
  await client.connect();
  await client.query("CREATE TABLE public.tenants (name text)");
  await client.query(
    `DO $$ BEGIN FOR n IN 1..${count} LOOP
       EXECUTE format('CREATE SCHEMA t%s', n); INSERT INTO public.tenants VALUES ('t' || n);
     END LOOP; END $$`,
  );
  await client.end();
}
