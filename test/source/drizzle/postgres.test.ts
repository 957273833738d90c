import { type AnyColumn, and, eq, gt, isNull, lt, relations, sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  alias,
  bigint,
  bigserial,
  bit,
  boolean,
  char,
  check,
  cidr,
  customType,
  date,
  doublePrecision,
  foreignKey,
  geometry,
  halfvec,
  index,
  inet,
  integer,
  interval,
  json,
  jsonb,
  line,
  macaddr,
  macaddr8,
  numeric,
  pgEnum,
  pgMaterializedView,
  pgPolicy,
  pgRole,
  pgSchema,
  pgSequence,
  pgTable,
  pgView,
  point,
  primaryKey,
  real,
  serial,
  smallint,
  smallserial,
  sparsevec,
  text,
  time,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
  varchar,
  vector,
} from "drizzle-orm/pg-core";
import { describe, expect, test } from "vitest";
import { loadDialect } from "../../../src/dialect/registry.js";
import { indexKey } from "../../../src/schema/build.js";
import { nameKey } from "../../../src/schema/name.js";
import { columnsOf, readExports, readTable } from "./read.js";

const dialect = await loadDialect("postgres");
const mood = pgEnum("mood", ["happy", "it's", 'so "so"']);
const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" });
const cents = customType<{ data: number; driverData: string; config: { scale: number } }>({
  dataType: (config) => `numeric(12, ${config?.scale ?? 2})`,
  toDriver: (value) => (value / 100).toFixed(2),
});

describe("column types", () => {
  const types = {
    smallint: smallint(),
    integer: integer(),
    bigint: bigint({ mode: "number" }),
    "bigint ": bigint("big", { mode: "bigint" }),
    smallserial: smallserial(),
    serial: serial(),
    bigserial: bigserial({ mode: "number" }),
    boolean: boolean(),
    text: text(),
    "text ": text("choice", { enum: ["a", "b"] }),
    "character varying": varchar(),
    "character varying(255)": varchar({ length: 255 }),
    character: char(),
    "character(3)": char({ length: 3 }),
    numeric: numeric(),
    "numeric(10)": numeric({ precision: 10 }),
    "numeric(10,2)": numeric({ precision: 10, scale: 2 }),
    real: real(),
    "double precision": doublePrecision(),
    json: json(),
    jsonb: jsonb(),
    "time without time zone": time(),
    "time(3) with time zone": time({ precision: 3, withTimezone: true }),
    "timestamp without time zone": timestamp(),
    "timestamp(3) without time zone": timestamp({ precision: 3, mode: "string" }),
    "timestamp(6) with time zone": timestamp({ precision: 6, withTimezone: true }),
    date: date(),
    "date ": date("day", { mode: "date" }),
    interval: interval(),
    "interval day to second(3)": interval({ fields: "day to second", precision: 3 }),
    uuid: uuid(),
    inet: inet(),
    cidr: cidr(),
    macaddr: macaddr(),
    macaddr8: macaddr8(),
    point: point(),
    line: line(),
    "bit(3)": bit({ dimensions: 3 }),
    "vector(3)": vector({ dimensions: 3 }),
    "halfvec(3)": halfvec({ dimensions: 3 }),
    "sparsevec(3)": sparsevec({ dimensions: 3 }),
    "geometry(point)": geometry(),
    tsvector: tsvector(),
    "numeric(12,4)": cents({ scale: 4 }),
    "text[]": text().array(),
    "integer[][]": integer().array().array(),
    "character varying(20)[]": varchar({ length: 20 }).array(5),
  };

  test("every built-in one is read", async () => {
    const entries = Object.entries(types);
    const columns = Object.fromEntries(entries.map(([, builder], at) => [`c${at}`, builder]));
    const read = await readTable(pgTable("t", columns as { id: ReturnType<typeof integer> }));
    expect(read.columns.map(({ type }) => dialect.formatType(type))).toEqual(
      entries.map(([name]) => dialect.formatType(dialect.parseType(name.trim()))),
    );
  });

  test("an enum is named by its namespace, however deep in an array", async () => {
    const audit = pgSchema("Audit");
    const kind = audit.enum("change kind", ["insert"]);
    const read = await readTable(pgTable("t", { a: mood(), b: mood().array(), c: kind().array().array() }));
    const columns = columnsOf(read);
    expect(columns["a"]?.type).toEqual({ namespace: null, name: "mood", modifiers: [], dimensions: 0 });
    expect(columns["b"]?.type).toEqual({ namespace: null, name: "mood", modifiers: [], dimensions: 1 });
    expect(columns["c"]?.type).toEqual({
      namespace: "Audit",
      name: "change kind",
      modifiers: [],
      dimensions: 2,
    });
  });

  test("the extensions of Drizzle's own types belong to the schema", async () => {
    const { extensions } = await readExports({
      t: pgTable("t", { a: vector({ dimensions: 3 }), b: geometry(), c: bit({ dimensions: 2 }) }),
    });
    expect([...extensions.keys()]).toEqual(["vector", "postgis"]);
  });
});

