import { describe, expect, test } from "vitest";
import { AludelError } from "../../src/error/error.js";
import { applyOps, describeOp, effectOf, invertOps } from "../../src/op/apply.js";
import { definitions } from "../../src/op/definitions.js";
import type { Effect, Op, OpKind } from "../../src/op/op.js";
import { column, columnType, index, indexKey, table } from "../../src/schema/build.js";
import { equalSchema } from "../../src/schema/equal.js";
import type { Schema } from "../../src/schema/schema.js";
import {
  check,
  composite,
  domain,
  enumOf,
  foreignKey,
  integer,
  named,
  policy,
  primaryKey,
  routine,
  sequence,
  shop,
  text,
  trigger,
  unique,
  view,
  works,
} from "./model.js";

interface Case {
  readonly op: Op;
  readonly says: string;
  readonly effect: Effect;
  /** Kinds of the ops that undo it; `null` for what cannot be undone. */
  readonly undo: readonly OpKind[] | null;
  readonly loses?: string;
  /** Absent is `shop`. */
  readonly before?: Schema;
}

const onPersons = named("persons");

/** At least one case for each kind of op; the tests below assert the laws of an op on every one. */
const cases: readonly Case[] = [
  {
    op: { kind: "create-namespace", namespace: { name: "audit", comment: null } },
    says: "create schema audit",
    effect: "additive",
    undo: ["drop-namespace"],
  },
  {
    op: { kind: "create-namespace", namespace: { name: "billing", comment: null }, ifNotExists: true },
    says: "create schema billing",
    effect: "additive",
    undo: [],
  },
  {
    op: { kind: "drop-namespace", name: "billing", cascade: true },
    says: "drop schema billing and all that is in it",
    effect: "destructive",
    undo: ["create-namespace", "create-table"],
    loses: "what is in billing.invoices",
  },
  {
    op: { kind: "set-namespace", on: "table", name: onPersons, to: "billing" },
    says: "move table persons to schema billing",
    effect: "narrowing",
    undo: ["set-namespace"],
  },
  {
    op: { kind: "set-namespace", on: "enum", name: named("mood"), to: "billing" },
    says: "move enum mood to schema billing",
    effect: "narrowing",
    undo: ["set-namespace"],
  },
  {
    op: { kind: "create-extension", extension: { name: "citext", namespace: null, version: null } },
    says: "create extension citext",
    effect: "additive",
    undo: ["drop-extension"],
  },
  {
    op: { kind: "drop-extension", name: "pg_trgm" },
    says: "drop extension pg_trgm",
    effect: "destructive",
    undo: ["create-extension"],
  },
  {
    op: { kind: "alter-extension", name: "pg_trgm", changes: { namespace: "billing" } },
    says: "alter extension pg_trgm: schema billing",
    effect: "widening",
    undo: ["alter-extension"],
  },
  {
    op: { kind: "alter-extension", name: "pg_trgm", changes: { version: "1.6", namespace: null } },
    says: "alter extension pg_trgm: version 1.6, schema of the default",
    effect: "widening",
    undo: null,
  },
  {
    op: { kind: "create-enum", enum: enumOf("colour", "red") },
    says: "create enum colour",
    effect: "additive",
    undo: ["drop-enum"],
  },
  {
    op: { kind: "drop-enum", name: named("none"), ifExists: true },
    says: "drop enum none",
    effect: "destructive",
    undo: [],
  },
  {
    op: { kind: "rename-enum", name: named("mood"), to: "Feeling" },
    says: "rename enum mood to Feeling",
    effect: "narrowing",
    undo: ["rename-enum"],
  },
  {
    op: { kind: "add-enum-value", name: named("mood"), value: "so so", position: { after: "sad" } },
    says: "add value 'so so' to enum mood",
    effect: "additive",
    undo: ["replace-enum-values"],
  },
  {
    op: { kind: "rename-enum-value", name: named("mood"), from: "sad", to: "it's bad" },
    says: "rename value 'sad' of enum mood to 'it's bad'",
    effect: "narrowing",
    undo: ["rename-enum-value"],
  },
  {
    op: {
      kind: "replace-enum-values",
      name: named("mood"),
      values: ["sad", "fine"],
      mapping: { ok: "fine", happy: "fine" },
    },
    says: "replace the values of enum mood by 'sad' and 'fine'",
    effect: "destructive",
    undo: ["replace-enum-values"],
    loses: "which values of mood were 'ok' before 'fine' and which values of mood were 'happy' before 'fine'",
  },
  {
    op: { kind: "create-sequence", sequence: sequence("next") },
    says: "create sequence next",
    effect: "additive",
    undo: ["drop-sequence"],
  },
  {
    op: { kind: "drop-sequence", name: named("free") },
    says: "drop sequence free",
    effect: "destructive",
    undo: ["create-sequence"],
    loses: "the position of free",
  },
  {
    op: { kind: "rename-sequence", name: named("persons_id_seq"), to: "Two words" },
    says: "rename sequence persons_id_seq to Two words",
    effect: "narrowing",
    undo: ["rename-sequence"],
  },
  {
    op: { kind: "alter-sequence", sequence: sequence("free", { table: onPersons, column: "age" }) },
    says: "alter sequence free",
    effect: "additive",
    undo: ["alter-sequence"],
  },
  {
    op: { kind: "create-table", table: table("select", { columns: [column("naïve ü", text)] }) },
    says: "create table select",
    effect: "additive",
    undo: ["drop-table"],
  },
  {
    op: { kind: "drop-table", name: named('Order "x"') },
    says: 'drop table Order "x"',
    effect: "destructive",
    undo: ["create-table"],
    loses: 'the rows of Order "x"',
  },
  {
    op: { kind: "rename-table", name: onPersons, to: "People" },
    says: "rename table persons to People",
    effect: "narrowing",
    undo: ["rename-table"],
  },
  {
    op: {
      kind: "alter-table-options",
      name: onPersons,
      options: { unlogged: true, tablespace: null, parameters: {}, strict: false, withoutRowid: false },
    },
    says: "alter the options of table persons",
    effect: "additive",
    undo: ["alter-table-options"],
  },
  {
    op: { kind: "set-row-security", name: onPersons, rowSecurity: "forced" },
    says: "set row security of persons to forced",
    effect: "narrowing",
    undo: ["set-row-security"],
  },
  {
    op: {
      kind: "batch-alter-table",
      name: onPersons,
      ops: [
        { kind: "rename-column", table: onPersons, column: "email", to: "mail" },
        { kind: "drop-column", table: onPersons, column: "mail" },
        { kind: "add-column", table: onPersons, column: column("phone", text) },
      ],
    },
    says:
      "alter table persons: rename column persons.email to mail; " +
      "drop column persons.mail; add column persons.phone",
    effect: "destructive",
    undo: ["batch-alter-table", "create-index", "batch-alter-table"],
    loses: "the values of persons.mail",
  },
  {
    op: { kind: "add-column", table: onPersons, column: column("phone", text, { nullable: false }) },
    says: "add column persons.phone",
    effect: "narrowing",
    undo: ["drop-column"],
  },
  {
    op: { kind: "drop-column", table: onPersons, column: "email" },
    says: "drop column persons.email",
    effect: "destructive",
    undo: ["add-column", "add-constraint", "create-index"],
    loses: "the values of persons.email",
  },
  {
    op: { kind: "drop-column", table: onPersons, column: "double age" },
    says: "drop column persons.double age",
    effect: "destructive",
    undo: ["add-column"],
  },
  {
    op: { kind: "rename-column", table: onPersons, column: "age", to: "years" },
    says: "rename column persons.age to years",
    effect: "narrowing",
    undo: ["rename-column"],
  },
  {
    op: {
      kind: "alter-column",
      table: onPersons,
      column: "email",
      changes: { type: columnType("character varying", ["255"]), nullable: false, default: "''" },
    },
    says: "alter column persons.email: type character varying(255), not nullable, default ''",
    effect: "narrowing",
    undo: ["alter-column"],
    loses: "values of persons.email that do not fit character varying(20)",
  },
  {
    op: {
      kind: "alter-column",
      table: onPersons,
      column: "double age",
      changes: { generated: null },
    },
    says: "alter column persons.double age: not generated",
    effect: "widening",
    undo: ["drop-column", "add-column"],
    loses: "the values of persons.double age that were not computed",
  },
  {
    op: { kind: "add-constraint", table: onPersons, constraint: unique("u", "age") },
    says: "add unique constraint u to persons",
    effect: "narrowing",
    undo: ["drop-constraint"],
  },
  {
    op: { kind: "add-constraint", table: onPersons, constraint: check(null, "age > 1") },
    says: "add check (age > 1) to persons",
    effect: "narrowing",
    undo: ["drop-constraint"],
  },
  {
    op: { kind: "drop-constraint", table: onPersons, constraint: "adult" },
    says: "drop constraint adult of persons",
    effect: "widening",
    undo: ["add-constraint"],
  },
  {
    op: { kind: "rename-constraint", table: onPersons, constraint: "adult", to: "of age" },
    says: "rename constraint adult of persons to of age",
    effect: "additive",
    undo: ["rename-constraint"],
  },
  {
    op: { kind: "validate-constraint", table: onPersons, constraint: "adult" },
    says: "validate constraint adult of persons",
    effect: "additive",
    undo: [],
  },
  {
    op: {
      kind: "create-index",
      table: onPersons,
      index: index("ix", [indexKey({ column: "age" })], { unique: true }),
      concurrently: true,
    },
    says: "create unique index ix on persons",
    effect: "narrowing",
    undo: ["drop-index"],
  },
  {
    op: { kind: "drop-index", table: named("cached"), index: "ix_cached" },
    says: "drop index ix_cached of cached",
    effect: "additive",
    undo: ["create-index"],
  },
  {
    op: { kind: "rename-index", table: onPersons, index: "ix_email", to: "by email" },
    says: "rename index ix_email of persons to by email",
    effect: "additive",
    undo: ["rename-index"],
  },
  {
    op: { kind: "create-view", view: view("adults", "SELECT 1 AS email"), orReplace: true },
    says: "create or replace view adults",
    effect: "additive",
    undo: ["drop-view", "create-view"],
  },
  {
    op: { kind: "drop-view", name: named("cached"), materialized: true },
    says: "drop materialized view cached",
    effect: "destructive",
    undo: ["create-view", "create-index"],
  },
  {
    op: { kind: "rename-view", name: named("cached"), materialized: true, to: "kept" },
    says: "rename materialized view cached to kept",
    effect: "narrowing",
    undo: ["rename-view"],
  },
  {
    op: { kind: "create-policy", table: onPersons, policy: policy("none", "false") },
    says: "create policy none on persons",
    effect: "widening",
    undo: ["drop-policy"],
  },
  {
    op: { kind: "drop-policy", table: onPersons, policy: "own" },
    says: "drop policy own of persons",
    effect: "narrowing",
    undo: ["create-policy"],
  },
  {
    op: {
      kind: "set-comment",
      target: { on: "column", table: onPersons, name: "age" },
      comment: null,
    },
    says: "take away the comment on column persons.age",
    effect: "additive",
    undo: ["set-comment"],
  },
  {
    op: { kind: "execute", sql: "UPDATE persons\n  SET age = 1" },
    says: "run SQL: UPDATE persons SET age = 1",
    effect: "data",
    undo: null,
  },
  {
    op: { kind: "bulk-insert", table: onPersons, rows: [{ age: 1 }, { age: 2 }] },
    says: "insert 2 rows into persons",
    effect: "data",
    undo: null,
  },
  {
    op: { kind: "backfill", table: onPersons, set: { age: "0" }, where: "age IS NULL", batchSize: 100 },
    says: "fill age of persons in batches",
    effect: "data",
    undo: [],
  },
  {
    op: {
      kind: "assert",
      message: "Every person has an age",
      query: "SELECT 1 FROM persons WHERE age IS NULL",
    },
    says: "make sure: Every person has an age",
    effect: "data",
    undo: [],
  },
  {
    op: { kind: "create-domain", domain: domain("email") },
    says: "create domain email",
    effect: "additive",
    undo: ["drop-domain"],
  },
  {
    op: { kind: "drop-domain", name: named("short") },
    says: "drop domain short",
    effect: "destructive",
    undo: ["create-domain"],
    before: works,
  },
  {
    op: { kind: "rename-domain", name: named("short"), to: "brief" },
    says: "rename domain short to brief",
    effect: "narrowing",
    undo: ["rename-domain"],
    before: works,
  },
  {
    op: { kind: "alter-domain", domain: domain("short", { nullable: false }) },
    says: "alter domain short",
    effect: "narrowing",
    undo: ["alter-domain"],
    before: works,
  },
  {
    op: { kind: "create-composite", composite: composite("point3", "x", "y", "z") },
    says: "create type point3",
    effect: "additive",
    undo: ["drop-composite"],
  },
  {
    op: { kind: "drop-composite", name: named("address") },
    says: "drop type address",
    effect: "destructive",
    undo: ["create-composite"],
    before: works,
  },
  {
    op: { kind: "rename-composite", name: named("address"), to: "place" },
    says: "rename type address to place",
    effect: "narrowing",
    undo: ["rename-composite"],
    before: works,
  },
  {
    op: {
      kind: "alter-composite",
      composite: composite("address", "road", "zip"),
      renames: [{ attribute: "street", to: "road" }],
    },
    says: "alter type address",
    effect: "destructive",
    undo: ["alter-composite"],
    loses: "the values of address.town",
    before: works,
  },
  {
    op: { kind: "create-defined", object: routine("count", "x", { signature: "integer" }) },
    says: "create function count(integer)",
    effect: "additive",
    undo: ["drop-defined"],
  },
  {
    op: { kind: "drop-defined", object: trigger("touched", "events_b", "touch") },
    says: "drop trigger events_b.touched",
    effect: "destructive",
    undo: ["create-defined"],
    before: works,
  },
  {
    op: { kind: "replace-defined", object: routine("touch", "BEGIN RETURN old; END") },
    says: "replace function touch()",
    effect: "narrowing",
    undo: ["replace-defined"],
    before: works,
  },
  {
    op: { kind: "drop-table", name: named("events_b") },
    says: "drop table events_b",
    effect: "destructive",
    undo: ["create-table", "create-defined"],
    loses: "the rows of events_b",
    before: works,
  },
  {
    op: { kind: "rename-table", name: named("events_b"), to: "others" },
    says: "rename table events_b to others",
    effect: "narrowing",
    undo: ["rename-table"],
    before: works,
  },
  {
    op: {
      kind: "attach-partition",
      name: named("events_b"),
      partition: { of: named("events"), bounds: "DEFAULT" },
    },
    says: "attach partition events_b to events",
    effect: "additive",
    undo: ["detach-partition"],
    before: works,
  },
  {
    op: { kind: "detach-partition", name: named("events_a") },
    says: "detach partition events_a",
    effect: "narrowing",
    undo: ["attach-partition"],
    before: works,
  },
  {
    op: { kind: "set-inheritance", name: named("events_b"), inherits: [named("events_a")] },
    says: "let events_b inherit from events_a",
    effect: "narrowing",
    undo: ["set-inheritance"],
    before: works,
  },
  {
    op: {
      kind: "alter-view-column",
      name: named("recent"),
      materialized: false,
      column: "at",
      properties: { default: "now()" },
    },
    says: "alter column recent.at",
    effect: "additive",
    undo: ["alter-view-column"],
    before: works,
  },
];

