// A change of a table that is in use: what a client that reads and writes single rows waits for, beside a transaction of
// somebody else's that stays open for five seconds. Once as Aludel runs the revision that `lint --fix` makes of it, once as the
// statements run plainly. ALUDEL_BENCH_ROWS says how many rows there are.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { createTestDatabase } from "../../test/server/server.mjs";
import { must } from "../measure.mjs";
import { cli, makeFolder } from "../project.mjs";

const node = process.execPath;
const count = Number(process.env["ALUDEL_BENCH_ROWS"] ?? 500_000);
const lockMs = 500;
const openMs = 5_000;
const closedMs = 1_500;
const idleMs = 3_000;

const statements = `ALTER TABLE orders ADD COLUMN state text;
ALTER TABLE orders ALTER COLUMN amount SET NOT NULL;
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id);
CREATE INDEX orders_customer ON orders (customer_id);
`;

const head = (id, revises, message) =>
  `-- ${message}\n--\n-- Revision: ${id}\n-- Revises: ${revises}\n-- Created: 2026-01-01T00:00:00Z\n\n-- aludel:upgrade\n`;

const tables = `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, amount integer, note text);
`;

/** A project whose second revision is the change, made safe by `lint --fix`. */
function project(url) {
  const folder = makeFolder("traffic");
  writeFileSync(
    join(folder, "aludel.config.json"),
    JSON.stringify({
      dialect: "postgres",
      environments: { bench: { url, timeouts: { lock: `${lockMs}ms`, retries: 200 } } },
      defaultEnvironment: "bench",
    }),
  );
  writeFileSync(
    join(folder, "revisions/1_tables.sql"),
    `${head("aaaaaaaaaaaa", "none", "make customers and orders")}${tables}\n-- aludel:downgrade\nDROP TABLE orders, customers;\n`,
  );
  writeFileSync(
    join(folder, "revisions/2_change.sql"),
    `${head("bbbbbbbbbbbb", "aaaaaaaaaaaa", "orders have a state and a customer")}${statements}\n-- aludel:downgrade none: it is only measured\n`,
  );
  return folder;
}

async function prepare(fixed) {
  const database = await createTestDatabase();
  const folder = project(database.url);
  must([node, cli, "upgrade", "aaaaaaaaaaaa", "-q"], folder);
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query("INSERT INTO customers SELECT generate_series(1, 1000)");
  await client.query(
    `INSERT INTO orders SELECT i, 1 + i % 1000, i % 1000, repeat('x', 60) FROM generate_series(1, ${count}) AS i`,
  );
  await client.query("VACUUM ANALYZE");
  await client.query("CHECKPOINT");
  await client.end();
  if (fixed) must([node, cli, "lint", "bbbbbbbbbbbb", "--fix"], folder);
  return { database, folder };
}

/** The longest that each query of a client takes until it is told to stop. */
async function traffic(url, goesOn) {
  const client = new pg.Client(url);
  await client.connect();
  const times = [];
  while (goesOn()) {
    const id = 1 + Math.floor(Math.random() * count);
    for (const [text, values] of [
      ["SELECT note FROM orders WHERE id = $1", [id]],
      ["UPDATE orders SET note = $2 WHERE id = $1", [id, `seen ${id}`]],
    ]) {
      const started = performance.now();
      await client.query(text, values);
      times.push(performance.now() - started);
    }
    await pause(5);
  }
  await client.end();
  return times.sort((a, b) => a - b);
}

/** Reads the table in a transaction, and leaves it open. */
async function lingering(url, goesOn) {
  const client = new pg.Client(url);
  await client.connect();
  while (goesOn()) {
    await client.query("BEGIN");
    await client.query("SELECT count(*) FROM orders WHERE id < 10");
    await pause(openMs);
    await client.query("COMMIT");
    await pause(closedMs);
  }
  await client.end();
}

async function plainly(url) {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`BEGIN;\n${statements}\nCOMMIT`);
  await client.end();
}

function byAludel(folder) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [cli, "upgrade", "--json"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (part) => {
      said += part;
    });
    child.on("exit", (code) => (code === 0 ? resolve(said) : reject(new Error(said))));
  });
}

async function measure(name, fixed, change) {
  const { database, folder } = await prepare(fixed);
  let ended = false;
  const idleUntil = performance.now() + idleMs;
  const idle = await traffic(database.url, () => performance.now() < idleUntil);
  const linger = lingering(database.url, () => !ended);
  await pause(200);
  const busy = traffic(database.url, () => !ended);
  const started = performance.now();
  try {
    await change(database.url, folder);
  } finally {
    ended = true;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const times = await busy;
  await linger;
  await database.drop();
  console.log(`${name}: ${seconds} s; the client: idle ${show(idle)}; meanwhile ${show(times)}`);
  return { longest: times.at(-1) ?? 0, text: readFileSync(join(folder, "revisions/2_change.sql"), "utf8") };
}

const at = (times, share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
const show = (times) =>
  `p50 ${at(times, 0.5).toFixed(1)} ms, p99 ${at(times, 0.99).toFixed(1)} ms, longest ${at(times, 1).toFixed(0)} ms of ${times.length}`;

export async function run() {
  console.log(
    `\nADD COLUMN, SET NOT NULL, a foreign key and an index on ${count} rows in use, lock timeout ${lockMs} ms`,
  );
  const own = await measure("aludel upgrade", true, (_, folder) => byAludel(folder));
  await measure("the statements, plainly", false, (url) => plainly(url));
  const most = lockMs + 100;
  const within = own.longest <= most ? "no query waited" : "a query waited";
  console.log(`Under Aludel ${within} longer than ${most} ms.`);
  if (process.env["ALUDEL_BENCH_SHOW"] !== undefined) console.log(own.text);
}
