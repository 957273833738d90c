import { describe, expect, test } from "vitest";
import type { DiffOptions } from "../../src/diff/contract.js";
import { diff, diffWithEngine } from "../../src/diff/diff.js";
import { applyOps, describeOp } from "../../src/op/apply.js";
import type { Op } from "../../src/op/op.js";
import {
  column,
  columnType,
  defaultSequenceOptions,
  index,
  indexKey,
  table,
} from "../../src/schema/build.js";
import type { Column, Schema, Table } from "../../src/schema/schema.js";
import { slotOf } from "../../src/schema/slot.js";
import {
  check,
  enumOf,
  foreignKey,
  integer,
  mood,
  named,
  persons,
  policy,
  primaryKey,
  schemaOf,
  sequence,
  shop,
  text,
  unique,
  view,
} from "../op/model.js";

const options: DiffOptions = {
  sameExpression: (a, b) => a.replace(/\s/g, "") === b.replace(/\s/g, ""),
  castExpression: (name, type) => `CAST("${name}" AS ${type.name})`,
};

function lines(from: Schema, to: Schema, more: Partial<DiffOptions> = {}): readonly string[] {
  return diff(from, to, { ...options, ...more }).ops.map(describeOp);
}

/** `shop` with one table changed. */
function shopWith(change: Partial<Table>): Schema {
  return { ...shop, tables: new Map(shop.tables).set("persons", { ...persons, ...change }) };
}

function withColumn(name: string, properties: Partial<Table["columns"][number]>): Schema {
  const columns = persons.columns.map((one) => (one.name === name ? { ...one, ...properties } : one));
  return shopWith({ columns });
}

const empty = schemaOf({});

describe("everything new and everything gone", () => {
  test("makes what others need first", () => {
    expect(lines(empty, shop)).toEqual([
      "create schema billing",
      "create extension pg_trgm",
      "create enum mood",
      "create sequence persons_id_seq",
      "create sequence free",
      "create table persons",
      'create table Order "x"',
      "create table billing.invoices",
      "alter sequence persons_id_seq",
      "create index ix_email on persons",
      "create index ix_feeling on persons",
      "create view adults",
      "create materialized view cached",
      "create index ix_cached on cached",
      "create policy own on persons",
    ]);
  });

  test("drops what others need last", () => {
    expect(lines(shop, empty)).toEqual([
      "drop materialized view cached",
      "drop view adults",
      "drop table billing.invoices",
      'drop table Order "x"',
      "drop table persons",
      "drop sequence free",
      "drop enum mood",
      "drop extension pg_trgm",
      "drop schema billing",
    ]);
  });

  test("tables come after those they point at, and circles are broken", () => {
    const one = (name: string, to: string) =>
      table(name, {
        columns: [column("id", integer, { nullable: false }), column("ref", integer)],
        constraints: [primaryKey(`${name}_pk`, "id"), foreignKey(`${name}_fk`, ["ref"], named(to), ["id"])],
      });
    const to = schemaOf({ tables: [one("a", "b"), one("b", "c"), one("c", "a"), one("self", "self")] });
    expect(lines(empty, to)).toEqual([
      "create table c",
      "create table b",
      "create table a",
      "create table self",
      "add foreign key c_fk to c",
    ]);
    expect(lines(to, empty)).toEqual([
      "drop constraint c_fk of c",
      "drop table self",
      "drop table a",
      "drop table b",
      "drop table c",
    ]);
    const forward = lines(empty, to, { can: { forwardReferences: true } });
    expect(forward).toHaveLength(4);
  });

  test("a foreign key to a column that is made anew is added after it", () => {
    const computed = column("b", integer, { generated: { expression: "a", storage: "stored" } });
    const from = schemaOf({ tables: [table("t", { columns: [column("a", integer), computed] })] });
    const target = table("t", {
      columns: [column("b", integer, { nullable: false })],
      constraints: [primaryKey("pk", "b")],
    });
    const source = table("s", {
      columns: [column("t_b", integer)],
      constraints: [foreignKey("fk", ["t_b"], named("t"), ["b"])],
    });
    const to = schemaOf({ tables: [target, source] });
    expect(lines(from, to, { can: { forwardReferences: true } }).at(-1)).toBe("add foreign key fk to s");
  });

  test("a foreign key to what only a unique index makes unique waits for the index", () => {
    const target = table("a", {
      columns: [column("code", text)],
      indexes: [index("ux", [indexKey({ column: "code" })], { unique: true })],
    });
    const source = table("b", {
      columns: [column("a_code", text)],
      constraints: [foreignKey("fk", ["a_code"], named("a"), ["code"])],
    });
    expect(lines(empty, schemaOf({ tables: [source, target] }))).toEqual([
      "create table a",
      "create table b",
      "create unique index ux on a",
      "add foreign key fk to b",
    ]);
  });

  test("what is new may have the name of what goes", () => {
    const from = schemaOf({ tables: [table("x", { columns: [column("a", integer)] })] });
    const to = schemaOf({
      tables: [table("y", { columns: [column("b", text)] })],
      views: [view("x", "SELECT b FROM y")],
    });
    expect(lines(from, to)).toEqual(["drop table x", "create table y", "create view x"]);
    expect(lines(to, from)).toEqual(["drop view x", "create table x", "drop table y"]);
  });
});

