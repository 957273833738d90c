import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import type { ScratchOptions } from "../../../src/dialect/dialect.js";
import { connectPostgres } from "../../../src/dialect/postgres/connect.js";
import { openPostgresScratch } from "../../../src/dialect/postgres/scratch.js";
import { AludelError } from "../../../src/error/error.js";
import {
  createTestDatabase,
  startServer,
  type TestDatabase,
  type TestServer,
} from "../../server/postgres-server.js";

let server: TestServer;
let database: TestDatabase;
let admin: Connection;

beforeAll(async () => {
  // A server of its own: which databases are there is what is tested.
  server = await startServer();
  database = await server.createDatabase();
  admin = await connectPostgres(database.url, { directory: process.cwd() });
});
afterAll(async () => {
  await admin.close();
  await server.dispose();
});

const options = (parts: Partial<ScratchOptions>): ScratchOptions => ({
  url: null,
  environmentUrl: null,
  directory: process.cwd(),
  ...parts,
});

async function databases(): Promise<string[]> {
  const rows = await admin.query(
    "SELECT datname::text AS name FROM pg_database WHERE datname LIKE 'aludel%'",
  );
  return rows.map(({ name }) => String(name));
}

async function failure(promise: Promise<unknown>): Promise<AludelError> {
  const thrown = await promise.catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(AludelError);
  return thrown as AludelError;
}

/** A user without rights, by its URL. */
async function plainUser(name: string): Promise<string> {
  await admin.run(`CREATE ROLE ${name} LOGIN PASSWORD 'plain'`);
  return `postgres://${name}:plain@127.0.0.1:${server.port}/${database.name}`;
}

describe("a temporary database", () => {
  test("on the configured server: empty, of its own, and gone after dispose", async () => {
    await admin.run("CREATE TABLE in_the_environment (a int)");
    const [one, two] = await Promise.all([
      openPostgresScratch(options({ url: database.url })),
      openPostgresScratch(options({ url: database.url })),
    ]);
    expect(one.description).toBe(`temporary database on 127.0.0.1:${server.port}`);
    expect(await databases()).toHaveLength(2);
    await one.connection.run("CREATE TABLE t (a int)");
    const tables = "SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'public'";
    expect(await two.connection.query(tables)).toEqual([{ n: 0 }]);
    expect(await admin.query("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
    await Promise.all([one.dispose(), two.dispose(), one.dispose()]);
    expect(await databases()).toEqual([]);
  });

  test("on a configured server whose database is not there yet", async () => {
    const scratch = await openPostgresScratch(options({ url: `${server.url}_missing` }));
    await scratch.dispose();
    expect(await databases()).toEqual([]);
  });

  test("on the environment's server when that is local", async () => {
    const scratch = await openPostgresScratch(options({ environmentUrl: database.url }));
    expect(scratch.description).toContain("temporary database");
    await scratch.dispose();
    expect(await databases()).toEqual([]);
  });

  test("is dropped although its connection is gone and another is there", async () => {
    const scratch = await openPostgresScratch(options({ url: database.url }));
    const [name] = await databases();
    const other = await connectPostgres(`${server.url.replace(/postgres$/, "")}${name}`, {
      directory: process.cwd(),
    });
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aludel scratch'",
    );
    await scratch.dispose();
    expect(await databases()).toEqual([]);
    await other.close();
  });

  test("leftovers older than a day are swept, others are not", async () => {
    const now = Math.floor(Date.now() / 1000);
    const old = `aludel_scratch_${now - 90_000}_abc`;
    const inUse = `aludel_scratch_${now - 90_000}_def`;
    const young = `aludel_scratch_${now - 3600}_abc`;
    const foreign = "aludel_scratch_of_mine";
    for (const name of [old, inUse, young, foreign]) await admin.run(`CREATE DATABASE ${name}`);
    const user = await connectPostgres(`${server.url.replace(/postgres$/, "")}${inUse}`, {
      directory: process.cwd(),
    });
    const scratch = await openPostgresScratch(options({ url: database.url }));
    await scratch.dispose();
    expect((await databases()).sort()).toEqual([foreign, inUse, young].sort());
    await user.close();
    for (const name of [inUse, young, foreign]) await admin.run(`DROP DATABASE ${name} WITH (FORCE)`);
  });

  test("a configured server that will not have it is an error, not a reason to look elsewhere", async () => {
    const error = await failure(openPostgresScratch(options({ url: await plainUser("plain_one") })));
    expect(error.code).toBe("scratch-unavailable");
    expect(error.message).toContain("plain_one");
    expect(error.remedy).toContain('ALTER ROLE "plain_one" CREATEDB');
    const unreachable = await failure(openPostgresScratch(options({ url: "postgres://u:p@127.0.0.1:1/x" })));
    expect(unreachable.code).toBe("connection-failed");
  });

  test("dispose on a server that is gone is quiet", async () => {
    const own = await startServer();
    const scratch = await openPostgresScratch(options({ url: own.url }));
    await own.dispose();
    await scratch.dispose();
  });
});

describe("without a server that may be used", () => {
  const nowhere = () => false;

  test("PGlite stands in", async () => {
    // 0.0.0.0 leads here, but does not say so: what comes in is what a server elsewhere would get.
    let visits = 0;
    const elsewhere = createServer(() => visits++).listen(0, "127.0.0.1");
    await new Promise((resolve) => elsewhere.once("listening", resolve));
    const address = elsewhere.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const cases = [
      options({ url: "pglite:" }),
      options({ environmentUrl: await plainUser("plain_two") }),
      options({ environmentUrl: `postgres://u:p@0.0.0.0:${port}/x`, directory: tmpdir() }),
    ];
    for (const one of cases) {
      const scratch = await openPostgresScratch(one);
      expect(scratch.description).toBe("PGlite in memory");
      expect(await scratch.connection.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      await scratch.dispose();
    }
    expect(visits).toBe(0);
    expect(await databases()).toEqual([]);
    elsewhere.close();
  });

  test("and without PGlite the ways to get one are named", async () => {
    const error = await failure(
      openPostgresScratch(options({ environmentUrl: "postgres://u:p@db.example.com/x" }), nowhere),
    );
    expect(error.code).toBe("scratch-unavailable");
    for (const way of ["@electric-sql/pglite", "`scratch`", "on this machine"]) {
      expect(error.remedy).toContain(way);
    }
    expect(error.details.join()).toContain("not on this machine");
    const refused = await failure(
      openPostgresScratch(options({ environmentUrl: await plainUser("plain_three") }), nowhere),
    );
    expect(refused.details.join()).toContain("may not create databases");
    expect(await databases()).toEqual([]);
  });
});

test("what is not asked for is not made: the shared server is left alone", async () => {
  const shared = await createTestDatabase();
  const scratch = await openPostgresScratch(options({ url: database.url, environmentUrl: shared.url }));
  expect(scratch.description).toContain(`:${server.port}`);
  await scratch.dispose();
  await shared.drop();
});
