import { describe, expect, it } from "vitest";
import { sqlite } from "../../../src/dialect/sqlite/sqlite.js";
import {
  column,
  columnType,
  constraintBase,
  draftSchema,
  index,
  indexKey,
  table,
} from "../../../src/schema/build.js";
import type { ForeignKey, PrimaryKey } from "../../../src/schema/schema.js";
import { database, named, tableNamed } from "./database.js";

const { normalize } = sqlite;
const key = (...columns: readonly string[]): PrimaryKey => ({
  ...constraintBase(null),
  kind: "primary-key",
  columns,
  include: [],
  deferral: "immediate",
  autoincrement: false,
});

describe("types", () => {
  it.each([
    ["integer", "INTEGER", []],
    [" character   varying ( 255 ) ", "CHARACTER VARYING", ["255"]],
    ["decimal(10, -2)", "DECIMAL", ["10", "-2"]],
    ["bigserial", "INTEGER", []],
    ["bytea", "BLOB", []],
    ['"my  Type"', "MY TYPE", []],
    ["", "", []],
    ["naïve", "NAïVE", []],
  ])("%s is %s %s, and is read again as it is written", (text, name, modifiers) => {
    const type = sqlite.parseType(text);
    expect(type).toEqual(columnType(name, modifiers));
    expect(sqlite.parseType(sqlite.formatType(type))).toEqual(type);
    expect(normalize.type(type)).toEqual(type);
  });

  it.each(["enum('a','b')", "int(", "a, b", "x)", "(3)"])("%s is no type", (text) => {
    expect(() => sqlite.parseType(text)).toThrow(expect.objectContaining({ code: "models-invalid" }));
  });

  it("knows that there are no arrays", () => {
    expect(sqlite.parseType("text[][]").dimensions).toBe(2);
    expect(() => sqlite.formatType(columnType("TEXT", [], 1))).toThrow(
      expect.objectContaining({ code: "op-unsupported" }),
    );
  });

  it.each(["check", "a b-c", "generated always", "primary key", "it's", "1 2", "x(y"])(
    "a type called %s survives SQLite",
    async (name) => {
      const db = await database(`CREATE TABLE t (a ${sqlite.formatType(columnType(name))} DEFAULT 5)`);
      const [found] = (await tableNamed(db, "t")).columns;
      expect(found?.type).toEqual(normalize.type(columnType(name)));
      expect(found?.default).toBe("5");
    },
  );
});

