import fc from "fast-check";
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
import { type DialectName, nameKey, type ObjectName } from "../../src/schema/name.js";
import type {
  Check,
  Column,
  ColumnType,
  Constraint,
  Enum,
  ForeignKey,
  Index,
  Policy,
  PrimaryKey,
  Schema,
  SchemaDraft,
  Sequence,
  Table,
  Unique,
  View,
} from "../../src/schema/schema.js";

/** What the random schemas are made of. Every name that they use is valid on the engine. */
export interface SchemaShape {
  readonly dialect: DialectName;
  readonly types: readonly ColumnType[];
  /** The type that keys, checks and generated columns are made of; one of `types`. */
  readonly integer: ColumnType;
  readonly namespaces: boolean;
  readonly enums: boolean;
  readonly sequences: boolean;
  readonly comments: boolean;
  readonly policies: boolean;
  readonly materializedViews: boolean;
  readonly identity: boolean;
  readonly validation: boolean;
  readonly maxTables: number;
}

/** Names that go wrong wherever a name is not quoted, cut or compared rightly. At most 63 bytes each. */
const tableNames = [
  "persons",
  'Order "x"',
  "select",
  "naïve ü",
  "two words",
  `long_${"n".repeat(57)}`,
  "Persons",
  "it's",
  "a.b",
];
const columnNames = [
  "id",
  "name",
  "full_name",
  "Name",
  "order",
  'quo"ted',
  "größe in m²",
  "a.b",
  `long_${"c".repeat(57)}`,
  "value",
];
const enumNames = ["mood", "Mood", "user"];
const enumValues = ["sad", "ok", "it's", "", "Happy", "naïve ü"];

/** As many tables as an engine in memory makes in an instant. */
export const postgresShape: SchemaShape = {
  dialect: "postgres",
  types: [
    columnType("integer"),
    columnType("bigint"),
    columnType("text"),
    columnType("character varying", ["20"]),
    columnType("character varying", ["255"]),
    columnType("boolean"),
    columnType("timestamp with time zone"),
    columnType("text", [], 1),
  ],
  integer: columnType("integer"),
  namespaces: true,
  enums: true,
  sequences: true,
  comments: true,
  policies: true,
  materializedViews: true,
  identity: true,
  validation: true,
  maxTables: 6,
};

export const sqliteShape: SchemaShape = {
  dialect: "sqlite",
  types: [columnType("INTEGER"), columnType("TEXT"), columnType("REAL"), columnType("BLOB")],
  integer: columnType("INTEGER"),
  namespaces: false,
  enums: false,
  sequences: false,
  comments: false,
  policies: false,
  materializedViews: false,
  identity: false,
  validation: false,
  maxTables: 5,
};

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function quotedName(name: ObjectName): string {
  return name.namespace === null ? quoted(name.name) : `${quoted(name.namespace)}.${quoted(name.name)}`;
}

// The plan of a schema: choices as small numbers and flags, which shrink well. `build` makes a valid schema of it.

const choice = fc.nat({ max: 11 });
const flag = fc.boolean();
const rarely = fc.integer({ min: 0, max: 5 }).map((number) => number === 0);

const columnPlan = fc.record({
  name: fc.constantFrom(...columnNames),
  type: choice,
  nullable: flag,
  default: choice,
  generated: rarely,
  comment: rarely,
});

const tablePlan = fc.record({
  columns: fc.uniqueArray(columnPlan, { minLength: 1, maxLength: 5, selector: (plan) => plan.name }),
  key: fc.option(fc.record({ columns: fc.integer({ min: 1, max: 2 }), implicit: flag }), { freq: 4 }),
  uniques: fc.array(fc.record({ column: choice, name: choice, asIndex: flag }), { maxLength: 2 }),
  checks: fc.array(fc.record({ column: choice, name: choice, limit: choice, valid: flag }), { maxLength: 2 }),
  foreignKeys: fc.array(
    fc.record({ target: choice, onDelete: flag, name: choice, implicit: flag, valid: flag }),
    { maxLength: 2 },
  ),
  indexes: fc.array(fc.record({ column: choice, name: choice, form: choice, descending: flag }), {
    maxLength: 3,
  }),
  policies: fc.array(fc.record({ column: choice, name: choice }), { maxLength: 1 }),
  namespace: rarely,
  comment: rarely,
});

const viewPlan = fc.record({ over: choice, column: choice, materialized: rarely, comment: rarely });

function planOf(shape: SchemaShape) {
  return fc.record({
    tables: fc.dictionary(fc.constantFrom(...tableNames), tablePlan, { maxKeys: shape.maxTables }),
    enums: fc.dictionary(
      fc.constantFrom(...enumNames),
      fc.record({
        values: fc.uniqueArray(fc.constantFrom(...enumValues), { minLength: 1 }),
        comment: rarely,
      }),
    ),
    sequences: fc.dictionary(
      fc.constantFrom("seq", "Seq two"),
      fc.record({ increment: choice, owner: choice, default: flag, comment: rarely }),
    ),
    views: fc.dictionary(fc.constantFrom("v", "View two", "two words"), viewPlan),
    namespace: flag,
  });
}

