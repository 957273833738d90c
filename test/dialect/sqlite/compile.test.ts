import { describe, expect, it } from "vitest";
import { sqlite } from "../../../src/dialect/sqlite/sqlite.js";
import { AludelError } from "../../../src/error/error.js";
import type { ColumnChanges, Op, OpKind } from "../../../src/op/op.js";
import {
  column,
  columnType,
  constraintBase,
  emptySchema,
  index,
  indexKey,
  table,
} from "../../../src/schema/build.js";
import type { Check, Column, PrimaryKey } from "../../../src/schema/schema.js";
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

const check = (name: string | null, expression: string): Check => ({
  ...constraintBase(name),
  kind: "check",
  expression,
  noInherit: false,
  validated: true,
});
const key = (...columns: readonly string[]): PrimaryKey => ({
  ...constraintBase(null),
  kind: "primary-key",
  columns,
  include: [],
  deferral: "immediate",
  autoincrement: false,
});
const add = (definition: Column): Op => ({ kind: "add-column", table: named("t"), column: definition });
const alter = (name: string, changes: ColumnChanges): Op => ({
  kind: "alter-column",
  table: named("t"),
  column: name,
  changes,
});
const text = columnType("TEXT");
const offline = { before: emptySchema("sqlite"), serverVersion: null };