test("there is a case for every kind of op", () => {
  // Which index is attached to which is a matter of partitions, which have tests of their own.
  const kinds = [...cases.map(({ op }) => op.kind), "attach-index"];
  expect(new Set(kinds)).toEqual(new Set(Object.keys(definitions)));
});

describe.each(cases)("$says", ({ op, says, effect, undo, loses, before: schema = shop }) => {
  test("describes itself", () => {
    expect(describeOp(op)).toBe(says);
    expect(effectOf(op, schema)).toBe(effect);
  });

  test("is undone by its inverse, and leaves the schema before it alone", () => {
    const copy = structuredClone(schema);
    const after = applyOps(schema, [op]);
    expect(schema).toEqual(copy);
    const inverse = invertOps(schema, [op]);
    if (undo === null) {
      expect(inverse).toEqual({ ops: [], loses: [], irreversible: [says] });
      expect(equalSchema(after, schema)).toBe(true);
      return;
    }
    expect(inverse.ops.map(({ kind }) => kind)).toEqual(undo);
    expect(inverse.loses).toEqual(loses === undefined ? [] : [loses]);
    const back = applyOps(after, inverse.ops);
    const unquoted = (expression: string) => expression.replaceAll('"', "");
    expect(equalSchema(back, schema, (a, b) => unquoted(a) === unquoted(b))).toBe(true);
  });
});