describe("defaults", () => {
  test("values become literals of what Drizzle stores", async () => {
    const { columns } = await readTable(
      pgTable("t", {
        text: text().default("it's"),
        empty: text().default(""),
        integer: integer().default(-1),
        bigint: bigint({ mode: "bigint" }).default(12345678901234567890n),
        boolean: boolean().default(false),
        numeric: numeric({ mode: "number" }).default(1.5),
        price: cents({ scale: 2 }).default(1999),
        enum: mood().default("it's"),
        json: jsonb().default({ a: "it's", b: [1, null] }),
        jsonList: jsonb().default([]),
        jsonText: jsonb().default("[]"),
        jsonWord: jsonb().default("word"),
        timestamp: timestamp({ withTimezone: true }).default(new Date("2026-01-02T03:04:05.678Z")),
        date: date({ mode: "date" }).default(new Date("2026-01-02T03:04:05Z")),
        dateText: date().default("2026-01-02"),
        array: text().array().default(["a,b", 'q"x', "it's"]),
        deep: integer()
          .array()
          .array()
          .default([
            [1, 2],
            [3, 4],
          ]),
        moods: mood().array().default(["it's"]),
        dates: timestamp()
          .array()
          .default([new Date(0)]),
        point: point({ mode: "xy" }).default({ x: 1, y: 2 }),
        nan: doublePrecision().default(Number.NaN),
        vector: vector({ dimensions: 2 }).default([1, 2]),
        uuid: uuid().default("00000000-0000-0000-0000-000000000000"),
      }),
    );
    expect(Object.fromEntries(columns.map((column) => [column.name, column.default]))).toEqual({
      text: "'it''s'",
      empty: "''",
      integer: dialect.literal(-1),
      bigint: "12345678901234567890",
      boolean: "false",
      numeric: "1.5",
      price: "'19.99'",
      enum: "'it''s'",
      json: `'{"a":"it''s","b":[1,null]}'`,
      jsonList: "'[]'",
      jsonText: "'[]'",
      jsonWord: `'"word"'`,
      timestamp: "'2026-01-02T03:04:05.678Z'",
      date: "'2026-01-02'",
      dateText: "'2026-01-02'",
      array: dialect.literal(`{"a,b","q\\"x","it's"}`),
      deep: "'{{1,2},{3,4}}'",
      moods: `'{"it''s"}'`,
      dates: `'{"1970-01-01T00:00:00.000Z"}'`,
      point: "'(1,2)'",
      nan: "'NaN'",
      vector: "'[1,2]'",
      uuid: "'00000000-0000-0000-0000-000000000000'",
    });
  });

  test("SQL stays as it is, with values as literals", async () => {
    const columns = columnsOf(
      await readTable(
        pgTable("t", {
          now: timestamp().defaultNow(),
          random: uuid().defaultRandom(),
          sql: text().default(sql`upper(${"it's"})`),
          raw: text().default(sql.raw("'x'::text")),
          date: date({ mode: "date" }).default(sql`CURRENT_DATE`),
        }),
      ),
    );
    expect(columns["now"]?.default).toBe("now()");
    expect(columns["random"]?.default).toBe("gen_random_uuid()");
    expect(columns["sql"]?.default).toBe("upper('it''s')");
    expect(columns["raw"]?.default).toBe("'x'::text");
    expect(columns["date"]?.default).toBe("CURRENT_DATE");
  });

  test("what Drizzle fills in itself is no default of the database", async () => {
    const columns = columnsOf(
      await readTable(
        pgTable("t", {
          a: text().$defaultFn(() => "x"),
          b: timestamp().$onUpdate(() => new Date()),
          c: text().default(null as unknown as string),
          d: serial(),
        }),
      ),
    );
    expect(Object.values(columns).map((column) => column.default)).toEqual([null, null, null, null]);
    expect(columns["d"]?.nullable).toBe(false);
  });
});

