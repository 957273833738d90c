import { describe, expect, it } from "vitest";
import { defaultConstraintName } from "../../../src/dialect/postgres/default-names.js";
import { normalize } from "../../../src/dialect/postgres/normalize.js";
import { sameExpression, tokenize, trimExpression } from "../../../src/dialect/postgres/token.js";
import {
  column,
  columnType,
  constraintBase,
  defaultSequenceOptions,
  draftSchema,
  index,
  indexKey,
  table,
} from "../../../src/schema/build.js";
import type { Check, Constraint, ForeignKey, Schema, Unique } from "../../../src/schema/schema.js";
import { onServer } from "./database.js";
import { everything } from "./everything.js";

const unique = (columns: readonly string[], name: string | null = null): Unique => ({
  kind: "unique",
  ...constraintBase(name),
  columns,
  include: [],
  nullsNotDistinct: false,
  deferral: "immediate",
});
const check = (expression: string): Check => ({
  kind: "check",
  ...constraintBase(null),
  expression,
  noInherit: false,
  validated: true,
});
const foreignKey = (columns: readonly string[], to: string): ForeignKey => ({
  kind: "foreign-key",
  ...constraintBase(null),
  columns,
  references: { table: { namespace: null, name: to }, columns: [] },
  onDelete: "no action",
  onUpdate: "no action",
  match: "simple",
  deferral: "immediate",
  validated: true,
});
const key = (columns: readonly string[]): Constraint => ({
  kind: "primary-key",
  ...constraintBase(null),
  columns,
  include: [],
  deferral: "immediate",
  autoincrement: false,
});

describe("normalize", () => {
  it("is idempotent and leaves what it was given", () => {
    const schema = everything();
    const before = structuredClone(schema);
    const once = normalize.schema(schema);
    expect(schema).toEqual(before);
    expect(normalize.schema(once)).toEqual(once);
  });

  it("names constraints as the server does", () =>
    onServer(async (connection) => {
      await connection.run(`CREATE TABLE other (id int PRIMARY KEY);
        CREATE TABLE t (a int, b int, "naïve ü" int, PRIMARY KEY (a), UNIQUE (a, b), UNIQUE (b), UNIQUE (b) INCLUDE (a),
          UNIQUE (b) DEFERRABLE, CHECK (a > 0), CHECK (a < b), CHECK (a < 5), CHECK ("naïve ü" > 0), CHECK (lower('b') = 'x'),
          FOREIGN KEY (a) REFERENCES other, FOREIGN KEY (b) REFERENCES other)`);
      const rows = await connection.query(
        "SELECT conname::text AS n FROM pg_constraint WHERE conrelid = 't'::regclass AND contype <> 'n'",
      );
      const made = normalize.table(
        table("t", {
          columns: ["a", "b", "naïve ü"].map((name) => column(name, columnType("int"))),
          constraints: [
            key(["a"]),
            unique(["a", "b"]),
            unique(["b"]),
            { ...unique(["b"]), include: ["a"] },
            { ...unique(["b"]), deferral: "deferrable" },
            check("a > 0"),
            check("a < b"),
            check("a < 5"),
            check('"naïve ü" > 0'),
            check("lower('b') = 'x'"),
            foreignKey(["a"], "other"),
            foreignKey(["b"], "other"),
          ],
        }),
      );
      expect(made.constraints.map((one) => one.name).sort()).toEqual(rows.map((row) => row["n"]).sort());
      expect(made.constraints.every((one) => one.implicitName)).toBe(true);
    }));

  it("does not give out a name that is taken", () => {
    const constraints = [unique(["a"]), unique(["a"], "t_a_key"), unique(["a"])];
    const names = normalize.table(table("t", { constraints })).constraints.map((one) => one.name);
    expect(names).toEqual(["t_a_key1", "t_a_key", "t_a_key2"]);
    expect(defaultConstraintName({ namespace: null, name: "t" }, unique(["a"]), null, 3)).toBe("t_a_key3");
  });

  it("does not give two tables of a namespace one name", () => {
    const schema = draftSchema("postgres");
    schema.tables.set("t_a", table("t_a", { constraints: [unique(["b"])] }));
    schema.tables.set("t", table("t", { constraints: [unique(["a", "b"])] }));
    const made: Schema = normalize.schema(schema);
    expect([...made.tables.values()].map((one) => one.constraints[0]?.name)).toEqual([
      "t_a_b_key",
      "t_a_b_key1",
    ]);
  });

  it("knows which columns cannot be null", () => {
    const made = normalize.table(
      table("t", {
        columns: [
          column("a", columnType("int4")),
          column("s", columnType("serial8"), { default: "1" }),
          column("i", columnType("int"), {
            identity: { generation: "always", sequence: defaultSequenceOptions },
          }),
          column("n", columnType("text"), { default: "NULL::text" }),
          column("v", columnType("text"), { default: "NULL::character varying" }),
        ],
        constraints: [key(["a"])],
      }),
    );
    expect(made.columns.map((one) => [one.type.name, one.nullable, one.default])).toEqual([
      ["integer", false, null],
      ["bigserial", false, null],
      ["integer", false, null],
      ["text", true, null],
      ["text", true, "NULL::character varying"],
    ]);
  });

  it("completes references to a primary key", () => {
    const schema = draftSchema("postgres");
    schema.tables.set("t", table("t", { constraints: [foreignKey(["a"], "other")] }));
    schema.tables.set("other", table("other", { constraints: [key(["id"])] }));
    const [made] = normalize.schema(schema).tables.get("t")?.constraints ?? [];
    expect(made?.kind === "foreign-key" && made.references.columns).toEqual(["id"]);
  });

  it("makes options that the engine takes anyway null", () => {
    const options = {
      start: "1",
      increment: "1",
      minimum: "1",
      maximum: "2147483647",
      cache: "1",
      cycle: false,
    };
    const sequence = {
      namespace: null,
      name: "s",
      type: columnType("int"),
      options,
      ownedBy: null,
      comment: null,
    };
    expect(normalize.sequence(sequence).options).toEqual(defaultSequenceOptions);
    const falling = {
      ...defaultSequenceOptions,
      increment: "-2",
      start: "-1",
      minimum: "-9223372036854775808",
    };
    expect(normalize.sequence({ ...sequence, type: columnType("bigint"), options: falling }).options).toEqual(
      {
        ...defaultSequenceOptions,
        increment: "-2",
      },
    );
  });

  it("leaves out of indexes what the engine takes anyway", () => {
    const made = normalize.index(
      index(
        "i",
        [
          indexKey({ column: "a" }, { operatorClass: "text_ops" }),
          indexKey({ column: "b" }, { operatorClass: "text_pattern_ops" }),
        ],
        {
          method: "BTREE",
          parameters: { FillFactor: " 70" },
        },
      ),
    );
    expect(made.keys.map((one) => one.operatorClass)).toEqual([null, "text_pattern_ops"]);
    expect([made.method, made.parameters]).toEqual(["btree", { fillfactor: "70" }]);
  });
});

