import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldName } from "../../../src/dialect/sqlite/parse/tokenize.js";
import { quote } from "../../../src/dialect/sqlite/quote.js";
import { sqlite } from "../../../src/dialect/sqlite/sqlite.js";
import { rowidAlias } from "../../../src/dialect/sqlite/types.js";
import { applyOps } from "../../../src/op/apply.js";
import type { Op, TableOp } from "../../../src/op/op.js";
import {
  column,
  columnType,
  constraintBase,
  defaultTableOptions,
  index,
  indexKey,
  table,
} from "../../../src/schema/build.js";
import { nameKey } from "../../../src/schema/name.js";
import type { Column, Constraint, ForeignKeyAction, Index, Table } from "../../../src/schema/schema.js";
import { database, inspectAll, migrate, named, tableNamed } from "./database.js";

const nasty = [
  'Order "x"',
  "select",
  "naïve ü",
  "a b",
  "rowid",
  "it's",
  "[x]",
  "`y`",
  "a.b",
  "null",
  "x".repeat(70),
  "İ",
  "-- c",
  "/*",
];
const name = fc.oneof(
  fc.constantFrom(...nasty),
  fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).filter((text) => !text.includes("\0")),
);
const tableName = name.filter((text) => !foldName(text).startsWith("sqlite_"));
const names = fc.uniqueArray(name, { minLength: 2, maxLength: 6, selector: foldName });

const defaults = fc.constantFrom(
  "'x''y'",
  "-1.5",
  "7",
  "x'00ff'",
  "CURRENT_TIMESTAMP",
  "abs(-1)",
  "'-- no'",
  "TRUE",
  "1 + 1",
);
const conflict = fc.constantFrom("rollback", "fail", "ignore", "replace", null);
const action = fc.constantFrom<ForeignKeyAction>(
  "no action",
  "cascade",
  "set null",
  "set default",
  "restrict",
);
const collation = fc.constantFrom(null, "NOCASE", "RTRIM");

function columns(given: readonly string[], strict: boolean): fc.Arbitrary<readonly Column[]> {
  const types = strict
    ? fc.constantFrom(columnType("TEXT"), columnType("ANY"), columnType("INTEGER"))
    : fc.constantFrom(
        columnType("TEXT"),
        columnType("VARCHAR", ["20"]),
        columnType("INTEGER"),
        columnType("DECIMAL", ["10", "-2"]),
        columnType(""),
        columnType("Weird Type"),
        columnType("check"),
      );
  return fc.tuple(
    ...given.map((one, at) =>
      fc
        .record({
          type: types,
          nullable: fc.boolean(),
          default: fc.option(defaults),
          collate: collation,
          notNull: fc.option(conflict),
          generated: fc.constantFrom(null, null, null, "stored", "virtual"),
        })
        .map((pick): Column => {
          const base = {
            nullable: pick.nullable,
            collation: pick.collate === null ? null : named(pick.collate),
          };
          // The first two columns are never generated, so that there is something to insert and to compute from.
          if (pick.generated !== null && at > 1) {
            const expression = `length(${quote(given[0] ?? "")}) + 1`;
            return column(one, strict ? columnType("ANY") : pick.type, {
              ...base,
              nullable: true,
              generated: { expression, storage: pick.generated },
            });
          }
          const said =
            pick.nullable || pick.notNull === null
              ? {}
              : { notNull: { name: "nn", onConflict: pick.notNull } };
          return column(one, pick.type, { ...base, default: pick.default, ...said });
        }),
    ),
  );
}

