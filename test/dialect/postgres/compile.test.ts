import { describe, expect, it } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import { compile, needsSchema } from "../../../src/dialect/postgres/compile/compile.js";
import { inspectPostgres } from "../../../src/dialect/postgres/inspect/inspect.js";
import { AludelError } from "../../../src/error/error.js";
import type { ColumnChanges, Op } from "../../../src/op/op.js";
import {
  column,
  columnType,
  constraintBase,
  defaultSequenceOptions,
  draftSchema,
  index,
  indexKey,
  table,
} from "../../../src/schema/build.js";
import type { Column, Constraint, Defined, Schema, Table, Unique } from "../../../src/schema/schema.js";
import { everyNamespace, onPglite, onServer, runOps, sqlOf } from "./database.js";
import { everything, nasty } from "./everything.js";

const t = { namespace: null, name: "t" };

async function inspectTable(connection: Connection): Promise<Table> {
  const found = (await inspectPostgres(connection, everyNamespace)).tables.get("t");
  if (found === undefined) throw new Error("there is no table t");
  return found;
}

describe("SQL that people read", () => {
  it("has a column a line", () => {
    const persons = everything().tables.get("persons");
    if (persons === undefined) throw new Error("there are no persons");
    expect(sqlOf({ kind: "create-table", table: persons }).join(";\n")).toMatchInlineSnapshot(`
      "CREATE TABLE "persons" (
        "id" serial NOT NULL,
        "name" character varying(40) DEFAULT 'it''s' NOT NULL,
        "email" text COLLATE "C",
        "mood" "mood" DEFAULT 'sad',
        "moods" "mood"[],
        "amount" numeric(10,2) DEFAULT 0,
        "made" timestamp(3) with time zone DEFAULT now() NOT NULL,
        "data" jsonb DEFAULT '{}',
        "upper name" text GENERATED ALWAYS AS (upper((name)::text)) STORED,
        "during" tstzrange,
        "letter" "char",
        "matrix" integer[][],
        "lag" interval day to second(3),
        CONSTRAINT "persons_pkey" PRIMARY KEY ("id"),
        CONSTRAINT "persons_name_email_key" UNIQUE NULLS NOT DISTINCT ("name", "email") INCLUDE ("mood") DEFERRABLE,
        CONSTRAINT "persons_amount_check" CHECK (amount >= 0),
        CONSTRAINT "persons_during_int4range_excl" EXCLUDE USING "gist" ("during" WITH &&, (int4range(id, id + 1)) WITH =) WHERE (amount > 0) DEFERRABLE INITIALLY DEFERRED
      ) WITH ("fillfactor" = 80, "toast"."autovacuum_enabled" = false);
      ALTER TABLE "persons" ADD CONSTRAINT "two" CHECK (name <> '' OR email IS NOT NULL) NO INHERIT NOT VALID;
      ALTER TABLE "persons" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      COMMENT ON TABLE "persons" IS 'People, who''re \\ here';
      COMMENT ON COLUMN "persons"."email" IS 'lower case';
      COMMENT ON CONSTRAINT "persons_name_email_key" ON "persons" IS 'one each'"
    `);
  });

  it("says what an index is built of", () => {
    const persons = everything().tables.get("persons");
    const all = persons?.indexes.flatMap((one) =>
      sqlOf({ kind: "create-index", table: persons, index: one }),
    );
    expect(all?.join(";\n")).toMatchInlineSnapshot(`
      "CREATE UNIQUE INDEX "persons_lower_email" ON "persons" ((lower(email)), "name" DESC) INCLUDE ("made") WITH ("fillfactor" = 70) WHERE email IS NOT NULL AND mood = 'sad';
      COMMENT ON INDEX "persons_lower_email" IS 'for signing in';
      CREATE INDEX "persons_data" ON "persons" USING "gin" ("data" jsonb_path_ops);
      CREATE INDEX "persons_pattern" ON "persons" ("name" COLLATE "POSIX" text_pattern_ops NULLS FIRST, ((email COLLATE "C") || 'x') COLLATE "POSIX");
      CREATE INDEX "persons_hash" ON "persons" USING "hash" ("email")"
    `);
  });
});