describe("tables", () => {
  it("are made with what portable revisions say", async () => {
    const db = await database();
    const portable = table("p", {
      columns: [
        column("id", columnType("bigint"), {
          nullable: false,
          identity: {
            generation: "always",
            sequence: {
              start: null,
              increment: null,
              minimum: null,
              maximum: null,
              cache: null,
              cycle: false,
            },
          },
        }),
        column("name", columnType("varchar", ["255"]), { nullable: false, default: "'x'", comment: "gone" }),
        column("at", columnType("timestamptz"), { default: "CURRENT_TIMESTAMP" }),
        column("b", columnType("bytea")),
        column("ok", columnType("boolean"), { nullable: false, default: "1" }),
        column("price", columnType("numeric", ["10", "2"])),
      ],
      constraints: [key("id"), check("p_ck", "length(name) > 0 -- not empty")],
      comment: "gone",
    });
    await migrate(db, [{ kind: "create-table", table: portable }]);
    expect(await statementOf(db, "p")).toMatchInlineSnapshot(`
      "CREATE TABLE "p" (
        "id" INTEGER PRIMARY KEY,
        "name" VARCHAR(255) NOT NULL DEFAULT 'x',
        "at" TIMESTAMPTZ DEFAULT CURRENT_TIMESTAMP,
        "b" BLOB,
        "ok" BOOLEAN NOT NULL DEFAULT 1,
        "price" NUMERIC(10,2),
        CONSTRAINT "p_ck" CHECK (length(name) > 0)
      )"
    `);
    await db.run("INSERT INTO p DEFAULT VALUES");
    expect(await rows(db, "SELECT id, name, ok FROM p")).toEqual([{ id: 1, name: "x", ok: 1 }]);
    const [{ origin: _, ...made }] = [await tableNamed(db, "p")];
    const wanted = sqlite.normalize.table(portable);
    expect({ ...made, constraints: made.constraints }).toEqual({
      ...wanted,
      constraints: [wanted.constraints[0], { ...wanted.constraints[1], expression: "length(name) > 0" }],
    });
  });

  it("are made STRICT with the types that STRICT has", async () => {
    const db = await database();
    const types = [
      "varchar",
      "boolean",
      "timestamptz",
      "bytea",
      "serial",
      "double precision",
      "jsonb",
      "any",
      "uuid",
    ];
    const strict = table("s", {
      columns: types.map((type, at) => column(`c${at}`, columnType(type))),
      options: { ...table("").options, strict: true },
    });
    await migrate(db, [{ kind: "create-table", table: strict }]);
    expect((await tableNamed(db, "s")).columns.map((one) => one.type.name)).toEqual([
      "TEXT",
      "INTEGER",
      "TEXT",
      "BLOB",
      "INTEGER",
      "REAL",
      "TEXT",
      "ANY",
      "TEXT",
    ]);
    const lost = table("n", { columns: [column("c", columnType("money"))], options: strict.options });
    expect((await errorOf(migrate(db, [{ kind: "create-table", table: lost }]))).message).toMatch(
      /unknown datatype for n.c/,
    );
  });

  it("are renamed with everything that names them", async () => {
    const db =
      await database(`CREATE TABLE t (a INT PRIMARY KEY); CREATE TABLE c (a REFERENCES t); CREATE VIEW v AS SELECT a FROM t;
      CREATE TRIGGER tr AFTER INSERT ON c BEGIN DELETE FROM t; END`);
    await migrate(db, [{ kind: "rename-table", name: named("t"), to: 'new "t"' }]);
    for (const name of ["c", "v", "tr"]) expect(await statementOf(db, name)).toContain('"new ""t"""');
  });

  it("take IF EXISTS and IF NOT EXISTS", async () => {
    const db = await database("CREATE TABLE t (a INT); CREATE INDEX i ON t (a)");
    await migrate(db, [
      { kind: "create-table", table: table("t", { columns: [column("z", text)] }), ifNotExists: true },
      { kind: "drop-table", name: named("none"), ifExists: true },
      {
        kind: "create-index",
        table: named("t"),
        index: index("i", [indexKey({ column: "a" })]),
        ifNotExists: true,
      },
      { kind: "drop-index", table: named("t"), index: "none", ifExists: true },
      { kind: "drop-view", name: named("none"), materialized: false, ifExists: true },
      { kind: "add-column", table: named("t"), column: column("a", text), ifNotExists: true },
      { kind: "drop-column", table: named("t"), column: "none", ifExists: true },
      { kind: "drop-constraint", table: named("t"), constraint: "none", ifExists: true },
    ]);
    expect((await tableNamed(db, "t")).columns.map((one) => one.name)).toEqual(["a"]);
  });

  it("become STRICT or WITHOUT ROWID in a rebuild", async () => {
    const db = await database(
      "CREATE TABLE t (a TEXT PRIMARY KEY NOT NULL, b VARCHAR(9)); INSERT INTO t VALUES ('x', 5)",
    );
    const options = { ...table("").options, strict: true, withoutRowid: true };
    expect(isRebuild(await migrate(db, [{ kind: "alter-table-options", name: named("t"), options }]))).toBe(
      true,
    );
    expect((await tableNamed(db, "t")).options).toEqual(options);
    expect(await migrate(db, [{ kind: "alter-table-options", name: named("t"), options }])).toEqual([]);
    expect(await rows(db, "SELECT * FROM t")).toEqual([{ a: "x", b: "5" }]);
  });
});