describe("columns", () => {
  test("identity with options", async () => {
    const columns = columnsOf(
      await readTable(
        pgTable("t", {
          a: integer().generatedAlwaysAsIdentity(),
          b: bigint({ mode: "bigint" }).generatedByDefaultAsIdentity({
            name: "t_b_seq",
            startWith: 5,
            increment: -2,
            minValue: -100,
            maxValue: "9223372036854775806",
            cache: 7,
            cycle: true,
          }),
        }),
      ),
    );
    expect(columns["a"]?.identity?.generation).toBe("always");
    expect(columns["a"]?.nullable).toBe(false);
    expect(columns["b"]?.identity).toEqual({
      generation: "by-default",
      sequence: {
        start: "5",
        increment: "-2",
        minimum: "-100",
        maximum: "9223372036854775806",
        cache: "7",
        cycle: true,
      },
    });
  });

  test("an identity's sequence of another name cannot be kept", async () => {
    const table = pgTable("t", { id: integer().generatedAlwaysAsIdentity({ name: "other_seq" }) });
    await expect(readExports({ table })).rejects.toMatchObject({
      code: "models-unreadable",
      details: [expect.stringMatching(/^models\.ts: t\.id: .*leave out `name: "other_seq"`/)],
    });
  });

  test("generated ones, from SQL, a function and with columns", async () => {
    const table = pgTable("t", {
      first: text(),
      a: text().generatedAlwaysAs(sql`first || 'x'`),
      b: text().generatedAlwaysAs((): ReturnType<typeof sql> => sql`${table.first} || ${"it's"}`),
    });
    const columns = columnsOf(await readTable(table));
    expect(columns["a"]?.generated).toEqual({ expression: "first || 'x'", storage: "stored" });
    expect(columns["b"]?.generated).toEqual({ expression: `"first" || 'it''s'`, storage: "stored" });
    expect(columns["b"]?.default).toBeNull();
  });

  test("names are kept whatever they are", async () => {
    const long = "n".repeat(60);
    const table = await readTable(
      pgTable('Order "x"', {
        a: integer("select"),
        b: integer("naïve ü"),
        c: integer(long),
        camelCase: text(),
      }),
    );
    expect(table.name).toBe('Order "x"');
    expect(table.columns.map(({ name }) => name)).toEqual(["select", "naïve ü", long, "camelCase"]);
  });

  test("`casing` names the columns that have no name of their own, wherever they are mentioned", async () => {
    const other = pgTable("other", { otherId: integer().primaryKey() });
    const table = pgTable(
      "t",
      {
        createdAt: timestamp(),
        HTTPStatus2: integer(),
        kept: integer("keptName"),
        otherId: integer().references(() => other.otherId),
      },
      (t) => [
        index().on(t.createdAt),
        check("c", sql`${t.HTTPStatus2} > ${t.kept}`),
        primaryKey({ columns: [t.createdAt, t.otherId] }),
      ],
    );
    const schema = await readExports({ other, table }, "snake_case");
    const read = schema.tables.get("t");
    expect(read?.columns.map(({ name }) => name)).toEqual([
      "created_at",
      "http_status2",
      "keptName",
      "other_id",
    ]);
    expect(read?.indexes).toMatchObject([{ name: "t_created_at_index", keys: [{ column: "created_at" }] }]);
    expect(read?.constraints).toMatchObject([
      { kind: "primary-key", name: "t_created_at_other_id_pk", columns: ["created_at", "other_id"] },
      {
        kind: "foreign-key",
        name: "t_other_id_other_other_id_fk",
        columns: ["other_id"],
        references: { columns: ["other_id"] },
      },
      { kind: "check", expression: `"http_status2" > "keptName"` },
    ]);
    const camel = await readTable(pgTable("t", { created_at: text(), id: text() }), "camelCase");
    expect(camel.columns.map(({ name }) => name)).toEqual(["createdAt", "id"]);
  });
});