describe("transactions", () => {
  const transaction = (op: Op) =>
    (compile[op.kind] as (op: unknown, context: unknown) => readonly { transaction: string }[])(op, {
      before: draftSchema("postgres"),
      serverVersion: null,
    }).map((step) => step.transaction);

  it("are forbidden, separate or joined as the engine wants", () => {
    const one = index("i", [indexKey({ column: "a" })]);
    expect(transaction({ kind: "create-index", table: t, index: one, concurrently: true })).toEqual([
      "forbidden",
    ]);
    expect(transaction({ kind: "create-index", table: t, index: { ...one, concurrently: true } })).toEqual([
      "joins",
    ]);
    expect(transaction({ kind: "drop-index", table: t, index: "i", concurrently: true })).toEqual([
      "forbidden",
    ]);
    expect(transaction({ kind: "add-enum-value", name: t, value: "x" })).toEqual(["separate"]);
  });

  it("knows of every kind whether it looks at the schema", () => {
    expect(Object.keys(needsSchema).sort()).toEqual(Object.keys(compile).sort());
  });
});

/** A column, changes to it, and the column that shall come of it. */
async function alter(
  connection: Connection,
  before: Column,
  changes: ColumnChanges,
  rows: readonly string[] = [],
) {
  await connection.run("DROP TABLE IF EXISTS t");
  await runOps(connection, [
    {
      kind: "create-table",
      table: table("t", { columns: [before, column("other", columnType("integer"))] }),
    },
  ]);
  for (const row of rows) await connection.run(`INSERT INTO t (c) VALUES (${row})`);
  await runOps(connection, [{ kind: "alter-column", table: t, column: "c", changes }], true);
  const { columns } = await inspectTable(connection);
  return columns[0];
}

const always = { generation: "always", sequence: defaultSequenceOptions } as const;

describe("create-table", () => {
  it("keeps constraints that CREATE TABLE would make one of", () =>
    onServer(async (connection) => {
      const unique = (name: string, columns: readonly string[], more: Partial<Unique> = {}): Unique => ({
        kind: "unique",
        ...constraintBase(name),
        columns,
        include: [],
        deferral: "immediate",
        nullsNotDistinct: false,
        ...more,
      });
      const constraints: readonly Constraint[] = [
        unique("u1", ["id"]),
        { ...unique("pk", ["id"]), kind: "primary-key", autoincrement: false },
        unique("u2", ["id", "b"]),
        unique("u3", ["id", "b"]),
        unique("u4", ["b", "id"]),
        unique("u5", ["id", "b"], { nullsNotDistinct: true }),
        unique("u6", ["id"], { include: ["b"] }),
      ];
      const columns = ["id", "b"].map((name) =>
        column(name, columnType("integer"), { nullable: name === "b" }),
      );
      const op: Op = { kind: "create-table", table: table("t", { columns, constraints }) };
      const later = sqlOf(op).slice(1);
      expect(later).toEqual([
        'ALTER TABLE "t" ADD CONSTRAINT "u1" UNIQUE ("id")',
        'ALTER TABLE "t" ADD CONSTRAINT "u3" UNIQUE ("id", "b")',
      ]);
      await connection.run("DROP TABLE IF EXISTS t");
      await runOps(connection, [op]);
      const found = (await inspectTable(connection)).constraints.map((one) => one.name).sort();
      expect(found).toEqual(["pk", "u1", "u2", "u3", "u4", "u5", "u6"]);
    }));
});

