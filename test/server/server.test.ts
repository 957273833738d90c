import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { expect, test } from "vitest";
import { createTestDatabase, sharedServer, startServer } from "./postgres-server.js";

async function select(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("a test database is empty, of its own, and gone after drop", async () => {
  const [a, b] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  expect(a.name).not.toBe(b.name);
  expect(await select(a.url, "SELECT current_database() AS name")).toEqual([{ name: a.name }]);
  await a.drop();
  await expect(select(a.url, "SELECT 1")).rejects.toMatchObject({ code: "3D000" });
  await b.drop();
});

test("the password matters", async () => {
  const { host, port, user } = await sharedServer();
  const client = new pg.Client({ host, port, user, password: "wrong", database: "postgres" });
  await expect(client.connect()).rejects.toMatchObject({ code: "28P01" });
});

test("a server of one's own survives a crash with its rows", async () => {
  const server = await startServer();
  try {
    await select(server.url, "CREATE TABLE kept AS SELECT 1 AS one");
    await server.stop("immediate");
    await expect(select(server.url, "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await server.start();
    expect(await select(server.url, "SELECT * FROM kept")).toEqual([{ one: 1 }]);
  } finally {
    await server.dispose();
  }
  expect(existsSync(server.socketDirectory)).toBe(false);
});

test("a server ends with the process that started it, also when that is killed", async () => {
  const module = fileURLToPath(new URL("./server.mjs", import.meta.url));
  const script = `
    const { startServer } = await import(${JSON.stringify(module)});
    console.log((await startServer()).socketDirectory);
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(owner.stdout, "data");
  const directory = String(line).trim();
  expect(existsSync(directory)).toBe(true);
  owner.kill("SIGKILL");
  for (let i = 0; existsSync(directory) && i < 100; i++) await pause(100);
  expect(existsSync(directory)).toBe(false);
});
