import { describe, expect, test } from "vitest";
import { diff, parseRename } from "../../src/diff/diff.js";
import { AludelError } from "../../src/error/error.js";
import { applyOps, describeOp } from "../../src/op/apply.js";
import { column, columnType, table } from "../../src/schema/build.js";
import type { Column, Schema } from "../../src/schema/schema.js";
import {
  enumOf,
  foreignKey,
  integer,
  named,
  primaryKey,
  schemaOf,
  sequence,
  shop,
  text,
  view,
} from "../op/model.js";

const options = { sameExpression: (a: string, b: string) => a === b };

function tableWith(...columns: Column[]): Schema {
  return schemaOf({ tables: [table("persons", { columns: [column("id", integer), ...columns] })] });
}

/** What a person is asked, as `from > to`. */
function asked(from: Schema, to: Schema, more: object = {}): readonly string[] {
  const { renameCandidates } = diff(from, to, { ...options, ...more });
  return renameCandidates.map((candidate) => `${candidate.from} > ${candidate.to}`);
}

function failure(run: () => unknown): AludelError {
  try {
    run();
  } catch (error) {
    if (error instanceof AludelError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("columns that look renamed", () => {
  const number = columnType("bigint");
  test.each([
    ["like names", column("name", text), column("full_name", text)],
    ["one type in one place", column("abc", text), column("xyz", text)],
    ["camel and snake case", column("createdAt", text), column("created_at", text, { nullable: false })],
    ["a grown type in the same place", column("count", integer), column("counter", number)],
    ["another length", column("a", columnType("character varying", ["5"])), column("b", text)],
  ])("%s", (_what, from, to) => {
    expect(asked(tableWith(from), tableWith(to))).toEqual([`persons.${from.name} > persons.${to.name}`]);
  });

  test.each([
    ["another type", column("name", text), column("name_count", integer)],
    ["another enum", column("a", columnType("mood")), column("b", columnType("colour"))],
    [
      "one is computed",
      column("a", integer),
      column("b", integer, { generated: { expression: "1", storage: "stored" } }),
    ],
  ])("not with %s", (_what, from, to) => {
    expect(asked(tableWith(from), tableWith(to))).toEqual([]);
  });

  test("not when they point at two tables", () => {
    const pointing = (name: string, to: string) =>
      schemaOf({
        tables: [
          table("a", { columns: [column("id", integer)], constraints: [primaryKey("a_pk", "id")] }),
          table("b", { columns: [column("id", integer)], constraints: [primaryKey("b_pk", "id")] }),
          table("c", {
            columns: [column(name, integer)],
            constraints: [foreignKey("fk", [name], named(to), ["id"])],
          }),
        ],
      });
    expect(asked(pointing("x_id", "a"), pointing("y_id", "b"))).toEqual([]);
    expect(asked(pointing("x_id", "a"), pointing("y_id", "a"))).toEqual(["c.x_id > c.y_id"]);
  });

  test("the best comes first, and says how to answer", () => {
    const from = tableWith(column("name", text));
    const to = tableWith(column("xyz", text), column("full name", text));
    const [first, second] = diff(from, to, options).renameCandidates;
    expect(first).toMatchObject({
      kind: "column",
      from: "persons.name",
      to: 'persons."full name"',
      question: 'Was persons.name renamed to persons."full name", or is it dropped?',
      flags: [`--rename 'persons.name:persons."full name"'`, "--drop persons.name"],
    });
    expect(second?.to).toBe("persons.xyz");
    expect(first?.score).toBeGreaterThan(second?.score ?? 1);
  });
});

describe("other things that look renamed", () => {
  const people = (name: string, ...columns: string[]) =>
    schemaOf({ tables: [table(name, { columns: columns.map((one) => column(one, text)) })] });

  test("tables", () => {
    expect(asked(people("persons", "a", "b"), people("people", "a", "b"))).toEqual(["persons > people"]);
    expect(asked(people("persons", "a", "b", "c"), people("persons2", "a", "b", "d"))).toEqual([
      "persons > persons2",
    ]);
    expect(asked(people("persons", "a", "b", "c"), people("orders", "d", "e", "a"))).toEqual([]);
  });

  test("enums and their values", () => {
    const one = (name: string, ...values: string[]) => schemaOf({ enums: [enumOf(name, ...values)] });
    expect(asked(one("mood", "a", "b"), one("feeling", "a", "b"))).toEqual(["mood > feeling"]);
    expect(asked(one("mood", "a"), one("colour", "red"))).toEqual([]);
    expect(asked(one("mood", "sad", "ok"), one("mood", "sad", "okay"))).toEqual(["mood.ok > mood.okay"]);
  });

  test("sequences", () => {
    const one = (name: string) => schemaOf({ sequences: [sequence(name)] });
    expect(asked(one("order_seq"), one("orders_seq"))).toEqual(["order_seq > orders_seq"]);
    expect(asked(one("order_seq"), one("xyz"))).toEqual([]);
  });

  test("views", () => {
    const one = (name: string, query: string) => schemaOf({ views: [view(name, query)] });
    expect(asked(one("a", "SELECT 1"), one("b", "SELECT 1"))).toEqual(["a > b"]);
    expect(asked(one("a", "SELECT 1"), one("b", "SELECT 2"))).toEqual([]);
  });
});

describe("decisions", () => {
  const from = tableWith(column("name", text));
  const to = tableWith(column("full_name", text));

  test("a rename", () => {
    const renames = [parseRename("persons.name:persons.full_name")];
    expect(diff(from, to, { ...options, renames })).toMatchObject({
      ops: [{ kind: "rename-column", column: "name", to: "full_name" }],
      renameCandidates: [],
    });
  });

  test("a drop", () => {
    const { ops, renameCandidates } = diff(from, to, { ...options, drops: ["persons.name"] });
    expect(ops.map(({ kind }) => kind)).toEqual(["add-column", "drop-column"]);
    expect(renameCandidates).toEqual([]);
  });

  test("a view that is renamed and changed is made again", () => {
    const one = (name: string, query: string) => schemaOf({ views: [view(name, query)] });
    const renames = [{ from: "a", to: "b" }];
    const lines = (query: string) =>
      diff(one("a", "SELECT 1"), one("b", query), { ...options, renames }).ops.map(describeOp);
    expect(lines("SELECT 1")).toEqual(["rename view a to b"]);
    expect(lines("SELECT 2")).toEqual(["drop view a", "create view b"]);
  });

  test("views over a renamed column are made again, since their texts do not follow", () => {
    const ops = applyOps(shop, [
      { kind: "rename-column", table: named("persons"), column: "age", to: "years" },
    ]);
    const views = new Map(shop.views).set(
      "adults",
      view("adults", "SELECT email FROM persons WHERE years > 18"),
    );
    const renames = [parseRename("persons.age:persons.years")];
    const found = diff(shop, { ...ops, views }, { ...options, renames }).ops.map(describeOp);
    expect(found.slice(0, 3)).toEqual([
      "drop materialized view cached",
      "drop view adults",
      "rename column persons.age to years",
    ]);
    expect(found.slice(3)).toContain("create view adults");
  });

  test("chains run from their end", () => {
    const one = (...names: string[]) => tableWith(...names.map((name) => column(name, text)));
    const renames = [parseRename("persons.a:persons.b"), parseRename("persons.b:persons.c")];
    const { ops } = diff(one("a", "b"), one("b", "c"), { ...options, renames });
    expect(ops.map(describeOp)).toEqual(["rename column persons.b to c", "rename column persons.a to b"]);
  });

  test("names are exchanged by way of a free one", () => {
    const from = tableWith(column("a", text), column("b", text), column("renaming_1", text));
    const renames = [parseRename("persons.a:persons.b"), parseRename("persons.b:persons.a")];
    expect(diff(from, from, { ...options, renames }).ops.map(describeOp)).toEqual([
      "rename column persons.a to renaming_2",
      "rename column persons.b to a",
      "rename column persons.renaming_2 to b",
    ]);
  });

  test.each([
    ["persons.nme:persons.full_name", "something that can be renamed"],
    ["persons.name:persons.fullname", "something that can be renamed"],
    ["persons:full_name", "something that can be renamed"],
  ])("%s names nothing", (flag, message) => {
    const error = failure(() => diff(from, to, { ...options, renames: [parseRename(flag)] }));
    expect(error.code).toBe("usage");
    expect(error.message).toContain(message);
  });

  test.each(["persons.nme", "persons.id", "none"])("--drop %s: nothing like it is dropped", (drop) => {
    expect(failure(() => diff(from, to, { ...options, drops: [drop] })).code).toBe("usage");
  });

  test.each(["persons", "persons:", ":x", "a..b:c", 'a:"b', "a:b:c"])("%s is no rename", (flag) => {
    expect(failure(() => parseRename(flag)).code).toBe("usage");
  });

  test("a column cannot be renamed into another table", () => {
    const two = (a: string, b: string) =>
      schemaOf({
        tables: [table("x", { columns: [column(a, text)] }), table("y", { columns: [column(b, text)] })],
      });
    const renames = [parseRename("x.a:y.c")];
    expect(failure(() => diff(two("a", "b"), two("d", "c"), { ...options, renames })).message).toContain(
      "belongs to something else",
    );
  });

  test("one path that is two things is not guessed about", () => {
    const both = (name: string) =>
      schemaOf({
        tables: [table("mood", { columns: [column(name, text)] })],
        enums: [enumOf("mood", name)],
      });
    const rename = { from: "mood.a", to: "mood.b" };
    const decided = (more: object) =>
      diff(both("a"), both("b"), { ...options, renames: [{ ...rename, ...more }] });
    expect(failure(() => decided({})).message).toContain("enum-value or column");
    expect(decided({ kind: "enum-value" }).ops[0]).toMatchObject({ kind: "rename-enum-value" });
  });
});