describe("alter-column", () => {
  it("does every change that the engine can make in place", () =>
    onServer(async (connection) => {
      await connection.run("CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE mood2 AS ENUM ('ok', 'sad')");
      const c = (type: string, properties: Partial<Column> = {}) => column("c", columnType(type), properties);
      const cases: readonly (readonly [Column, ColumnChanges, Partial<Column>, readonly string[]])[] = [
        [
          c("integer", { default: "1" }),
          { type: columnType("bigint") },
          { type: columnType("bigint"), default: "1" },
          ["5"],
        ],
        [
          c("text", { default: "'1'" }),
          { type: columnType("integer") },
          { type: columnType("integer"), default: "1" },
          ["'5'"],
        ],
        [
          c("text", { default: "'sad'" }),
          { type: columnType("mood") },
          { type: columnType("mood"), default: "'sad'::mood" },
          ["'ok'"],
        ],
        [
          c("mood", { default: "'sad'" }),
          { type: columnType("mood2") },
          { type: columnType("mood2"), default: "'sad'::mood2" },
          ["'ok'"],
        ],
        [
          c("mood", { default: "'sad'" }),
          { type: columnType("text"), default: "'x'", nullable: false },
          { type: columnType("text"), default: "'x'::text", nullable: false },
          ["'ok'"],
        ],
        [
          c("text"),
          { type: columnType("integer"), using: "length(c)" },
          { type: columnType("integer") },
          ["'five'"],
        ],
        [
          c("text"),
          { type: columnType("text", [], 1), using: "ARRAY[c]" },
          { type: columnType("text", [], 1) },
          ["'x'"],
        ],
        [
          c("text"),
          { collation: { namespace: null, name: "C" } },
          { collation: { namespace: null, name: "C" } },
          ["'x'"],
        ],
        [
          c("text", { collation: { namespace: null, name: "C" } }),
          { collation: null },
          { collation: null },
          [],
        ],
        [
          c("text", { collation: { namespace: null, name: "C" } }),
          { type: columnType("character varying", ["5"]) },
          { type: columnType("character varying", ["5"]), collation: { namespace: null, name: "C" } },
          [],
        ],
        [c("integer", { nullable: false }), { nullable: true }, { nullable: true }, []],
        [c("integer", { default: "1" }), { default: null }, { default: null }, []],
        [c("integer"), { identity: always }, { identity: always, nullable: false }, ["41"]],
        [c("integer", { identity: always }), { identity: null }, { identity: null, nullable: false }, []],
        [
          c("integer", {
            identity: { ...always, sequence: { ...defaultSequenceOptions, start: "7", cycle: true } },
          }),
          { identity: { ...always, generation: "by-default" } },
          { identity: { ...always, generation: "by-default" }, nullable: false },
          [],
        ],
        [
          c("serial"),
          { type: columnType("bigserial") },
          { type: columnType("bigserial"), nullable: false },
          ["default"],
        ],
        [
          c("serial"),
          { type: columnType("integer") },
          { type: columnType("integer"), nullable: false },
          ["default"],
        ],
        [
          c("serial"),
          { type: columnType("bigint"), identity: always },
          { type: columnType("bigint"), identity: always, nullable: false },
          ["41"],
        ],
        [
          c("integer"),
          { type: columnType("bigserial"), nullable: false },
          { type: columnType("bigserial"), nullable: false },
          ["41"],
        ],
        [
          c("integer", { generated: { expression: "other + 1", storage: "stored" } }),
          { generated: { expression: "other + 2", storage: "stored" } },
          { generated: { expression: "other + 2", storage: "stored" } },
          [],
        ],
        [
          c("integer", { generated: { expression: "other + 1", storage: "stored" } }),
          { generated: null },
          { generated: null },
          [],
        ],
      ];
      for (const [before, changes, after, rows] of cases) {
        const found = await alter(connection, before, changes, rows);
        expect.soft(found, JSON.stringify([before.type.name, changes])).toMatchObject(after);
        if (rows.includes("41") && found?.type.name !== "serial") {
          const insert = "INSERT INTO t (other) VALUES (1) RETURNING c::text";
          expect
            .soft((await connection.query(insert))[0]?.["c"], `next value after ${JSON.stringify(changes)}`)
            .toBe("42");
        }
      }
      expect((await inspectPostgres(connection, everyNamespace)).sequences.size).toBe(0);
    }));

  it.each([
    ["a column that was not generated", { generated: null }, { expression: "1", storage: "stored" }],
    [
      "another storage",
      { generated: { expression: "1", storage: "virtual" } },
      { expression: "1", storage: "stored" },
    ],
    ["the values of a virtual column", { generated: { expression: "1", storage: "virtual" } }, null],
  ] as const)("refuses what the engine cannot do: %s", (_what, properties, generated) => {
    const before = draftSchema("postgres");
    before.tables.set("t", table("t", { columns: [column("c", columnType("integer"), properties)] }));
    expect(() =>
      sqlOf({ kind: "alter-column", table: t, column: "c", changes: { generated } }, before),
    ).toThrow(AludelError);
  });

  it("refuses to say something of a NOT NULL that is not there", () => {
    const before = draftSchema("postgres");
    before.tables.set("t", table("t", { columns: [column("c", columnType("integer"))] }));
    const notNull = { name: "c_given", onConflict: null };
    expect(() =>
      sqlOf({ kind: "alter-column", table: t, column: "c", changes: { notNull } }, before),
    ).toThrow(/t\.c may be NULL/);
  });
});