describe("columns", () => {
  it.each([
    ["a plain one", column("n", text), false],
    ["a constant default", column("n", text, { default: "'it''s'", nullable: false }), false],
    ["a negative default", column("n", columnType("INT"), { default: "-1" }), false],
    ["a collation", column("n", text, { collation: { namespace: null, name: "nocase" } }), false],
    [
      "a virtual column",
      column("n", text, { generated: { expression: "a || 1", storage: "virtual" } }),
      false,
    ],
    ["a default of the moment", column("n", text, { default: "CURRENT_TIMESTAMP" }), true],
    ["a default that is computed", column("n", text, { default: "(1 + 1)", nullable: false }), true],
    ["a stored column", column("n", text, { generated: { expression: "a || 1", storage: "stored" } }), true],
  ] as const)("are added to a table with rows: %s", async (_what, definition, rebuilds) => {
    const db = await database("CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2)");
    expect(isRebuild(await migrate(db, [add(definition)]))).toBe(rebuilds);
    expect((await tableNamed(db, "t")).columns).toHaveLength(2);
    expect(await rows(db, "SELECT count(*) AS n FROM t")).toEqual([{ n: 2 }]);
  });

  it("that are NOT NULL without a default fail on rows, and not without", async () => {
    const db = await database("CREATE TABLE t (a INT)");
    await migrate(db, [add(column("n", text, { nullable: false }))]);
    await db.run("INSERT INTO t VALUES (1, 'x')");
    const error = await errorOf(migrate(db, [add(column("m", text, { nullable: false }))]));
    expect(error.message).toMatch(/Cannot add a NOT NULL column with default value NULL/);
  });

  it("are dropped in place where nothing hangs on them, otherwise with what does", async () => {
    const db = await database(
      "CREATE TABLE t (a INT, b INT UNIQUE, c INT CHECK (c > 0), d INT, e INT); CREATE INDEX i ON t (d, a); INSERT INTO t VALUES (1, 2, 3, 4, 5)",
    );
    const drop = (name: string): Op => ({ kind: "drop-column", table: named("t"), column: name });
    expect(isRebuild(await migrate(db, [drop("e")]))).toBe(false);
    for (const name of ["b", "c", "d"]) expect(isRebuild(await migrate(db, [drop(name)]))).toBe(true);
    const after = await tableNamed(db, "t");
    expect([after.columns.map((one) => one.name), after.constraints, after.indexes]).toEqual([["a"], [], []]);
    expect(await rows(db, "SELECT * FROM t")).toEqual([{ a: 1 }]);
  });

  it("are renamed in place, and followed everywhere", async () => {
    const db = await database(
      "CREATE TABLE t (a INT CHECK (a > 0)); CREATE INDEX i ON t (a + 1); CREATE VIEW v AS SELECT a FROM t",
    );
    const steps = await migrate(db, [
      { kind: "rename-column", table: named("t"), column: "a", to: "select" },
    ]);
    expect(steps.map((step) => step.sql)).toEqual(['ALTER TABLE "t" RENAME COLUMN "a" TO "select"']);
    expect((await tableNamed(db, "t")).indexes[0]?.keys[0]?.expression).toBe('"select" + 1');
  });

  it("change type, default, collation and generation, with `using`", async () => {
    const db = await database(
      "CREATE TABLE t (a TEXT, b INT AS (1)); INSERT INTO t (a) VALUES ('0012'), (NULL)",
    );
    await migrate(db, [alter("a", { type: columnType("INTEGER"), using: "CAST(a AS INTEGER) * 2" })]);
    expect(await rows(db, "SELECT a FROM t")).toEqual([{ a: 24 }, { a: null }]);
    await migrate(db, [alter("a", { default: "7", collation: { namespace: null, name: "RTRIM" } })]);
    expect((await tableNamed(db, "t")).columns[0]).toMatchObject({
      default: "7",
      collation: { name: "RTRIM" },
    });
    await migrate(db, [alter("b", { generated: null })]);
    await db.run("UPDATE t SET b = 9");
    expect(await migrate(db, [alter("a", { default: "7" })])).toEqual([]);
  });

  it("change NOT NULL as the version allows", async () => {
    const script = "CREATE TABLE t (a INT, b INT CONSTRAINT keep NOT NULL ON CONFLICT IGNORE)";
    const db = await database(script);
    expect(isRebuild(await migrate(db, [alter("a", { nullable: false })], 3_052_999))).toBe(true);
    expect((await tableNamed(db, "t")).columns.map((one) => [one.nullable, one.notNull?.name])).toEqual([
      [false, undefined],
      [false, "keep"],
    ]);
    const before = await inspectAll(db);
    const steps = compileOp(alter("a", { nullable: true }), { before, serverVersion: 3_053_000 });
    expect(steps.map((step) => step.sql)).toEqual(['ALTER TABLE "t" ALTER COLUMN "a" DROP NOT NULL']);
    if (db.server.version >= 3_053_000) for (const step of steps) await db.run(step.sql);
    else await migrate(db, [alter("a", { nullable: true })]);
    expect((await tableNamed(db, "t")).columns[0]?.nullable).toBe(true);
  });
});