/** Ops that contradict the schema, with what the error is about. */
const contradictions: readonly (readonly [string, Op])[] = [
  ["billing", { kind: "create-namespace", namespace: { name: "billing", comment: null } }],
  ["billing", { kind: "drop-namespace", name: "billing" }],
  ["none", { kind: "drop-namespace", name: "none" }],
  ["pg_trgm", { kind: "create-extension", extension: { name: "pg_trgm", namespace: null, version: null } }],
  ["none", { kind: "drop-extension", name: "none" }],
  ["mood", { kind: "create-enum", enum: enumOf("mood") }],
  ["twice", { kind: "create-enum", enum: enumOf("twice", "a", "a") }],
  ["mood", { kind: "drop-enum", name: named("mood") }],
  ["mood", { kind: "add-enum-value", name: named("mood"), value: "ok" }],
  ["mood", { kind: "add-enum-value", name: named("mood"), value: "x", position: { before: "y" } }],
  ["mood", { kind: "rename-enum-value", name: named("mood"), from: "ok", to: "sad" }],
  ["mood", { kind: "replace-enum-values", name: named("mood"), values: ["x"], mapping: { sad: "y" } }],
  ["persons", { kind: "create-sequence", sequence: sequence("persons") }],
  ["none", { kind: "create-sequence", sequence: sequence("s", { table: named("none"), column: "x" }) }],
  ["persons_id_seq", { kind: "drop-sequence", name: named("persons_id_seq") }],
  ["persons", { kind: "create-table", table: table("persons") }],
  ["adults", { kind: "create-table", table: table("adults") }],
  ["t", { kind: "create-table", table: table("t", { columns: [column("a", text), column("a", text)] }) }],
  ["t.a", { kind: "create-table", table: table("t", { constraints: [primaryKey("k", "a")] }) }],
  ["t", { kind: "create-table", table: table("t", { policies: [policy("p", "true")] }) }],
  ["adults", { kind: "rename-table", name: onPersons, to: "adults" }],
  ["persons.email", { kind: "add-column", table: onPersons, column: column("email", text) }],
  ["persons.none", { kind: "drop-column", table: onPersons, column: "none" }],
  ["persons.id", { kind: "drop-column", table: onPersons, column: "id" }],
  ["persons.age", { kind: "drop-column", table: onPersons, column: "age" }],
  ["persons.age", { kind: "rename-column", table: onPersons, column: "email", to: "age" }],
  ["persons.age", { kind: "alter-column", table: onPersons, column: "age", changes: { using: "age" } }],
  ["adult of persons", { kind: "add-constraint", table: onPersons, constraint: check("adult", "true") }],
  ["persons", { kind: "add-constraint", table: onPersons, constraint: primaryKey("p2", "age") }],
  ["persons.none", { kind: "add-constraint", table: onPersons, constraint: unique("u", "none") }],
  [
    "persons.none",
    {
      kind: "add-constraint",
      table: onPersons,
      constraint: foreignKey("f", ["none"], onPersons, ["id"]),
    },
  ],
  ["none of persons", { kind: "drop-constraint", table: onPersons, constraint: "none" }],
  ["persons", { kind: "drop-constraint", table: onPersons, constraint: check(null, "age > 99") }],
  ["persons", { kind: "validate-constraint", table: onPersons, constraint: "persons_pkey" }],
  [
    "ix_cached of cached",
    { kind: "create-index", table: onPersons, index: index("ix_cached", [indexKey({ column: "age" })]) },
  ],
  [
    "persons.none",
    { kind: "create-index", table: onPersons, index: index("i", [indexKey({ column: "none" })]) },
  ],
  ["none of persons", { kind: "drop-index", table: onPersons, index: "none" }],
  ["persons", { kind: "create-view", view: view("persons", "SELECT 1") }],
  ["cached", { kind: "drop-view", name: named("cached"), materialized: false }],
  ["own of persons", { kind: "create-policy", table: onPersons, policy: policy("own", "true") }],
  ["none of persons", { kind: "drop-policy", table: onPersons, policy: "none" }],
  ["none", { kind: "set-comment", target: { on: "table", name: named("none") }, comment: "x" }],
  ["persons.none", { kind: "bulk-insert", table: onPersons, rows: [{ none: 1 }] }],
  [
    'Order "x"',
    {
      kind: "batch-alter-table",
      name: onPersons,
      ops: [{ kind: "drop-column", table: named('Order "x"'), column: "id" }],
    },
  ],
];

