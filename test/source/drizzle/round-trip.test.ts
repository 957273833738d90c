import { sql } from "drizzle-orm";
import * as pg from "drizzle-orm/pg-core";
import * as lite from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { adoptUnsaid } from "../../../src/check/adopt.js";
import { differences } from "../../../src/check/differences.js";
import { askConnection } from "../../../src/check/engine.js";
import { schemaScript } from "../../../src/check/schema-script.js";
import { loadDialect } from "../../../src/dialect/registry.js";
import { drizzle } from "../../../src/source/drizzle/drizzle.js";
import { readExports } from "./read.js";

/** Makes the models' schema in a database, runs `probe`, and gives what the database and the models differ in. */
async function roundTrip(exports: Readonly<Record<string, unknown>>, probe?: string) {
  const models = await readExports(exports);
  const dialect = await loadDialect(models.dialect);
  const scratch = await dialect.openScratch({
    url: models.dialect === "postgres" ? "pglite:" : null,
    environmentUrl: null,
    directory: process.cwd(),
  });
  try {
    await scratch.connection.run(await schemaScript(dialect, models, null));
    const made = await dialect.inspect(scratch.connection, {
      namespaces: [...models.namespaces.keys()],
      ignoreTables: [],
    });
    const wanted = adoptUnsaid(models, made, drizzle.unsaid);
    const found = await differences(dialect, made, wanted, askConnection(dialect, scratch.connection));
    const rows = probe === undefined ? [] : await scratch.connection.query(probe);
    return { lines: found.lines, undecided: [...found.undecided], rows };
  } finally {
    await scratch.dispose();
  }
}

const same = { lines: [], undecided: [] };

test("types, defaults and names of PostgreSQL", async () => {
  const space = pg.pgSchema('Space "1"');
  const mood = space.enum("Mood; drop", ["happy", "it's", 'so "so"']);
  const types = pg.pgTable(
    'Order "x"',
    {
      id: pg.serial("select").primaryKey(),
      small: pg.smallserial(),
      big: pg.bigserial({ mode: "bigint" }),
      identity: pg
        .bigint({ mode: "bigint" })
        .generatedByDefaultAsIdentity({ startWith: 5, cache: 3, increment: 2 }),
      a: pg.smallint().default(-1),
      b: pg.bigint({ mode: "bigint" }).default(9007199254740993n),
      c: pg.numeric({ precision: 10, scale: 2 }).default("1.50"),
      d: pg.numeric({ mode: "number" }).default(1.5),
      e: pg.real().default(-0.5),
      f: pg.doublePrecision().default(Number.NaN),
      g: pg.boolean().default(true).notNull(),
      h: pg.varchar({ length: 20 }).default('it\'s \\ "quoted"'),
      i: pg.char({ length: 3 }).default("abc"),
      j: pg.text("naïve ü").default(""),
      k: pg.json().default({ a: "it's" }),
      l: pg.jsonb().default(["x"]),
      m: pg.time({ precision: 3, withTimezone: true }).default("01:02:03+00"),
      n: pg.timestamp({ precision: 3 }).default(new Date("2026-01-02T03:04:05.678Z")),
      o: pg.timestamp({ withTimezone: true }).defaultNow(),
      p: pg.date({ mode: "date" }).default(new Date("2026-01-02T00:00:00Z")),
      q: pg.interval({ fields: "day to second", precision: 3 }).default("1 day"),
      r: pg.uuid().defaultRandom(),
      s: pg.inet().default("10.0.0.1"),
      t: pg.cidr(),
      u: pg.macaddr(),
      v: pg.macaddr8(),
      w: pg.point({ mode: "xy" }).default({ x: 1, y: 2 }),
      x: pg.line(),
      y: pg.bit({ dimensions: 3 }),
      z: mood().default('so "so"').notNull(),
      texts: pg.text().array().default(["a,b", 'q"x', "it's", "NULL", "\\", ""]),
      numbers: pg
        .integer()
        .array()
        .array()
        .default([
          [1, 2],
          [3, 4],
        ]),
      moods: mood().array().default(["it's"]),
      documents: pg
        .jsonb()
        .array()
        .default([{ a: "x,y" }]),
      generated: pg.text().generatedAlwaysAs(sql`upper("naïve ü") || 'it''s'`),
      ["n".repeat(63)]: pg.integer(),
    },
    (table) => [
      pg.index().on(table.a.desc(), table.b.nullsFirst()),
      pg.uniqueIndex("lower").on(sql`lower(${table.h}) text_pattern_ops desc`).where(sql`${table.g}`),
      pg.index("gin").using("gin", table.l.op("jsonb_path_ops")).with({ fastupdate: false }),
      pg.check("check", sql`${table.j} <> ${"it's"} and ${table.a} in ${[-1, 2]}`),
      pg.check("typed", sql.raw(`"Order ""x""".a < 100`)),
      pg.unique().on(table.j, table.a).nullsNotDistinct(),
      pg.pgPolicy("own rows", { for: "select", using: sql`${table.a} > 0` }),
    ],
  );
  const inSpace = space.table("inner", {
    id: pg.integer().primaryKey(),
    parent: pg.integer().references((): pg.AnyPgColumn => inSpace.id, { onDelete: "set null" }),
    outer: pg.integer().references(() => types.id, { onUpdate: "cascade" }),
  });
  const result = await roundTrip(
    {
      mood,
      space,
      types,
      inSpace,
      numbers: space.sequence("numbers", {
        startWith: 10,
        increment: -1,
        minValue: -5,
        maxValue: 10,
        cycle: true,
      }),
      view: space
        .view("my view")
        .as((query) => query.select().from(types).where(sql`${types.h} <> ${"it's"}`)),
    },
    `insert into "Order ""x""" default values
       returning texts[1:6] as texts, numbers, documents[1]->>'a' as document, h, z::text, f::text, identity::text`,
  );
  expect(result).toMatchObject(same);
  expect(result.rows).toMatchObject([
    {
      texts: ["a,b", 'q"x', "it's", "NULL", "\\", ""],
      numbers: [
        [1, 2],
        [3, 4],
      ],
      document: "x,y",
      h: 'it\'s \\ "quoted"',
      z: 'so "so"',
      f: "NaN",
      identity: "5",
    },
  ]);
});