describe("constraints", () => {
  it("of every kind are added and dropped", async () => {
    const db = await database(
      "CREATE TABLE p (x INT PRIMARY KEY); CREATE TABLE t (a INT, b INT); INSERT INTO t VALUES (1, NULL)",
    );
    const foreign = {
      ...constraintBase("fk"),
      kind: "foreign-key",
      columns: ["b"],
      references: { table: named("p"), columns: ["x"] },
      onDelete: "cascade",
      onUpdate: "restrict",
      match: "simple",
      deferral: "deferred",
      validated: false,
    } as const;
    const unique = {
      ...constraintBase(null),
      kind: "unique",
      columns: ["a", "b"],
      include: [],
      nullsNotDistinct: false,
      deferral: "immediate",
    } as const;
    for (const constraint of [key("a"), foreign, unique, check(null, "a > 0"), check("ck", "b < 9")]) {
      await migrate(db, [{ kind: "add-constraint", table: named("t"), constraint }]);
    }
    const kinds = async () => (await tableNamed(db, "t")).constraints.map((one) => one.kind).sort();
    expect(await kinds()).toEqual(["check", "check", "foreign-key", "primary-key", "unique"]);
    await migrate(db, [{ kind: "rename-constraint", table: named("t"), constraint: "ck", to: 'c "k"' }]);
    const names = (await tableNamed(db, "t")).constraints.map((one) => one.name);
    expect(names).toContain('c "k"');
    const drops = ['c "k"', "fk", unique, check(null, "a > 0")] as const;
    for (const constraint of drops)
      await migrate(db, [{ kind: "drop-constraint", table: named("t"), constraint }]);
    expect(await kinds()).toEqual(["primary-key"]);
    expect(await migrate(db, [{ kind: "validate-constraint", table: named("t"), constraint: "x" }])).toEqual(
      [],
    );
  });

  it("checks are dropped in place from 3.53 on, and added in a rebuild, which lets NULL pass", async () => {
    const db = await database(
      "CREATE TABLE t (a INT CONSTRAINT old CHECK (a > 0)); INSERT INTO t VALUES (NULL)",
    );
    const drop: Op = { kind: "drop-constraint", table: named("t"), constraint: "old" };
    const before = await inspectAll(db);
    expect(compileOp(drop, { before, serverVersion: 3_053_000 }).map((step) => step.sql)).toEqual([
      'ALTER TABLE "t" DROP CONSTRAINT "old"',
    ]);
    const add: Op = { kind: "add-constraint", table: named("t"), constraint: check("c", "a < 5") };
    expect(isRebuild(await migrate(db, [add]))).toBe(true);
    await migrate(db, [drop]);
    expect((await tableNamed(db, "t")).constraints).toEqual([check("c", "a < 5")]);
  });

  it("that rows violate are refused", async () => {
    const db = await database("CREATE TABLE t (a INT); INSERT INTO t VALUES (-1), (-1)");
    const refused = await errorOf(
      migrate(db, [{ kind: "add-constraint", table: named("t"), constraint: check("c", "a > 0") }]),
    );
    expect(refused.message).toMatch(/constraint failed/i);
    expect(
      (await errorOf(migrate(db, [{ kind: "add-constraint", table: named("t"), constraint: key("a") }])))
        .message,
    ).toMatch(/UNIQUE constraint failed/);
  });
});

