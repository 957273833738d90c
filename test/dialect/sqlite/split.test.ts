import { describe, expect, it } from "vitest";
import { splitStatements } from "../../../src/dialect/sqlite/split.js";
import { database } from "./database.js";

const texts = (script: string) => splitStatements(script).map((one) => one.sql);

describe("splitStatements", () => {
  it("splits at semicolons that are not in strings, names or comments", () => {
    expect(texts("SELECT ';' ; -- ; \nSELECT \";\", [;] /* ; */;;\n\nSELECT 3")).toEqual([
      "SELECT ';'",
      'SELECT ";", [;]',
      "SELECT 3",
    ]);
    expect(texts("  -- nothing\n ; ")).toEqual([]);
  });

  it("keeps triggers whole, with CASE and END in them", async () => {
    const trigger = `CREATE TEMP TRIGGER IF NOT EXISTS x AFTER INSERT ON t BEGIN
  UPDATE t SET a = CASE WHEN a > 1 THEN 2 ELSE 3 END; -- it
  SELECT CASE 1 WHEN 1 THEN 2 END;
END`;
    const script = `CREATE TABLE t (a);\n${trigger};\nINSERT INTO t VALUES (5);`;
    expect(texts(script)).toEqual(["CREATE TABLE t (a)", trigger, "INSERT INTO t VALUES (5)"]);
    const db = await database();
    for (const one of splitStatements(script)) await db.query(one.sql);
    expect(await db.query("SELECT a FROM t")).toEqual([{ a: 2 }]);
  });

  it("gives lines and offsets", () => {
    const script = "\n-- first\nSELECT 1;\n\n  SELECT\n2;";
    const found = splitStatements(script);
    expect(found.map((one) => one.line)).toEqual([3, 5]);
    for (const one of found) expect(script.slice(one.start, one.end)).toBe(one.sql);
  });

  it("refuses a trigger without END", () => {
    expect(() =>
      splitStatements("SELECT 1;\nCREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; SELECT 2;"),
    ).toThrow(
      expect.objectContaining({
        message: expect.stringContaining("has no END"),
        where: expect.objectContaining({ line: 2 }),
      }),
    );
  });

  it.each([
    ["BEGIN IMMEDIATE", "transaction", true],
    ["END", "transaction", true],
    ["SAVEPOINT x", "transaction", true],
    ["create table t (a)", "definition", true],
    ["DROP VIEW v", "definition", true],
    ["INSERT INTO t VALUES (1)", "data", true],
    ["VACUUM", "data", false],
    ["ATTACH 'x' AS y", "data", false],
    ["PRAGMA foreign_keys = OFF", "data", false],
    ["PRAGMA main.journal_mode(wal)", "data", false],
    ["PRAGMA foreign_keys", "data", true],
    ["PRAGMA writable_schema = ON", "unknown", true],
    ["UPDATE sqlite_schema SET sql = ''", "unknown", true],
    ["SELECT * FROM sqlite_schema", "data", true],
  ] as const)("%s is %s", (sql, effect, transactional) => {
    expect(splitStatements(sql)).toMatchObject([{ effect, transactional }]);
  });
});
