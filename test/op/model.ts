import { definedKey } from "../../src/schema/address.js";
import {
  column,
  columnType,
  constraintBase,
  defaultSequenceOptions,
  draftSchema,
  index,
  indexKey,
  table,
} from "../../src/schema/build.js";
import type { Dependencies } from "../../src/schema/dependency.js";
import { nameKey, type ObjectName } from "../../src/schema/name.js";
import type {
  Check,
  Composite,
  Defined,
  Domain,
  Enum,
  ForeignKey,
  Policy,
  PrimaryKey,
  Schema,
  Sequence,
  Table,
  Unique,
  View,
} from "../../src/schema/schema.js";

export function named(name: string, namespace: string | null = null): ObjectName {
  return { namespace, name };
}

export const integer = columnType("integer");
export const text = columnType("text");
export const mood = columnType("mood");

export function primaryKey(name: string, ...columns: string[]): PrimaryKey {
  return {
    kind: "primary-key",
    ...constraintBase(name),
    columns,
    include: [],
    deferral: "immediate",
    autoincrement: false,
  };
}

export function unique(name: string | null, ...columns: string[]): Unique {
  return {
    kind: "unique",
    ...constraintBase(name),
    columns,
    include: [],
    nullsNotDistinct: false,
    deferral: "immediate",
  };
}

export function check(name: string | null, expression: string): Check {
  return { kind: "check", ...constraintBase(name), expression, noInherit: false, validated: true };
}

export function foreignKey(
  name: string | null,
  columns: readonly string[],
  to: ObjectName,
  toColumns: readonly string[],
): ForeignKey {
  return {
    kind: "foreign-key",
    ...constraintBase(name),
    columns,
    references: { table: to, columns: toColumns },
    onDelete: "no action",
    onUpdate: "no action",
    match: "simple",
    deferral: "immediate",
    validated: true,
  };
}

export function policy(name: string, using: string): Policy {
  const rest = { permissive: true, command: "all", roles: ["public"], check: null, comment: null } as const;
  return { name, ...rest, using };
}

export function view(name: string, definition: string, properties: Partial<View> = {}): View {
  return {
    ...named(name),
    materialized: false,
    definition,
    parameters: {},
    withData: true,
    method: null,
    tablespace: null,
    indexes: [],
    comment: null,
    ...properties,
  };
}

export function enumOf(name: string, ...values: string[]): Enum {
  return { ...named(name), values, comment: null };
}

export function sequence(name: string, ownedBy: Sequence["ownedBy"] = null): Sequence {
  return {
    ...named(name),
    type: columnType("bigint"),
    options: defaultSequenceOptions,
    ownedBy,
    comment: null,
  };
}

/** A schema from its objects. */
export function schemaOf(parts: {
  readonly tables?: readonly Table[];
  readonly views?: readonly View[];
  readonly enums?: readonly Enum[];
  readonly sequences?: readonly Sequence[];
  readonly namespaces?: readonly string[];
  readonly extensions?: readonly string[];
  readonly domains?: readonly Domain[];
  readonly composites?: readonly Composite[];
  readonly defined?: readonly Defined[];
  readonly dependencies?: Dependencies;
}): Schema {
  const schema = draftSchema("postgres");
  for (const one of parts.tables ?? []) schema.tables.set(nameKey(one), one);
  for (const one of parts.views ?? []) schema.views.set(nameKey(one), one);
  for (const one of parts.enums ?? []) schema.enums.set(nameKey(one), one);
  for (const one of parts.sequences ?? []) schema.sequences.set(nameKey(one), one);
  for (const name of parts.namespaces ?? []) schema.namespaces.set(name, { name, comment: null });
  for (const name of parts.extensions ?? []) {
    schema.extensions.set(name, { name, namespace: null, version: null });
  }
  for (const one of parts.domains ?? []) schema.domains.set(nameKey(one), one);
  for (const one of parts.composites ?? []) schema.composites.set(nameKey(one), one);
  for (const one of parts.defined ?? []) schema.defined.set(definedKey(one), one);
  return parts.dependencies === undefined ? schema : { ...schema, dependencies: parts.dependencies };
}