describe("constraints", () => {
  test("primary keys: inline, composite, named", async () => {
    const inline = await readTable(pgTable("t", { id: integer().primaryKey() }));
    expect(inline.constraints).toMatchObject([
      { kind: "primary-key", columns: ["id"], name: "t_pkey", implicitName: true, autoincrement: false },
    ]);
    expect(inline.columns[0]?.nullable).toBe(false);

    const composite = await readTable(
      pgTable("t", { a: integer(), b: integer() }, (t) => [primaryKey({ columns: [t.b, t.a] })]),
    );
    expect(composite.constraints).toMatchObject([
      { kind: "primary-key", columns: ["b", "a"], name: "t_b_a_pk", implicitName: true },
    ]);
    expect(composite.columns.map(({ nullable }) => nullable)).toEqual([false, false]);

    const named = await readTable(
      pgTable("t", { a: integer(), b: integer() }, (t) => [
        primaryKey({ name: "mine", columns: [t.a, t.b] }),
      ]),
    );
    expect(named.constraints).toMatchObject([{ name: "mine", implicitName: false }]);
  });

  test("names of constraints, indexes and policies are cut off as PostgreSQL cuts them", async () => {
    const long = `${"ü".repeat(29)}x`;
    const table = pgTable(
      long,
      { a: integer().unique(), parent: integer().references((): AnyPgColumn => table.a) },
      (t) => [
        index().on(t.a),
        primaryKey({ columns: [t.a, t.parent] }),
        check("c".repeat(70), sql`true`),
        index("i".repeat(70)).on(t.a),
        pgPolicy("p".repeat(70)),
      ],
    );
    const read = await readTable(table);
    expect(read.constraints.map(({ name }) => name)).toEqual([
      `${long}_a_p`,
      `${long}_a_u`,
      `${long}_par`,
      "c".repeat(63),
    ]);
    expect(read.indexes.map(({ name }) => name)).toEqual([`${long}_a_i`, "i".repeat(63)]);
    expect(read.policies.map(({ name }) => name)).toEqual(["p".repeat(63)]);
  });

  test("two primary keys are refused", async () => {
    const table = pgTable("t", { a: integer().primaryKey(), b: integer().primaryKey() });
    await expect(readExports({ table })).rejects.toMatchObject({
      code: "models-unreadable",
      details: [expect.stringContaining("more than one primary key")],
    });
  });

  test("uniques: inline, named, NULLS NOT DISTINCT, of several columns", async () => {
    const table = await readTable(
      pgTable(
        "t",
        {
          a: text().unique(),
          b: text().unique("mine"),
          c: text().unique("strict", { nulls: "not distinct" }),
          d: text(),
        },
        (t) => [unique().on(t.c, t.d), unique("pair").on(t.d, t.a).nullsNotDistinct()],
      ),
    );
    expect(table.constraints).toMatchObject([
      { kind: "unique", name: "t_a_unique", implicitName: true, columns: ["a"], nullsNotDistinct: false },
      { kind: "unique", name: "mine", implicitName: false, columns: ["b"] },
      { kind: "unique", name: "strict", columns: ["c"], nullsNotDistinct: true },
      { kind: "unique", name: "t_c_d_unique", implicitName: true, columns: ["c", "d"] },
      { kind: "unique", name: "pair", implicitName: false, columns: ["d", "a"], nullsNotDistinct: true },
    ]);
  });

  test("a unique that PostgreSQL makes no index for is none", async () => {
    const table = await readTable(
      pgTable("t", { a: text().primaryKey().unique(), b: text().unique(), c: text() }, (t) => [
        unique("again").on(t.b),
        unique("strict").on(t.b).nullsNotDistinct(),
        unique("pair").on(t.b, t.c),
        unique("turned").on(t.c, t.b),
      ]),
    );
    expect(table.constraints.map(({ name }) => name)).toEqual([
      "t_pkey",
      "t_b_unique",
      "strict",
      "pair",
      "turned",
    ]);
  });

  test("foreign keys: inline, to itself, composite, named, with actions, to another namespace", async () => {
    const billing = pgSchema("billing");
    const accounts = billing.table("accounts", { a: integer(), b: integer() }, (t) => [
      primaryKey({ columns: [t.a, t.b] }),
    ]);
    const table = pgTable(
      "t",
      {
        id: integer().primaryKey(),
        parentId: integer("parent_id").references((): AnyPgColumn => table.id, {
          onDelete: "set null",
          onUpdate: "cascade",
        }),
        a: integer(),
        b: integer(),
      },
      (t) => [
        foreignKey({ name: "mine", columns: [t.a, t.b], foreignColumns: [accounts.a, accounts.b] })
          .onDelete("restrict")
          .onUpdate("set default"),
      ],
    );
    const schema = await readExports({ billing, accounts, table });
    expect(schema.tables.get("t")?.constraints.filter(({ kind }) => kind === "foreign-key")).toEqual([
      {
        kind: "foreign-key",
        name: "t_parent_id_t_id_fk",
        implicitName: true,
        comment: null,
        columns: ["parent_id"],
        references: { table: { namespace: null, name: "t" }, columns: ["id"] },
        onDelete: "set null",
        onUpdate: "cascade",
        match: "simple",
        deferral: "immediate",
        validated: true,
      },
      expect.objectContaining({
        name: "mine",
        implicitName: false,
        columns: ["a", "b"],
        references: { table: { namespace: "billing", name: "accounts" }, columns: ["a", "b"] },
        onDelete: "restrict",
        onUpdate: "set default",
      }),
    ]);
  });

  test("a reference to what is not there yet is named, and the rest is read on", async () => {
    const late = undefined as unknown as { id: AnyPgColumn };
    const table = pgTable("t", {
      a: integer().references(() => late.id),
      b: integer().references((): AnyPgColumn => undefined as unknown as AnyPgColumn),
      c: integer().generatedAlwaysAsIdentity({ name: "x" }),
    });
    await expect(readExports({ table })).rejects.toMatchObject({
      code: "models-unreadable",
      message: "3 places in the models cannot be read",
      details: [
        expect.stringContaining("t.c: "),
        expect.stringContaining("t, foreign key 1: what it references is not defined"),
        expect.stringContaining("t, foreign key 2: what it references is not defined"),
      ],
    });
  });

  test("a table that a foreign key needs but nobody exports is left to the validation", async () => {
    const hidden = pgTable("hidden", { id: integer().primaryKey() });
    const schema = await readExports({ t: pgTable("t", { a: integer().references(() => hidden.id) }) });
    expect([...schema.tables.keys()]).toEqual(["t"]);
    expect(schema.tables.get("t")?.constraints).toMatchObject([
      { references: { table: { name: "hidden" } } },
    ]);
  });

  test("checks have columns without their table, values as literals, and typed text as typed", async () => {
    const table = await readTable(
      pgTable("t", { age: integer(), name: text(), day: timestamp({ mode: "date" }) }, (t) => [
        check("a", sql`${t.age} > ${18} and ${t.name} <> ${"it's"}`),
        check("b", sql`t.age > 1`),
        check("c", and(gt(t.age, 0), isNull(t.name)) ?? sql``),
        check("d", lt(t.day, new Date("2030-01-01T00:00:00Z"))),
        check("e", sql`${t.name} in ${["x", "y"]}`),
      ]),
    );
    expect(table.constraints.map((one) => one.kind === "check" && [one.name, one.expression])).toEqual([
      ["a", `"age" > 18 and "name" <> 'it''s'`],
      ["b", "t.age > 1"],
      ["c", `("age" > 0 and "name" is null)`],
      ["d", `"day" < '2030-01-01T00:00:00.000Z'`],
      ["e", `"name" in ('x', 'y')`],
    ]);
  });
});

