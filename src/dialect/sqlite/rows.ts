import type { AludelError } from "../../error/error.js";
import type { Column, Expression, Table } from "../../schema/schema.js";
import type { Connection } from "../connection.js";
import { type Refusal, type RefusalKind, type RowDialect, storedColumns, type Values } from "../rows.js";
import { foldName } from "./parse/tokenize.js";
import { literal, quote, quoteName } from "./quote.js";
import { affinity, rowidAlias } from "./types.js";

/** How SQLite's rows are made and read for the proof. */
export const rows: RowDialect = {
  valuesOf: async () => (table, column) => ({
    ...valuesOf(table, column),
    isMadeByEngine: rowidAlias(table) === column.name,
  }),

  insert(table, columns, values, first) {
    const into = quoteName(table);
    const rowid = hiddenRowid(table);
    if (columns.length === 0 && rowid === null) return `INSERT INTO ${into} DEFAULT VALUES`;
    // With gaps, so that rows which are numbered anew do not look the same.
    const list = values.map((row, at) => {
      const own = rowid === null ? [] : [String((first + at) * 3 + 2)];
      return `(${[...own, ...row].join(", ")})`;
    });
    const names = [...(rowid === null ? [] : [rowid]), ...columns.map(quote)];
    return `INSERT INTO ${into} (${names.join(", ")}) VALUES ${list.join(", ")}`;
  },

  read(table) {
    const rowid = hiddenRowid(table);
    const stored = storedColumns(table).map(({ name }) => name);
    const columns = [...stored.map(quote), ...(rowid === null ? [] : [rowid])];
    const list = columns.map((name, at) => `quote(${name}) AS c${at}`).join(", ");
    return {
      sql: `SELECT ${list} FROM ${quoteName(table)}`,
      columns: [...stored, ...(rowid === null ? [] : ["rowid"])],
    };
  },

  // It was read as a literal.
  readLiteral: (text) => text ?? "NULL",
  asText: (column) => `quote(${quote(column)})`,
  refusal,
  settings: { before: null, after: null },
  withoutTriggers: null,
  deferred: { before: "BEGIN; PRAGMA defer_foreign_keys = ON", after: "COMMIT", undo: "ROLLBACK" },
  empty: (tables) =>
    [
      "PRAGMA foreign_keys = OFF",
      ...tables.map((table) => `DELETE FROM ${quoteName(table)}`),
      "PRAGMA foreign_keys = ON",
    ].join(";\n"),
  counters,
  beginSteady: "BEGIN IMMEDIATE",
  async watchWrites(connection) {
    const changes = async () => (await connection.query("SELECT total_changes() AS n"))[0]?.["n"];
    const before = await changes();
    return async () => ((await changes()) === before ? [] : null);
  },
  advanceCounters: async (connection, tables) => {
    const counted = tables.filter((table) =>
      table.constraints.some((one) => one.kind === "primary-key" && one.autoincrement),
    );
    const names = counted.map(({ name }) => literal(name)).join(", ");
    if (counted.length === 0) return;
    await connection.run(`UPDATE sqlite_sequence SET seq = seq + 10 WHERE name IN (${names})`);
  },
};

/** The name under which a rowid that no column is can be written and read; `null` where there is none. */
function hiddenRowid(table: Table): string | null {
  if (table.options.withoutRowid || rowidAlias(table) !== null) return null;
  const isFree = (name: string) => table.columns.every((column) => foldName(column.name) !== name);
  return ["rowid", "_rowid_", "oid"].find(isFree) ?? null;
}

const day = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);

const shapes: readonly unknown[] = [
  ..."a abc ABC x1 12 12345 en EUR a-b a_b A1 - someone@example.org https://example.org/a /a/b".split(" "),
  ..."2026-11-21 12:30 active {} [] #00ff00 0f8fad5b-d9cb-469f-a165-70867728950e".split(" "),
  "two words",
  '{"a":1}',
];
const numbers: readonly number[] = [0, 1, 2, 3, 5, 7, 10, 12, 50, 99, 100, 1000, 2026, -1];

interface Plain {
  readonly ordinary: (n: number) => unknown;
  readonly odd: readonly unknown[];
  readonly pool: readonly unknown[];
  readonly constant: (text: string) => unknown;
}

const number = (text: string): unknown => (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined);
const integer = (text: string): unknown => (/^[+-]?\d{1,18}$/.test(text) ? BigInt(text) : undefined);

const integers: Plain = {
  ordinary: (n) => n + 1,
  odd: [9223372036854775807n, -9223372036854775808n, 0],
  pool: numbers,
  constant: integer,
};

