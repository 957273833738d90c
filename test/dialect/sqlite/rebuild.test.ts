import { describe, expect, it } from "vitest";
import { sqlite } from "../../../src/dialect/sqlite/sqlite.js";
import type { Op, TableOp } from "../../../src/op/op.js";
import {
  column,
  columnType,
  constraintBase,
  defaultTableOptions,
  index,
  indexKey,
} from "../../../src/schema/build.js";
import {
  compileOp,
  database,
  errorOf,
  inspectAll,
  isRebuild,
  migrate,
  named,
  rows,
  statementOf,
  tableNamed,
} from "./database.js";

/** A change that no SQLite can do in place. */
function changeType(table: string, name: string, type: string): Op {
  return { kind: "alter-column", table: named(table), column: name, changes: { type: columnType(type) } };
}

const parentAndChild = `
CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id) ON DELETE CASCADE);
INSERT INTO parent VALUES (1, 'a'), (2, 'b');
INSERT INTO child VALUES (10, 1), (11, 2), (12, NULL);
`;

describe("what survives a rebuild", () => {
  it("rows of children with ON DELETE CASCADE, and the text of their foreign keys", async () => {
    const db = await database(parentAndChild);
    const before = await statementOf(db, "child");
    const steps = await migrate(db, [changeType("parent", "name", "VARCHAR")]);
    expect(isRebuild(steps)).toBe(true);
    expect(steps.every((step) => step.foreignKeysOff)).toBe(true);
    expect(await rows(db, "SELECT id, parent_id FROM child")).toEqual([
      { id: 10, parent_id: 1 },
      { id: 11, parent_id: 2 },
      { id: 12, parent_id: null },
    ]);
    expect(await statementOf(db, "child")).toBe(before);
    expect(await rows(db, "PRAGMA foreign_keys")).toEqual([{ foreign_keys: 1 }]);
    await db.run("DELETE FROM parent WHERE id = 1");
    expect(await rows(db, "SELECT count(*) AS n FROM child")).toEqual([{ n: 2 }]);
  });

  it("and refuses to begin with foreign keys on, where these rows would be lost", async () => {
    const db = await database(parentAndChild);
    const steps = compileOp(changeType("parent", "name", "VARCHAR"), {
      before: await inspectAll(db),
      serverVersion: null,
    });
    // Inside a transaction the switch is silently ignored.
    await db.run("BEGIN; PRAGMA foreign_keys = OFF");
    const error = await errorOf(db.run(steps[0]?.sql ?? ""));
    expect(error.message).toBe("the rebuild of parent needs PRAGMA foreign_keys = OFF, set before BEGIN");
    for (const step of steps.slice(1)) await db.run(step.sql);
    expect(await rows(db, "SELECT count(*) AS n FROM child")).toEqual([{ n: 1 }]);
  });

  it("own indexes with DESC, expressions and conditions, in their own words", async () => {
    const index = "CREATE INDEX people_name on people (lower(name) DESC, age /* why */ ) WHERE age > 3";
    const db = await database(`CREATE TABLE people (name TEXT, age INT); ${index};
      CREATE UNIQUE INDEX "select" ON people (name COLLATE NOCASE DESC)`);
    const before = await statementOf(db, "select");
    await migrate(db, [changeType("people", "age", "REAL")]);
    expect(await statementOf(db, "people_name")).toBe(index);
    expect(await statementOf(db, "select")).toBe(before);
  });

  it("own triggers, triggers of others that name it, and views over it", async () => {
    const db = await database(`
      CREATE TABLE a (id INTEGER PRIMARY KEY, n INT);
      CREATE TABLE b (id INTEGER PRIMARY KEY, n INT);
      CREATE TABLE log (what TEXT);
      CREATE TRIGGER a_insert AFTER INSERT ON a BEGIN INSERT INTO log VALUES ('a' || new.n); END;
      CREATE TRIGGER b_insert AFTER INSERT ON b BEGIN INSERT INTO a (n) VALUES (new.n * 10); END;
      CREATE VIEW v AS SELECT n FROM a;
      CREATE VIEW vv (m) AS SELECT n + 1 FROM v;
      CREATE TRIGGER v_insert INSTEAD OF INSERT ON v BEGIN INSERT INTO a (n) VALUES (new.n); END;
    `);
    const names = ["a_insert", "b_insert", "v", "vv", "v_insert"];
    const before = await Promise.all(names.map((name) => statementOf(db, name)));
    await migrate(db, [changeType("a", "n", "BIGINT")]);
    expect(await Promise.all(names.map((name) => statementOf(db, name)))).toEqual(before);
    await db.run("INSERT INTO b (n) VALUES (4); INSERT INTO v VALUES (7)");
    expect(await rows(db, "SELECT what FROM log")).toEqual([{ what: "a40" }, { what: "a7" }]);
    expect(await rows(db, "SELECT m FROM vv")).toEqual([{ m: 41 }, { m: 8 }]);
  });

  it("the AUTOINCREMENT counter, with rows and without", async () => {
    const db = await database(`
      CREATE TABLE full (id INTEGER PRIMARY KEY AUTOINCREMENT, n INT);
      INSERT INTO full (n) VALUES (1), (2), (3); DELETE FROM full WHERE id > 1;
      CREATE TABLE emptied (id INTEGER PRIMARY KEY AUTOINCREMENT, n INT);
      INSERT INTO emptied (n) VALUES (1), (2); DELETE FROM emptied;
    `);
    await migrate(db, [changeType("full", "n", "TEXT"), changeType("emptied", "n", "TEXT")]);
    await db.run("INSERT INTO full (n) VALUES (1); INSERT INTO emptied (n) VALUES (1)");
    expect(await rows(db, "SELECT max(id) AS id FROM full")).toEqual([{ id: 4 }]);
    expect(await rows(db, "SELECT max(id) AS id FROM emptied")).toEqual([{ id: 3 }]);
    expect(await rows(db, "SELECT name FROM sqlite_sequence ORDER BY name")).toEqual([
      { name: "emptied" },
      { name: "full" },
    ]);
  });

  it("rowids of a table without an INTEGER PRIMARY KEY, also where a column is called rowid", async () => {
    const db = await database(`
      CREATE TABLE a (name TEXT PRIMARY KEY, n INT);
      INSERT INTO a VALUES ('x', 1), ('y', 2), ('z', 3); DELETE FROM a WHERE name = 'x';
      CREATE TABLE b (rowid TEXT, oid TEXT, n INT);
      INSERT INTO b VALUES ('p', 'q', 1), ('r', 's', 2); DELETE FROM b WHERE n = 1;
    `);
    await migrate(db, [changeType("a", "n", "TEXT"), changeType("b", "n", "TEXT")]);
    expect(await rows(db, "SELECT rowid AS r, name FROM a")).toEqual([
      { r: 2, name: "y" },
      { r: 3, name: "z" },
    ]);
    expect(await rows(db, "SELECT _rowid_ AS r, rowid, oid FROM b")).toEqual([
      { r: 2, rowid: "r", oid: "s" },
    ]);
  });

  it("STRICT, WITHOUT ROWID, collations and unknown type names", async () => {
    const db = await database(`
      CREATE TABLE s (id INTEGER PRIMARY KEY, t TEXT COLLATE NOCASE UNIQUE, x ANY) STRICT;
      CREATE TABLE w (a TEXT, b Geometry Collection(2, 3), c, PRIMARY KEY (b DESC, a)) WITHOUT ROWID;
      INSERT INTO s VALUES (1, 'Ab', '007'); INSERT INTO w VALUES ('k', 1, NULL);
    `);
    await migrate(
      db,
      [
        {
          kind: "add-constraint",
          table: named("s"),
          constraint: {
            ...constraintBase("s_ck"),
            kind: "check",
            expression: "id > 0",
            noInherit: false,
            validated: true,
          },
        },
        changeType("w", "c", "INT"),
      ],
      null,
    );
    expect(
      await rows(db, "SELECT name, wr, strict FROM pragma_table_list WHERE name IN ('s', 'w') ORDER BY 1"),
    ).toEqual([
      { name: "s", wr: 0, strict: 1 },
      { name: "w", wr: 1, strict: 0 },
    ]);
    expect((await errorOf(db.run("INSERT INTO s VALUES (2, 'aB', 1)"))).message).toMatch(
      /UNIQUE constraint failed/,
    );
    expect(await rows(db, "SELECT x, typeof(x) AS t FROM s")).toEqual([{ x: "007", t: "text" }]);
    expect((await tableNamed(db, "w")).columns[1]?.type).toEqual(
      columnType("GEOMETRY COLLECTION", ["2", "3"]),
    );
    const keys = await rows(
      db,
      "SELECT name, \"desc\" AS d FROM pragma_index_xinfo('sqlite_autoindex_w_1') WHERE key",
    );
    expect(keys).toEqual([
      { name: "b", d: 1 },
      { name: "a", d: 0 },
    ]);
  });

  it("ON CONFLICT clauses, which do not thin out the copy", async () => {
    const db = await database(`CREATE TABLE t (
      a INT CONSTRAINT a_null NOT NULL ON CONFLICT IGNORE, b INT, n INT, UNIQUE (a) ON CONFLICT REPLACE,
      CONSTRAINT pk PRIMARY KEY (b) ON CONFLICT FAIL);
      INSERT INTO t VALUES (1, 1, 1), (2, 2, 1)`);
    await migrate(db, [changeType("t", "n", "TEXT")]);
    await db.run("INSERT INTO t VALUES (1, 9, 9), (NULL, 5, 5)");
    expect(await rows(db, "SELECT a, b FROM t ORDER BY b")).toEqual([
      { a: 2, b: 2 },
      { a: 1, b: 9 },
    ]);
    const table = await tableNamed(db, "t");
    expect(table.columns[0]?.notNull).toEqual({ name: "a_null", onConflict: "ignore" });
    expect(table.constraints.find((one) => one.kind === "primary-key")).toMatchObject({
      name: "pk",
      onConflict: "fail",
    });
    // A new UNIQUE ON CONFLICT IGNORE must refuse duplicates, not drop them.
    const unique: Op = {
      kind: "add-constraint",
      table: named("t"),
      constraint: {
        ...constraintBase(null),
        kind: "unique",
        columns: ["n"],
        include: [],
        nullsNotDistinct: false,
        deferral: "immediate",
        onConflict: "ignore",
      },
    };
    await db.run("UPDATE t SET n = '1'");
    expect((await errorOf(migrate(db, [unique]))).message).toMatch(/UNIQUE constraint failed/);
    expect(await rows(db, "SELECT count(*) AS n FROM t")).toEqual([{ n: 2 }]);
  });

  it("generated columns, stored and virtual", async () => {
    const db =
      await database(`CREATE TABLE t (a INT, twice INT AS (a * 2), kept TEXT GENERATED ALWAYS AS ('n' || a) STORED);
      INSERT INTO t (a) VALUES (3)`);
    await migrate(db, [changeType("t", "a", "BIGINT")]);
    expect(await rows(db, "SELECT * FROM t")).toEqual([{ a: 3, twice: 6, kept: "n3" }]);
    expect((await tableNamed(db, "t")).columns.map((one) => one.generated)).toEqual([
      null,
      { expression: "a * 2", storage: "virtual" },
      { expression: "'n' || a", storage: "stored" },
    ]);
  });

  it("a reference to itself, and actions written with the column", async () => {
    const db = await database(`CREATE TABLE node (id INTEGER PRIMARY KEY,
      parent_id INTEGER REFERENCES node ON UPDATE SET NULL ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, name TEXT);
      INSERT INTO node VALUES (1, NULL, 'root'), (2, 1, 'leaf')`);
    await migrate(db, [changeType("node", "name", "VARCHAR")]);
    expect(
      await rows(db, "SELECT \"table\", on_update, on_delete FROM pragma_foreign_key_list('node')"),
    ).toEqual([{ table: "node", on_update: "SET NULL", on_delete: "CASCADE" }]);
    const { constraints } = await tableNamed(db, "node");
    expect(constraints.find((one) => one.kind === "foreign-key")).toMatchObject({ deferral: "deferred" });
    await db.run("DELETE FROM node WHERE id = 1");
    expect(await rows(db, "SELECT count(*) AS n FROM node")).toEqual([{ n: 0 }]);
  });

  it("checks that name their own table, and double-quoted strings of old schemas", async () => {
    const db = await database(`CREATE TABLE "Order ""x""" (a INT CHECK ("Order ""x""".a > 0), b TEXT)`);
    await migrate(db, [changeType('Order "x"', "b", "VARCHAR")]);
    expect((await errorOf(db.run(`INSERT INTO "Order ""x""" VALUES (0, '')`))).message).toMatch(/CHECK/);
  });

  it("nasty names everywhere", async () => {
    const long = "n".repeat(70);
    const db = await database(
      `
      CREATE TABLE "naïve ü" ("select" INTEGER PRIMARY KEY, [a]]b] TEXT, \`c\`\`d\` TEXT, "e.f" TEXT, ${long} INT);
      CREATE INDEX "Order ""x""" ON "naïve ü" ("e.f");
      CREATE TRIGGER "tr 'x'" AFTER INSERT ON "naïve ü" BEGIN SELECT 1; END;
      INSERT INTO "naïve ü" VALUES (1, 'p', 'q', 'r', 5)`.replace("[a]]b]", "[a b]"),
    );
    await migrate(db, [changeType("naïve ü", long, "TEXT")]);
    expect(await rows(db, `SELECT * FROM "naïve ü"`)).toEqual([
      { select: 1, "a b": "p", "c`d": "q", "e.f": "r", [long]: "5" },
    ]);
    const table = await tableNamed(db, "naïve ü");
    expect(table.indexes.map((one) => one.name)).toEqual(['Order "x"']);
    expect(await rows(db, "SELECT name FROM sqlite_schema WHERE type = 'trigger'")).toEqual([
      { name: "tr 'x'" },
    ]);
  });
});