describe("sameExpression", () => {
  it.each([
    ["a  >  0", "(A > 0)"],
    ['"a" > 0', "a>0"],
    ["((a))", "a"],
    ["now( )", "NOW()"],
    ["a /* why */ + 1 -- more", "a + 1"],
    ["$$x$$", "'x'"],
    ["E'x'", "'x'"],
    ["SELECT 1;", "select 1"],
    ["it's", "it's"],
  ])("%s is %s", (a, b) => expect(sameExpression(a, b)).toBe(true));

  it.each([
    ["a > 0", "a >= 0"],
    ["'A'", "'a'"],
    ['"A"', "a"],
    ['"user"', "user"],
    ["(a) + (b)", "a + b"],
    ["(a) = (b)", "a) = (b"],
    ["a - -1", "a --1"],
    ["B'1'", "'1'"],
    ["'a b'", "'a  b'"],
    ["a b", "ab"],
    ["1.0", "1"],
  ])("%s is not %s", (a, b) => expect(sameExpression(a, b)).toBe(false));

  it("takes off only parentheses around the whole", () => {
    expect(trimExpression("((a) = (b))")).toBe("(a) = (b)");
    expect(trimExpression("(a) = (b)")).toBe("(a) = (b)");
    expect(trimExpression("( ')' )")).toBe("')'");
    expect(trimExpression("('open")).toBe("('open");
    expect(trimExpression("((select is_admin()))")).toBe("(select is_admin())");
    expect(trimExpression("(selected)")).toBe("selected");
  });

  it("reads tokens of every kind", () => {
    const tokens = tokenize(`a."b""c" + 'it''s' || $1 /* /* */ */ >= 1.5e-3::int[] @> $x$ $$ $x$ -- end`);
    expect(tokens?.map((token) => token.text)).toEqual([
      "a",
      ".",
      '"b""c"',
      "+",
      "'it''s'",
      "||",
      "$1",
      ">=",
      "1.5e-3",
      "::",
      "int",
      "[",
      "]",
      "@>",
      "$x$ $$ $x$",
    ]);
    expect(tokenize("'open")).toBeNull();
    expect(tokenize("/* open")).toBeNull();
  });
});
