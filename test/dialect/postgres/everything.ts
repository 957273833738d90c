import type { Op } from "../../../src/op/op.js";
import {
  column,
  columnType,
  constraintBase,
  defaultSequenceOptions,
  defaultTableOptions,
  draftSchema,
  index,
  indexKey,
  table,
} from "../../../src/schema/build.js";
import { nameKey, type ObjectName } from "../../../src/schema/name.js";
import type { Constraint, Schema, Sequence, Table, View } from "../../../src/schema/schema.js";

const integer = columnType("integer");
const text = columnType("text");
const long = "a".repeat(63);

export const nasty = 'Order "x"';

function persons(): Table {
  return table("persons", {
    comment: "People, who're \\ here",
    columns: [
      column("id", columnType("serial"), { nullable: false }),
      column("name", columnType("varchar", ["40"]), { nullable: false, default: "'it''s'" }),
      column("email", text, { collation: { namespace: null, name: "C" }, comment: "lower case" }),
      column("mood", columnType("mood"), { default: "'sad'" }),
      column("moods", columnType("mood", [], 1)),
      column("amount", columnType("decimal", ["10", "2"]), { default: "0" }),
      column("made", columnType("timestamptz", ["3"]), { nullable: false, default: "now()" }),
      column("data", columnType("jsonb"), { default: "'{}'" }),
      column("upper name", text, { generated: { expression: "upper((name)::text)", storage: "stored" } }),
      column("during", columnType("tstzrange")),
      column("letter", columnType('"char"')),
      column("matrix", columnType("int4", [], 2)),
      column("lag", columnType("interval day to second", ["3"])),
    ],
    constraints: [
      {
        kind: "primary-key",
        ...constraintBase(null),
        columns: ["id"],
        include: [],
        deferral: "immediate",
        autoincrement: false,
      },
      {
        kind: "unique",
        ...constraintBase("persons_name_email_key"),
        comment: "one each",
        columns: ["name", "email"],
        include: ["mood"],
        nullsNotDistinct: true,
        deferral: "deferrable",
      },
      {
        kind: "check",
        ...constraintBase(null),
        expression: "amount >= 0",
        noInherit: false,
        validated: true,
      },
      {
        kind: "check",
        ...constraintBase("two"),
        expression: "name <> '' OR email IS NOT NULL",
        noInherit: true,
        validated: false,
      },
      {
        kind: "exclude",
        ...constraintBase(null),
        method: "gist",
        elements: [
          { key: indexKey({ column: "during" }), operator: "&&" },
          { key: indexKey({ expression: "int4range(id, id + 1)" }), operator: "=" },
        ],
        where: "amount > 0",
        deferral: "deferred",
      },
    ],
    indexes: [
      index(
        "persons_lower_email",
        [indexKey({ expression: "lower(email)" }), indexKey({ column: "name" }, { order: "desc" })],
        {
          unique: true,
          where: "email IS NOT NULL AND mood = 'sad'",
          include: ["made"],
          comment: "for signing in",
          parameters: { fillfactor: "70" },
        },
      ),
      index("persons_data", [indexKey({ column: "data" }, { operatorClass: "jsonb_path_ops" })], {
        method: "gin",
      }),
      index("persons_pattern", [
        indexKey(
          { column: "name" },
          {
            operatorClass: "text_pattern_ops",
            nulls: "first",
            collation: { namespace: null, name: "POSIX" },
          },
        ),
        indexKey(
          { expression: "(email COLLATE \"C\") || 'x'" },
          { collation: { namespace: null, name: "POSIX" } },
        ),
      ]),
      index("persons_hash", [indexKey({ column: "email" })], { method: "hash" }),
    ],
    policies: [
      {
        name: "own rows",
        permissive: false,
        command: "update",
        roles: [],
        using: "name = CURRENT_USER",
        check: "name = CURRENT_USER AND amount > 1",
        comment: "policy's comment",
      },
      {
        name: "all",
        permissive: true,
        command: "all",
        roles: ["public"],
        using: "true",
        check: null,
        comment: null,
      },
    ],
    rowSecurity: "forced",
    options: {
      ...defaultTableOptions,
      parameters: { fillfactor: "80", "toast.autovacuum_enabled": "false" },
    },
  });
}

