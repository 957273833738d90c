import { expect, test } from "vitest";
import { contradictionsOf } from "../../src/diff/validate.js";
import { column, index, indexKey, table } from "../../src/schema/build.js";
import type { Schema, Table } from "../../src/schema/schema.js";
import {
  enumOf,
  foreignKey,
  integer,
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

const texts = (schema: Schema) => contradictionsOf(schema).map(({ text }) => text);

function findings(properties: Partial<Table>): readonly string[] {
  return texts(schemaOf({ tables: [persons, table("t", { columns: [column("a", text)], ...properties })] }));
}

test("a schema without contradictions has no findings", () => {
  expect(texts(shop)).toEqual([]);
});

test.each<[string, Partial<Table>]>([
  ["t has the column a twice", { columns: [column("a", text), column("a", text)] }],
  [
    "t has the constraint u twice",
    {
      columns: [column("a", text), column("b", text)],
      constraints: [unique("u", "a"), unique("u", "b")],
    },
  ],
  ["t has the policy p twice", { policies: [policy("p", "true"), policy("p", "false")] }],
  ["t has 2 primary keys", { constraints: [primaryKey("k", "a"), primaryKey("l", "a")] }],
  [
    "primary key k of t is on the column b, which the table does not have",
    { constraints: [primaryKey("k", "b")] },
  ],
  [
    "index i of t is on the column b, which the table does not have",
    { indexes: [index("i", [indexKey({ column: "b" })])] },
  ],
  [
    "foreign key f of t points at none, which does not exist",
    { constraints: [foreignKey("f", ["a"], named("none"), ["id"])] },
  ],
  [
    "foreign key (a) to persons of t points at persons.none, which does not exist",
    { constraints: [foreignKey(null, ["a"], named("persons"), ["none"])] },
  ],
  [
    "foreign key f of t points at persons (age), which is neither its primary key nor unique",
    { constraints: [foreignKey("f", ["a"], named("persons"), ["age"])] },
  ],
  [
    "foreign key f of t has 1 columns and points at 2",
    { constraints: [foreignKey("f", ["a"], named("persons"), ["id", "age"])] },
  ],
  [
    "t.a has a default and a generating expression: only one can give its value",
    { columns: [column("a", text, { default: "1", generated: { expression: "1", storage: "stored" } })] },
  ],
  ["table t and index t of t have the same name", { indexes: [index("t", [indexKey({ column: "a" })])] }],
])("%s", (finding, properties) => {
  expect(findings(properties)).toEqual([finding]);
});

test("a partial unique index is no key to point at", () => {
  const target = (where: string | null) =>
    table("x", {
      columns: [column("a", integer)],
      indexes: [index("ux", [indexKey({ column: "a" })], { unique: true, where })],
    });
  const source = table("y", {
    columns: [column("b", integer)],
    constraints: [foreignKey("f", ["b"], named("x"), ["a"])],
  });
  expect(texts(schemaOf({ tables: [target(null), source] }))).toEqual([]);
  expect(texts(schemaOf({ tables: [target("a > 1"), source] }))).toHaveLength(1);
});

test("all findings come at once", () => {
  const schema = schemaOf({
    enums: [enumOf("mood", "a", "a")],
    sequences: [sequence("s", { table: named("none"), column: "x" })],
    views: [view("v", "SELECT 1", { indexes: [index("i", [indexKey({ column: "x" })])] })],
    tables: [table("v"), table("s")],
  });
  expect(texts(schema)).toHaveLength(5);
});
