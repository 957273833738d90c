import { describe, expect, it } from "vitest";
import { formatType, normalizeType, parseType } from "../../../src/dialect/postgres/types.js";
import { AludelError } from "../../../src/error/error.js";
import { columnType } from "../../../src/schema/build.js";
import { onServer } from "./database.js";

/** Written in a column definition → what `format_type` prints. */
const spellings: readonly (readonly [string, string])[] = [
  ["int", "integer"],
  ["INT4", "integer"],
  ["int8", "bigint"],
  ["smallint", "smallint"],
  ["int2[]", "smallint[]"],
  ["float", "double precision"],
  ["float(24)", "real"],
  ["float(25)", "double precision"],
  ["float8", "double precision"],
  ["double   precision", "double precision"],
  ["bool", "boolean"],
  ["varchar", "character varying"],
  ["varchar(20)", "character varying(20)"],
  ["character varying ( 20 )", "character varying(20)"],
  ["char", "character(1)"],
  ["char(7)", "character(7)"],
  ["nchar(7)", "character(7)"],
  ["national character varying(3)", "character varying(3)"],
  ["bpchar", "bpchar"],
  ["bpchar(5)", "character(5)"],
  ['"char"', '"char"'],
  ["pg_catalog.int4", "integer"],
  ['pg_catalog."char"', '"char"'],
  ["decimal", "numeric"],
  ["dec(5)", "numeric(5,0)"],
  ["numeric(10, 2)", "numeric(10,2)"],
  ["numeric(3,-2)", "numeric(3,-2)"],
  ["timestamptz", "timestamp with time zone"],
  ["timestamptz(3)", "timestamp(3) with time zone"],
  ["timestamp(3) with time zone", "timestamp(3) with time zone"],
  ["timestamp", "timestamp without time zone"],
  ["timestamp(0)", "timestamp(0) without time zone"],
  ["timetz(2)", "time(2) with time zone"],
  ["time", "time without time zone"],
  ["interval", "interval"],
  ["interval(3)", "interval(3)"],
  ["interval day to second(3)", "interval day to second(3)"],
  ["interval YEAR TO MONTH", "interval year to month"],
  ["bit", "bit(1)"],
  ["bit(3)", "bit(3)"],
  ["varbit(3)", "bit varying(3)"],
  ["bit varying", "bit varying"],
  ["text", "text"],
  ["uuid", "uuid"],
  ["jsonb", "jsonb"],
  ["int[]", "integer[]"],
  ["integer ARRAY", "integer[]"],
  ["integer ARRAY[4]", "integer[]"],
  ["varchar(5)[]", "character varying(5)[]"],
  ["timestamptz(3)[]", "timestamp(3) with time zone[]"],
  ["int4multirange", "int4multirange"],
  ['"Mood"', '"Mood"'],
  ["mood", "mood"],
  ["MOOD[]", "mood[]"],
  ['"naïve ü"."Order ""x"""', '"naïve ü"."Order ""x"""'],
  ['"integer"', '"integer"'],
  ['"int4"', "integer"],
];

describe("types", () => {
  it("are canonical as the server prints them, and the text that is written is read as the same", () =>
    onServer(async (connection) => {
      await connection.run(`CREATE TYPE mood AS ENUM (); CREATE TYPE "Mood" AS ENUM (); CREATE TYPE "integer" AS ENUM ();
        CREATE SCHEMA "naïve ü"; CREATE TYPE "naïve ü"."Order ""x""" AS ENUM ()`);
      for (const [written, canonical] of spellings) {
        await connection.run(
          `CREATE TABLE t (c ${written}); CREATE TABLE u (c ${formatType(parseType(written))})`,
        );
        const rows = await connection.query(`SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
          WHERE attrelid IN ('t'::regclass, 'u'::regclass) AND attname = 'c'`);
        expect(
          rows.map((row) => row["type"]),
          written,
        ).toEqual([canonical, canonical]);
        expect(parseType(canonical), written).toEqual({
          ...parseType(written),
          dimensions: parseType(canonical).dimensions,
        });
        expect(normalizeType(parseType(written))).toEqual(parseType(written));
        await connection.run("DROP TABLE t, u");
      }
    }));

  it("are taken apart", () => {
    expect(parseType("int[3][]")).toEqual(columnType("integer", [], 2));
    expect(parseType("geometry(Point,4326)")).toEqual(columnType("geometry", ["Point", "4326"]));
    expect(formatType(parseType("extensions.vector(1536)[]"))).toBe('"extensions"."vector"(1536)[]');
    expect(parseType("timestamp (3) with time zone")).toEqual(columnType("timestamp with time zone", ["3"]));
    expect(parseType("serial8")).toEqual(columnType("bigserial"));
    expect(formatType(columnType("serial"))).toBe("serial");
    expect(normalizeType(columnType("constructor"))).toEqual(columnType("constructor"));
  });

  it("leaves a type of the user's that is called like one of the engine's with a capital", () => {
    expect(normalizeType(columnType("Text"))).toEqual(columnType("Text"));
    expect(formatType(columnType("Text"))).toBe('"Text"');
  });

  it.each([
    "",
    "int(",
    "int)",
    "int[",
    "a.b.c",
    "int; drop table t",
    "text text",
    "'x'",
    "numeric()",
    "varchar(1,)",
  ])("refuses %j", (text) => {
    expect(() => parseType(text)).toThrow(AludelError);
  });
});
