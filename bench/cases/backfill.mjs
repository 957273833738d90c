// A backfill of a large table on PostgreSQL, beside one UPDATE of the same rows: how long each takes, and what a client that
// works with the table meanwhile sees of it. ALUDEL_BENCH_ROWS says how many rows there are.
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { clearTimeout, setTimeout } from "node:timers";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { createTestDatabase } from "../../test/server/server.mjs";
import { onFreshDatabase } from "../fresh-database.mjs";
import { race } from "../measure.mjs";
import { printTable } from "../print.mjs";
import { cli, makeFolder, writeConfig } from "../project.mjs";

const node = process.execPath;
const count = Number(process.env["ALUDEL_BENCH_ROWS"] ?? 1_000_000);
const runs = Number(process.env["ALUDEL_BENCH_RUNS"] ?? 3);
const idleMs = 5_000;
/** A backfill that leaves others much time takes too long to be waited for. */
const besideMs = 60_000;
const kills = 10;
const large = 5_000_000;

const ways = {
  "one UPDATE":
    "await op.execute(sql`UPDATE orders SET total = amount * 2, times = times + 1 WHERE total IS NULL`);",
  "op.backfill":
    'await op.backfill("orders", { set: { total: sql`amount * 2`, times: sql`times + 1` }, where: sql`total IS NULL` });',
};

const tableText =
  'await op.createTable("orders", { id: t.bigint().notNull(), amount: t.integer(), note: t.text(), total: t.integer(), times: t.integer().notNull().default(0) }, { primaryKey: ["id"] });';

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

async function fill(url, folder) {
  const made = spawnSync(node, [cli, "upgrade", "aaaaaaaaaaaa", "-q", "--url", url], { cwd: folder });
  if (made.status !== 0) throw new Error(String(made.stderr));
  const client = new pg.Client(url);
  await client.connect();
  await client.query(
    `INSERT INTO orders (id, amount, note) SELECT i, i % 1000, repeat('x', 40) FROM generate_series(1, ${count}) AS i`,
  );
  await client.query("VACUUM ANALYZE orders");
  await client.query("CHECKPOINT");
  await client.end();
}

export async function run() {
  const contenders = Object.entries(ways).map(([name, body]) => {
    const folder = project(body);
    return onFreshDatabase(name, (url) => [node, cli, "upgrade", "-q", "--url", url], {
      cwd: folder,
      prepare: (url) => fill(url, folder),
    });
  });
  if (count >= large) return runLarge(contenders);
  const rows = await race(contenders, { runs });
  const speeds = rows.map(({ name, median }) => `${name}: ${Math.round(count / (median / 1000))} rows/s`);
  const [plain, parts] = rows;
  const share = (plain?.median ?? 0) / (parts?.median ?? 1);
  printTable(`${count} rows of one table on PostgreSQL`, rows, [
    `${speeds.join(", ")}; op.backfill has ${share.toFixed(2)} of the speed.`,
  ]);
  for (const [name, body] of Object.entries(ways)) await beside(name, project(body));
  const [, body] = Object.entries(ways)[1] ?? [];
  for (const share of [0.5, 0.2, 0.1])
    await beside(`op.backfill, ${share} of the time`, project(body), share);
  await killed(project(body), parts?.median ?? 1000);
}

/** Each way once, because filling the table takes longer than the run. */
async function runLarge(contenders) {
  const times = [];
  for (const contender of contenders) {
    await contender.before();
    const [program, ...words] = contender.command;
    const started = performance.now();
    const { status, stderr } = spawnSync(program, words, { cwd: contender.cwd });
    if (status !== 0) throw new Error(String(stderr));
    times.push(performance.now() - started);
    console.log(`${contender.name}: ${count} rows in ${(times.at(-1) / 1000).toFixed(1)} s`);
    await contender.drop();
  }
  const [plain, parts] = times;
  console.log(`op.backfill has ${(plain / parts).toFixed(2)} of the speed.`);
  const [, body] = Object.entries(ways)[1];
  await beside("op.backfill, 0.2 of the time", project(body), 0.2);
  await killed(project(body), parts);
}

/** What one client that writes and reads single rows waits for, before and during the upgrade. */
async function beside(name, folder, backfillShare = 1) {
  const database = await createTestDatabase();
  await fill(database.url, folder);
  const client = new pg.Client(database.url);
  await client.connect();
  const idleUntil = performance.now() + idleMs;
  const idle = await work(client, () => performance.now() < idleUntil);
  const timeouts = `timeouts: { backfillShare: ${backfillShare} }`;
  writeFileSync(
    join(folder, "aludel.config.ts"),
    `export default { environments: { bench: { url: ${JSON.stringify(database.url)}, ${timeouts} } }, defaultEnvironment: "bench" };\n`,
  );
  const started = performance.now();
  const child = spawn(node, [cli, "upgrade", "-q"], { cwd: folder, stdio: "inherit" });
  let ended = false;
  const exit = new Promise((resolve) => child.on("exit", resolve)).then(() => {
    ended = true;
  });
  const busy = await work(client, () => !ended && performance.now() - started < besideMs);
  child.kill("SIGINT");
  await exit;
  await client.end();
  await database.drop();
  const show = (all) => `p50 ${at(all, 0.5)} ms, p99 ${at(all, 0.99)} ms, longest ${at(all, 1)} ms`;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`\nA client beside ${name} (${seconds} s): idle ${show(idle)}; meanwhile ${show(busy)}`);
}

/** Ends the process again and again, and looks how often each row was written. */
async function killed(folder, milliseconds) {
  const database = await createTestDatabase();
  await fill(database.url, folder);
  let ends = 0;
  for (let code = null; code !== 0; ) {
    const child = spawn(node, [cli, "upgrade", "-q", "--url", database.url], {
      cwd: folder,
      stdio: "ignore",
    });
    const exit = new Promise((resolve) => child.on("exit", resolve));
    const after =
      ends < kills
        ? setTimeout(() => child.kill("SIGKILL"), (milliseconds / kills) * (0.6 + Math.random()))
        : null;
    code = await exit;
    clearTimeout(after);
    if (code !== 0) ends += 1;
    if (ends > kills) throw new Error("The backfill failed without being killed");
  }
  const client = new pg.Client(database.url);
  await client.connect();
  const { rows } = await client.query(
    "SELECT count(*) FILTER (WHERE times = 1 AND total = amount * 2)::int AS once, count(*)::int AS all FROM orders",
  );
  await client.end();
  await database.drop();
  console.log(`\nKilled ${ends} times: ${rows[0].once} of ${rows[0].all} rows were written once.`);
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