describe("tables", () => {
  it("drop what SQLite does not know and name nothing", () => {
    const foreign: ForeignKey = {
      ...constraintBase(null),
      comment: "x",
      kind: "foreign-key",
      columns: ["B"],
      references: { table: { namespace: "main", name: "t" }, columns: ["A"] },
      onDelete: "cascade",
      onUpdate: "no action",
      match: "simple",
      deferral: "immediate",
      validated: false,
    };
    const normal = normalize.table(
      table("t", {
        namespace: "main",
        comment: "x",
        columns: [
          column("a", columnType("integer"), { comment: "x", default: "(NULL)" }),
          column("b", columnType("text"), { collation: named("binary"), default: "'NULL'" }),
        ],
        constraints: [key("A"), foreign],
        indexes: [
          index("i", [indexKey({ column: "B" }, { nulls: "first", collation: named("Binary") })], {
            concurrently: true,
            comment: "x",
          }),
        ],
      }),
    );
    expect(normal).toMatchObject({
      namespace: null,
      comment: null,
      columns: [
        { comment: null, default: null, nullable: false },
        { collation: null, default: "'NULL'", nullable: true },
      ],
      constraints: [
        { name: null, implicitName: true, columns: ["a"] },
        { columns: ["b"], comment: null, validated: true, references: { table: named("t") } },
      ],
      indexes: [
        { comment: null, concurrently: false, keys: [{ column: "b", nulls: "last", collation: null }] },
      ],
    });
    expect(normalize.table(normal)).toEqual(normal);
  });

  it("keep a collation of an index that is not the column's own", () => {
    const made = table("t", {
      columns: [column("a", columnType("TEXT"), { collation: named("nocase") })],
      indexes: [
        index(
          "i",
          ["binary", "nocase", "rtrim"].map((one) => indexKey({ column: "a" }, { collation: named(one) })),
        ),
      ],
    });
    expect(normalize.table(made).indexes[0]?.keys.map((one) => one.collation?.name)).toEqual([
      "BINARY",
      undefined,
      "RTRIM",
    ]);
  });

  it("know which keys cannot be NULL", () => {
    const nullable = (type: string, options: object, ...columns: readonly string[]) =>
      normalize.table(
        table("t", {
          columns: [column("a", columnType(type)), column("b", columnType("TEXT"))],
          constraints: [key(...columns)],
          options: { ...table("").options, ...options },
        }),
      ).columns[0]?.nullable;
    expect(nullable("INTEGER", {}, "a")).toBe(false);
    expect(nullable("INT", {}, "a")).toBe(true);
    expect(nullable("INTEGER", {}, "a", "b")).toBe(true);
    expect(nullable("INT", { strict: true }, "a")).toBe(false);
    expect(nullable("INT", { withoutRowid: true }, "a", "b")).toBe(false);
  });

  it("let references without columns mean the parent's key", () => {
    const draft = draftSchema("sqlite");
    const foreign: ForeignKey = {
      ...constraintBase(null),
      kind: "foreign-key",
      columns: ["a"],
      references: { table: named("PARENT"), columns: [] },
      onDelete: "no action",
      onUpdate: "no action",
      match: "simple",
      deferral: "immediate",
      validated: true,
    };
    draft.tables.set(
      "child",
      table("child", { columns: [column("a", columnType("INT"))], constraints: [foreign] }),
    );
    draft.tables.set(
      "Parent",
      table("Parent", { columns: [column("x", columnType("INT"))], constraints: [key("x")] }),
    );
    expect(normalize.schema(draft).tables.get("child")?.constraints[0]).toMatchObject({
      references: { table: named("Parent"), columns: ["x"] },
    });
  });
});

describe("values and names", () => {
  it("are quoted so that SQLite reads them back", async () => {
    const db = await database();
    for (const value of [
      "",
      "it's",
      'a"b',
      "-- c",
      "naïve ü 🜼",
      "a\nb",
      0,
      -1.5,
      1e21,
      2n ** 63n - 1n,
      -(2n ** 63n),
      null,
    ]) {
      const [row] = await db.query(`SELECT ${sqlite.literal(value)} AS ${sqlite.quote("x\"'` ]")}`);
      expect(row?.["x\"'` ]"]).toBe(value);
    }
    expect(sqlite.literal(true)).toBe("1");
    expect(sqlite.literal(undefined)).toBe("NULL");
    expect(sqlite.quoteName({ namespace: 'a"', name: "b" })).toBe('"a"""."b"');
    expect(sqlite.placeholder(3)).toBe("?");
    expect(() => sqlite.quote("a\u0000")).toThrow(/NUL/);
  });

  it("are equivalent only as their tokens are", async () => {
    const make = (expression: string, predicate: string | null) => {
      const draft = draftSchema("sqlite");
      const check = {
        ...constraintBase("c"),
        kind: "check",
        expression,
        noInherit: false,
        validated: true,
      } as const;
      draft.tables.set(
        "t",
        table("t", {
          constraints: [check],
          indexes: [index("i", [indexKey({ column: "a" })], { where: predicate })],
        }),
      );
      return draft;
    };
    const { expressionsOf } = await import("../../../src/schema/slot.js");
    const a = make("A > 1", "a > 1");
    const slots = [...expressionsOf(a).keys()];
    const answer = await sqlite.equivalent(await database(), a, make("(a>1)", "a > '1'"), slots);
    expect([...answer.same]).toEqual(slots.filter((slot) => slot.includes("check")));
    expect(answer.undecided.size).toBe(0);
  });
});