describe("indexes and views", () => {
  it("indexes are made and renamed", async () => {
    const db = await database("CREATE TABLE t (a TEXT, b INT)");
    const made = index(
      "i x",
      [
        indexKey({ column: "a" }, { order: "desc", collation: { namespace: null, name: "NOCASE" } }),
        indexKey({ expression: "lower(a) -- why" }),
        indexKey({ expression: "b + 1" }, { collation: { namespace: null, name: "RTRIM" } }),
      ],
      { unique: true, where: "b > 0 -- why", concurrently: true },
    );
    await migrate(db, [{ kind: "create-index", table: named("t"), index: made, concurrently: true }]);
    await migrate(db, [{ kind: "rename-index", table: named("t"), index: "i x", to: "i y" }]);
    const [found] = (await tableNamed(db, "t")).indexes;
    expect(found).toMatchObject({ name: "i y", unique: true, where: "b > 0" });
    expect(found?.keys.map((one) => [one.column, one.expression, one.order, one.collation?.name])).toEqual([
      ["a", null, "desc", "NOCASE"],
      [null, "lower(a)", "asc", undefined],
      [null, "b + 1", "asc", "RTRIM"],
    ]);
  });

  it("views are made, replaced and renamed with their triggers", async () => {
    const db = await database("CREATE TABLE t (a INT)");
    const view = (name: string, definition: string) => ({
      namespace: null,
      name,
      materialized: false,
      definition,
      parameters: {},
      withData: true,
      method: null,
      tablespace: null,
      indexes: [],
      comment: "x",
    });
    await migrate(db, [
      { kind: "create-view", view: { ...view("v", "SELECT a FROM t;\n"), columns: ["one two"] } },
    ]);
    await db.run(`CREATE TRIGGER tr INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new."one two"); END`);
    await migrate(db, [
      {
        kind: "create-view",
        view: { ...view("v", "SELECT a + 1 FROM t"), columns: ["one two"] },
        orReplace: true,
      },
    ]);
    await migrate(db, [{ kind: "rename-view", name: named("v"), materialized: false, to: "select" }]);
    await db.run(`INSERT INTO "select" VALUES (4)`);
    expect(await rows(db, `SELECT "one two" AS x FROM "select"`)).toEqual([{ x: 5 }]);
    await db.run(`CREATE VIEW w AS SELECT * FROM "select"`);
    const error = await errorOf(
      migrate(db, [{ kind: "rename-view", name: named("select"), materialized: false, to: "z" }]),
    );
    expect(error.code).toBe("op-unsupported");
    expect(error.message).toContain("view w");
    await migrate(db, [{ kind: "drop-view", name: named("w"), materialized: false }]);
  });
});

describe("data and scripts", () => {
  it("inserts rows of any value, with columns that differ", async () => {
    const db = await database('CREATE TABLE "t \'x\'" (a, "b""c" DEFAULT \'d\')');
    const values = [
      "it's",
      "a\u0000b",
      1.5,
      -0,
      2 ** 60,
      9007199254740993n,
      true,
      null,
      new Date(0),
      new Uint8Array([0, 255]),
      [1, "x"],
      { k: "'" },
      1 / 0,
      "",
    ];
    await migrate(db, [
      {
        kind: "bulk-insert",
        table: named("t 'x'"),
        rows: [...values.map((a) => ({ a })), { 'b"c': "z", a: 1 }, {}],
      },
    ]);
    const found = await rows(db, `SELECT a, typeof(a) AS t, hex(a) AS h, "b""c" AS b FROM "t 'x'"`);
    expect(found.map((row) => row["t"])).toEqual([
      "text",
      "text",
      "real",
      "real",
      "real",
      "integer",
      "integer",
      "null",
      "text",
      "blob",
      "text",
      "text",
      "real",
      "text",
      "integer",
      "null",
    ]);
    expect(found[1]?.["h"]).toBe("610062");
    expect(found[4]?.["a"]).toBe(2 ** 60);
    expect(found[5]?.["a"]).toBe(9007199254740993n);
    expect(found[11]?.["a"]).toBe(`{"k":"'"}`);
    expect(found[14]?.["b"]).toBe("z");
  });

  it("inserts many rows in few statements, and none in none", () => {
    const rowsOf = (count: number) => Array.from({ length: count }, (_, at) => ({ a: at }));
    const steps = (count: number) =>
      compileOp({ kind: "bulk-insert", table: named("t"), rows: rowsOf(count) }, offline).length;
    expect([steps(0), steps(200), steps(201)]).toEqual([0, 1, 2]);
  });

  it.each([[Number.NaN], [2n ** 63n], [new Date("x")], [() => 1]])("has no literal for %s", (value) => {
    expect(() => sqlite.literal(value)).toThrow(AludelError);
  });

  it("runs the user's SQL statement by statement, outside a transaction where it must", () => {
    const steps = compileOp({ kind: "execute", sql: "UPDATE t SET a = ';'; VACUUM; -- end" }, offline);
    expect(steps.map((step) => [step.sql, step.transaction])).toEqual([
      ["UPDATE t SET a = ';'", "joins"],
      ["VACUUM", "forbidden"],
    ]);
    expect(() => compileOp({ kind: "execute", sql: "COMMIT" }, offline)).toThrow(
      /cannot end its own transaction/,
    );
  });
});