test.each(contradictions)("%s contradicts %o", (object, op) => {
  const failure = (() => {
    try {
      return applyOps(shop, [op]);
    } catch (error) {
      return error;
    }
  })();
  if (!(failure instanceof AludelError)) throw new Error(`not refused: ${String(failure)}`);
  expect(failure.code).toBe("op-impossible");
  expect(failure.where.object).toContain(object.split(" of ")[0]);
  expect(failure.remedy).toMatch(/\.$/);
  expect(failure.message).not.toMatch(/\.$/);
});

test("if-exists and if-not-exists forms do nothing where there is nothing to do", () => {
  const ops: readonly Op[] = [
    { kind: "drop-namespace", name: "none", ifExists: true },
    { kind: "drop-extension", name: "none", ifExists: true },
    {
      kind: "create-extension",
      extension: { name: "pg_trgm", namespace: null, version: null },
      ifNotExists: true,
    },
    { kind: "drop-enum", name: named("none"), ifExists: true },
    { kind: "add-enum-value", name: named("mood"), value: "ok", ifNotExists: true },
    { kind: "create-sequence", sequence: sequence("free"), ifNotExists: true },
    { kind: "drop-sequence", name: named("none"), ifExists: true },
    { kind: "create-table", table: table("persons"), ifNotExists: true },
    { kind: "drop-table", name: named("none"), ifExists: true },
    { kind: "add-column", table: onPersons, column: column("age", text), ifNotExists: true },
    { kind: "drop-column", table: onPersons, column: "none", ifExists: true },
    { kind: "drop-constraint", table: onPersons, constraint: "none", ifExists: true },
    { kind: "drop-index", table: onPersons, index: "none", ifExists: true },
    {
      kind: "create-index",
      table: onPersons,
      index: index("ix_email", [indexKey({ column: "age" })]),
      ifNotExists: true,
    },
    { kind: "drop-view", name: named("none"), materialized: false, ifExists: true },
    { kind: "drop-policy", table: onPersons, policy: "none", ifExists: true },
  ];
  expect(equalSchema(applyOps(shop, ops), shop)).toBe(true);
  expect(invertOps(shop, ops)).toEqual({ ops: [], loses: [], irreversible: [] });
});

