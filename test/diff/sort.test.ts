import { describe, expect, test } from "vitest";
import { diff } from "../../src/diff/diff.js";
import { sortStable } from "../../src/diff/sort/topological.js";
import { applyOps, describeOp, invertOps } from "../../src/op/apply.js";
import { addressOf, definedAddress, partAddress } from "../../src/schema/address.js";
import { column, table } from "../../src/schema/build.js";
import type { Address, Dependencies } from "../../src/schema/dependency.js";
import { equalSchema } from "../../src/schema/equal.js";
import type { Defined, Schema } from "../../src/schema/schema.js";
import { check, domain, domainCheck, integer, named, routine, schemaOf, trigger, view } from "../op/model.js";

const options = {
  sameExpression: (a: string, b: string) => a === b,
  canReplace: (from: Defined, to: Defined) =>
    from.definition.split("LANGUAGE")[0] === to.definition.split("LANGUAGE")[0],
};

function lines(from: Schema, to: Schema): readonly string[] {
  const { ops } = diff(from, to, options);
  const undo = invertOps(from, ops);
  expect(equalSchema(applyOps(from, ops), to)).toBe(true);
  expect(equalSchema(applyOps(to, undo.ops), from)).toBe(true);
  return ops.map(describeOp);
}

function knows(...pairs: (readonly [Address, Address])[]): Dependencies {
  const dependencies = new Map<Address, Set<Address>>();
  for (const [user, used] of pairs) {
    dependencies.set(user, new Set([...(dependencies.get(user) ?? []), used]));
  }
  return dependencies;
}

function edges(...pairs: (readonly [number, number])[]): ReadonlyMap<number, ReadonlySet<number>> {
  const all = new Map<number, Set<number>>();
  for (const [before, after] of pairs) all.set(after, new Set([...(all.get(after) ?? []), before]));
  return all;
}

describe("the order of items", () => {
  const sort = (
    count: number,
    hard: (readonly [number, number])[],
    soft: (readonly [number, number])[] = [],
  ) => sortStable(count, { hard: edges(...hard), soft: edges(...soft), yields: () => 0 });

  test("stays as it is where nothing speaks against it", () => {
    expect(sort(4, []).order).toEqual([0, 1, 2, 3]);
  });

  test("moves only what has to wait", () => {
    expect(sort(5, [[3, 1]]).order).toEqual([0, 2, 3, 1, 4]);
  });

  test("gives up what should before what must", () => {
    const sorted = sort(3, [[2, 0]], [[0, 2]]);
    expect(sorted.order).toEqual([1, 2, 0]);
    expect(sorted.loosened).toEqual([[0, 2]]);
    expect(sorted.broken).toEqual([]);
  });

  test("says where it had to break a circle", () => {
    const sorted = sort(4, [
      [0, 1],
      [1, 2],
      [2, 1],
      [2, 3],
    ]);
    expect(sorted.order).toEqual([0, 1, 2, 3]);
    expect(sorted.broken).toEqual([[2, 1]]);
  });

  test("is found for long chains without a stack", () => {
    const count = 20_000;
    const chain = Array.from({ length: count - 1 }, (_, place): [number, number] => [place + 1, place]);
    expect(sort(count, chain).order[0]).toBe(count - 1);
  });
});

const rows = named("rows");
const over = routine("over", "BEGIN RETURN 1; END", { signature: "rows" });
const rowsTable = table("rows", {
  columns: [column("id", integer)],
  constraints: [check("ok", "over(rows.*) > 0")],
});