type Plan = ReturnType<typeof planOf> extends fc.Arbitrary<infer P> ? P : never;
type TablePlan = Plan["tables"][string];

function pick<T>(items: readonly T[], place: number): T | undefined {
  return items[place % items.length];
}

function defaultOf(type: ColumnType, choice: number, enums: readonly Enum[]): string | null {
  if (choice < 6 || type.dimensions > 0) return null;
  const values = enums.find((one) => one.name === type.name && one.namespace === type.namespace)?.values;
  if (values !== undefined) return `${literal(pick(values, choice) ?? "")}::${quotedName(type)}`;
  switch (type.name.toLowerCase()) {
    case "integer":
    case "bigint":
      return `${choice}`;
    case "text":
    case "character varying":
      return literal(choice > 8 ? "it's" : "x");
    default:
      return null;
  }
}

function buildColumns(shape: SchemaShape, plan: TablePlan, enums: readonly Enum[]): readonly Column[] {
  const types = [...shape.types, ...enums.map((one) => columnType(one.name, [], 0, one.namespace))];
  const columns: Column[] = [];
  for (const one of plan.columns) {
    const type = pick(types, one.type) ?? shape.integer;
    const comment = shape.comments && one.comment ? 'it\'s a "comment"' : null;
    const source = columns.find((other) => other.type === shape.types[0] && other.generated === null);
    if (one.generated && source !== undefined) {
      const generated = { expression: `${quoted(source.name)} * 2`, storage: "stored" } as const;
      columns.push(column(one.name, shape.integer, { generated, comment }));
      continue;
    }
    if (shape.identity && type === shape.integer && one.default === 5) {
      const identity = { generation: "by-default", sequence: defaultSequenceOptions } as const;
      columns.push(column(one.name, type, { nullable: false, identity, comment }));
      continue;
    }
    const byDefault = defaultOf(type, one.default, enums);
    columns.push(column(one.name, type, { nullable: one.nullable, default: byDefault, comment }));
  }
  return columns;
}

/** Types that every engine has an order and a default index for. */
function canBeKey(one: Column): boolean {
  return one.type.dimensions === 0 && one.generated === null && one.type.name !== "BLOB";
}

function uniqueNames<T extends { readonly name: string | null }>(parts: readonly T[]): readonly T[] {
  return parts.filter((part, place) => parts.findIndex((other) => other.name === part.name) === place);
}

function buildKey(
  plan: TablePlan,
  own: Table,
  place: number,
): { columns: readonly Column[]; key: PrimaryKey | null } {
  const names = own.columns
    .filter(canBeKey)
    .slice(0, plan.key?.columns ?? 0)
    .map((one) => one.name);
  if (names.length === 0) return { columns: own.columns, key: null };
  const columns = own.columns.map((one) => (names.includes(one.name) ? { ...one, nullable: false } : one));
  const key: PrimaryKey = {
    kind: "primary-key",
    ...constraintBase(`pk ${place}`),
    implicitName: plan.key?.implicit ?? false,
    columns: names,
    include: [],
    deferral: "immediate",
    autoincrement: false,
  };
  return { columns, key };
}

function buildConstraints(
  shape: SchemaShape,
  plan: TablePlan,
  own: Table,
  place: number,
): readonly Constraint[] {
  const keys = own.columns.filter(canBeKey);
  const numbers = own.columns.filter((one) => one.type === shape.integer);
  const uniques = plan.uniques.flatMap((one): Unique[] => {
    const on = pick(keys, one.column);
    if (on === undefined || one.asIndex) return [];
    const base = constraintBase(`uq ${place} ${one.name % 4}`);
    const rest = { include: [], nullsNotDistinct: false, deferral: "immediate" } as const;
    return [{ kind: "unique", ...base, columns: [on.name], ...rest }];
  });
  const checks = plan.checks.flatMap((one): Check[] => {
    const on = pick(numbers, one.column);
    if (on === undefined) return [];
    const base = constraintBase(`Check "${one.name % 4}"`);
    const validated = one.valid || !shape.validation;
    return [
      {
        kind: "check",
        ...base,
        expression: `${quoted(on.name)} > ${one.limit}`,
        noInherit: false,
        validated,
      },
    ];
  });
  // Two equal keys in one CREATE TABLE are one key to PostgreSQL.
  const taken = [own.constraints.find((one) => one.kind === "primary-key")?.columns.join()];
  const distinct = uniques.filter((one) => {
    const columns = one.columns.join();
    return !taken.includes(columns) && taken.push(columns) > 0;
  });
  return uniqueNames<Constraint>([...distinct, ...checks]);
}

