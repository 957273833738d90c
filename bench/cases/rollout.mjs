// A rollout over many tenants, three revisions each: files of SQLite, and schemas of one PostgreSQL.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { onFreshDatabase } from "../fresh-database.mjs";
import { race } from "../measure.mjs";
import { printCells, printTable } from "../print.mjs";
import { cli, makeFolder, writeConfig, writeRevisions } from "../project.mjs";

const node = process.execPath;
const floor = new URL("../floor/rollout.mjs", import.meta.url).pathname;
const revisions = 3;
const parallel = 4;
const runs = 3;

const floorName = "floor: driver, a transaction each";
const files = [100, 500];
const schemas = [100, 500, 1_000];

export async function run() {
  await atEach("files of SQLite", files, onFiles);
  await atEach("schemas of PostgreSQL", schemas, onSchemas);
}

/** A table for each number of tenants, and what grows with it. */
async function atEach(what, counts, measure) {
  const lines = [];
  for (const count of counts) {
    const rows = await measure(count);
    printTable(`${count} ${what}, ${revisions} revisions each, ${parallel} at a time`, rows);
    const [bare, own] = [rows[0], rows.at(-1)].map(({ median }) => `${(median / count).toFixed(2)} ms`);
    lines.push([String(count), bare, own, `${rows.at(-1).memory} MB`]);
  }
  printCells(`A tenant of ${what}`, [["tenants", "floor, each", "aludel, each", "aludel, peak"], ...lines]);
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
  return race(
    [
      {
        name: floorName,
        command: [node, floor, "sqlite", folder, join(folder, "revisions"), String(parallel)],
        before,
      },
      { name: "aludel rollout", command: [node, cli, "rollout", "-q"], cwd: folder, before },
    ],
    { runs },
  );
}

async function onSchemas(count) {
  const folder = project("rollout", 'query: "SELECT name AS schema FROM public.tenants ORDER BY name"');
  const options = { cwd: folder, prepare: (url) => prepare(url, count) };
  const bare = (sessions) => (url) => {
    return [node, floor, "postgres", url, join(folder, "revisions"), String(parallel), sessions];
  };
  return race(
    [
      onFreshDatabase(`${floorName}, and a session`, bare("own"), options),
      onFreshDatabase(`${floorName}, ${parallel} sessions`, bare("shared"), options),
      onFreshDatabase("aludel rollout", (url) => [node, cli, "rollout", "-q", "--url", url], options),
    ],
    { runs },
  );
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