describe("what stands on what", () => {
  test("a function over a table's rows, which a condition of the table calls, parts the table from its condition", () => {
    const dependencies = knows(
      [definedAddress(over), addressOf("table", rows)],
      [partAddress("constraint", rows, "ok"), definedAddress(over)],
    );
    const to = schemaOf({ tables: [rowsTable], defined: [over], dependencies });
    expect(lines(schemaOf({}), to)).toEqual([
      "create table rows",
      "create function over(rows)",
      "add check ok to rows",
    ]);
    expect(lines(to, schemaOf({}))).toHaveLength(2);
  });

  test("views and functions that stand on one another are made from the ground up", () => {
    const ground = routine("ground", "BEGIN RETURN 1; END");
    const low = view("low", "SELECT ground() AS x");
    const middle = routine("middle", "BEGIN END", { signature: "low" });
    const high = view("high", "SELECT middle(low.*) FROM low");
    const dependencies = knows(
      [addressOf("view", low), definedAddress(ground)],
      [definedAddress(middle), addressOf("view", low)],
      [addressOf("view", high), definedAddress(middle)],
      [addressOf("view", high), addressOf("view", low)],
    );
    const to = schemaOf({ views: [high, low], defined: [middle, ground], dependencies });
    const made = [
      "create function ground()",
      "create view low",
      "create function middle(low)",
      "create view high",
    ];
    expect(lines(schemaOf({}), to)).toEqual(made);
    expect(lines(to, schemaOf({}))).toEqual(made.toReversed().map((line) => line.replace("create", "drop")));
  });

  test("a function of another result goes and comes again with all that stands on it", () => {
    const before = routine("price", "BEGIN RETURN 1; END");
    const after = routine("price", "", {
      definition: "CREATE FUNCTION price()\n RETURNS text\n LANGUAGE plpgsql\nAS $$$$",
    });
    const goods = table("goods", {
      columns: [column("p", integer, { default: "price()" })],
      constraints: [check("positive", "p > price()")],
    });
    const dependencies = knows(
      [partAddress("default", goods, "p"), definedAddress(before)],
      [partAddress("constraint", goods, "positive"), definedAddress(before)],
      [addressOf("view", named("prices")), definedAddress(before)],
    );
    const parts = { tables: [goods], views: [view("prices", "SELECT price()")], dependencies };
    expect(
      lines(schemaOf({ ...parts, defined: [before] }), schemaOf({ ...parts, defined: [after] })),
    ).toEqual([
      "drop view prices",
      "drop constraint positive of goods",
      "alter column goods.p: no default",
      "drop function price()",
      "create function price()",
      "alter column goods.p: default price()",
      "add check positive to goods",
      "create view prices",
    ]);
  });

  test("another body takes the place of the old one, and nothing else moves", () => {
    const before = routine("price", "BEGIN RETURN 1; END");
    const after = routine("price", "BEGIN RETURN 2; END");
    const dependencies = knows([addressOf("view", named("prices")), definedAddress(before)]);
    const parts = { views: [view("prices", "SELECT price()")], dependencies };
    expect(
      lines(schemaOf({ ...parts, defined: [before] }), schemaOf({ ...parts, defined: [after] })),
    ).toEqual(["replace function price()"]);
  });

  test("functions that name each other in their bodies are made unchecked", () => {
    const ping = routine("ping", "SELECT pong()");
    const pong = routine("pong", "SELECT ping()");
    const { ops } = diff(schemaOf({}), schemaOf({ defined: [ping, pong] }), options);
    expect(ops).toEqual([
      { kind: "create-defined", object: ping, unchecked: true },
      { kind: "create-defined", object: pong },
    ]);
  });

  test("a function comes after the table that only its body names", () => {
    const uses = routine("uses", "SELECT count(*) FROM rows");
    const plain = table("rows", { columns: [column("id", integer)] });
    expect(lines(schemaOf({}), schemaOf({ tables: [plain], defined: [uses] }))).toEqual([
      "create table rows",
      "create function uses()",
    ]);
  });

  test("triggers go with their table and are made after it", () => {
    const touch = routine("touch", "BEGIN RETURN new; END");
    const touched = trigger("touched", "rows", "touch");
    const plain = table("rows", { columns: [column("id", integer)] });
    const to = schemaOf({ tables: [plain], defined: [touched, touch] });
    expect(lines(schemaOf({}), to)).toEqual([
      "create function touch()",
      "create table rows",
      "create trigger rows.touched",
    ]);
    expect(lines(to, schemaOf({}))).toEqual(["drop table rows", "drop function touch()"]);
  });

  test("a domain of another type is made anew and its columns are moved over", () => {
    const goods = table("goods", { columns: [column("code", { ...integer, name: "code" })] });
    const from = schemaOf({ tables: [goods], domains: [domain("code")] });
    const to = schemaOf({ tables: [goods], domains: [domain("code", { type: integer })] });
    expect(lines(from, to)).toEqual([
      "rename domain code to code_old",
      "create domain code",
      "alter column goods.code: type code",
      "drop domain code_old",
    ]);
  });

  test("conditions of a domain are changed in place", () => {
    const from = schemaOf({ domains: [domain("code", { checks: [domainCheck("a", "VALUE <> ''")] })] });
    const to = schemaOf({ domains: [domain("code", { checks: [domainCheck("b", "VALUE > 'a'")] })] });
    expect(lines(from, to)).toEqual(["alter domain code"]);
  });
});
