// A backfill of a large table on PostgreSQL, beside one UPDATE of the same rows: how long each takes, and what a client that
// works with the table meanwhile sees of it. ALUDEL_BENCH_ROWS says how many rows there are.
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { createTestDatabase } from "../../test/server/server.mjs";
import { race } from "../measure.mjs";
import { printTable } from "../print.mjs";
import { cli, makeFolder, writeConfig } from "../project.mjs";

const node = process.execPath;
const count = Number(process.env["ALUDEL_BENCH_ROWS"] ?? 1_000_000);
const idleMs = 5_000;

const ways = {
  "one UPDATE": "await op.execute(sql`UPDATE orders SET total = amount * 2 WHERE total IS NULL`);",
  "op.backfill":
    'await op.backfill("orders", { set: { total: sql`amount * 2` }, where: sql`total IS NULL` });',
};

const tableText =
  'await op.createTable("orders", { id: t.bigint().notNull(), amount: t.integer(), note: t.text(), total: t.integer() }, { primaryKey: ["id"] });';

function revision(id, revises, body) {
  return `/**
 * ${id}
 *
 * Revision: ${id}
 * Revises: ${revises ?? "<base>"}
 * Created: 2026-01-01T00:00:00Z
 */
import { defineRevision, sql, t } from "aludel";
void sql; void t;
export default defineRevision({
  id: "${id}",
  revises: ${JSON.stringify(revises)},
  async upgrade(op) { ${body} },
  downgrade: "it is only measured",
});
`;
}

function project(body) {
  const folder = makeFolder("backfill");
  writeConfig(folder, "postgres://unused");
  writeFileSync(join(folder, "revisions/1.ts"), revision("aaaaaaaaaaaa", null, tableText));
  writeFileSync(join(folder, "revisions/2.ts"), revision("bbbbbbbbbbbb", "aaaaaaaaaaaa", body));
  return folder;
}

async function filled(folder) {
  const database = await createTestDatabase();
  const made = spawnSync(node, [cli, "upgrade", "aaaaaaaaaaaa", "-q", "--url", database.url], {
    cwd: folder,
  });
  if (made.status !== 0) throw new Error(String(made.stderr));
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query(
    `INSERT INTO orders (id, amount, note) SELECT i, i % 1000, repeat('x', 40) FROM generate_series(1, ${count}) AS i`,
  );
  await client.query("VACUUM ANALYZE orders");
  await client.query("CHECKPOINT");
  await client.end();
  return database;
}

export async function run() {
  const contenders = Object.entries(ways).map(([name, body]) => {
    const folder = project(body);
    let database;
    const contender = {
      name,
      command: [],
      cwd: folder,
      before: async () => {
        await database?.drop();
        database = await filled(folder);
        contender.command = [node, cli, "upgrade", "-q", "--url", database.url];
      },
    };
    return contender;
  });
  const rows = await race(contenders, { runs: 3 });
  const speeds = rows.map(({ name, median }) => `${name}: ${Math.round(count / (median / 1000))} rows/s`);
  const [plain, parts] = rows;
  const share = (plain?.median ?? 0) / (parts?.median ?? 1);
  printTable(`${count} rows of one table on PostgreSQL`, rows, [
    `${speeds.join(", ")}; op.backfill has ${share.toFixed(2)} of the speed.`,
  ]);
  for (const [name, body] of Object.entries(ways)) await beside(name, project(body));
}

/** What one client that writes and reads single rows waits for, before and during the upgrade. */
async function beside(name, folder) {
  const database = await filled(folder);
  const client = new pg.Client(database.url);
  await client.connect();
  const idleUntil = performance.now() + idleMs;
  const idle = await work(client, () => performance.now() < idleUntil);
  const child = spawn(node, [cli, "upgrade", "-q", "--url", database.url], { cwd: folder, stdio: "inherit" });
  let ended = false;
  child.on("exit", () => {
    ended = true;
  });
  const busy = await work(client, () => !ended);
  await client.end();
  await database.drop();
  const show = (all) => `p50 ${at(all, 0.5)} ms, p99 ${at(all, 0.99)} ms, longest ${at(all, 1)} ms`;
  console.log(`\nA client beside ${name}: idle ${show(idle)}; meanwhile ${show(busy)}`);
}

async function work(client, goesOn) {
  const times = [];
  while (goesOn()) {
    const id = 1 + Math.floor(Math.random() * count);
    const started = performance.now();
    await client.query("UPDATE orders SET note = $2 WHERE id = $1", [id, `seen ${id}`]);
    await client.query("SELECT * FROM orders WHERE id = $1", [id]);
    times.push(performance.now() - started);
    await pause(2);
  }
  return times.sort((a, b) => a - b);
}

const at = (times, share) =>
  (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