describe("what SQLite has not", () => {
  const sequence = {
    namespace: null,
    name: "s",
    type: columnType("INTEGER"),
    options: { start: null, increment: null, minimum: null, maximum: null, cache: null, cycle: false },
    ownedBy: null,
    comment: null,
  };
  const ops: readonly Op[] = [
    { kind: "create-namespace", namespace: { name: "n", comment: null } },
    { kind: "create-extension", extension: { name: "e", namespace: null, version: null } },
    { kind: "create-enum", enum: { namespace: null, name: "e", values: [], comment: null } },
    { kind: "create-sequence", sequence },
    { kind: "set-row-security", name: named("t"), rowSecurity: "enabled" },
    { kind: "drop-policy", table: named("t"), policy: "p" },
    { kind: "drop-view", name: named("v"), materialized: true },
    {
      kind: "create-index",
      table: named("t"),
      index: index("i", [indexKey({ column: "a" })], { method: "gin" }),
    },
    {
      kind: "create-index",
      table: named("t"),
      index: index("i", [indexKey({ column: "a" })], { include: ["b"] }),
    },
    { kind: "create-table", table: table("t", { columns: [column("a", columnType("int", [], 1))] }) },
    { kind: "create-table", table: table("t", { options: { ...table("").options, unlogged: true } }) },
  ];
  it.each(ops.map((op) => [op.kind, op] as const))("%s is refused with a way out", (_kind, op) => {
    try {
      compileOp(op, offline);
    } catch (error) {
      expect(error).toMatchObject({ code: "op-unsupported" });
      expect(error).toHaveProperty("remedy", expect.stringMatching(/\.$/));
      return;
    }
    throw new Error("It was compiled");
  });

  it("comments change nothing", () => {
    const target = { on: "table", name: named("t") } as const;
    expect(compileOp({ kind: "set-comment", target, comment: "x" }, offline)).toEqual([]);
  });

  it("answers for every kind of op", () => {
    const kinds = Object.keys(sqlite.compile) as OpKind[];
    expect(Object.keys(sqlite.needsSchema).sort()).toEqual([...kinds].sort());
  });
});

describe("bookkeeping", () => {
  it("makes its tables once, with nasty names", async () => {
    const db = await database();
    const ddl = sqlite.bookkeepingDdl({ versionTable: named('ver "sion'), runLogTable: named("select") });
    for (const sql of [...ddl, ...ddl]) await db.run(sql);
    const version = await tableNamed(db, 'ver "sion');
    expect(version.constraints).toMatchObject([
      { kind: "primary-key", name: 'ver "sion_pkc', columns: ["version_num"] },
    ]);
    expect((await tableNamed(db, "select")).columns).toHaveLength(17);
    const left = await sqlite.inspect(db, {
      namespaces: "all",
      ignoreTables: [named('VER "sion'), named("select")],
    });
    expect(left.tables.size).toBe(0);
  });
});