function constraints(given: readonly Column[], own: string): fc.Arbitrary<readonly Constraint[]> {
  const plain = given.filter((one) => one.generated === null).map((one) => one.name);
  const some = fc.subarray(plain, { minLength: 1, maxLength: Math.min(3, plain.length) });
  const named = fc.option(name);
  const ordering = fc.record({
    order: fc.constantFrom("asc" as const, "desc" as const),
    collation: fc.constantFrom(null, null, "NOCASE"),
  });
  const keyed = fc
    .tuple(named, some, conflict, fc.boolean(), fc.array(ordering, { minLength: 3, maxLength: 3 }))
    .map(([called, listed, resolution, ordered, orderings]) => {
      const used = orderings.slice(0, listed.length);
      const isPlain = !ordered || used.every((one) => one.order === "asc" && one.collation === null);
      return {
        ...constraintBase(called),
        columns: listed,
        include: [],
        deferral: "immediate" as const,
        ...(resolution === null ? {} : { onConflict: resolution as "fail" }),
        ...(isPlain ? {} : { orderings: used }),
      };
    });
  const unique = keyed.map((key): Constraint => ({ ...key, kind: "unique", nullsNotDistinct: false }));
  const primary = fc.tuple(keyed, fc.boolean()).map(([key, counts]): Constraint => {
    const { orderings, ...rest } = key;
    const [first] = key.columns;
    const only = given.find((one) => one.name === first);
    const isInteger = key.columns.length === 1 && only?.type.name === "INTEGER";
    // A single INTEGER key is the rowid: it has no order, and it alone can have AUTOINCREMENT.
    const base = { ...rest, kind: "primary-key" as const, autoincrement: isInteger && counts };
    return isInteger || orderings === undefined ? base : { ...base, orderings };
  });
  const check = fc.tuple(named, fc.constantFrom(...plain)).map(
    ([called, one]): Constraint => ({
      ...constraintBase(called),
      kind: "check",
      expression: `typeof(${quote(one)}) <> 'x'')' /* why */ AND 1`,
      noInherit: false,
      validated: true,
    }),
  );
  const foreign = fc
    .tuple(
      named,
      fc.constantFrom(...plain),
      action,
      action,
      fc.constantFrom("immediate", "deferrable", "deferred"),
      fc.boolean(),
    )
    .map(
      ([called, one, onDelete, onUpdate, deferral, self]): Constraint => ({
        ...constraintBase(called),
        kind: "foreign-key",
        columns: [one],
        references: {
          table: { namespace: null, name: self ? own : "elsewhere" },
          columns: self ? [one] : ["x"],
        },
        onDelete,
        onUpdate,
        match: "simple",
        deferral: deferral as "deferred",
        validated: true,
      }),
    );
  return fc
    .tuple(fc.option(primary), fc.array(fc.oneof(unique, check, foreign), { maxLength: 4 }))
    .map(([key, rest]) => {
      const seen = new Set<string>();
      return [...(key === null ? [] : [key]), ...rest].filter((one) => {
        if (one.name === null) return true;
        if (seen.has(one.name)) return false;
        seen.add(one.name);
        return true;
      });
    });
}

function indexes(given: readonly Column[]): fc.Arbitrary<readonly Index[]> {
  const keys = fc.constantFrom(...given).chain((one) =>
    fc
      .record({
        order: fc.constantFrom("asc" as const, "desc" as const),
        collate: fc.constantFrom(null, "RTRIM", "BINARY"),
        isExpression: fc.boolean(),
      })
      .map((pick) =>
        indexKey(pick.isExpression ? { expression: `${quote(one.name)} || ')'` } : { column: one.name }, {
          order: pick.order,
          collation: pick.collate === null ? null : named(pick.collate),
        }),
      ),
  );
  const where = fc.option(fc.constantFrom(...given).map((one) => `${quote(one.name)} IS NOT NULL`));
  return fc
    .uniqueArray(tableName, { maxLength: 2, selector: foldName })
    .chain((called) =>
      fc.tuple(
        ...called.map((one) =>
          fc
            .tuple(fc.array(keys, { minLength: 1, maxLength: 3 }), where)
            .map(([list, when]) => index(one, list, { where: when })),
        ),
      ),
    );
}

const tables: fc.Arbitrary<Table> = fc
  .tuple(tableName, names, fc.boolean(), fc.boolean())
  .chain(([own, listed, strict, withoutRowid]) =>
    columns(listed, strict).chain((made) =>
      fc.tuple(constraints(made, own), indexes(made)).map(([all, built]) => {
        const hasKey = all.some((one) => one.kind === "primary-key" && !one.autoincrement);
        const options = { ...defaultTableOptions, strict, withoutRowid: withoutRowid && hasKey };
        const free = built.filter(
          (one) => foldName(one.name) !== foldName(own) && foldName(one.name) !== "elsewhere",
        );
        return table(own, { columns: made, constraints: all, indexes: free, options });
      }),
    ),
  )
  .filter((one) => foldName(one.name) !== "elsewhere");

