import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/pglite";
import pg from "pg";
import { expect, test } from "vitest";
import { recordQueries } from "../../src/testing/record-queries.js";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";

const recording = () => join(temporaryFolder(), "in/queries.jsonl");
const lines = (file: string) =>
  readFileSync(file, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

test("Drizzle's queries are noted once, without their values", async () => {
  const file = recording();
  const client = new PGlite();
  const database = drizzle({ client, logger: recordQueries(file) });
  for (const secret of ["one", "two"]) await database.execute(sql`SELECT ${secret}::text AS "a\nb"`);
  await client.close();
  expect(lines(file)).toEqual([{ sql: 'SELECT $1::text AS "a\nb"' }]);
});

test("those of a pool and of a client of node-postgres", async () => {
  const file = recording();
  const { url } = await createTestDatabase();
  const recorder = recordQueries(file);
  const pool = recorder.watch(new pg.Pool({ connectionString: url, max: 1 }));
  expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  const client = await pool.connect();
  expect((await client.query({ text: "SELECT $1::int AS two", values: [2] })).rows).toEqual([{ two: 2 }]);
  await once(client.query(new pg.Query("SELECT 3")), "end");
  client.release();
  await pool.end();
  const alone = recorder.watch(new pg.Client(url));
  await alone.connect();
  await alone.query("SELECT 4");
  await alone.end();
  expect(lines(file).map((line) => line.sql)).toEqual([
    "SELECT 1 AS one",
    "SELECT $1::int AS two",
    "SELECT 3",
    "SELECT 4",
  ]);
});

test("a file that cannot be written", () => {
  const folder = temporaryFolder({ file: "" });
  expect(() => recordQueries(join(folder, "file/queries.jsonl")).logQuery("SELECT 1")).toThrow(
    /The queries cannot be recorded/,
  );
});