describe("no difference", () => {
  test("order, wishes about building, versions left open", () => {
    const to = shopWith({
      columns: persons.columns.toReversed(),
      constraints: persons.constraints.toReversed(),
      indexes: persons.indexes.toReversed().map((one) => ({ ...one, concurrently: true })),
    });
    const extensions = new Map([["pg_trgm", { name: "pg_trgm", namespace: null, version: "1.6" }]]);
    expect(lines(shop, { ...to, extensions })).toEqual([]);
  });

  test("names that nobody chose", () => {
    const nobodys = shopWith({ constraints: [{ ...primaryKey("persons_pk", "id"), implicitName: true }] });
    const chosen = shopWith({ constraints: [primaryKey("other", "id")] });
    expect(lines(chosen, nobodys)).toEqual([]);
    expect(lines(nobodys, chosen)).toEqual(["rename constraint persons_pk of persons to other"]);
    expect(
      lines(shopWith({ constraints: [unique(null, "id")] }), shopWith({ constraints: [unique("u", "id")] })),
    ).toEqual([]);
  });

  test("comments, where the engine has none", () => {
    expect(lines(shop, withColumn("age", { comment: "other" }), { can: { comments: false } })).toEqual([]);
  });
});

describe("columns", () => {
  test("all that changes in a column is one op", () => {
    const to = withColumn("age", {
      type: columnType("bigint"),
      nullable: false,
      default: "1",
      comment: null,
    });
    const { ops, warnings } = diff(shop, to, options);
    expect(ops).toContainEqual({
      kind: "alter-column",
      table: named("persons"),
      column: "age",
      changes: { type: columnType("bigint"), nullable: false, default: "1" },
    });
    expect(ops.at(-1)).toMatchObject({ kind: "set-comment", comment: null });
    expect(warnings).toContainEqual(
      "Column persons.age becomes NOT NULL: this fails when rows have NULL in it.",
    );
  });

  test("who fills NULLs with the new default is not warned about them", () => {
    const warnings = (changes: Partial<Column>, fillsNulls: boolean) =>
      diff(shop, withColumn("age", { nullable: false, ...changes }), { ...options, can: { fillsNulls } })
        .warnings;
    const warned = ["Column persons.age becomes NOT NULL: this fails when rows have NULL in it."];
    expect(warnings({ default: "1" }, true)).toEqual([]);
    expect(warnings({ default: "1" }, false)).toEqual(warned);
    expect(warnings({ default: "(NULL)" }, true)).toEqual(warned);
    expect(warnings({}, true)).toEqual(warned);
  });

  test("a plain column that becomes a generated one goes when the others have come", () => {
    const from = schemaOf({ tables: [table("t", { columns: [column("a", integer)] })] });
    const computed = column("a", integer, { generated: { expression: "b", storage: "stored" } });
    const to = schemaOf({ tables: [table("t", { columns: [column("b", integer), computed] })] });
    expect(lines(from, to)).toEqual(["add column t.b", "drop column t.a", "add column t.a"]);
  });

  test("what stands on a column goes before its type changes and comes back after", () => {
    expect(lines(shop, withColumn("age", { type: columnType("bigint") }))).toEqual([
      "drop materialized view cached",
      "drop view adults",
      "drop policy own of persons",
      "drop column persons.double age",
      "alter column persons.age: type bigint",
      "add column persons.double age",
      "create view adults",
      "create materialized view cached",
      "create index ix_cached on cached",
      "create policy own on persons",
    ]);
  });

  test("a cast is written only where the engine would not do it", () => {
    const changes = (type: ReturnType<typeof columnType>) => {
      const { ops } = diff(shop, withColumn("email", { type }), options);
      return ops.find((op) => op.kind === "alter-column")?.changes;
    };
    expect(changes(text)).toEqual({ type: text });
    expect(changes(columnType("character varying", ["5"]))).not.toHaveProperty("using");
    expect(changes(integer)).toEqual({ type: integer, using: 'CAST("email" AS integer)' });
  });

  test("a default goes along with a conversion, which it would be in the way of", () => {
    const from = schemaOf({ tables: [table("t", { columns: [column("a", text, { default: "'1'" })] })] });
    const to = schemaOf({ tables: [table("t", { columns: [column("a", integer, { default: "1" })] })] });
    const same = schemaOf({ tables: [table("t", { columns: [column("a", integer, { default: "'1'" })] })] });
    for (const after of [to, same]) {
      const byDefault = after.tables.get("t")?.columns[0]?.default;
      expect(diff(from, after, options).ops).toMatchObject([{ changes: { default: byDefault } }]);
    }
  });

  test("what computes values differently is made anew, and a person is told", () => {
    const to = withColumn("double age", { generated: { expression: "age * 3", storage: "stored" } });
    const result = diff(shop, to, options);
    expect(result.ops.map(describeOp)).toContain("drop column persons.double age");
    expect(result.warnings).toEqual([
      "Generated column persons.double age is made anew: its values are computed again.",
    ]);
    expect(lines(shop, withColumn("double age", { generated: null }))).toEqual([
      "alter column persons.double age: not generated",
    ]);
    const become = diff(
      shop,
      withColumn("age", { generated: { expression: "1", storage: "stored" } }),
      options,
    );
    expect(become.warnings[0]).toContain("its old values are lost");
  });

  test("a new column without a value for old rows is warned about", () => {
    const to = shopWith({ columns: [...persons.columns, column("phone", text, { nullable: false })] });
    expect(diff(shop, to, options).warnings).toEqual([
      "Column persons.phone is NOT NULL and has no default: adding it fails when the table has rows.",
    ]);
  });

  test("identity, collation and what NOT NULL says", () => {
    const identity = { generation: "always", sequence: defaultSequenceOptions } as const;
    const notNull = { name: "nn", onConflict: "fail" } as const;
    const to = withColumn("email", { identity, collation: named("C"), notNull });
    const changes = { identity, collation: named("C"), notNull };
    expect(diff(shop, to, options).ops).toMatchObject([{ column: "email", changes }]);
    expect(diff(to, shop, options).ops).toMatchObject([
      { changes: { identity: null, collation: null, notNull: null } },
    ]);
  });
});