describe("indexes", () => {
  test("every property", async () => {
    const table = await readTable(
      pgTable("t", { a: text(), b: integer(), data: jsonb(), vector: vector({ dimensions: 3 }) }, (t) => [
        index().on(t.a, t.b),
        uniqueIndex("u").on(sql`lower(${t.a})`).where(sql`${t.b} > ${1}`),
        index("gin").using("gin", t.data.op("jsonb_path_ops")),
        index("order").on(t.a.desc(), t.b.desc().nullsFirst()),
        index("nulls").on(t.a.nullsFirst(), t.b.asc()),
        index("with").on(t.b).with({ fillfactor: 70, deduplicate_items: false }).concurrently(),
        index("sql").on(sql`${t.a} text_pattern_ops desc nulls last`),
        index("hnsw").using("hnsw", t.vector.op("vector_cosine_ops")).with({ m: 16 }),
        index("only").onOnly(t.b),
      ]),
    );
    const byName = Object.fromEntries(table.indexes.map((one) => [one.name, one]));
    expect(Object.keys(byName)).toEqual([
      "t_a_b_index",
      "u",
      "gin",
      "order",
      "nulls",
      "with",
      "sql",
      "hnsw",
      "only",
    ]);
    expect(byName["t_a_b_index"]).toMatchObject({
      unique: false,
      method: "btree",
      keys: [indexKey({ column: "a" }), indexKey({ column: "b" })],
      where: null,
      parameters: {},
      concurrently: false,
    });
    expect(byName["u"]).toMatchObject({
      unique: true,
      keys: [indexKey({ expression: 'lower("a")' })],
      where: '"b" > 1',
    });
    expect(byName["gin"]).toMatchObject({
      method: "gin",
      keys: [{ column: "data", operatorClass: "jsonb_path_ops" }],
    });
    const keysOf = (name: string) =>
      byName[name]?.keys.map(({ column, order, nulls }) => [column, order, nulls]);
    expect(keysOf("order")).toEqual([
      ["a", "desc", "last"],
      ["b", "desc", "first"],
    ]);
    expect(keysOf("nulls")).toEqual([
      ["a", "asc", "first"],
      ["b", "asc", "last"],
    ]);
    expect(byName["with"]).toMatchObject({
      parameters: { fillfactor: "70", deduplicate_items: "false" },
      concurrently: true,
    });
    expect(byName["sql"]?.keys).toMatchObject([
      { column: "a", operatorClass: "text_pattern_ops", order: "desc", nulls: "last" },
    ]);
    expect(byName["hnsw"]).toMatchObject({ method: "hnsw", parameters: { m: "16" } });
    expect(byName["only"]?.keys).toMatchObject([{ column: "b" }]);
  });

  test("an expression needs a name, and .on() is not to be forgotten", async () => {
    const unnamed = pgTable("t", { a: text() }, (t) => [index().on(sql`lower(${t.a})`)]);
    const open = pgTable("u", { a: text() }, () => [index("open"), unique("also") as never, false as never]);
    const wrapped = pgTable("v", { a: text() }, (t) => [{ mine: index("mine").on(t.a) } as never]);
    await expect(readExports({ unnamed, open, wrapped })).rejects.toMatchObject({
      code: "models-unreadable",
      details: [
        'models.ts: u: an index or constraint "open" is not finished: it lacks .on(…)',
        'models.ts: u: an index or constraint "also" is not finished: it lacks .on(…)',
        expect.stringContaining("models.ts: v: an entry of its constraints and indexes is none of Drizzle's"),
        "models.ts: t, index without a name: an index on an expression needs a name",
      ],
    });
  });
});