function orders(): Table {
  return table(nasty, {
    namespace: "naïve ü",
    columns: [
      column("select", columnType("int8"), {
        nullable: false,
        identity: {
          generation: "always",
          sequence: { ...defaultSequenceOptions, start: "10", increment: "5", cache: "3" },
        },
      }),
      column('a "quoted"', integer, {
        nullable: false,
        identity: {
          generation: "by-default",
          sequence: { ...defaultSequenceOptions, increment: "-1", cycle: true },
        },
      }),
      column("person id", integer, { comment: "who" }),
      column("state", columnType("Order State", [], 0, "naïve ü"), {
        default: `'it''s open'::"naïve ü"."Order State"`,
      }),
      column("number", columnType("bigint"), { default: `nextval('"naïve ü"."the numbers"'::regclass)` }),
      column(long, columnType("bit varying", ["8"])),
      column("one", columnType("char")),
    ],
    constraints: [
      {
        kind: "primary-key",
        ...constraintBase('pk "x"'),
        columns: ["select"],
        include: ["one"],
        deferral: "immediate",
        autoincrement: false,
      },
      {
        kind: "foreign-key",
        ...constraintBase(null),
        columns: ["person id"],
        references: { table: { namespace: null, name: "persons" }, columns: ["id"] },
        onDelete: "cascade",
        onUpdate: "set null",
        match: "full",
        deferral: "deferred",
        validated: true,
      },
      {
        kind: "foreign-key",
        ...constraintBase("again"),
        columns: ["person id"],
        references: { table: { namespace: null, name: "persons" }, columns: ["id"] },
        onDelete: "no action",
        onUpdate: "restrict",
        match: "simple",
        deferral: "immediate",
        validated: false,
      },
      {
        kind: "unique",
        ...constraintBase(null),
        columns: ['a "quoted"'],
        include: [],
        nullsNotDistinct: false,
        deferral: "immediate",
      },
      {
        kind: "check",
        ...constraintBase(null),
        expression: `"person id" > "select"`,
        noInherit: false,
        validated: true,
      },
    ],
    indexes: [index(long, [indexKey({ column: long })])],
    options: { ...defaultTableOptions, unlogged: true },
  });
}

function views(): readonly View[] {
  const plain = { tablespace: null, method: null, withData: true, indexes: [], parameters: {} };
  return [
    {
      ...plain,
      namespace: null,
      name: "people",
      materialized: false,
      definition: "SELECT id, name FROM persons WHERE mood = 'sad'",
      parameters: { security_barrier: "true", check_option: "local" },
      columnTypes: ["NULL::integer AS id", "NULL::character varying(40) AS name"],
      comment: "seen",
    },
    {
      ...plain,
      namespace: "naïve ü",
      name: "Summary",
      materialized: true,
      definition: "SELECT p.name, count(*) AS n FROM people p GROUP BY p.name;",
      parameters: { fillfactor: "90" },
      withData: false,
      indexes: [index("summary by name", [indexKey({ column: "name" })], { unique: true })],
      comment: null,
    },
  ];
}

function sequences(): readonly Sequence[] {
  return [
    {
      namespace: "naïve ü",
      name: "the numbers",
      type: columnType("bigint"),
      options: { ...defaultSequenceOptions, minimum: "-5", start: "7" },
      ownedBy: { table: { namespace: "naïve ü", name: nasty }, column: "number" },
      comment: "counts",
    },
    {
      namespace: null,
      name: "small",
      type: columnType("int2"),
      options: { ...defaultSequenceOptions, increment: "+1", maximum: "32767", cycle: true },
      ownedBy: null,
      comment: null,
    },
  ];
}

/** A schema with every feature that the records can hold on PostgreSQL 15 and later. */
export function everything(): Schema {
  const schema = draftSchema("postgres");
  schema.namespaces.set("naïve ü", { name: "naïve ü", comment: "not plain" });
  schema.extensions.set("citext", { name: "citext", namespace: null, version: null });
  for (const one of [
    { namespace: null, name: "mood", values: ["sad", "ok", "it's \\ fine"], comment: "how" },
    { namespace: "naïve ü", name: "Order State", values: ["it's open", "closed"], comment: null },
  ]) {
    schema.enums.set(nameKey(one), one);
  }
  for (const sequence of sequences()) schema.sequences.set(nameKey(sequence), sequence);
  for (const one of [persons(), orders()]) schema.tables.set(nameKey(one), one);
  for (const view of views()) schema.views.set(nameKey(view), view);
  return schema;
}

/** The ops that make a schema in an empty database, in an order that works for the schemas of these tests. */
export function creation(schema: Schema): readonly Op[] {
  const ops: Op[] = [];
  for (const namespace of schema.namespaces.values()) ops.push({ kind: "create-namespace", namespace });
  for (const extension of schema.extensions.values()) ops.push({ kind: "create-extension", extension });
  for (const one of schema.enums.values()) ops.push({ kind: "create-enum", enum: one });
  for (const sequence of schema.sequences.values()) {
    ops.push({ kind: "create-sequence", sequence: { ...sequence, ownedBy: null } });
  }
  const later: Op[] = [];
  for (const one of schema.tables.values()) {
    const keys = (constraint: Constraint) => constraint.kind === "foreign-key";
    const name: ObjectName = { namespace: one.namespace, name: one.name };
    ops.push({
      kind: "create-table",
      table: {
        ...one,
        indexes: [],
        policies: [],
        constraints: one.constraints.filter((each) => !keys(each)),
      },
    });
    for (const constraint of one.constraints.filter(keys))
      later.push({ kind: "add-constraint", table: name, constraint });
    for (const each of one.indexes) later.push({ kind: "create-index", table: name, index: each });
    for (const policy of one.policies) later.push({ kind: "create-policy", table: name, policy });
  }
  for (const sequence of schema.sequences.values()) {
    if (sequence.ownedBy !== null) later.push({ kind: "alter-sequence", sequence });
  }
  for (const view of schema.views.values()) {
    later.push({ kind: "create-view", view: { ...view, indexes: [] } });
    const name: ObjectName = { namespace: view.namespace, name: view.name };
    for (const each of view.indexes) later.push({ kind: "create-index", table: name, index: each });
  }
  return [...ops, ...later];
}
