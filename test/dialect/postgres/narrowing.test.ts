import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import { postgres } from "../../../src/dialect/postgres/postgres.js";
import { table } from "../../../src/schema/build.js";
import { createTestDatabase } from "../../server/postgres-server.js";

let connection: Connection;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await createTestDatabase();
  connection = await postgres.connect(database.url, { directory: "/" });
  drop = database.drop;
});
afterAll(async () => {
  await connection.close();
  await drop();
});

const column = 'Val "ü"';

function narrowing(from: string, to: string, version: number) {
  const types = { from: postgres.parseType(from), to: postgres.parseType(to) };
  return postgres.narrowing({ table: table("t", { columns: [] }), column, ...types }, version);
}

describe("values that a narrower type refuses or changes", () => {
  test.each<[from: string, to: string, lost: string, kept: string]>([
    ["text", "varchar(3)", "'abcd'", "'naï'"],
    ["varchar(9)", "varchar(3)", "'abcd'", "'abc'"],
    ["integer", "varchar(3)", "12345", "123"],
    ["text", "char(2)", "'abc'", "'ab'"],
    ["bigint", "integer", "2147483648", "-2147483648"],
    ["integer", "smallint", "-32769", "32767"],
    ["numeric", "integer", "1.5", "2.0"],
    ["double precision", "bigint", "1e19", "1e15"],
    ["double precision", "integer", "'NaN'", "7"],
    ["numeric", "numeric(5,2)", "999.995", "-999.99"],
    ["numeric(8,2)", "numeric(8,1)", "0.25", "0.50"],
    ["bigint", "numeric(4,2)", "100", "99"],
    ["bigint", "numeric(4,-2)", "150", "999900"],
    ["bigint", "double precision", "9007199254740993", "9007199254740992"],
    ["double precision", "real", "0.1", "0.5"],
    ["timestamp", "date", "'2026-11-21 10:00'", "'2026-11-21'"],
    ["timestamptz", "timestamptz(0)", "'2026-11-21 10:00:00.5Z'", "'2026-11-21 10:00:00Z'"],
    ["text", "integer", "'1x'", "' 12 '"],
    ["text", "uuid", "'x'", "'6dd7cbab-d9a2-4d3f-9a43-b0d8fd9e2b2b'"],
  ])("%s to %s: %s, and not %s", async (from, to, lost, kept) => {
    const refuses = narrowing(from, to, connection.server.version)?.refuses;
    if (connection.server.version < 160_000 && refuses === null) return;
    const name = postgres.quote(column);
    const rows = await connection.query(
      `SELECT ${refuses} AS refused FROM (VALUES (1, ${lost}::${from}), (2, ${kept}), (3, NULL)) AS t (id, ${name}) ORDER BY id`,
    );
    expect(rows.map(({ refused }) => refused)).toEqual([true, false, null]);
  });

  test.each([
    ["varchar(9)", "text"],
    ["integer", "text"],
    ["integer", "bigint"],
    ["varchar(3)", "varchar(9)"],
    ["json", "jsonb"],
    ["date", "timestamptz"],
    ["integer", "double precision"],
    ["text", "citext"],
  ])("%s to %s takes every value", (from, to) => {
    expect(narrowing(from, to, 180_000)).toBeNull();
  });

  test.each([
    ["text", "integer"],
    ["integer", "mood"],
    ["text[]", "integer[]"],
    ["bytea", "uuid"],
  ])("of %s to %s nobody can tell from outside, before version 16", (from, to) => {
    expect(narrowing(from, to, 150_000)).toEqual({ refuses: null });
  });
});

test("which rows hold a value of an enum", async () => {
  const column = (name: string, type: string) =>
    postgres.normalize.column({
      ...{ name, type: postgres.parseType(type), nullable: true, default: null, identity: null },
      ...{ generated: null, collation: null, comment: null },
    });
  const plain = postgres.holdsEnumValue?.(column("m", "mood"), "it's");
  const list = postgres.holdsEnumValue?.(column("l", "mood[]"), "it's");
  await connection.run(`CREATE TYPE mood AS ENUM ('sad', 'it''s');
    CREATE TEMP TABLE t (id int, m mood, l mood[]);
    INSERT INTO t VALUES (1, 'sad', '{it''s}'), (2, 'it''s', '{{sad,sad},{sad,it''s}}'), (3, NULL, '{}')`);
  const rows = await connection.query(`SELECT ${plain} AS plain, ${list} AS list FROM t ORDER BY id`);
  expect(rows.map(({ plain, list }) => [plain, list])).toEqual([
    [false, true],
    [true, true],
    [null, false],
  ]);
});