describe("constraints and indexes", () => {
  test("the same under two chosen names is renamed", () => {
    const to = shopWith({
      constraints: [primaryKey("key", "id"), unique("persons_email_key", "email"), check("of age", "age>18")],
      indexes: persons.indexes.map((one) => ({ ...one, name: `${one.name}_new` })),
    });
    expect(lines(shop, to)).toEqual([
      "rename constraint persons_pkey of persons to key",
      "rename constraint adult of persons to of age",
      "rename index ix_email of persons to ix_email_new",
      "rename index ix_feeling of persons to ix_feeling_new",
    ]);
  });

  test("names that are exchanged are dropped and added", () => {
    const from = shopWith({ constraints: [check("a", "age > 1"), check("b", "age > 2")] });
    const to = shopWith({ constraints: [check("a", "age > 2"), check("b", "age > 1")] });
    expect(lines(from, to).filter((line) => line.startsWith("rename"))).toEqual([]);
    expect(diff(applyOps(from, diff(from, to, options).ops), to, options).ops).toEqual([]);
  });

  test("a foreign key goes before the key it points at, and comes back", () => {
    const to = shopWith({
      constraints: [
        ...persons.constraints.slice(1),
        { ...primaryKey("persons_pkey", "id"), include: ["age"] },
      ],
    });
    expect(lines(shop, to)).toEqual([
      'drop constraint orders_person_fkey of Order "x"',
      "drop constraint persons_pkey of persons",
      "add primary key persons_pkey to persons",
      'add foreign key orders_person_fkey to Order "x"',
    ]);
  });

  test("a foreign key goes before a type on either side is converted", () => {
    const found = lines(shop, withColumn("id", { type: columnType("uuid"), default: null }));
    expect(found).toContain('drop constraint orders_person_fkey of Order "x"');
    expect(found.at(-4)).toBe('add foreign key orders_person_fkey to Order "x"');
  });

  test("a constraint that shall be valid is validated, not made again", () => {
    const from = shopWith({ constraints: [{ ...check("adult", "age > 18"), validated: false }] });
    const to = shopWith({ constraints: [check("adult", "age > 18")] });
    expect(lines(from, to)).toEqual(["validate constraint adult of persons"]);
    expect(lines(to, from)).toHaveLength(2);
  });

  test("only on a table that exists an index is built concurrently", () => {
    const wish = index("wish", [indexKey({ column: "id" })], { concurrently: true });
    const to = shopWith({ indexes: [...persons.indexes, wish] });
    expect(diff(shop, to, options).ops).toMatchObject([{ kind: "create-index", concurrently: true }]);
    const created = diff(empty, to, options).ops.find(
      (op) => op.kind === "create-index" && op.index.name === "wish",
    );
    expect(created).not.toHaveProperty("concurrently");
  });

  test("an index moves to another table under its name", () => {
    const both = (a: readonly string[], b: readonly string[]) => {
      const one = (name: string, names: readonly string[]) =>
        table(name, {
          columns: [column("x", integer)],
          indexes: names.map((each) => index(each, [indexKey({ column: "x" })])),
        });
      return schemaOf({ tables: [one("a", a), one("b", b)] });
    };
    expect(lines(both(["i"], []), both([], ["i"]))).toEqual(["drop index i of a", "create index i on b"]);
    // The name is free only after the drop: to rename to it would fail.
    expect(lines(both(["i"], ["j"]), both([], ["i"]))).toEqual([
      "drop index i of a",
      "drop index j of b",
      "create index i on b",
    ]);
  });

  test("comments", () => {
    const to = shopWith({
      comment: "people",
      constraints: persons.constraints.map((one) => ({ ...one, comment: one.name })),
      indexes: persons.indexes.map((one) => ({ ...one, comment: "fast" })),
      policies: persons.policies.map((one) => ({ ...one, comment: "mine" })),
    });
    const found = diff(shop, to, options).ops;
    expect(found.map(({ kind }) => kind)).toEqual(Array(7).fill("set-comment"));
    expect(diff(applyOps(shop, found), to, options).ops).toEqual([]);
  });
});