test("types, defaults and names of SQLite", async () => {
  const types = lite.sqliteTable(
    'Order "x"',
    {
      id: lite.integer("select").primaryKey({ autoIncrement: true }),
      a: lite.text("naïve ü").default("it's"),
      b: lite.integer({ mode: "boolean" }).default(true),
      c: lite.integer({ mode: "timestamp_ms" }).default(new Date(1500)),
      d: lite.text({ mode: "json" }).default({ a: "it's" }),
      e: lite.blob({ mode: "json" }).default([1]),
      f: lite.blob({ mode: "buffer" }).default(Buffer.from([0, 255])),
      g: lite.numeric({ mode: "number" }).default(-1.5),
      h: lite.real().default(0.25),
      i: lite.text().default(sql`CURRENT_TIMESTAMP`),
      j: lite.integer().default(sql`(unixepoch())`),
      k: lite.text().generatedAlwaysAs(sql`lower("naïve ü")`, { mode: "stored" }),
      l: lite.text({ length: 20 }).unique(),
      ["n".repeat(70)]: lite.integer(),
    },
    (table) => [
      lite.index("desc").on(sql`${table.a} collate nocase desc`, table.b),
      lite
        .uniqueIndex("partial")
        .on(sql`lower(${table.a})`)
        .where(sql`${table.b} and ${table.a} <> ${"it's"}`),
      lite.check("check", sql`${table.h} >= ${0}`),
    ],
  );
  const child = lite.sqliteTable(
    "child",
    { a: lite.integer().references(() => types.id, { onDelete: "cascade" }), b: lite.text() },
    (table) => [lite.primaryKey({ columns: [table.b, table.a] })],
  );
  const result = await roundTrip(
    { types, child, view: lite.sqliteView("my view").as((query) => query.select().from(types)) },
    `insert into "Order ""x""" default values returning "naïve ü" as a, b, c, d, cast(e as text) as e, hex(f) as f, g, k`,
  );
  expect(result).toMatchObject(same);
  expect(result.rows).toMatchObject([
    { a: "it's", b: 1, c: 1500, d: `{"a":"it's"}`, e: "[1]", f: "00FF", g: -1.5, k: "it's" },
  ]);
});
