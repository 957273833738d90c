import { describe, expect, it } from "vitest";
import { parseCreateIndex } from "../../../src/dialect/sqlite/parse/create-index.js";
import { parseCreateTable } from "../../../src/dialect/sqlite/parse/create-table.js";
import { moveTrigger } from "../../../src/dialect/sqlite/parse/create-trigger.js";
import { parseCreateView } from "../../../src/dialect/sqlite/parse/create-view.js";
import { rowidAlias } from "../../../src/dialect/sqlite/types.js";
import { database, inspectAll } from "./database.js";

describe("parseCreateTable", () => {
  it("reads names in every quoting style, types of many words, and comments anywhere", () => {
    const table = parseCreateTable(`CREATE /* a */ TABLE main."Order ""x""" ( -- here
      [a b] unsigned big int (10 , -5) NOT /* and */ NULL, 'c''d' , \`e\`\`f\` Generated, naïve§ü "my type",
      key text, "select" VARYING CHARACTER(255) DEFAULT 'x,(y' -- the last
    ) `);
    expect(table.name).toBe('Order "x"');
    expect(table.columns.map((one) => [one.name, one.type.name, one.type.modifiers])).toEqual([
      ["a b", "UNSIGNED BIG INT", ["10", "-5"]],
      ["c'd", "", []],
      ["e`f", "GENERATED", []],
      ["naïve§ü", "MY TYPE", []],
      ["key", "TEXT", []],
      ["select", "VARYING CHARACTER", ["255"]],
    ]);
    expect(table.columns[0]?.nullable).toBe(false);
    expect(table.columns[5]?.default).toBe("'x,(y'");
  });

  it.each([
    ["DEFAULT 1", "1"],
    ["DEFAULT -1.5e3", "-1.5e3"],
    ["DEFAULT + 7", "+ 7"],
    ["DEFAULT x'00'", "x'00'"],
    ["DEFAULT ((1 + 2))", "1 + 2"],
    ["DEFAULT CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"],
    ["DEFAULT true", "true"],
    ["DEFAULT word", "'word'"],
    ['DEFAULT "it\'s"', "'it''s'"],
    ["DEFAULT (datetime('now')) NOT NULL", "datetime('now')"],
    ["NOT NULL DEFAULT 'a' COLLATE nocase", "'a'"],
  ])("%s is the default %s, as SQLite sees it", async (clause, expected) => {
    const sql = `CREATE TABLE t (a TEXT ${clause})`;
    expect(parseCreateTable(sql).columns[0]?.default).toBe(expected);
    const db = await database(
      `${sql}; INSERT INTO t DEFAULT VALUES; CREATE TABLE u (a TEXT DEFAULT (${expected}))`,
    );
    await db.run("INSERT INTO u DEFAULT VALUES");
    expect(await db.query("SELECT a FROM u")).toEqual(await db.query("SELECT a FROM t"));
  });

  it("reads constraints with the column and behind them, with and without names and commas", () => {
    const { constraints, columns } = parseCreateTable(`CREATE TABLE t (
      a INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT CHECK (a > (0)) CHECK (a < 9),
      b INT CONSTRAINT nn NOT NULL ON CONFLICT REPLACE UNIQUE ON CONFLICT IGNORE
        REFERENCES p (x) MATCH FULL ON DELETE SET DEFAULT ON UPDATE NO ACTION NOT DEFERRABLE INITIALLY IMMEDIATE,
      c INT REFERENCES p DEFERRABLE CONSTRAINT "c ck" CHECK (c),
      CONSTRAINT u UNIQUE (a COLLATE NOCASE DESC, b) ON CONFLICT ABORT
      CHECK (a <> b), CONSTRAINT "fk ""1""" FOREIGN KEY (a, [b]) REFERENCES "p q" (x, "y") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)`);
    expect(constraints.map((one) => [one.kind, one.name])).toEqual([
      ["primary-key", "pk"],
      ["check", null],
      ["check", null],
      ["unique", null],
      ["foreign-key", null],
      ["foreign-key", null],
      ["check", "c ck"],
      ["unique", "u"],
      ["check", null],
      ["foreign-key", 'fk "1"'],
    ]);
    expect(columns[1]?.notNull).toEqual({ name: "nn", onConflict: "replace" });
    expect(constraints[0]).toMatchObject({ autoincrement: true, columns: ["a"] });
    expect(constraints[1]).toMatchObject({ expression: "a > (0)" });
    expect(constraints[3]).toMatchObject({ onConflict: "ignore" });
    expect(constraints[4]).toMatchObject({
      match: "full",
      onDelete: "set default",
      onUpdate: "no action",
      deferral: "immediate",
    });
    expect(constraints[5]).toMatchObject({ deferral: "deferrable", references: { columns: [] } });
    expect(constraints[7]).toMatchObject({
      orderings: [
        { order: "desc", collation: "NOCASE" },
        { order: "asc", collation: null },
      ],
    });
    expect(constraints[7]).not.toHaveProperty("onConflict");
    expect(constraints[9]).toMatchObject({
      columns: ["a", "b"],
      references: { table: { name: "p q" }, columns: ["x", "y"] },
      deferral: "deferred",
    });
  });

  it.each([
    ["a INTEGER PRIMARY KEY", true],
    ["a integer PRIMARY KEY ASC", true],
    ["a INTEGER PRIMARY KEY DESC", false],
    ["a INT PRIMARY KEY", false],
    ["a INTEGER, PRIMARY KEY (a)", true],
    ["a INTEGER, PRIMARY KEY (a DESC)", true],
    ["a INTEGER, PRIMARY KEY (a AUTOINCREMENT)", true],
    ["a INTEGER, b INT, PRIMARY KEY (a, b)", false],
    ["a INTEGER(4) PRIMARY KEY", false],
    ['a "INTEGER" PRIMARY KEY', true],
    ["a BIGINT PRIMARY KEY", false],
  ])("(%s) is another name of the rowid: %s, as SQLite has it", async (body, expected) => {
    const db = await database(`CREATE TABLE t (${body}); CREATE TABLE log (a)`);
    await db.run(
      `INSERT INTO t (rowid${body.includes("b INT") ? ", b" : ""}) VALUES (7${body.includes("b INT") ? ", 1" : ""})`,
    );
    expect((await db.query("SELECT a FROM t"))[0]?.["a"] === 7).toBe(expected);
    const table = (await inspectAll(db)).tables.get("t");
    expect(table === undefined ? null : rowidAlias(table) !== null).toBe(expected);
  });

  it("reads the options", () => {
    expect(
      parseCreateTable("CREATE TABLE t (a INT PRIMARY KEY) WITHOUT ROWID, STRICT").options,
    ).toMatchObject({
      strict: true,
      withoutRowid: true,
    });
    expect(parseCreateTable("CREATE TEMP TABLE IF NOT EXISTS t (a) strict;").options.strict).toBe(true);
  });

  it("says where it cannot go on", () => {
    expect(() => parseCreateTable("CREATE TABLE t (\n a INT FOREVER YOUNG !\n)")).toThrow(
      /Unexpected "!"|line 2/,
    );
    expect(() => parseCreateTable("CREATE TABLE t (a INT\n) WITH STYLE")).toThrow(
      /Expected STRICT or WITHOUT ROWID and found WITH on line 2/,
    );
    expect(() => parseCreateTable("CREATE TABLE t (a INT")).toThrow(/found the end/);
  });
});