describe("what a rebuild refuses", () => {
  it("NOT NULL over rows with NULL, unless the change itself gives a default", async () => {
    const script = "CREATE TABLE t (a INT DEFAULT 5, b INT); INSERT INTO t VALUES (NULL, 1), (2, 2)";
    const db = await database(script);
    const op = (changes: object): Op => ({ kind: "alter-column", table: named("t"), column: "a", changes });
    const error = await errorOf(migrate(db, [op({ nullable: false })], null));
    expect(error.code).toBe("sql-failed");
    expect(error.message).toMatch(/NOT NULL constraint failed: aludel_new_t.a/);
    expect(await rows(db, "SELECT count(*) AS n FROM t")).toEqual([{ n: 2 }]);
    await migrate(db, [op({ nullable: false, default: "7" })], null);
    expect(await rows(db, "SELECT a FROM t ORDER BY b")).toEqual([{ a: 7 }, { a: 2 }]);
  });

  it("a table with a trigger or index that the schema does not know", async () => {
    const db = await database(`CREATE TABLE t (a INT);
      CREATE TRIGGER "it's" AFTER INSERT ON t BEGIN SELECT 1; END`);
    const before = await inspectAll(db);
    const forgetful = { ...before, defined: new Map() };
    const [, guard] = compileOp(changeType("t", "a", "TEXT"), { before: forgetful, serverVersion: null });
    const error = await errorOf(db.run(guard?.sql ?? ""));
    expect(error.message).toBe("the rebuild of t would lose what it does not know: it's");
  });

  it("to leave a view or trigger behind that uses a dropped column", async () => {
    const db = await database(`CREATE TABLE t (a INT, b INT, UNIQUE (b)); CREATE VIEW v AS SELECT b FROM t`);
    const drop: Op = { kind: "drop-column", table: named("t"), column: "b" };
    expect((await errorOf(migrate(db, [drop]))).message).toMatch(/no such column: b/);
    await db.run("DROP VIEW v; CREATE TRIGGER tr AFTER UPDATE ON t BEGIN SELECT new.b; END");
    expect((await errorOf(migrate(db, [drop]))).message).toMatch(/no such column: new.b/);
    await db.run(
      "DROP TRIGGER tr; CREATE TABLE u (x); CREATE TRIGGER tr AFTER DELETE ON u BEGIN UPDATE t SET b = 1; END",
    );
    expect((await errorOf(migrate(db, [drop]))).message).toMatch(/no such column: b/);
    await db.run("DROP TRIGGER tr");
    await migrate(db, [drop]);
    expect((await tableNamed(db, "t")).columns.map((one) => one.name)).toEqual(["a"]);
  });

  it("children that point nowhere after a parent was dropped", async () => {
    const db = await database(parentAndChild);
    const work = migrate(db, [{ kind: "drop-table", name: named("parent") }]);
    await expect(work).rejects.toThrow(/child row 10 points at a row that parent does not have/);
    expect(await rows(db, "SELECT count(*) AS n FROM child")).toEqual([{ n: 3 }]);
  });
});