describe("what follows a name", () => {
  test("a table's", () => {
    const after = applyOps(shop, [{ kind: "rename-table", name: onPersons, to: "people" }]);
    const people = after.tables.get("people");
    expect(people?.policies[0]?.using).toBe("people.age > 0");
    expect(after.sequences.get("persons_id_seq")?.ownedBy?.table).toEqual(named("people"));
    expect(after.tables.get('Order "x"')?.constraints[1]).toMatchObject({
      references: { table: named("people"), columns: ["id"] },
    });
  });

  test("a column's", () => {
    const after = applyOps(shop, [
      { kind: "rename-column", table: onPersons, column: "age", to: "years" },
      { kind: "rename-column", table: onPersons, column: "id", to: "Key" },
    ]);
    const table = after.tables.get("persons");
    expect(table?.columns.map(({ name }) => name)).toEqual([
      "Key",
      "email",
      "years",
      "feeling",
      "double age",
    ]);
    expect(table?.columns[4]?.generated?.expression).toBe("years * 2");
    expect(table?.constraints).toMatchObject([{ columns: ["Key"] }, {}, { expression: "years > 18" }]);
    expect(table?.indexes[0]?.where).toBe("years IS NOT NULL");
    expect(table?.policies[0]?.using).toBe("persons.years > 0");
    expect(after.sequences.get("persons_id_seq")?.ownedBy?.column).toBe("Key");
    expect(after.tables.get('Order "x"')?.constraints[1]).toMatchObject({ references: { columns: ["Key"] } });
  });

  test("an enum's, its value's and a sequence's", () => {
    const after = applyOps(shop, [
      { kind: "rename-enum", name: named("mood"), to: "Feeling" },
      { kind: "rename-enum-value", name: named("Feeling"), from: "sad", to: "down" },
      { kind: "rename-sequence", name: named("persons_id_seq"), to: "ids" },
    ]);
    const columns = after.tables.get("persons")?.columns;
    expect(columns?.[3]).toMatchObject({ type: { name: "Feeling" }, default: `'down'::"Feeling"` });
    expect(columns?.[0]?.default).toBe("nextval('ids'::regclass)");
  });
});