describe("enums", () => {
  const values = (...list: string[]): Schema => schemaOf({ enums: [enumOf("mood", ...list)] });
  const changed = (from: readonly string[], to: readonly string[]): readonly Op[] =>
    diff(values(...from), values(...to), options).ops;

  test("added values are added in their places", () => {
    expect(changed(["b", "d"], ["a", "b", "c", "d", "e", "f"])).toMatchObject([
      { value: "a", position: { before: "b" } },
      { value: "c", position: { after: "b" } },
      { value: "e" },
      { value: "f" },
    ]);
    const [, , last] = changed(["b", "d"], ["a", "b", "c", "d", "e"]);
    expect(last).not.toHaveProperty("position");
  });

  test("with values gone or in another order the enum is made anew", () => {
    expect(changed(["a", "b"], ["b", "a"])).toMatchObject([{ kind: "replace-enum-values" }]);
    const { ops, warnings } = diff(values("a", "b"), values("a"), options);
    expect(ops).toMatchObject([{ kind: "replace-enum-values", values: ["a"] }]);
    expect(warnings[0]).toContain("'b' of enum mood");
  });

  test("defaults that change are away while the enum is made anew", () => {
    const one = (byDefault: string | null, ...list: string[]) =>
      schemaOf({
        enums: [enumOf("mood", ...list)],
        tables: [table("t", { columns: [column("m", mood, { default: byDefault })] })],
      });
    expect(diff(one("'a'", "a", "b"), one("'b'", "b"), options).ops).toMatchObject([
      { kind: "alter-column", changes: { default: null } },
      { kind: "replace-enum-values" },
      { kind: "alter-column", changes: { default: "'b'" } },
    ]);
    expect(diff(one("'a'", "a", "b"), one(null, "b"), options).ops).toHaveLength(2);
  });

  test("views and policies over its columns are away too", () => {
    const enums = new Map([["mood", enumOf("mood", "sad")]]);
    expect(lines(shop, { ...shop, enums })).toEqual([
      "drop materialized view cached",
      "drop view adults",
      "replace the values of enum mood by 'sad'",
      "create view adults",
      "create materialized view cached",
      "create index ix_cached on cached",
    ]);
  });
});