describe("batches", () => {
  const batch = (table: string, ops: readonly TableOp[]): Op => ({
    kind: "batch-alter-table",
    name: named(table),
    ops,
  });

  it("rename, drop, add and alter in one rebuild, with a view and a foreign key that follow the rename", async () => {
    const db = await database(`
      CREATE TABLE t (id INTEGER PRIMARY KEY, old TEXT UNIQUE CHECK (old <> ''), gone INT, n TEXT);
      CREATE INDEX t_old ON t (lower(old));
      CREATE VIEW v AS SELECT old FROM t;
      CREATE TABLE c (o TEXT REFERENCES t (old));
      CREATE TRIGGER tr AFTER UPDATE OF old ON t BEGIN SELECT new.old; END;
      INSERT INTO t VALUES (1, 'x', 2, '12'); INSERT INTO c VALUES ('x');
    `);
    const table = named("t");
    const steps = await migrate(db, [
      batch("t", [
        { kind: "rename-column", table, column: "old", to: "new name" },
        { kind: "drop-column", table, column: "gone" },
        {
          kind: "add-column",
          table,
          column: column("made", columnType("TEXT"), { default: "datetime('now')", nullable: false }),
        },
        {
          kind: "alter-column",
          table,
          column: "n",
          changes: { type: columnType("INTEGER"), using: "CAST(n AS INTEGER) + 1" },
        },
        {
          kind: "add-constraint",
          table,
          constraint: {
            ...constraintBase("ck"),
            kind: "check",
            expression: `length("new name") < 9`,
            noInherit: false,
            validated: true,
          },
        },
      ]),
    ]);
    expect(steps.filter((step) => step.sql.startsWith("DROP TABLE"))).toHaveLength(1);
    expect(await rows(db, `SELECT id, "new name", n, made > '2020' AS m FROM t`)).toEqual([
      { id: 1, "new name": "x", n: 13, m: 1 },
    ]);
    expect(await statementOf(db, "v")).toContain('"new name"');
    expect(await statementOf(db, "c")).toContain('"new name"');
    expect(await statementOf(db, "tr")).toContain('new."new name"');
    const after = await tableNamed(db, "t");
    expect(after.constraints.map((one) => one.kind).sort()).toEqual([
      "check",
      "check",
      "primary-key",
      "unique",
    ]);
    expect(after.indexes[0]?.keys[0]?.expression).toBe('lower("new name")');
  });

  it("swapped names, and a new column with the name that an old one had", async () => {
    const db = await database("CREATE TABLE t (a INT, b INT, c INT); INSERT INTO t VALUES (1, 2, 3)");
    const table = named("t");
    await migrate(db, [
      batch("t", [
        { kind: "rename-column", table, column: "a", to: "x" },
        { kind: "rename-column", table, column: "b", to: "a" },
        { kind: "rename-column", table, column: "x", to: "b" },
        { kind: "rename-column", table, column: "c", to: "d" },
        { kind: "add-column", table, column: column("c", columnType("INT"), { default: "(4 + 5)" }) },
      ]),
    ]);
    expect(await rows(db, "SELECT * FROM t")).toEqual([{ b: 1, a: 2, d: 3, c: 9 }]);
  });

  it("keeps the number of rows when no column stays", async () => {
    const db = await database(
      "CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO t VALUES ('x'), ('y')",
    );
    const table = named("t");
    await migrate(db, [
      batch("t", [
        { kind: "drop-column", table, column: "a" },
        { kind: "add-column", table, column: column("id", columnType("INTEGER")) },
        {
          kind: "add-constraint",
          table,
          constraint: {
            ...constraintBase(null),
            kind: "primary-key",
            columns: ["id"],
            include: [],
            deferral: "immediate",
            autoincrement: false,
          },
        },
        { kind: "alter-table-options", name: table, options: defaultTableOptions },
      ]),
    ]);
    expect(await rows(db, "SELECT * FROM t")).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it("arrange makes one batch of changes to a table that need a rebuild, past those to others, and leaves others alone", async () => {
    const db = await database("CREATE TABLE t (a INT, b INT); CREATE TABLE u (a INT)");
    const before = await inspectAll(db);
    const table = named("t");
    const add: TableOp = { kind: "add-column", table, column: column("c", columnType("INT")) };
    const alter: TableOp = { kind: "alter-column", table, column: "a", changes: { default: "1" } };
    const other: TableOp = { kind: "add-column", table: named("u"), column: column("c", columnType("INT")) };
    expect(sqlite.arrange([add, alter, other], before)).toEqual([batch("t", [add, alter]), other]);
    const rename: TableOp = { kind: "rename-column", table, column: "b", to: "bb" };
    expect(sqlite.arrange([add, rename], before)).toEqual([add, rename]);
    expect(sqlite.arrange([add, other, alter], before)).toEqual([batch("t", [add, alter]), other]);
    const made: Op = { kind: "create-index", table, index: index("i", [indexKey({ column: "b" })]) };
    expect(sqlite.arrange([add, made, alter], before)).toEqual([batch("t", [add, alter]), made]);
    expect(sqlite.arrange([add, rename, alter], before)).toEqual([batch("t", [add, rename, alter])]);
  });
});