describe("other objects", () => {
  test("enums, also in namespaces, from objects, and when only a column knows them", async () => {
    const audit = pgSchema("audit");
    const used = pgEnum("used", ["x"]);
    const { enums, namespaces } = await readExports({
      mood,
      kind: audit.enum("kind", ["insert", "update"]),
      level: pgEnum("level", { Low: "low", High: "high" }),
      t: pgTable("t", { a: used() }),
    });
    expect([...enums.values()]).toEqual([
      { namespace: null, name: "mood", values: ["happy", "it's", 'so "so"'], comment: null },
      { namespace: "audit", name: "kind", values: ["insert", "update"], comment: null },
      { namespace: null, name: "level", values: ["low", "high"], comment: null },
      { namespace: null, name: "used", values: ["x"], comment: null },
    ]);
    expect([...namespaces.keys()]).toEqual(["audit"]);
  });

  test("sequences", async () => {
    const audit = pgSchema("audit");
    const { sequences } = await readExports({
      a: pgSequence("numbers", { startWith: 1000, cache: 20, cycle: true }),
      b: audit.sequence("numbers"),
      t: pgTable("t", { id: integer() }),
    });
    expect(sequences.get("numbers")).toMatchObject({
      name: "numbers",
      type: { name: "bigint" },
      options: { start: "1000", cache: "20", cycle: true },
      ownedBy: null,
    });
    expect(sequences.has(nameKey({ namespace: "audit", name: "numbers" }))).toBe(true);
  });

  test("views and materialised views, but not those that exist already", async () => {
    const users = pgTable("users", { id: integer(), name: text(), active: boolean(), at: timestamp() });
    const audit = pgSchema("audit");
    const since = new Date("2026-01-01T00:00:00Z");
    const { views, tables } = await readExports({
      users,
      joined: pgView("joined")
        .with({ checkOption: "cascaded", securityBarrier: true, securityInvoker: false })
        .as((query) =>
          query
            .select({ id: users.id, upper: sql<string>`upper(${users.name})`.as("upper") })
            .from(users)
            .where(and(eq(users.active, true), gt(users.at, since), eq(users.name, "it's"))),
        ),
      manual: audit.view("manual", { id: integer() }).as(sql`select id from ${users};`),
      there: pgView("there", { id: integer() }).existing(),
      stored: pgMaterializedView("stored")
        .with({ fillfactor: 90, autovacuumEnabled: true })
        .tablespace("fast")
        .withNoData()
        .as((query) => query.select().from(users)),
      storedThere: pgMaterializedView("stored_there", { id: integer() }).existing(),
    });
    expect([...tables.keys()]).toEqual(["users"]);
    expect([...views.values()]).toEqual([
      expect.objectContaining({
        namespace: null,
        name: "joined",
        materialized: false,
        definition: `select "id", upper("name") as "upper" from "users" where ("users"."active" = true and "users"."at" > '2026-01-01T00:00:00.000Z' and "users"."name" = 'it''s')`,
        parameters: { check_option: "cascaded", security_barrier: "true", security_invoker: "false" },
      }),
      expect.objectContaining({
        namespace: "audit",
        name: "manual",
        definition: 'select id from "users"',
        parameters: {},
        withData: true,
      }),
      expect.objectContaining({
        name: "stored",
        materialized: true,
        definition: 'select "id", "name", "active", "at" from "users"',
        parameters: { fillfactor: "90", autovacuum_enabled: "true" },
        tablespace: "fast",
        withData: false,
        indexes: [],
      }),
    ]);
  });

  test("row security and policies, also linked ones", async () => {
    const admin = pgRole("admin", { createDb: true });
    const groups = pgTable("groups", { id: integer() }).enableRLS();
    const users = pgTable("users", { id: integer(), groupId: integer("group_id") }, (t) => [
      pgPolicy("mine", {
        as: "restrictive",
        for: "update",
        to: [admin, "current_user", "Some Role"],
        using: sql`exists (select 1 from ${groups} where ${groups.id} = ${t.groupId})`,
        withCheck: sql`true`,
      }),
    ]);
    const plain = pgTable("plain", { id: integer() });
    const linked = pgPolicy("linked", { to: "public" }).link(groups);
    const { tables } = await readExports({ admin, groups, users, plain, linked });
    expect(tables.get("users")).toMatchObject({
      rowSecurity: "enabled",
      policies: [
        {
          name: "mine",
          permissive: false,
          command: "update",
          roles: ["Some Role", "admin", "current_user"],
          using: `exists (select 1 from "groups" where "groups"."id" = "users"."group_id")`,
          check: "true",
        },
      ],
    });
    expect(tables.get("groups")).toMatchObject({
      rowSecurity: "enabled",
      policies: [
        { name: "linked", permissive: true, command: "all", roles: ["public"], using: null, check: null },
      ],
    });
    expect(tables.get("plain")?.rowSecurity).toBe("off");
  });

  test("a policy that belongs to no table of the models is a finding", async () => {
    const hidden = pgTable("hidden", { id: integer() });
    await expect(
      readExports({
        t: pgTable("t", { id: integer() }),
        loose: pgPolicy("loose"),
        elsewhere: pgPolicy("elsewhere").link(hidden),
      }),
    ).rejects.toMatchObject({
      code: "models-unreadable",
      details: [
        expect.stringContaining("policy loose: it belongs to no table"),
        expect.stringContaining("policy elsewhere: its table hidden is not exported"),
      ],
    });
  });

  test("what is no part of the database is passed over", async () => {
    const users = pgTable("users", { id: integer().primaryKey() });
    const { tables } = await readExports({
      users,
      usersRelations: relations(users, () => ({})),
      manager: alias(users, "manager"),
      helper: (column: AnyColumn) => column,
      role: pgRole("r"),
      nothing: null,
      text: "x",
    });
    expect([...tables.keys()]).toEqual(["users"]);
  });
});