describe("sequences", () => {
  test("one that stays is taken from a column that goes", () => {
    const kept = { ...shop.sequences.get("persons_id_seq"), ...sequence("persons_id_seq") };
    const to: Schema = {
      ...shopWith({
        columns: persons.columns.filter(({ name }) => name !== "id"),
        constraints: persons.constraints.slice(1),
      }),
      sequences: new Map(shop.sequences).set("persons_id_seq", kept),
    };
    const orders = to.tables.get('Order "x"');
    const tables = new Map(to.tables).set('Order "x"', {
      ...(orders ?? persons),
      constraints: orders?.constraints.slice(0, 1) ?? [],
    });
    const found = lines(shop, { ...to, tables }, { drops: ["persons.id"] });
    expect(found.indexOf("alter sequence persons_id_seq")).toBeLessThan(
      found.indexOf("drop column persons.id"),
    );
    expect(found).not.toContain("drop sequence persons_id_seq");
  });

  test("one whose column goes, goes with it", () => {
    const owned = schemaOf({
      tables: [table("t", { columns: [column("a", integer), column("b", integer)] })],
      sequences: [sequence("s", { table: named("t"), column: "a" })],
    });
    const without = schemaOf({ tables: [table("t", { columns: [column("b", integer)] })] });
    expect(lines(owned, without)).toEqual(["drop column t.a"]);
    expect(lines(without, owned)).toEqual(["create sequence s", "add column t.a", "alter sequence s"]);
  });
});