function comparable({ origin: _, ...one }: Table) {
  const keyOf = (item: object) => JSON.stringify(Object.entries(item).sort());
  const sorted = <T extends object>(items: readonly T[]) =>
    items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return { ...one, constraints: sorted(one.constraints), indexes: sorted(one.indexes) };
}

function createOps(one: Table): readonly Op[] {
  return [
    { kind: "create-table", table: { ...one, indexes: [] } },
    ...one.indexes.map((each): Op => ({ kind: "create-index", table: named(one.name), index: each })),
  ];
}

async function made(one: Table) {
  const db = await database("CREATE TABLE elsewhere (x PRIMARY KEY)");
  try {
    await migrate(db, createOps(one), null, false);
  } catch (error) {
    // Two keys on the same columns must agree about it: SQLite says so, not we.
    fc.pre(!/conflicting ON CONFLICT/.test(String(error)));
    throw error;
  }
  return db;
}

/** Given by `npm run fuzz`. */
const seed = process.env["FUZZ_SEED"];
const runs = {
  numRuns: Number(process.env["FUZZ_RUNS"] ?? 60),
  ...(seed === undefined ? {} : { seed: Number(seed) }),
};

describe("any table", () => {
  it("is inspected as it was made", async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (one) => {
        const db = await made(one);
        expect(comparable(await tableNamed(db, one.name))).toEqual(comparable(sqlite.normalize.table(one)));
        await db.close();
      }),
      runs,
    );
  });

  it("is rebuilt with its rows, and is what the ops say", async () => {
    const changes = fc.record({ renamed: name, added: name, at: fc.nat(), order: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(tables, changes, async (one, { renamed, added, at, order }) => {
        const db = await made(one);
        await db.run("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
        const plain = one.columns.filter((each) => each.generated === null).map((each) => each.name);
        for (const value of ["1", "2", "3"]) {
          const into = plain.map(quote).join(", ");
          await db.query(
            `INSERT OR IGNORE INTO ${quote(one.name)} (${into}) VALUES (${plain.map(() => value).join(", ")})`,
          );
        }
        await db.run(
          `DELETE FROM ${quote(one.name)} WHERE ${quote(plain[0] ?? "")} = 2; DELETE FROM ${quote(one.name)} WHERE ${quote(plain[0] ?? "")} = '2'`,
        );
        const target = named(one.name);
        const from = plain[at % plain.length] ?? "";
        const taken = new Set(one.columns.map((each) => foldName(each.name)));
        const rename: TableOp = { kind: "rename-column", table: target, column: from, to: renamed };
        const add: TableOp = {
          kind: "add-column",
          table: target,
          column: column(added, columnType("INTEGER"), { default: "3 + 4" }),
        };
        const canRename = !taken.has(foldName(renamed)) && foldName(renamed) !== foldName(added);
        const ops = [...(taken.has(foldName(added)) ? [] : [add]), ...(canRename ? [rename] : [])];
        const final = (each: string) => (canRename && each === from ? renamed : each);
        const touched = final(plain.at(-1) ?? "");
        const alter: TableOp = {
          kind: "alter-column",
          table: target,
          column: touched,
          changes: { default: "5" },
        };
        const batch: Op = { kind: "batch-alter-table", name: target, ops: order ? [...ops, alter] : ops };
        const before = await inspectAll(db);
        const shown = (list: readonly string[]) => list.map(quote).join(", ");
        const isRowid =
          !one.options.withoutRowid && !one.columns.some((each) => foldName(each.name) === "_rowid_");
        const rowid = isRowid ? "_rowid_, " : "";
        const values = async (list: readonly string[]) =>
          (
            await db.query(
              `SELECT json_array(${rowid}${shown(list)}) AS j FROM ${quote(one.name)} ORDER BY 1`,
            )
          ).map((row) => row["j"]);
        const old = await values(plain);
        await migrate(db, [batch], null, false);
        await db.run("PRAGMA foreign_keys = OFF");
        expect(await values(plain.map(final))).toEqual(old);
        const expected = applyOps(before, [batch]).tables.get(nameKey(one));
        const now = await tableNamed(db, one.name);
        expect(expected).toBeDefined();
        if (expected !== undefined)
          expect(comparable(now)).toEqual(comparable(sqlite.normalize.table(expected)));
        expect(rowidAlias(now)).toBe(rowidAlias(one) === null ? null : final(rowidAlias(one) ?? ""));
        await db.close();
      }),
      runs,
    );
  });
});
