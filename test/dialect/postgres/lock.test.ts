import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import type { Bookkeeping, LockOptions } from "../../../src/dialect/dialect.js";
import { postgresBookkeepingDdl } from "../../../src/dialect/postgres/bookkeeping.js";
import { connectPostgres } from "../../../src/dialect/postgres/connect.js";
import { lockPostgres } from "../../../src/dialect/postgres/lock.js";
import { AludelError } from "../../../src/error/error.js";
import { createTestDatabase, type TestDatabase } from "../../server/postgres-server.js";

function bookkeeping(namespace: string | null = null, name = "aludel_version"): Bookkeeping {
  return { versionTable: { namespace, name }, runLogTable: { namespace, name: `${name}_log` } };
}

function options(parts: Partial<LockOptions> = {}): LockOptions {
  return { bookkeeping: bookkeeping(), timeoutMs: 0, onWait: () => {}, ...parts };
}

let database: TestDatabase;
let a: Connection;
let b: Connection;

const open = (applicationName: string) =>
  connectPostgres(database.url, { directory: process.cwd(), applicationName });

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  [a, b] = await Promise.all([open("first runner"), open("second runner")]);
});
afterEach(async () => {
  await Promise.all([a.close(), b.close()]);
});

describe("lock", () => {
  test("is had by one at a time, and can be had again", async () => {
    const held = await lockPostgres(a, options());
    const error = await lockPostgres(b, options()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AludelError);
    const { code, message, remedy, data } = error as AludelError;
    expect(code).toBe("lock-timeout");
    expect(message).toMatch(/process \d+, user postgres, application "first runner", from 127\.0\.0\.1/);
    expect(remedy).toMatch(/pg_terminate_backend\(\d+\)/);
    expect(data["holder"]).toMatchObject({ application: "first runner" });
    await held.release();
    await held.release();
    await (await lockPostgres(b, options())).release();
  });

  test("waits, says once for whom, and gets it when it is free", async () => {
    const held = await lockPostgres(a, options());
    const heard: string[] = [];
    const waiting = lockPostgres(b, options({ timeoutMs: 10_000, onWait: (holder) => heard.push(holder) }));
    await a.query("SELECT pg_sleep(0.3), 'what it is doing'");
    await held.release();
    await (await waiting).release();
    expect(heard).toHaveLength(1);
    expect(heard[0]).toContain("first runner");
  });

  test("is given up at the deadline", async () => {
    await lockPostgres(a, options());
    const start = performance.now();
    await expect(lockPostgres(b, options({ timeoutMs: 200 }))).rejects.toMatchObject({
      code: "lock-timeout",
    });
    expect(performance.now() - start).toBeGreaterThan(190);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test("ends with the session, and release then does no harm", async () => {
    const held = await lockPostgres(a, options());
    await a.close();
    const next = await lockPostgres(b, options({ timeoutMs: 5000 }));
    await held.release();
    await next.release();
  });

  test("a waiter does not deadlock with an index that is built concurrently", async () => {
    await a.run("CREATE TABLE t (a int)");
    const held = await lockPostgres(a, options());
    const waiting = lockPostgres(b, options({ timeoutMs: 20_000 }));
    await a.run("CREATE INDEX CONCURRENTLY ON t (a)");
    await held.release();
    await (await waiting).release();
  });

  test("is of one version table: another table or namespace is another lock", async () => {
    await a.run('CREATE SCHEMA "My schema"');
    const held = await lockPostgres(a, options({ bookkeeping: bookkeeping(null, "naïve ü") }));
    const others = [bookkeeping(), bookkeeping("My schema", "naïve ü")];
    for (const other of others) await (await lockPostgres(b, options({ bookkeeping: other }))).release();
    // `public` is what no namespace means here.
    await expect(
      lockPostgres(b, options({ bookkeeping: bookkeeping("public", "naïve ü") })),
    ).rejects.toMatchObject({ code: "lock-timeout" });
    await held.release();
    await a.run('DROP SCHEMA "My schema"');
  });

  test("is taken in one round trip", async () => {
    let trips = 0;
    const counting: Connection = {
      ...a,
      query: (sql, parameters) => {
        trips++;
        return a.query(sql, parameters);
      },
    };
    const held = await lockPostgres(counting, options());
    expect(trips).toBe(1);
    await held.release();
  });

  test("works on PGlite", async () => {
    const pglite = await connectPostgres("pglite:", { directory: process.cwd() });
    const held = await lockPostgres(pglite, options());
    await held.release();
    await pglite.run(postgresBookkeepingDdl(bookkeeping()).join(";\n"));
    await pglite.close();
  });
});

describe("bookkeeping tables", () => {
  const names: Bookkeeping = {
    versionTable: { namespace: 'Ops "x"', name: "select" },
    runLogTable: { namespace: null, name: "naïve ü log" },
  };

  test("are made, and left alone when they are there", async () => {
    const script = postgresBookkeepingDdl(names).join(";\n");
    await a.run(script);
    await a.query('INSERT INTO "Ops ""x"""."select" VALUES ($1)', ["abc"]);
    await a.query(
      `INSERT INTO "naïve ü log" (revision, direction, started_at, tool_version, result)
       VALUES ('abc', 'upgrade', now(), '1.0', 'running')`,
    );
    await a.run(script);
    expect(await a.query('SELECT * FROM "Ops ""x"""."select"')).toEqual([{ version_num: "abc" }]);
    const rows = await a.query('SELECT id, statements_done, error FROM "naïve ü log"');
    expect(rows).toEqual([{ id: "1", statements_done: 0, error: null }]);
    expect(await a.query(`SELECT conname::text FROM pg_constraint WHERE conname LIKE '%pkc'`)).toEqual([
      { conname: "select_pkc" },
    ]);
    await a.run('DROP SCHEMA "Ops ""x""" CASCADE; DROP TABLE "naïve ü log"');
  });

  test("a name too long for its constraint", async () => {
    const long = { namespace: null, name: "v".repeat(63) };
    await a.run(
      postgresBookkeepingDdl({ versionTable: long, runLogTable: { ...long, name: "l" } }).join(";"),
    );
    await a.run(`DROP TABLE "${long.name}", l`);
  });
});