test("a column takes with it what it is part of", () => {
  const ops: readonly Op[] = [
    { kind: "drop-policy", table: onPersons, policy: "own" },
    { kind: "drop-column", table: onPersons, column: "double age" },
    { kind: "drop-column", table: onPersons, column: "age" },
  ];
  const after = applyOps(shop, ops);
  const table = after.tables.get("persons");
  expect(table?.constraints.map(({ name }) => name)).toEqual(["persons_pkey", "persons_email_key"]);
  expect(table?.indexes.map(({ name }) => name)).toEqual(["ix_feeling"]);
});

test("a dropped schema takes along what depends on it elsewhere", () => {
  const key = foreignKey("f", ["age"], named("invoices", "billing"), ["id"]);
  const far = columnType("level", [], 0, "billing");
  const before = applyOps(shop, [
    { kind: "create-enum", enum: { ...enumOf("level", "low"), namespace: "billing" } },
    { kind: "add-column", table: onPersons, column: column("level", far) },
    { kind: "add-constraint", table: onPersons, constraint: key },
  ]);
  const drop: Op = { kind: "drop-namespace", name: "billing", cascade: true };
  const after = applyOps(before, [drop]);
  expect([...after.tables.keys()]).toEqual(["persons", 'Order "x"']);
  expect(after.enums.size).toBe(1);
  const persons = after.tables.get("persons");
  expect(persons?.columns.some(({ name }) => name === "level")).toBe(false);
  expect(persons?.constraints.some(({ name }) => name === "f")).toBe(false);
  const back = applyOps(after, invertOps(before, [drop]).ops);
  expect(equalSchema(back, before)).toBe(true);
});

