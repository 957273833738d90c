import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import { connectPostgres } from "../../../src/dialect/postgres/connect.js";
import { openPostgresTracer } from "../../../src/dialect/postgres/trace/open-tracer.js";
import type { Measured, Tracer } from "../../../src/dialect/tracer.js";
import { AludelError } from "../../../src/error/error.js";
import { createTestDatabase, type TestDatabase } from "../../server/postgres-server.js";

const tables = `
  CREATE SCHEMA other;
  CREATE TABLE parent (id int PRIMARY KEY, code text);
  CREATE TABLE "Order ""x""" (id int PRIMARY KEY, a int NOT NULL, b int, parent_id int, code varchar(10),
    CONSTRAINT b_is_there CHECK (b IS NOT NULL));
  CREATE TABLE other."Order ""x""" (id int PRIMARY KEY);
  CREATE INDEX a_idx ON "Order ""x""" (a);
  CREATE TABLE parts (k int, v int) PARTITION BY RANGE (k);
  CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (100);
  CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (100) TO (200);
`;

const t = 'public.Order "x"';

function shown(measured: Measured): Readonly<Record<string, unknown>> {
  const { locks, rewrites, scans, indexBuilds, foreignKeyChecks, proved } = measured;
  const work = { rewrites, scans, indexBuilds, foreignKeyChecks, proved };
  return {
    locks: Object.fromEntries(locks),
    ...Object.fromEntries(Object.entries(work).filter(([, of]) => of.length > 0)),
  };
}