describe("views", () => {
  test("a changed view takes along those that stand on it, in order", () => {
    const chain = (text: string) =>
      schemaOf({
        tables: [table("t", { columns: [column("a", integer)] })],
        views: [
          view("z", `SELECT ${text} AS a FROM t`),
          view("b", "SELECT a FROM z"),
          view("a", 'SELECT a FROM "b"'),
        ],
      });
    expect(lines(chain("1"), chain("2"))).toEqual([
      "drop view a",
      "drop view b",
      "drop view z",
      "create view z",
      "create view b",
      "create view a",
    ]);
  });

  test("columns called like views do not turn the order round", () => {
    const to = schemaOf({
      tables: [table("t", { columns: [column("v", integer)] })],
      views: [view("v", "SELECT x.v FROM x"), view("x", "SELECT t.v FROM t")],
    });
    expect(lines(empty, to)).toEqual(["create table t", "create view x", "create view v"]);
  });
});

describe("what an engine has to decide", () => {
  const to = withColumn("feeling", { default: "('sad'::mood)" });
  const other: Schema = {
    ...to,
    tables: new Map(to.tables).set("persons", {
      ...(to.tables.get("persons") ?? persons),
      constraints: [...persons.constraints.slice(0, 2), check("adult", "(age) > 18")],
      policies: [policy("own", "(persons.age) > 0")],
      indexes: [
        index("ix_email", [indexKey({ expression: "(lower(email))" })], { where: "age IS NOT NULL" }),
        index("ix_feeling", [indexKey({ column: "feeling" })], { unique: true }),
      ],
    }),
    views: new Map(shop.views).set("adults", view("adults", "SELECT email FROM persons WHERE (age > 18)")),
  };
  const slots = [
    slotOf(named("persons"), "default", "feeling"),
    slotOf(named("persons"), "check", "adult"),
    slotOf(named("persons"), "index", "ix_email"),
    slotOf(named("persons"), "policy", "own"),
    slotOf(named("adults"), "view", ""),
  ];

  test("texts that are not the same are unclear, where all else is", () => {
    const { unclear } = diff(shop, other, options);
    expect(new Set(unclear)).toEqual(new Set(slots));
  });

  test("and are no difference once the engine has said so", async () => {
    const asked: unknown[] = [];
    const result = await diffWithEngine(shop, other, options, async (a, b, places) => {
      asked.push(a.tables.size, b, places.length);
      return { same: new Set(places), undecided: new Map() };
    });
    expect(asked).toEqual([3, other, 5]);
    expect(result.ops.map(describeOp)).toEqual([
      "drop index ix_feeling of persons",
      "create unique index ix_feeling on persons",
    ]);
    expect(result.undecided.size).toBe(0);
  });

  test("what stays undecided counts as changed", async () => {
    const [slot] = slots;
    const result = await diffWithEngine(shop, to, options, async () => ({
      same: new Set(),
      undecided: slot ? new Map([[slot, "no server"]]) : new Map(),
    }));
    expect(result.ops).toMatchObject([{ changes: { default: "('sad'::mood)" } }]);
    expect([...result.undecided.values()]).toEqual(["no server"]);
    expect((await diffWithEngine(shop, to, options, null)).ops).toEqual(result.ops);
  });

  test("nobody is asked when nothing is unclear", async () => {
    const ask = () => Promise.reject(new Error("asked"));
    expect((await diffWithEngine(shop, shop, options, ask)).ops).toEqual([]);
  });
});

test("an extension's version changes where the models say one", () => {
  const version = (number: string | null): Schema => ({
    ...shop,
    extensions: new Map([["pg_trgm", { name: "pg_trgm", namespace: null, version: number }]]),
  });
  expect(diff(version("1.5"), version("1.6"), options)).toMatchObject({
    ops: [{ kind: "alter-extension", name: "pg_trgm", changes: { version: "1.6" } }],
    warnings: [],
  });
  expect(diff(version("1.5"), version(null), options).ops).toEqual([]);
});

test("table options and row security", () => {
  const to = shopWith({ rowSecurity: "forced", options: { ...persons.options, unlogged: true } });
  expect(lines(shop, to)).toEqual([
    "set row security of persons to forced",
    "alter the options of table persons",
  ]);
});