describe("the set of models", () => {
  test("an object that is exported several times counts once; so do equal copies", async () => {
    const make = () => pgTable("t", { id: integer(), name: text().unique() });
    const users = make();
    const { tables } = await readExports({ users, again: users, default: { users }, copy: make() });
    expect([...tables.keys()]).toEqual(["t"]);
  });

  test("two different tables of one name are refused", async () => {
    await expect(
      readExports({ a: pgTable("t", { id: integer() }), b: pgTable("t", { id: text() }) }),
    ).rejects.toMatchObject({
      code: "models-invalid",
      details: ["table t is defined differently in models.ts"],
    });
  });

  test("a type that is none is named with its column", async () => {
    const broken = customType<{ data: string }>({ dataType: () => "no type (" });
    await expect(
      readExports({ t: pgTable("t", { a: broken("Bad Column"), b: text() }) }),
    ).rejects.toMatchObject({
      code: "models-unreadable",
      message: "t.Bad Column cannot be read",
      where: { object: "t.Bad Column" },
      remedy: expect.stringMatching(/.{20}/),
    });
  });

  test("an empty condition is a finding, not an empty text", async () => {
    await expect(
      readExports({ t: pgTable("t", { a: text() }, () => [check("c", sql``)]) }),
    ).rejects.toMatchObject({
      details: ["models.ts: t, check c: the SQL is empty"],
    });
  });

  test("placeholders have no value in a schema", async () => {
    const t = pgTable("t", { a: text() }, (table) => [check("c", eq(table.a, sql.placeholder("x")))]);
    await expect(readExports({ t })).rejects.toMatchObject({
      details: [expect.stringContaining("a placeholder has no value")],
    });
  });
});