export function domain(name: string, properties: Partial<Domain> = {}): Domain {
  return {
    ...named(name),
    type: text,
    nullable: true,
    default: null,
    collation: null,
    checks: [],
    comment: null,
    ...properties,
  };
}

export function domainCheck(name: string, expression: string): Domain["checks"][number] {
  return { name, expression, validated: true, comment: null };
}

export function composite(name: string, ...attributes: string[]): Composite {
  const made = attributes.map((attribute) => ({
    name: attribute,
    type: text,
    collation: null,
    comment: null,
  }));
  return { ...named(name), attributes: made, comment: null };
}

/** A function without arguments, or with those of `properties.signature`. */
export function routine(name: string, body: string, properties: Partial<Defined> = {}): Defined {
  const signature = properties.signature ?? "";
  return {
    kind: "function",
    ...named(name),
    table: null,
    signature,
    definition: `CREATE FUNCTION ${name}(${signature})\n RETURNS integer\n LANGUAGE plpgsql\nAS $$${body}$$`,
    settings: [],
    comment: null,
    ...properties,
  };
}

export function trigger(name: string, on: string, calls: string): Defined {
  return {
    kind: "trigger",
    ...named(name),
    table: named(on),
    signature: "",
    definition: `CREATE TRIGGER ${name} BEFORE UPDATE ON ${on} FOR EACH ROW EXECUTE FUNCTION ${calls}()`,
    settings: [],
    comment: null,
  };
}

export const persons = table("persons", {
  columns: [
    column("id", integer, { nullable: false, default: "nextval('persons_id_seq'::regclass)" }),
    column("email", columnType("character varying", ["20"])),
    column("age", integer, { comment: "in years" }),
    column("feeling", mood, { default: "'sad'::mood" }),
    column("double age", integer, { generated: { expression: "age * 2", storage: "stored" } }),
  ],
  constraints: [
    primaryKey("persons_pkey", "id"),
    unique("persons_email_key", "email"),
    check("adult", "age > 18"),
  ],
  indexes: [
    index("ix_email", [indexKey({ expression: "lower(email)" })], { where: "age IS NOT NULL" }),
    index("ix_feeling", [indexKey({ column: "feeling" })]),
  ],
  policies: [policy("own", "persons.age > 0")],
});

export const orders = table('Order "x"', {
  columns: [column("id", integer, { nullable: false }), column("person_id", integer)],
  constraints: [
    primaryKey("orders_pkey", "id"),
    foreignKey("orders_person_fkey", ["person_id"], named("persons"), ["id"]),
  ],
});

/** One of nearly everything, all of it connected. */
export const shop: Schema = schemaOf({
  namespaces: ["billing"],
  extensions: ["pg_trgm"],
  enums: [enumOf("mood", "sad", "ok", "happy")],
  sequences: [sequence("persons_id_seq", { table: named("persons"), column: "id" }), sequence("free")],
  tables: [persons, orders, table("invoices", { namespace: "billing", columns: [column("id", integer)] })],
  views: [
    view("adults", "SELECT email FROM persons WHERE age > 18"),
    view("cached", "SELECT email FROM persons", {
      materialized: true,
      indexes: [index("ix_cached", [indexKey({ column: "email" })])],
    }),
  ],
});

/** What `shop` has not: conditions, attributes, functions, triggers and partitions. */
export const works: Schema = schemaOf({
  namespaces: ["audit"],
  tables: [
    table("events", {
      columns: [column("at", text), column("kind", columnType("short"))],
      partitioning: { strategy: "list", keys: "kind" },
    }),
    table("events_a", {
      columns: [
        column("at", text, { inherited: true }),
        column("kind", columnType("short"), { inherited: true }),
      ],
      partition: { of: named("events"), bounds: "FOR VALUES IN ('a')" },
      indexes: [index("events_a_at", [indexKey({ column: "at" })])],
    }),
    table("events_b", { columns: [column("at", text), column("kind", columnType("short"))] }),
  ],
  views: [view("recent", "SELECT at FROM events")],
  domains: [domain("short", { checks: [domainCheck("is_short", "length(VALUE) < 9")] })],
  composites: [composite("address", "street", "town")],
  defined: [routine("touch", "BEGIN RETURN new; END"), trigger("touched", "events_b", "touch")],
});
