import { describe, expect, it } from "vitest";
import {
  clipBytes,
  literal,
  madeName,
  quoteIdentifier,
  quoteName,
} from "../../../src/dialect/postgres/quote.js";
import { AludelError } from "../../../src/error/error.js";
import { onServer } from "./database.js";

const nasty = [
  'Order "x"',
  "select",
  "naïve ü",
  "a b",
  "per%s",
  "$1",
  "tab\there",
  "💥",
  "x".repeat(63),
  "'quoted'",
];

describe("quoteIdentifier", () => {
  it("refuses a name that the engine would cut off", () => {
    expect(() => quoteIdentifier("x".repeat(64))).toThrow(AludelError);
    expect(() => quoteIdentifier("ü".repeat(32))).toThrow(/64 bytes/);
    expect(quoteIdentifier("ü".repeat(31))).toHaveLength(33);
    expect(() => quoteIdentifier("")).toThrow(/empty/);
    expect(() => quoteIdentifier("a\0b")).toThrow(/NUL/);
  });

  it("keeps nasty names as they are", () =>
    onServer(async (connection) => {
      for (const name of nasty) {
        await connection.run(
          `CREATE TABLE ${quoteName({ namespace: "public", name })} (${quoteIdentifier(name)} int)`,
        );
      }
      const rows = await connection.query(
        "SELECT relname::text AS n FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
      );
      expect(rows.map((row) => row["n"]).sort()).toEqual([...nasty].sort());
    }));
});

describe("literal", () => {
  it("gives back the value", () =>
    onServer(async (connection) => {
      const values: readonly (readonly [unknown, string, string | null])[] = [
        ['it\'s \\ "ü" 💥 $$ %s', "text", 'it\'s \\ "ü" 💥 $$ %s'],
        ["", "text", ""],
        [null, "text", null],
        [true, "boolean", "true"],
        [-1.5e-7, "float8", "-1.5e-07"],
        [-0, "int", "0"],
        [Number.NaN, "float8", "NaN"],
        [Number.NEGATIVE_INFINITY, "float8", "-Infinity"],
        [-9223372036854775808n, "int8", "-9223372036854775808"],
        [new Date("2026-11-21T05:30:00.123Z"), "timestamptz", "2026-11-21 05:30:00.123+00"],
        [new Date("-000043-03-15T00:00:00Z"), "timestamptz", "0044-03-15 00:00:00+00 BC"],
        [new Date("+012026-01-01T00:00:00Z"), "timestamptz", "12026-01-01 00:00:00+00"],
        [new Uint8Array([0, 255, 39]), "bytea", "\\x00ff27"],
        [
          { a: "it's", b: [1, null], big: 12345678901234567890n },
          "jsonb",
          `{"a": "it's", "b": [1, null], "big": 12345678901234567890}`,
        ],
        [["a"], "jsonb", '["a"]'],
      ];
      await connection.run("SET timezone = 'UTC'");
      for (const [value, type, expected] of values) {
        const [row] = await connection.query(`SELECT (${literal(value)}::${type})::text AS v`);
        expect(row?.["v"], literal(value)).toBe(expected);
      }
    }));

  it("refuses what SQL cannot hold", () => {
    for (const value of [undefined, () => 1, Symbol("x"), new Date(Number.NaN), "a\0b"]) {
      expect(() => literal(value)).toThrow(AludelError);
    }
  });
});

describe("names that the engine makes", () => {
  it("clips without cutting a character", () => {
    expect(clipBytes("naïve", 3)).toBe("na");
    expect(clipBytes("💥💥", 7)).toBe("💥");
  });

  it("are what the server makes", () =>
    onServer(async (connection) => {
      const long = "t".repeat(60);
      for (const [table, column] of [
        ["t", "a"],
        [long, "b".repeat(50)],
        ["ü".repeat(30), "💥".repeat(12)],
        ["x".repeat(40), "é".repeat(31)],
        ["short", "c".repeat(63)],
      ] as const) {
        await connection.run(
          `CREATE TABLE ${quoteIdentifier(table)} (${quoteIdentifier(column)} int UNIQUE)`,
        );
        const [row] = await connection.query(
          `SELECT conname::text AS n FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'u'`,
          [quoteIdentifier(table)],
        );
        expect(madeName(table, column, "key")).toBe(row?.["n"]);
      }
    }));
});