describe("on a server", () => {
  let database: TestDatabase;
  let connection: Connection;
  let tracer: Tracer;
  const another = () => connectPostgres(database.url, { directory: tmpdir() });

  beforeAll(async () => {
    database = await createTestDatabase();
    connection = await another();
    await connection.run(tables);
    tracer = await openPostgresTracer({ connection, another });
    await tracer.begin();
  });
  afterAll(async () => {
    await tracer.close();
    await connection.close();
    await database.drop();
  });

  /** What a statement does, which is then rolled back. */
  async function measure(sql: string): Promise<Measured> {
    await connection.run("BEGIN");
    try {
      return await tracer.measure(sql, true, () => connection.run(sql));
    } finally {
      await connection.run("ROLLBACK");
    }
  }

  const q = '"Order ""x"""';
  const cases: readonly (readonly [sql: string, expected: ReturnType<typeof shown>])[] = [
    [`ALTER TABLE ${q} ADD COLUMN n int`, { locks: { [t]: "ACCESS EXCLUSIVE" } }],
    [`ALTER TABLE ${q} ALTER a TYPE bigint`, { locks: { [t]: "ACCESS EXCLUSIVE" }, rewrites: [t] }],
    [`ALTER TABLE ${q} ALTER parent_id SET NOT NULL`, { locks: { [t]: "ACCESS EXCLUSIVE" }, scans: [t] }],
    [`ALTER TABLE ${q} ALTER b SET NOT NULL`, { locks: { [t]: "ACCESS EXCLUSIVE" }, proved: [t] }],
    [`CREATE INDEX ON ${q} (b)`, { locks: { [t]: "SHARE" }, indexBuilds: [t] }],
    [
      `ALTER TABLE ${q} ADD FOREIGN KEY (parent_id) REFERENCES parent`,
      {
        locks: { "public.parent": "SHARE ROW EXCLUSIVE", [t]: "SHARE ROW EXCLUSIVE" },
        foreignKeyChecks: [t],
      },
    ],
    ["ALTER INDEX a_idx RENAME TO b_idx", { locks: { "public.a_idx": "SHARE UPDATE EXCLUSIVE" } }],
    ["DROP INDEX a_idx", { locks: { [t]: "ACCESS EXCLUSIVE" } }],
    [`ALTER TABLE ${q} RENAME TO renamed`, { locks: { [t]: "ACCESS EXCLUSIVE" } }],
    ["DROP TABLE parent", { locks: { "public.parent": "ACCESS EXCLUSIVE" } }],
    [
      "CREATE TABLE made (id int PRIMARY KEY REFERENCES parent)",
      { locks: { "public.parent": "SHARE ROW EXCLUSIVE" } },
    ],
    ["TRUNCATE parent", { locks: { "public.parent": "ACCESS EXCLUSIVE" }, rewrites: ["public.parent"] }],
    [
      "ALTER TABLE parts ADD CHECK (v > 0)",
      {
        locks: {
          "public.parts": "ACCESS EXCLUSIVE",
          "public.parts_1": "ACCESS EXCLUSIVE",
          "public.parts_2": "ACCESS EXCLUSIVE",
        },
        scans: ["public.parts_1", "public.parts_2"],
      },
    ],
  ];
  test.each(cases)("%s", async (sql, expected) => {
    expect(shown(await measure(sql))).toEqual(expected);
  });

  test("time and the server's log are measured", async () => {
    const { durationMs, walBytes, locksSeen } = await measure(`ALTER TABLE ${q} ALTER a TYPE bigint`);
    expect(durationMs).toBeGreaterThan(0);
    expect(walBytes).toBeGreaterThan(100);
    expect(locksSeen).toBe("held");
  });

  test("what the transaction holds already is told apart", async () => {
    await connection.run("BEGIN; LOCK TABLE parent IN SHARE ROW EXCLUSIVE MODE");
    const sql = `ALTER TABLE ${q} ADD FOREIGN KEY (parent_id) REFERENCES parent NOT VALID`;
    const { locks, held } = await tracer.measure(sql, true, () => connection.run(sql));
    await connection.run("ROLLBACK");
    expect(Object.fromEntries(held)).toEqual({ "public.parent": "SHARE ROW EXCLUSIVE" });
    expect(Object.fromEntries(locks)).toEqual({ [t]: "SHARE ROW EXCLUSIVE" });
  });

  const outside: typeof cases = [
    [
      `CREATE INDEX CONCURRENTLY c_idx ON ${q} (b)`,
      { locks: { [t]: "SHARE UPDATE EXCLUSIVE" }, indexBuilds: [t] },
    ],
    ["REINDEX INDEX CONCURRENTLY a_idx", { locks: { [t]: "SHARE UPDATE EXCLUSIVE" }, indexBuilds: [t] }],
    ["DROP INDEX CONCURRENTLY c_idx", { locks: { [t]: "SHARE UPDATE EXCLUSIVE" } }],
    [`VACUUM ${q}`, { locks: { [t]: "SHARE UPDATE EXCLUSIVE" } }],
    [`VACUUM FULL ${q}`, { locks: { [t]: "ACCESS EXCLUSIVE" }, rewrites: [t] }],
    [
      "ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY",
      { locks: { "public.parts": "SHARE UPDATE EXCLUSIVE", "public.parts_1": "ACCESS EXCLUSIVE" } },
    ],
  ];
  test.each(outside)("outside a transaction: %s", async (sql, expected) => {
    const measured = await tracer.measure(sql, false, () => connection.run(sql));
    expect(measured.locksSeen).toBe("sampled");
    expect(shown(measured)).toEqual(expected);
  });

  const messages = async () =>
    (await connection.query("SHOW client_min_messages"))[0]?.["client_min_messages"];

  test("the session's settings are what they were, after a failure too", async () => {
    await connection.run("SET client_min_messages = warning");
    const run = (sql: string, inTransaction: boolean) =>
      tracer.measure(sql, inTransaction, () => connection.run(sql));
    await connection.run("BEGIN");
    await run("SELECT 1", true);
    expect(await messages()).toBe("warning");
    await connection.run("COMMIT");
    await run("VACUUM parent", false);
    expect(await messages()).toBe("warning");
    await expect(run("VACUUM nowhere", false)).rejects.toThrow(AludelError);
    expect(await messages()).toBe("warning");
    await connection.run("BEGIN");
    await run("SET client_min_messages = error", true);
    await connection.run("COMMIT");
    expect(await messages()).toBe("error");
    await connection.run("RESET client_min_messages");
  });
});

test("on PGlite, but for what needs a second session", async () => {
  const connection = await connectPostgres("pglite:", { directory: tmpdir() });
  try {
    await connection.run("CREATE TABLE parent (id int PRIMARY KEY, code text)");
    const tracer = await openPostgresTracer({ connection });
    await tracer.begin();
    await connection.run("BEGIN");
    const alter = "ALTER TABLE parent ALTER id TYPE bigint";
    const measured = await tracer.measure(alter, true, () => connection.run(alter));
    await connection.run("COMMIT");
    expect(shown(measured)).toEqual({
      locks: { "public.parent": "ACCESS EXCLUSIVE" },
      rewrites: ["public.parent"],
    });
    const index = "CREATE INDEX CONCURRENTLY ON parent (code)";
    const outside = await tracer.measure(index, false, () => connection.run(index));
    expect(outside.locksSeen).toBe("nothing");
    expect(shown(outside)).toEqual({ locks: {}, indexBuilds: ["public.parent"] });
    await tracer.close();
  } finally {
    await connection.close();
  }
});