test("whether a referenced table may be dropped is for the engine to say", () => {
  const after = applyOps(shop, [{ kind: "drop-table", name: onPersons }]);
  expect([...after.tables.keys()]).not.toContain("persons");
  expect(after.sequences.has("persons_id_seq")).toBe(false);
});

test("rows that were inserted into a new table go with the table", () => {
  const ops: readonly Op[] = [
    { kind: "create-table", table: table("t", { columns: [column("a", integer)] }) },
    { kind: "bulk-insert", table: named("t"), rows: [{ a: 1 }] },
  ];
  expect(invertOps(shop, ops)).toEqual({
    ops: [{ kind: "drop-table", name: named("t") }],
    loses: [],
    irreversible: [],
  });
});

test("the way back of a change of type has a cast where one is needed", () => {
  const ops: readonly Op[] = [
    { kind: "alter-column", table: onPersons, column: "age", changes: { type: text } },
    { kind: "alter-column", table: onPersons, column: "id", changes: { type: columnType("bigint") } },
  ];
  const cast = (name: string, type: { readonly name: string }) => `CAST("${name}" AS ${type.name})`;
  const { ops: undo } = invertOps(shop, ops, cast);
  expect(undo).toEqual([
    { kind: "alter-column", table: onPersons, column: "id", changes: { type: integer } },
    {
      kind: "alter-column",
      table: onPersons,
      column: "age",
      changes: { type: integer, using: 'CAST("age" AS integer)' },
    },
  ]);
});

test("a list of ops is applied in time linear in its length", () => {
  const tables = Array.from({ length: 3000 }, (_, place): Op[] => [
    { kind: "create-table", table: table(`t${place}`, { columns: [column("a", integer)] }) },
    {
      kind: "create-index",
      table: named(`t${place}`),
      index: index(`i${place}`, [indexKey({ column: "a" })]),
    },
  ]).flat();
  expect(applyOps(shop, tables).tables.size).toBe(3003);
});