describe("the other statements", () => {
  it("CREATE INDEX", () => {
    const index = parseCreateIndex(
      `CREATE UNIQUE INDEX IF NOT EXISTS main."i x" ON t ("A" COLLATE nocase DESC NULLS LAST, lower(b) ASC, (a || b) COLLATE RTRIM,
        [a], a + 1 desc, b COLLATE x || 'y') WHERE (a IS NOT NULL);`,
      ["a", "b"],
    );
    expect(index).toMatchObject({ name: "i x", unique: true, where: "a IS NOT NULL" });
    expect(
      index.keys.map((key) => [key.column, key.expression, key.order, key.collation?.name ?? null]),
    ).toEqual([
      ["a", null, "desc", "nocase"],
      [null, "lower(b)", "asc", null],
      [null, "a || b", "asc", "RTRIM"],
      ["a", null, "asc", null],
      [null, "a + 1", "desc", null],
      [null, "b COLLATE x || 'y'", "asc", null],
    ]);
  });

  it("CREATE VIEW", () => {
    expect(
      parseCreateView('CREATE VIEW IF NOT EXISTS "v" (a, "b c") AS WITH x AS (SELECT 1) SELECT * FROM x ; '),
    ).toEqual({
      columns: ["a", "b c"],
      definition: "WITH x AS (SELECT 1) SELECT * FROM x",
    });
    expect(parseCreateView("create temp view v as values (1), (2)").columns).toBe(null);
  });

  it("CREATE TRIGGER, whose table can be another", () => {
    const sql = `CREATE TRIGGER "on" INSTEAD OF UPDATE OF a, "b" ON "v" BEGIN DELETE FROM v; END`;
    expect(moveTrigger(sql, 'w "')).toBe(
      `CREATE TRIGGER "on" INSTEAD OF UPDATE OF a, "b" ON "w """ BEGIN DELETE FROM v; END`,
    );
  });
});