describe("replace-enum-values", () => {
  const prepare = `CREATE SCHEMA "naïve ü";
    CREATE TYPE mood AS ENUM ('sad', 'bad', 'ok');
    CREATE TABLE t (id int PRIMARY KEY, mood mood NOT NULL DEFAULT 'bad' CHECK (mood <> 'ok'), moods mood[] DEFAULT '{sad}', UNIQUE (mood, id));
    CREATE INDEX "partial ü" ON t (id) WHERE mood = 'sad'; COMMENT ON INDEX "partial ü" IS 'it''s';
    CREATE TABLE "naïve ü"."Order ""x""" (mood mood UNIQUE);
    CREATE TABLE r (mood mood REFERENCES "naïve ü"."Order ""x""" (mood));
    CREATE TABLE far (a text DEFAULT ('sad'::mood)::text, mood text CHECK (mood <> 'x'));
    CREATE POLICY far ON far USING (EXISTS (SELECT FROM t WHERE t.mood = 'sad'));
    CREATE VIEW alone AS SELECT 'sad'::mood AS one;
    ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (mood = 'sad');
    CREATE VIEW v AS SELECT mood FROM t WHERE mood = 'sad'; COMMENT ON VIEW v IS 'seen';
    CREATE MATERIALIZED VIEW w AS SELECT v.mood, count(*) FROM v GROUP BY v.mood; CREATE UNIQUE INDEX wi ON w (mood);
    INSERT INTO t VALUES (1, 'bad', '{bad,sad}'), (2, 'sad', NULL);`;

  const replace = async (connection: Connection) => {
    await connection.run(prepare);
    const before = await inspectPostgres(connection, everyNamespace);
    const name = { namespace: null, name: "mood" };
    const op: Op = { kind: "replace-enum-values", name, values: ["ok", "sad"], mapping: { bad: "sad" } };
    await runOps(connection, [op], true);
    const after = await inspectPostgres(connection, everyNamespace);
    expect(after.enums.get("mood")?.values).toEqual(["ok", "sad"]);
    const plain = (schema: Schema) => {
      const tables = [...schema.tables.values()].map((one) => ({
        ...one,
        columns: one.columns.map((each) => (each.name === "mood" ? { ...each, default: null } : each)),
        constraints: [...one.constraints].sort((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1)),
      }));
      return { ...schema, enums: null, tables, dependencies: null };
    };
    expect(plain(after)).toEqual(plain(before));
    expect(after.tables.get("t")?.columns.map((one) => one.default)).toEqual([
      null,
      "'sad'::mood",
      "'{sad}'::mood[]",
    ]);
    const rows = await connection.query("SELECT mood::text AS mood, moods::text AS moods FROM t ORDER BY id");
    expect(rows).toEqual([
      { mood: "sad", moods: "{sad,sad}" },
      { mood: "sad", moods: null },
    ]);
  };

  it("moves everything that hangs on the enum", () => onServer(replace));
  it("in this process too", () => onPglite(replace));

  it("refuses to map to a value that will not be there, and generated columns", () => {
    const name = { namespace: null, name: "mood" };
    const op: Op<"replace-enum-values"> = {
      kind: "replace-enum-values",
      name,
      values: ["a"],
      mapping: { b: "c" },
    };
    expect(() => sqlOf(op)).toThrow(/will not have/);
    const before = draftSchema("postgres");
    const generated = { expression: "mood = 'a'", storage: "stored" } as const;
    const columns = [column("mood", columnType("mood")), column("g", columnType("boolean"), { generated })];
    before.tables.set("t", table("t", { columns }));
    expect(() => sqlOf({ kind: "replace-enum-values", name, values: ["a"] }, before)).toThrow(/t\.g/);
  });
});