function buildIndexes(shape: SchemaShape, plan: TablePlan, own: Table, place: number): readonly Index[] {
  const keys = own.columns.filter(canBeKey);
  const texts = own.columns.filter((one) => /^text$/i.test(one.type.name) && canBeKey(one));
  const unique = plan.uniques.flatMap((one) => {
    const on = pick(keys, one.column);
    if (on === undefined || !one.asIndex) return [];
    return [index(`ux ${place} ${one.name % 4}`, [indexKey({ column: on.name })], { unique: true })];
  });
  const plain = plan.indexes.flatMap((one) => {
    const on = pick(keys, one.column);
    if (on === undefined) return [];
    const name = `Index "${place}" ${one.name % 4}`;
    const text = pick(texts, one.column);
    if (one.form > 8 && text !== undefined) {
      return [index(name, [indexKey({ expression: `lower(${quoted(text.name)})` })])];
    }
    const where = one.form > 5 ? `${quoted(on.name)} IS NOT NULL` : null;
    const order = one.descending ? "desc" : "asc";
    const comment = shape.comments && one.form === 0 ? "an index" : null;
    return [index(name, [indexKey({ column: on.name }, { order })], { where, comment })];
  });
  return uniqueNames([...unique, ...plain]);
}

function buildPolicies(shape: SchemaShape, plan: TablePlan, own: Table): readonly Policy[] {
  if (!shape.policies) return [];
  return plan.policies.flatMap((one): Policy[] => {
    const on = pick(own.columns, one.column);
    if (on === undefined) return [];
    const using = `${quoted(on.name)} IS NOT NULL`;
    const rest = { permissive: true, command: "all", roles: ["public"], check: null, comment: null } as const;
    return [{ name: `Policy ${one.name % 3}`, ...rest, using }];
  });
}

function buildTable(
  shape: SchemaShape,
  plan: TablePlan,
  name: ObjectName,
  place: number,
  enums: readonly Enum[],
): Table {
  const comment = shape.comments && plan.comment ? "a table" : null;
  const bare = table(name.name, { ...name, columns: buildColumns(shape, plan, enums), comment });
  const { columns, key } = buildKey(plan, bare, place);
  const own = { ...bare, columns, constraints: key === null ? [] : [key] };
  return {
    ...own,
    constraints: [...own.constraints, ...buildConstraints(shape, plan, own, place)],
    indexes: buildIndexes(shape, plan, own, place),
    policies: buildPolicies(shape, plan, own),
    rowSecurity: shape.policies && plan.policies.length > 0 ? "enabled" : "off",
  };
}

/** Adds a foreign key with columns of its own, typed as the key it points at. */
function addForeignKey(
  shape: SchemaShape,
  own: Table,
  target: Table,
  plan: TablePlan["foreignKeys"][number],
): Table {
  const key = target.constraints.find((one) => one.kind === "primary-key" || one.kind === "unique");
  if (key?.kind !== "primary-key" && key?.kind !== "unique") return own;
  const name = `fk ${plan.name % 4}`;
  if (own.constraints.some((one) => one.name === name)) return own;
  const columns = key.columns.map((keyColumn, place) => {
    const type = target.columns.find((one) => one.name === keyColumn)?.type ?? shape.integer;
    return column(`ref ${plan.name % 4} ${place}`, type);
  });
  const foreignKey: ForeignKey = {
    kind: "foreign-key",
    ...constraintBase(name),
    implicitName: plan.implicit,
    columns: columns.map((one) => one.name),
    references: {
      table: { namespace: target.namespace, name: target.name },
      columns: key.columns,
    },
    onDelete: plan.onDelete ? "cascade" : "no action",
    onUpdate: "no action",
    match: "simple",
    deferral: "immediate",
    validated: plan.valid || !shape.validation,
  };
  return { ...own, columns: [...own.columns, ...columns], constraints: [...own.constraints, foreignKey] };
}

function buildSequences(plan: Plan, draft: SchemaDraft, shape: SchemaShape): void {
  for (const [name, one] of Object.entries(plan.sequences)) {
    const owner = pick([...draft.tables.values()], one.owner);
    const place = owner?.columns.findIndex(
      (each) => each.type === shape.integer && each.generated === null && each.identity === null,
    );
    const on = place === undefined ? undefined : owner?.columns[place];
    const sequence: Sequence = {
      namespace: null,
      name,
      type: columnType("bigint"),
      options: {
        start: null,
        increment: one.increment > 6 ? `${one.increment}` : null,
        minimum: null,
        maximum: null,
        cache: null,
        cycle: false,
      },
      // A sequence and the table it belongs to must be in one namespace.
      ownedBy:
        owner && on && owner.namespace === null && one.owner > 3
          ? { table: { namespace: null, name: owner.name }, column: on.name }
          : null,
      comment: one.comment ? "a sequence" : null,
    };
    draft.sequences.set(nameKey(sequence), sequence);
    if (owner === undefined || on === undefined || !one.default) continue;
    const byDefault = `nextval(${literal(quoted(name))}::regclass)`;
    const columns = owner.columns.map((each) => (each === on ? { ...each, default: byDefault } : each));
    draft.tables.set(nameKey(owner), { ...owner, columns });
  }
}

