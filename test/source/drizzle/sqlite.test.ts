import { eq, sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  blob,
  check,
  customType,
  foreignKey,
  index,
  integer,
  numeric,
  primaryKey,
  real,
  sqliteTable,
  sqliteView,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { loadDialect } from "../../../src/dialect/registry.js";
import { indexKey } from "../../../src/schema/build.js";
import { columnsOf, readExports, readTable } from "./read.js";

const dialect = await loadDialect("sqlite");
const money = customType<{ data: number; driverData: number }>({
  dataType: () => "decimal(10,2)",
  toDriver: (value) => value / 100,
});

describe("columns", () => {
  test("every built-in type", async () => {
    const types = {
      integer: integer(),
      "integer ": integer("a", { mode: "boolean" }),
      "integer  ": integer("b", { mode: "timestamp" }),
      "integer   ": integer("c", { mode: "timestamp_ms" }),
      text: text(),
      "text(20)": text({ length: 20 }),
      "text ": text("d", { enum: ["x", "y"] }),
      "text  ": text("e", { mode: "json" }),
      blob: blob(),
      "blob ": blob("f", { mode: "json" }),
      "blob  ": blob("g", { mode: "bigint" }),
      real: real(),
      numeric: numeric(),
      "numeric ": numeric("h", { mode: "number" }),
      "numeric  ": numeric("i", { mode: "bigint" }),
      "decimal(10,2)": money(),
    };
    const entries = Object.entries(types);
    const columns = Object.fromEntries(entries.map(([, builder], at) => [`c${at}`, builder]));
    const read = await readTable(sqliteTable("t", columns as { id: ReturnType<typeof text> }));
    expect(read.columns.map(({ type }) => dialect.formatType(type))).toEqual(
      entries.map(([name]) => dialect.formatType(dialect.parseType(name.trim()))),
    );
    expect(read.constraints).toEqual([]);
  });

  test("defaults", async () => {
    const { columns } = await readTable(
      sqliteTable("t", {
        text: text().default("it's"),
        number: integer().default(0),
        yes: integer({ mode: "boolean" }).default(true),
        no: integer({ mode: "boolean" }).default(false),
        at: integer({ mode: "timestamp" }).default(new Date(1_500)),
        atMs: integer({ mode: "timestamp_ms" }).default(new Date(1_500)),
        json: text({ mode: "json" }).default({ a: "it's" }),
        jsonBlob: blob({ mode: "json" }).default([1]),
        bytes: blob({ mode: "buffer" }).default(Buffer.from([0, 255])),
        big: blob({ mode: "bigint" }).default(12n),
        numeric: numeric({ mode: "number" }).default(1.5),
        money: money().default(250),
        now: text().default(sql`CURRENT_TIMESTAMP`),
        epoch: integer().default(sql`(unixepoch())`),
        none: text().$defaultFn(() => "x"),
      }),
    );
    expect(Object.fromEntries(columns.map((column) => [column.name, column.default]))).toEqual({
      text: "'it''s'",
      number: "0",
      yes: "true",
      no: "false",
      at: "1",
      atMs: "1500",
      json: `'{"a":"it''s"}'`,
      jsonBlob: dialect.literal(Buffer.from("[1]")),
      bytes: dialect.literal(Buffer.from([0, 255])),
      big: dialect.literal(Buffer.from("12")),
      numeric: "1.5",
      money: "2.5",
      now: "CURRENT_TIMESTAMP",
      epoch: expect.stringMatching(/^\(?unixepoch\(\)\)?$/),
      none: null,
    });
  });

  test("generated ones are virtual unless stored", async () => {
    const columns = columnsOf(
      await readTable(
        sqliteTable("t", {
          a: text(),
          b: text().generatedAlwaysAs(sql`lower("a")`),
          c: text().generatedAlwaysAs(sql`upper("a")`, { mode: "stored" }),
          d: text().generatedAlwaysAs("it's"),
        }),
      ),
    );
    expect(columns["b"]?.generated).toEqual({ expression: 'lower("a")', storage: "virtual" });
    expect(columns["c"]?.generated).toEqual({ expression: 'upper("a")', storage: "stored" });
    expect(columns["d"]?.generated).toEqual({ expression: "'it''s'", storage: "virtual" });
  });
});

describe("constraints and indexes", () => {
  test("primary keys", async () => {
    const auto = await readTable(sqliteTable("t", { id: integer().primaryKey({ autoIncrement: true }) }));
    expect(auto.constraints).toMatchObject([
      { kind: "primary-key", columns: ["id"], autoincrement: true, implicitName: true },
    ]);
    const plain = await readTable(sqliteTable("t", { id: integer().primaryKey() }));
    expect(plain.constraints).toMatchObject([{ kind: "primary-key", autoincrement: false }]);
    const composite = await readTable(
      sqliteTable("t", { a: integer(), b: text() }, (t) => [primaryKey({ columns: [t.b, t.a] })]),
    );
    expect(composite.constraints).toMatchObject([
      { kind: "primary-key", columns: ["b", "a"], name: null, implicitName: true },
    ]);
    const named = await readTable(
      sqliteTable("t", { a: integer(), b: text() }, (t) => [primaryKey({ name: "pk", columns: [t.a, t.b] })]),
    );
    expect(named.constraints).toMatchObject([{ name: "pk", implicitName: false }]);
  });

  test("uniques are unique indexes of Drizzle's names", async () => {
    const table = await readTable(
      sqliteTable("t", { a: text().unique(), b: text().unique("mine"), c: text() }, (t) => [
        unique().on(t.a, t.c),
        unique("pair").on(t.b, t.c),
      ]),
    );
    expect(table.constraints).toEqual([]);
    expect(table.indexes.map((one) => [one.name, one.unique, one.keys.map(({ column }) => column)])).toEqual([
      ["t_a_unique", true, ["a"]],
      ["mine", true, ["b"]],
      ["t_a_c_unique", true, ["a", "c"]],
      ["pair", true, ["b", "c"]],
    ]);
  });

  test("foreign keys have no name unless they are given one", async () => {
    const users = sqliteTable("users", { id: integer().primaryKey() });
    const table = sqliteTable(
      "t",
      {
        id: integer().primaryKey(),
        parent: integer().references((): AnySQLiteColumn => table.id, { onDelete: "cascade" }),
        user: integer(),
      },
      (t) => [
        foreignKey({ name: "mine", columns: [t.user], foreignColumns: [users.id] }).onUpdate("set null"),
      ],
    );
    const schema = await readExports({ users, table });
    expect(schema.tables.get("t")?.constraints.slice(1)).toMatchObject([
      { kind: "foreign-key", name: null, implicitName: true, columns: ["parent"], onDelete: "cascade" },
      { kind: "foreign-key", name: "mine", implicitName: false, columns: ["user"], onUpdate: "set null" },
    ]);
  });

  test("checks and indexes", async () => {
    const table = await readTable(
      sqliteTable("t", { a: text(), on: integer("on", { mode: "boolean" }) }, (t) => [
        check("c", sql`${t.a} <> ${"it's"}`),
        index("i").on(t.a),
        index("d").on(sql`${t.a} collate nocase desc`),
        index("e").on(sql`lower(${t.a})`, t.on),
        uniqueIndex("u").on(t.a).where(eq(t.on, true)),
      ]),
    );
    expect(table.constraints).toMatchObject([{ kind: "check", name: "c", expression: `"a" <> 'it''s'` }]);
    const byName = Object.fromEntries(table.indexes.map((one) => [one.name, one]));
    expect(byName["i"]?.keys).toEqual([indexKey({ column: "a" })]);
    expect(byName["d"]?.keys).toMatchObject(
      [{ column: "a", order: "desc", collation: { name: /nocase/i } }].map((key) => ({
        ...key,
        collation: expect.objectContaining({ name: expect.stringMatching(/^nocase$/i) }),
      })),
    );
    expect(byName["e"]?.keys).toMatchObject([{ expression: 'lower("a")' }, { column: "on" }]);
    expect(byName["u"]).toMatchObject({ unique: true, where: '"on" = 1' });
  });
});

test("views, but not those that exist already", async () => {
  const users = sqliteTable("users", { id: integer(), on: integer({ mode: "boolean" }) });
  const { views } = await readExports({
    users,
    active: sqliteView("active").as((query) => query.select().from(users).where(eq(users.on, true))),
    manual: sqliteView("manual", { id: integer() }).as(sql`select id from users`),
    there: sqliteView("there", { id: integer() }).existing(),
  });
  expect([...views.values()].map(({ name, definition }) => [name, definition])).toEqual([
    ["active", 'select "id", "on" from "users" where "users"."on" = 1'],
    ["manual", "select id from users"],
  ]);
});