describe("rows", () => {
  it("come back as they went in, whatever their columns' types", () =>
    onServer(async (connection) => {
      const columns = [
        column("id", columnType("integer"), { nullable: false, identity: always }),
        column('a "quoted"', columnType("text", [], 1)),
        column("matrix", columnType("integer", [], 2)),
        column("json", columnType("jsonb")),
        column("list", columnType("jsonb", [], 1)),
        column("at", columnType("timestamp with time zone")),
        column("bytes", columnType("bytea")),
        column("number", columnType("double precision")),
      ];
      const row = {
        id: -7,
        'a "quoted"': ['it\'s "x" \\', "", "NULL", null, "{,}"],
        matrix: [
          [1, 2],
          [3, 4],
        ],
        json: ["it's", { a: null }],
        list: [{ a: 'x"y' }, [1]],
        at: new Date("2026-11-21T05:30:00Z"),
        bytes: new Uint8Array([1, 255]),
        number: Number.NaN,
      };
      await runOps(connection, [{ kind: "create-table", table: table("t", { columns }) }]);
      await runOps(
        connection,
        [{ kind: "bulk-insert", table: t, rows: [row, { number: 1 }, {}, { number: -2 }] }],
        true,
      );
      const rows = await connection.query("SELECT * FROM t ORDER BY id");
      expect(rows).toHaveLength(4);
      expect(rows[0]).toEqual({ ...row, bytes: Buffer.from(row.bytes) });
    }));

  it("are put into statements of at most 500", () => {
    const rows = Array.from({ length: 1001 }, (_, a) => ({ a }));
    expect(sqlOf({ kind: "bulk-insert", table: t, rows }).map((sql) => sql.split("\n").length)).toEqual([
      501, 501, 2,
    ]);
    expect(sqlOf({ kind: "bulk-insert", table: t, rows: [] })).toEqual([]);
  });
});