/** Values of a column by what its type's name says, and by the affinity that SQLite gives it. */
function plainValues(table: Table, { type }: Column): Plain {
  const name = type.name.toUpperCase();
  if (/BOOL/.test(name)) {
    return { ordinary: (n) => (n + 1) % 2, odd: [0], pool: [0, 1], constant: integer };
  }
  const textual = /DATE|TIME/.test(name) && (affinity(type) === "TEXT" || !table.options.strict);
  if (textual && affinity(type) !== "INTEGER") {
    const time = /TIME/.test(name) ? " 08:30:00" : "";
    const pool = ["1970-01-01", "2000-02-29", "2100-01-01"].map((text) => text + time);
    return { ordinary: (n) => day(n) + time, odd: [`9999-12-31${time}`], pool, constant: (text) => text };
  }
  switch (affinity(type)) {
    case "INTEGER":
      return integers;
    case "REAL":
      return { ordinary: (n) => n + 1.5, odd: [1e300, -0.25, 0], pool: [...numbers, 0.5], constant: number };
    case "NUMERIC":
      return {
        ordinary: (n) => n + 1,
        odd: [12345678.25, -1, 0],
        pool: [...numbers, 0.5, ...(table.options.strict ? [] : shapes)],
        constant: (text) => number(text) ?? text,
      };
    case "BLOB":
      // Without affinity a value stays what it is: a text of digits is no number.
      return table.options.strict && name === "BLOB"
        ? blobs
        : {
            ...blobs,
            odd: [...blobs.odd, "0012", 12, 1.5],
            pool: [...shapes, ...numbers],
            constant: (text) => text,
          };
    default:
      return {
        ordinary: (n) => `value ${n + 1}`,
        odd: ['it\'s "quoted" \\ naïve ü 語 🜍 %_', "", "0012", "  a\tb\n", "NULL"],
        pool: shapes,
        constant: (text) => text,
      };
  }
}

const blobs: Plain = {
  ordinary: (n) => new Uint8Array([0, n % 256, 255]),
  odd: [new Uint8Array([]), new Uint8Array([0, 39, 34])],
  pool: [new Uint8Array([1])],
  constant: () => undefined,
};

function valuesOf(table: Table, column: Column): Omit<Values, "isMadeByEngine"> {
  const plain = plainValues(table, column);
  const isText = affinity(column.type) === "TEXT";
  return {
    ordinary: (n) => literal(plain.ordinary(n)),
    odd: plain.odd.map(literal),
    pool: plain.pool.map(literal),
    constant: (text): Expression | null => {
      const value = plain.constant(text);
      return value === undefined ? null : literal(value);
    },
    ofLength: (length) =>
      isText && length <= 2_000 ? ["x", "1", "A"].map((letter) => literal(letter.repeat(length))) : [],
    refusesNull: false,
    cast: null,
  };
}

const messages: readonly (readonly [RegExp, RefusalKind])[] = [
  [/^NOT NULL constraint failed: (.*)$/s, "null"],
  [/^Cannot add a NOT NULL column with default value NULL()$/, "null"],
  [/^UNIQUE constraint failed: (.*)$/s, "duplicate"],
  [/^CHECK constraint failed: (.*)$/s, "check"],
  [/^(?:FOREIGN KEY )?constraint failed()$/, "reference"],
  [/^cannot store .* value in .* column (.*)$/s, "unfit"],
  [/^datatype mismatch()$/, "unfit"],
];

/** What SQLite says about rows it has no codes for: its messages name the columns or the constraint. */
function refusal(error: AludelError): Refusal | null {
  const nothing = { constraint: null, table: null, columns: [], isLate: false };
  if (error.code === "foreign-key-violation") {
    const table = /^(.*?)(?: row -?\d+)? points at a row that /s.exec(error.details[0] ?? "")?.[1] ?? null;
    return { ...nothing, kind: "reference", table, isLate: true };
  }
  for (const [pattern, kind] of messages) {
    const said = pattern.exec(error.message);
    if (said === null) continue;
    const what = said[1] ?? "";
    if (kind === "check") return { ...nothing, kind, constraint: what };
    const members = what === "" ? [] : what.split(", ");
    const first = members[0]?.split(".") ?? [];
    return {
      kind,
      constraint: null,
      table: first.length > 1 ? (first[0] ?? null) : null,
      columns: members.map((member) => member.slice(member.lastIndexOf(".") + 1)),
      isLate: false,
    };
  }
  return null;
}

async function counters(connection: Connection): Promise<ReadonlyMap<string, bigint>> {
  const kept = await connection.query("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'");
  if (kept.length === 0) return new Map();
  const found = await connection.query("SELECT name, CAST(seq AS TEXT) AS seq FROM sqlite_sequence");
  return new Map(found.map(({ name, seq }) => [String(name), BigInt(String(seq))]));
}
