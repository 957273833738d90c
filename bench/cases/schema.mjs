// Schemas: inspecting 1,000 tables, checking and first revisions of 500 tables.
import { rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { createTestDatabase } from "../../test/server/server.mjs";
import { must, race } from "../measure.mjs";
import { printTable } from "../print.mjs";
import { cli, makeFolder, writeConfig, writeModels } from "../project.mjs";

const node = process.execPath;
const script = (path) => new URL(`../${path}`, import.meta.url).pathname;
const nothing = { name: "node -e 0", command: [node, "-e", "0"] };

export async function run() {
  await inspection();
  await checks();
}

async function inspection() {
  const { url, drop } = await createTestDatabase();
  const folder = makeFolder("inspect");
  writeConfig(folder, url);
  const client = new pg.Client(url);
  await client.connect();
  const columns = Array.from(
    { length: 9 },
    (_, at) => `column_${at} ${at % 2 ? "text NOT NULL DEFAULT 'x'" : "integer"}`,
  );
  for (let table = 0; table < 1_000; table++) {
    await client.query(`CREATE TABLE table_${table} (id integer PRIMARY KEY, ${columns.join(", ")})`);
  }
  await client.query("ANALYZE");
  await client.end();
  const queries = join(folder, "queries.json");
  must([node, "--import", script("floor/record-queries.mjs"), cli, "inspect", "--json"], folder, {
    ALUDEL_BENCH_QUERIES: queries,
  });
  printTable(
    "Inspecting 1,000 tables of 10 columns on PostgreSQL",
    await race([
      {
        name: "floor: the same catalog queries, bare",
        command: [node, script("floor/catalog.mjs"), url, queries],
      },
      { name: "aludel inspect", command: [node, cli, "inspect"], cwd: folder },
    ]),
  );
  await drop();
}

async function checks() {
  const { url, drop } = await createTestDatabase();
  const folder = makeFolder("check");
  writeConfig(folder, url);
  writeModels(folder, 500, 10);
  const revision = [node, cli, "revision", "--autogenerate", "-m", "first", "--no-verify", "-q"];
  const clear =
    (...names) =>
    () => {
      for (const name of names) rmSync(join(folder, name), { recursive: true, force: true });
    };
  printTable(
    "First revision of 500 tables × 10 columns, written",
    await race([
      nothing,
      { name: "aludel revision --autogenerate", command: revision, cwd: folder, before: clear("revisions") },
      {
        name: "aludel revision --autogenerate, nothing cached",
        command: revision,
        cwd: folder,
        before: clear("revisions", "node_modules/.cache"),
      },
    ]),
  );
  must([node, cli, "upgrade", "-q"], folder);
  printTable(
    "Nothing to change, 500 tables × 10 columns",
    await race([
      nothing,
      { name: "aludel check", command: [node, cli, "check"], cwd: folder },
      {
        name: "aludel check, nothing cached",
        command: [node, cli, "check"],
        cwd: folder,
        before: clear("node_modules/.cache"),
      },
      { name: "aludel check --database", command: [node, cli, "check", "--database"], cwd: folder },
    ]),
  );
  await drop();
}