describe("every other op", () => {
  const name = (one: string) => ({ namespace: "naïve ü", name: one });
  const check = {
    ...constraintBase("positive"),
    kind: "check",
    expression: "a > 0",
    noInherit: false,
    validated: false,
  } as const;
  const plain = index("i", [indexKey({ column: "a" })]);
  const view = {
    ...name("v"),
    materialized: false,
    definition: "SELECT 1 AS one",
    parameters: {},
    withData: true,
    method: null,
    tablespace: null,
    indexes: [],
    comment: null,
  };
  const sequence = {
    ...name("s"),
    type: columnType("bigint"),
    options: defaultSequenceOptions,
    ownedBy: null,
    comment: null,
  };
  const policy = {
    name: 'p "x"',
    permissive: true,
    command: "select",
    roles: ["current_user"],
    using: "true",
    check: null,
    comment: "c",
  } as const;
  const domain = {
    ...name(nasty),
    type: columnType("text"),
    nullable: false,
    default: "'x'::text",
    collation: null,
    checks: [{ name: "Short", expression: "length(VALUE) < 9", validated: true, comment: "it's" }],
    comment: "c",
  };
  const attribute = { name: "A", type: columnType("integer"), collation: null, comment: null };
  const composite = { ...name("pair"), attributes: [attribute], comment: "c" };
  const typeOps: readonly Op[] = [
    { kind: "create-domain", domain },
    { kind: "alter-domain", domain: { ...domain, nullable: true, default: null, checks: [] } },
    { kind: "rename-domain", name: name(nasty), to: "D" },
    { kind: "drop-domain", name: name("D"), ifExists: true },
    { kind: "create-composite", composite },
    {
      kind: "alter-composite",
      composite: {
        ...composite,
        attributes: [
          { ...attribute, name: "B" },
          { ...attribute, name: "C" },
        ],
      },
      renames: [{ attribute: "A", to: "B" }],
    },
    { kind: "rename-composite", name: name("pair"), to: "Pair" },
    { kind: "drop-composite", name: name("Pair") },
  ];
  const routine = (body: string): Defined => ({
    ...name("twice"),
    kind: "function",
    table: null,
    signature: "integer",
    definition: `CREATE FUNCTION "naïve ü".twice(integer) RETURNS integer LANGUAGE sql AS '${body}'`,
    settings: [],
    comment: "it's",
  });
  const routineOps: readonly Op[] = [
    {
      kind: "create-defined",
      object: routine("SELECT none($1)"),
      unchecked: true,
    },
    {
      kind: "replace-defined",
      object: routine("SELECT $1 * 2"),
    },
    { kind: "drop-defined", object: routine("") },
  ];
  const [whole, part, heir] = [name("Whole"), name("Part"), name("Heir")];
  const keyed = (columns: string) => index(columns, [indexKey({ column: "a" })]);
  const bounds = { of: whole, bounds: "FOR VALUES IN (1)" };
  const columns = [column("a", columnType("integer"))];
  const partitionOps: readonly Op[] = [
    {
      kind: "create-table",
      table: table("Whole", { namespace: "naïve ü", columns, partitioning: { strategy: "list", keys: "a" } }),
    },
    { kind: "create-table", table: table("Part", { namespace: "naïve ü", columns }) },
    { kind: "attach-partition", name: part, partition: bounds },
    { kind: "create-index", table: whole, index: { ...keyed("Over"), only: true } },
    { kind: "create-index", table: part, index: keyed("Under") },
    { kind: "attach-index", table: part, index: "Under", to: name("Over") },
    { kind: "detach-partition", name: part },
    { kind: "create-table", table: table("Heir", { namespace: "naïve ü", columns }) },
    { kind: "set-inheritance", name: heir, inherits: [part] },
    { kind: "create-view", view: { ...view, name: "seen", definition: 'SELECT a FROM "naïve ü"."Part"' } },
    {
      ...{ kind: "alter-view-column", name: name("seen"), materialized: false, column: "a" },
      properties: { default: "1", comment: "it's" },
    },
    { kind: "drop-view", name: name("seen"), materialized: false },
    { kind: "drop-table", name: heir },
    { kind: "drop-table", name: part },
    { kind: "drop-table", name: whole },
  ];
  const ops: readonly Op[] = [
    { kind: "create-namespace", namespace: { name: "naïve ü", comment: "it's" }, ifNotExists: true },
    {
      kind: "create-extension",
      extension: { name: "pg_trgm", namespace: "naïve ü", version: "1.5" },
      ifNotExists: true,
    },
    { kind: "alter-extension", name: "pg_trgm", changes: { version: "1.6", namespace: null } },
    { kind: "alter-extension", name: "pg_trgm", changes: { namespace: "naïve ü" } },
    { kind: "drop-extension", name: "pg_trgm", ifExists: true },
    { kind: "create-enum", enum: { ...name("e"), values: ["b"], comment: null } },
    { kind: "add-enum-value", name: name("e"), value: "it's", position: { before: "b" }, ifNotExists: true },
    { kind: "add-enum-value", name: name("e"), value: "z", position: { after: "b" } },
    { kind: "rename-enum-value", name: name("e"), from: "z", to: "y" },
    { kind: "rename-enum", name: name("e"), to: "E" },
    { kind: "create-sequence", sequence, ifNotExists: true },
    {
      kind: "alter-sequence",
      sequence: {
        ...sequence,
        type: columnType("smallint"),
        options: { ...defaultSequenceOptions, increment: "-1" },
      },
    },
    { kind: "rename-sequence", name: name("s"), to: "S" },
    { kind: "set-namespace", on: "sequence", name: name("S"), to: null },
    { kind: "set-namespace", on: "sequence", name: { namespace: null, name: "S" }, to: "naïve ü" },
    {
      kind: "create-table",
      table: table("T", { namespace: "naïve ü", columns: [column("a", columnType("integer"))] }),
      ifNotExists: true,
    },
    { kind: "rename-table", name: name("T"), to: nasty },
    {
      kind: "alter-table-options",
      name: name(nasty),
      options: {
        unlogged: true,
        tablespace: null,
        parameters: { fillfactor: "50" },
        strict: false,
        withoutRowid: false,
      },
    },
    {
      kind: "alter-table-options",
      name: name(nasty),
      options: {
        unlogged: false,
        tablespace: null,
        parameters: { autovacuum_enabled: "off" },
        strict: false,
        withoutRowid: false,
      },
    },
    { kind: "set-row-security", name: name(nasty), rowSecurity: "forced" },
    { kind: "set-row-security", name: name(nasty), rowSecurity: "off" },
    {
      kind: "add-column",
      table: name(nasty),
      column: column("b", columnType("text"), { default: "'x'", nullable: false, comment: "c" }),
      ifNotExists: true,
    },
    { kind: "rename-column", table: name(nasty), column: "b", to: "select" },
    { kind: "drop-column", table: name(nasty), column: "select", ifExists: true },
    { kind: "add-constraint", table: name(nasty), constraint: check },
    { kind: "validate-constraint", table: name(nasty), constraint: "positive" },
    { kind: "rename-constraint", table: name(nasty), constraint: "positive", to: "Positive" },
    {
      kind: "drop-constraint",
      table: name(nasty),
      constraint: { ...check, name: "Positive" },
      ifExists: true,
    },
    { kind: "create-index", table: name(nasty), index: plain, concurrently: true, ifNotExists: true },
    { kind: "rename-index", table: name(nasty), index: "i", to: "I" },
    { kind: "create-policy", table: name(nasty), policy },
    { kind: "create-view", view },
    {
      kind: "create-view",
      view: { ...view, definition: "SELECT 1 AS one, 2 AS two -- why" },
      orReplace: true,
    },
    { kind: "rename-view", name: name("v"), materialized: false, to: "V" },
    { kind: "create-view", view: { ...view, name: "m", materialized: true, comment: "m" } },
    { kind: "set-comment", target: { on: "namespace", name: "naïve ü" }, comment: null },
    { kind: "set-comment", target: { on: "table", name: name(nasty) }, comment: "it's" },
    { kind: "set-comment", target: { on: "column", table: name(nasty), name: "a" }, comment: "\\" },
    { kind: "set-comment", target: { on: "view", name: name("V") }, comment: "v" },
    { kind: "set-comment", target: { on: "view", name: name("m") }, comment: "w" },
    { kind: "set-comment", target: { on: "enum", name: name("E") }, comment: "e" },
    { kind: "set-comment", target: { on: "sequence", name: name("S") }, comment: "s" },
    { kind: "set-comment", target: { on: "index", table: name(nasty), name: "I" }, comment: "i" },
    { kind: "set-comment", target: { on: "policy", table: name(nasty), name: 'p "x"' }, comment: null },
    {
      kind: "batch-alter-table",
      name: name(nasty),
      ops: [
        { kind: "add-column", table: name(nasty), column: column("x", columnType("integer")) },
        { kind: "add-constraint", table: name(nasty), constraint: { ...check, validated: true } },
        {
          kind: "set-comment",
          target: { on: "constraint", table: name(nasty), name: "positive" },
          comment: "c",
        },
      ],
    },
    { kind: "execute", sql: 'UPDATE "naïve ü"."Order ""x""" SET a = 1; SELECT 1' },
    {
      kind: "assert",
      message: "Nothing is less than zero",
      query: 'SELECT a FROM "naïve ü"."Order ""x""" WHERE a < 0',
    },
    { kind: "drop-policy", table: name(nasty), policy: 'p "x"', ifExists: true },
    { kind: "drop-index", table: name(nasty), index: "I", concurrently: true, ifExists: true },
    { kind: "drop-view", name: name("m"), materialized: true, ifExists: true },
    { kind: "drop-view", name: name("V"), materialized: false },
    { kind: "drop-table", name: name(nasty), ifExists: true },
    { kind: "drop-sequence", name: name("S"), ifExists: true },
    { kind: "drop-enum", name: name("E"), ifExists: true },
    ...typeOps,
    ...routineOps,
    ...partitionOps,
    { kind: "create-enum", enum: { ...name("left"), values: [], comment: "c" } },
    { kind: "drop-namespace", name: "naïve ü", ifExists: true, cascade: true },
  ];

  it("is taken by a server, and nothing is left at the end", () =>
    onServer(async (connection) => {
      const start = await inspectPostgres(connection, everyNamespace);
      for (const op of ops) {
        await runOps(connection, [op], true);
        if (op.kind !== "set-comment" || op.target.on !== "policy") continue;
        const found = (await inspectPostgres(connection, everyNamespace)).tables.get(`naïve ü\u0000${nasty}`);
        expect(found).toMatchObject({
          comment: "it's",
          options: { parameters: { autovacuum_enabled: "off" }, unlogged: false },
        });
      }
      expect(await inspectPostgres(connection, everyNamespace)).toEqual(start);
      const seen = new Set([
        ...ops.map((op) => op.kind),
        "alter-column",
        "backfill",
        "bulk-insert",
        "replace-enum-values",
      ]);
      expect(Object.keys(compile).filter((kind) => !seen.has(kind as Op["kind"]))).toEqual([]);
    }));

  it("lets an op of a batch see what those before it did", () => {
    const before = draftSchema("postgres");
    before.tables.set(
      "t",
      table("t", { columns: [column("c", columnType("text"), { default: "'1'::text" })] }),
    );
    const changes = { type: columnType("integer") };
    const batch: Op<"batch-alter-table"> = {
      kind: "batch-alter-table",
      name: t,
      ops: [
        { kind: "rename-column", table: t, column: "c", to: "d" },
        { kind: "alter-column", table: t, column: "d", changes },
      ],
    };
    expect(sqlOf(batch, before)).toEqual([
      'ALTER TABLE "t" RENAME COLUMN "c" TO "d"',
      'ALTER TABLE "t" ALTER COLUMN "d" DROP DEFAULT',
      'ALTER TABLE "t" ALTER COLUMN "d" TYPE integer USING "d"::integer',
      'ALTER TABLE "t" ALTER COLUMN "d" SET DEFAULT \'1\'',
    ]);
  });

  it("refuses what only another engine has", () => {
    const strict = table("t", {
      options: { unlogged: false, tablespace: null, parameters: {}, strict: true, withoutRowid: false },
    });
    expect(() => sqlOf({ kind: "create-table", table: strict })).toThrow(/STRICT/);
    expect(() =>
      sqlOf({ kind: "create-view", view: { ...view, materialized: true }, orReplace: true }),
    ).toThrow(/replace/);
    const old = { before: draftSchema("postgres"), serverVersion: 170_004 };
    const virtual = column("v", columnType("integer"), {
      generated: { expression: "1", storage: "virtual" },
    });
    expect(() => compile["add-column"]({ kind: "add-column", table: t, column: virtual }, old)).toThrow(
      /PostgreSQL 18/,
    );
  });
});
