import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import { connectPostgres } from "../../../src/dialect/postgres/connect.js";
import { splitPostgresScript } from "../../../src/dialect/postgres/split.js";
import { AludelError } from "../../../src/error/error.js";
import { createTestDatabase, type TestDatabase } from "../../server/postgres-server.js";

async function one(sql: string) {
  const [statement, ...rest] = await splitPostgresScript(sql);
  expect(rest).toEqual([]);
  expect(statement).toBeDefined();
  return statement as NonNullable<typeof statement>;
}

describe("positions", () => {
  test("statements have their text, lines and offsets, whatever characters come before", async () => {
    const script = [
      "-- naïve ü 😀; not a statement",
      "SELECT 'naïve \"; ü 😀';",
      "",
      "/* nested /* ; */ ; */",
      'CREATE TABLE "naïve ü 😀; -- x"',
      "  (a int) -- the end",
      ";;",
      "CREATE FUNCTION f() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT 'a'; SELECT 'b -- ;'; END;",
      "DO $ü$ BEGIN; END $ü$ /* 😀 */ ; SELECT 'last -- one' -- no semicolon",
    ].join("\n");
    const statements = await splitPostgresScript(script);
    expect(statements.map(({ sql, line }) => [line, sql])).toEqual([
      [2, "SELECT 'naïve \"; ü 😀'"],
      [5, 'CREATE TABLE "naïve ü 😀; -- x"\n  (a int)'],
      [8, "CREATE FUNCTION f() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT 'a'; SELECT 'b -- ;'; END"],
      [9, "DO $ü$ BEGIN; END $ü$"],
      [9, "SELECT 'last -- one'"],
    ]);
    for (const { sql, start, end } of statements) expect(script.slice(start, end)).toBe(sql);
  });

  test("nothing in nothing", async () => {
    for (const script of ["", "  \n", ";;", "-- only\n/* comments */"]) {
      expect(await splitPostgresScript(script)).toEqual([]);
    }
  });

  test("a byte order mark and carriage returns", async () => {
    const script = "\uFEFF-- x\r\nSELECT 1;\r\nSELECT 2\r\n";
    const statements = await splitPostgresScript(script);
    expect(statements.map(({ sql, line }) => [line, sql])).toEqual([
      [2, "SELECT 1"],
      [3, "SELECT 2"],
    ]);
    for (const { sql, start, end } of statements) expect(script.slice(start, end)).toBe(sql);
  });

  test.each([
    ["SELECT 'üü😀';\n\nSELEC 1", 3, 1, 'near "SELEC"'],
    ["SELECT 1;\n  SELECT 'üü😀', 'ab", 2, 18, "unterminated quoted string"],
    ["SELECT 1;\nDO $$ BEGIN", 2, 4, "unterminated dollar-quoted"],
    ["\n/* open", 2, 1, "unterminated /* comment"],
    ["CREATE TABLE t (\n", 2, 1, "end of input"],
  ])("%j fails at its line", async (script, line, column, message) => {
    const error = await splitPostgresScript(script).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AludelError);
    expect(error).toMatchObject({ code: "sql-failed", where: { line, column } });
    expect((error as AludelError).message).toContain(message);
  });

  test("the lines that pg_dump puts around a dump are no statements", async () => {
    const script = [
      "-- naïve 😀",
      "\\restrict 4kXyZ",
      "",
      "SELECT '",
      "\\restrict no",
      "';",
      "SELECT 2;",
      "\\unrestrict 4kXyZ\r",
      "",
    ].join("\n");
    const statements = await splitPostgresScript(script);
    expect(statements.map(({ sql, line }) => [line, sql])).toEqual([
      [4, "SELECT '\n\\restrict no\n'"],
      [7, "SELECT 2"],
    ]);
    for (const { sql, start, end } of statements) expect(script.slice(start, end)).toBe(sql);
    expect(await splitPostgresScript("\\restrict a\n\\unrestrict a")).toEqual([]);
    const other = splitPostgresScript("\\restrict a\nSELECT 1;\n\\i x.sql\n\\unrestrict a\n");
    await expect(other).rejects.toMatchObject({
      where: { line: 3 },
      remedy: expect.stringContaining("psql"),
    });
  });

  test("what is psql's and not SQL is said to be", async () => {
    const psql = await splitPostgresScript("SELECT 1;\n\\connect x\n").catch((thrown: AludelError) => thrown);
    expect(psql).toMatchObject({ where: { line: 2 }, remedy: expect.stringContaining("psql") });
    const copy = await splitPostgresScript("COPY t FROM stdin;\n1\ta\n\\.\n").catch(
      (thrown: AludelError) => thrown,
    );
    expect(copy).toMatchObject({ where: { line: 2 }, remedy: expect.stringContaining("INSERT") });
    const nul = await splitPostgresScript("SELECT 1;\nSELECT '\0'").catch((thrown: AludelError) => thrown);
    expect(nul).toMatchObject({ code: "sql-failed", where: { line: 2 } });
  });
});