function buildViews(plan: Plan, draft: SchemaDraft, shape: SchemaShape): void {
  for (const [name, one] of Object.entries(plan.views)) {
    const view: ObjectName = { namespace: null, name };
    if (draft.tables.has(nameKey(view))) continue;
    const tables = [...draft.tables.values()];
    const views = [...draft.views.values()];
    const below = one.over > 7 ? pick(views, one.over) : undefined;
    const over = below ?? pick(tables, one.over);
    if (over === undefined) continue;
    const columns = "constraints" in over ? over.columns : [];
    const selected = pick(columns, one.column)?.name ?? "x";
    const materialized = shape.materializedViews && one.materialized;
    const made: View = {
      ...view,
      materialized,
      definition: `SELECT ${quoted(selected)} AS x FROM ${quotedName(over)}`,
      parameters: {},
      withData: true,
      method: null,
      tablespace: null,
      indexes: materialized ? [index(`Index of ${name}`, [indexKey({ column: "x" })])] : [],
      comment: shape.comments && one.comment ? "a view" : null,
    };
    draft.views.set(nameKey(view), made);
  }
}

function build(shape: SchemaShape, plan: Plan): Schema {
  const draft = draftSchema(shape.dialect);
  const inNamespace = shape.namespaces && plan.namespace;
  if (inNamespace) draft.namespaces.set("billing", { name: "billing", comment: null });
  const enums = shape.enums
    ? Object.entries(plan.enums).map(([name, { values, comment }]): Enum => {
        return { namespace: null, name, values, comment: comment ? "an enum" : null };
      })
    : [];
  for (const one of enums) draft.enums.set(nameKey(one), one);
  const names: [string, TablePlan][] = [];
  for (const [name, one] of Object.entries(plan.tables)) {
    // Engines that ignore the case of names cannot have both.
    const folded = name.toLowerCase();
    if (names.some(([other]) => other.toLowerCase() === folded)) continue;
    names.push([name, one]);
    const namespace = inNamespace && one.namespace ? "billing" : null;
    const columns = one.columns.filter(
      (each, place) =>
        one.columns.findIndex((other) => other.name.toLowerCase() === each.name.toLowerCase()) === place,
    );
    const place = tableNames.indexOf(name);
    const own = buildTable(shape, { ...one, columns }, { namespace, name }, place, enums);
    draft.tables.set(nameKey(own), own);
  }
  const bare = [...draft.tables.values()];
  for (const [position, [, one]] of names.entries()) {
    let own = bare[position];
    for (const foreignKey of one.foreignKeys) {
      const target = pick(bare, foreignKey.target);
      if (own && target) own = addForeignKey(shape, own, target, foreignKey);
    }
    if (own) draft.tables.set(nameKey(own), own);
  }
  if (shape.sequences) buildSequences(plan, draft, shape);
  buildViews(plan, draft, shape);
  return draft;
}

/** Random schemas that contradict themselves nowhere and that the engine accepts. */
export function schemaArbitrary(shape: SchemaShape): fc.Arbitrary<Schema> {
  return planOf(shape).map((plan) => build(shape, plan));
}

/**
 * Two schemas that have to do with each other: both from the same few names, and often the second is the first
 * with some of its tables, enums, sequences and views planned anew.
 */
export function schemaPairArbitrary(shape: SchemaShape): fc.Arbitrary<readonly [Schema, Schema]> {
  const plan = planOf(shape);
  return fc
    .tuple(plan, plan, fc.boolean(), fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }))
    .map(([a, b, kindred, keep]) => {
      if (!kindred) return [build(shape, a), build(shape, b)] as const;
      const mixed = <T>(old: Record<string, T>, now: Record<string, T>): Record<string, T> => {
        const entries = Object.entries({ ...old, ...now });
        return Object.fromEntries(
          entries.map(([name, value], place) => [name, keep[place] ? (old[name] ?? value) : value]),
        );
      };
      const both: Plan = {
        tables: mixed(a.tables, b.tables),
        enums: mixed(a.enums, b.enums),
        sequences: mixed(a.sequences, b.sequences),
        views: mixed(a.views, b.views),
        namespace: keep[0] ? a.namespace : b.namespace,
      };
      return [build(shape, a), build(shape, both)] as const;
    });
}
