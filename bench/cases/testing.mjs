// Databases for tests: how long until one is there, and until it is gone, beside the engine's own means.
import { copyFileSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { startServer } from "../../test/server/server.mjs";
import { median, must } from "../measure.mjs";
import { printTimes } from "../print.mjs";
import { cli, makeFolder, writeConfig, writeRevisions } from "../project.mjs";

const rounds = 15;
/** How long a test takes that does something, in milliseconds. */
const work = 250;

export async function run() {
  const testing = await import("../../dist/testing.js");
  await onServer(testing, "fsync off, on disk", {});
  await onServer(testing, "fsync on, on disk", { fsync: "on", full_page_writes: "on" });
  if (existsSync("/dev/shm")) await inMemory(() => onServer(testing, "fsync off, in memory (tmpfs)", {}));
  await onSqlite(testing);
  await onPglite(testing);
}

async function inMemory(body) {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = "/dev/shm";
  try {
    await body();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

function project(url) {
  const folder = makeFolder("testing");
  writeConfig(folder, url);
  writeRevisions(folder, 30, "sql");
  return { folder, config: join(folder, "aludel.config.ts") };
}

async function timed(body) {
  const started = performance.now();
  const result = await body();
  return { result, milliseconds: performance.now() - started };
}

/** Opens and closes databases one after the other, with something in between that takes a while. */
async function measure(name, open, close, between = 0, count = rounds) {
  const [opened, closed] = [[], []];
  for (let round = -1; round < count; round++) {
    const { result, milliseconds } = await timed(open);
    if (between > 0) await pause(between);
    const closing = await timed(() => close(result));
    if (round < 0) continue;
    opened.push(milliseconds);
    closed.push(closing.milliseconds);
  }
  return { name, open: median(opened), most: Math.max(...opened), close: median(closed) };
}

const close = (database) => database.close();

async function onServer({ testDatabase }, description, settings) {
  const server = await startServer({ settings });
  const { config } = project(server.url);
  const first = await timed(() => testDatabase({ config }));
  await first.result.close();
  const admin = new pg.Client(server.url);
  await admin.connect();
  const { rows } = await admin.query(
    "SELECT datname FROM pg_database WHERE datistemplate AND datname LIKE 'aludel%'",
  );
  const results = [];
  for (const strategy of ["wal_log", "file_copy"]) {
    const create = `CREATE DATABASE copy TEMPLATE ${rows[0].datname} STRATEGY ${strategy}`;
    const drop = () => admin.query("DROP DATABASE copy");
    results.push(await measure(`floor: … STRATEGY ${strategy}`, () => admin.query(create), drop, 0, 8));
  }
  results.push(
    await measure("testDatabase(), one test after the other", () => testDatabase({ config }), close),
  );
  results.push(
    await measure(`testDatabase(), tests that take ${work} ms`, () => testDatabase({ config }), close, work),
  );
  printTimes(
    `A database at head, PostgreSQL, ${description}; 30 revisions, first call ${first.milliseconds.toFixed(0)} ms`,
    results,
  );
  await admin.end();
  await server.dispose();
}

async function onSqlite({ testDatabase }) {
  const { folder, config } = project("sqlite:./bench.db");
  must([process.execPath, cli, "upgrade", "-q"], folder);
  const copy = join(folder, "copy.db");
  const first = await timed(() => testDatabase({ config }));
  await first.result.close();
  printTimes(`A database at head, SQLite; 30 revisions, first call ${first.milliseconds.toFixed(0)} ms`, [
    await measure(
      "floor: the file copied",
      () => copyFileSync(join(folder, "bench.db"), copy),
      () => rmSync(copy),
    ),
    await measure("testDatabase()", () => testDatabase({ config }), close),
  ]);
}

async function onPglite({ testDatabase }) {
  const { config } = project("pglite:");
  const { PGlite } = await import("@electric-sql/pglite");
  const first = await timed(() => testDatabase({ config }));
  await first.result.close();
  printTimes(`A database at head, PGlite; 30 revisions, first call ${first.milliseconds.toFixed(0)} ms`, [
    await measure("floor: PGlite.create(), empty", () => PGlite.create(), close, 0, 5),
    await measure("testDatabase()", () => testDatabase({ config }), close, 0, 5),
  ]);
}