describe("effect", () => {
  test.each([
    "SELECT 1",
    "WITH a AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM a",
    "VALUES (1)",
    "INSERT INTO t VALUES (1)",
    "UPDATE t SET a = 1",
    "DELETE FROM t",
    "MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE",
    "TRUNCATE t",
    "COPY t TO STDOUT",
    "SET a.b = 1",
    "SHOW all",
    "LOCK TABLE t",
    "ANALYZE t",
    "VACUUM t",
    "EXPLAIN CREATE TABLE t AS SELECT 1",
    "REFRESH MATERIALIZED VIEW m",
    "REINDEX TABLE t",
    "NOTIFY x",
  ])("%s: data", async (sql) => expect((await one(sql)).effect).toBe("data"));

  test.each([
    "CREATE TABLE t (a int)",
    "CREATE TEMP TABLE t (a int)",
    "CREATE TABLE t AS SELECT 1",
    "SELECT 1 AS a INTO t",
    "SELECT 1 AS a INTO t UNION SELECT 2",
    "EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1",
    "ALTER TABLE t ADD a int",
    "ALTER TABLE t RENAME TO u",
    "DROP TABLE t",
    "CREATE INDEX ON t (a)",
    "CREATE VIEW v AS SELECT 1",
    "CREATE TYPE e AS ENUM ('a')",
    "CREATE TYPE c AS (a int)",
    "CREATE AGGREGATE s (int) (sfunc = int4pl, stype = int)",
    "CREATE RULE r AS ON INSERT TO t DO NOTHING",
    "COMMENT ON TABLE t IS 'x'",
    "GRANT SELECT ON t TO u",
    "REVOKE r FROM u",
    "IMPORT FOREIGN SCHEMA a FROM SERVER s INTO b",
    "CREATE EXTENSION hstore",
    "CREATE DATABASE d",
  ])("%s: definition", async (sql) => expect((await one(sql)).effect).toBe("definition"));

  test.each([
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT a",
    "RELEASE a",
    "ROLLBACK TO a",
    "START TRANSACTION",
  ])("%s: transaction", async (sql) => expect((await one(sql)).effect).toBe("transaction"));

  test.each(["DO $$ BEGIN END $$", "CALL p()"])("%s: unknown", async (sql) =>
    expect((await one(sql)).effect).toBe("unknown"),
  );
});

/** Statements for a table t(a) with index i, a partitioned table p with partition q, and whether they may be in a block. */
const blocks: readonly (readonly [sql: string, transactional: boolean])[] = [
  ["CREATE INDEX CONCURRENTLY ON t (a)", false],
  ["CREATE INDEX ON t (a)", true],
  ["DROP INDEX CONCURRENTLY i", false],
  ["DROP INDEX i", true],
  ["REINDEX TABLE CONCURRENTLY t", false],
  ["REINDEX (CONCURRENTLY) INDEX i", false],
  ["REINDEX (CONCURRENTLY false) INDEX i", true],
  ["REINDEX INDEX i", true],
  ["REINDEX SCHEMA public", false],
  ["VACUUM t", false],
  ["VACUUM (ANALYZE) t", false],
  ["ANALYZE t", true],
  ["CLUSTER", false],
  ["CLUSTER t USING i", true],
  ["CREATE DATABASE never_made", false],
  ["DROP DATABASE never_made", false],
  ["ALTER DATABASE template1 SET TABLESPACE pg_default", false],
  ["ALTER SYSTEM SET work_mem = '4MB'", false],
  ["CREATE TABLESPACE never_made LOCATION '/nowhere'", false],
  ["DROP TABLESPACE never_made", false],
  ["ALTER TABLE p DETACH PARTITION q CONCURRENTLY", false],
  ["ALTER TABLE p DETACH PARTITION q", true],
  ["CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION x", false],
  ["CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION x WITH (connect = false)", true],
  ["DISCARD ALL", false],
  ["DISCARD PLANS", true],
  ["ALTER TYPE mood ADD VALUE 'sad'", true],
  ["REFRESH MATERIALIZED VIEW m", true],
  ["COMMIT PREPARED 'x'", false],
  ["DO $$ BEGIN END $$", true],
];

describe("transactional, as the server has it", () => {
  let database: TestDatabase;
  let connection: Connection;
  beforeAll(async () => {
    database = await createTestDatabase();
    connection = await connectPostgres(database.url, { directory: process.cwd() });
    await connection.run(`CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE TYPE mood AS ENUM ('ok');
      CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE q PARTITION OF p FOR VALUES IN (1);
      CREATE MATERIALIZED VIEW m AS SELECT 1 AS a`);
  });
  afterAll(async () => {
    await connection.close();
    await database.drop();
  });

  test.each(blocks)("%s: %s", async (sql, transactional) => {
    expect((await one(sql)).transactional).toBe(transactional);
    await connection.run("BEGIN");
    const state = await connection.run(sql).then(
      () => null,
      (error: AludelError) => error.data["sqlState"],
    );
    await connection.run("ROLLBACK");
    // 25001 is active_sql_transaction: what the server says to a statement that has no place in a block.
    expect(state === "25001").toBe(!transactional);
  });
});
