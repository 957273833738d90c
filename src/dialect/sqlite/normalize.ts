import { defaultSequenceOptions, draftSchema } from "../../schema/build.js";
import { nameKey, nameOf, type ObjectName } from "../../schema/name.js";
import type {
  Column,
  Constraint,
  ForeignKey,
  Identity,
  Index,
  IndexKey,
  KeyOrdering,
  Schema,
  Sequence,
  Table,
  View,
} from "../../schema/schema.js";
import type { Dialect } from "../dialect.js";
import { foldName, isWord, tokenize } from "./parse/tokenize.js";
import { affinity, isRowidAlias, normalizeType, strictType } from "./types.js";

function objectName(name: ObjectName): ObjectName {
  return name.namespace === "main" ? { namespace: null, name: name.name } : nameOf(name);
}

/** Built-in collations have one spelling; SQLite ignores the case of all names. */
function collationName(name: string): string {
  const upper = name.toUpperCase();
  return ["BINARY", "NOCASE", "RTRIM"].includes(upper) ? upper : name;
}

function collation(name: ObjectName | null): ObjectName | null {
  return name === null ? null : { namespace: null, name: collationName(name.name) };
}

/** BINARY is what a column has without a collation. */
function columnCollation(name: ObjectName | null): ObjectName | null {
  const own = collation(name);
  return own?.name === "BINARY" ? null : own;
}

/** `DEFAULT NULL` says what holds without it. */
function isNull(expression: string): boolean {
  if (!/^[\s(]*null[\s)]*$/i.test(expression)) return false;
  return tokenize(expression).every((token) => token.kind === "operator" || isWord(token, "NULL"));
}

function column(value: Column): Column {
  const { notNull, ...rest } = value;
  const kept =
    notNull !== undefined && !value.nullable && (notNull.name !== null || notNull.onConflict !== null);
  return {
    ...rest,
    type: normalizeType(value.type),
    default: value.default !== null && isNull(value.default) ? null : value.default,
    collation: columnCollation(value.collation),
    comment: null,
    ...(kept ? { notNull } : {}),
  };
}

/** SQLite knows neither NOT VALID nor NO INHERIT nor comments, and never names a constraint by itself. */
function constraint(_table: ObjectName, value: Constraint): Constraint {
  const base = { implicitName: value.name === null, comment: null };
  switch (value.kind) {
    case "foreign-key": {
      const references = { ...value.references, table: objectName(value.references.table) };
      return { ...value, ...base, references, validated: true };
    }
    case "check":
      return { ...value, ...base, noInherit: false, validated: true };
    case "primary-key":
    case "unique":
      return { ...value, ...base, ...orderings(value.orderings) };
    case "exclude":
      return { ...value, ...base };
  }
}

function orderings(value: readonly KeyOrdering[] | undefined): {
  readonly orderings?: readonly KeyOrdering[];
} {
  if (value === undefined) return {};
  const name = (text: string | null) => (text === null ? null : collationName(text));
  return { orderings: value.map((one) => ({ ...one, collation: name(one.collation) })) };
}

/** NULL sorts below every value in SQLite and an index cannot have it otherwise: the property says nothing here. */
function index(value: Index): Index {
  return {
    ...value,
    comment: null,
    concurrently: false,
    keys: value.keys.map((key) => ({
      ...key,
      nulls: key.order === "asc" ? "last" : "first",
      collation: collation(key.collation),
    })),
  };
}

function isDefaultIdentity(identity: Identity): boolean {
  const options = { ...defaultSequenceOptions, ...identity.sequence };
  const isFirst = (text: string | null) => text === null || text === "1";
  return isFirst(options.start) && isFirst(options.increment) && options.cache === null && !options.cycle;
}

/** An identity column that is the whole key is what SQLite calls INTEGER PRIMARY KEY. */
function identityColumn(value: Column, keys: readonly string[]): Column {
  if (value.identity === null || keys.length !== 1 || keys[0] !== value.name) return value;
  if (affinity(value.type) !== "INTEGER" || !isDefaultIdentity(value.identity)) return value;
  return { ...value, identity: null, type: { ...value.type, name: "INTEGER", modifiers: [] } };
}

/** Names in constraints and indexes in the spelling of the column, since SQLite ignores the case of ASCII letters. */
function speller(columns: readonly Column[]): (name: string) => string {
  const exact = new Set(columns.map((one) => one.name));
  const folded = new Map(columns.map((one) => [foldName(one.name), one.name]));
  return (name) => (exact.has(name) ? name : (folded.get(foldName(name)) ?? name));
}

/** The rowid is never NULL, and what a NOT NULL there says never happens. */
function silent({ notNull: _, ...rest }: Column): Column {
  return { ...rest, nullable: false };
}

function table(value: Table): Table {
  const spell = speller(value.columns);
  const constraints = value.constraints.map((one) => respell(constraint(value, one), spell));
  const keys = constraints.flatMap((one) => (one.kind === "primary-key" ? one.columns : []));
  const columns = value.columns
    .map((one) => identityColumn(column(one), keys))
    .map((one) => (value.options.strict ? { ...one, type: strictType(one.type) } : one));
  const shape = { columns, constraints, options: value.options };
  // Where a key cannot be NULL, NOT NULL need not be said: WITHOUT ROWID and STRICT.
  const neverNull = (name: string) =>
    keys.includes(name) && (value.options.withoutRowid || value.options.strict || isRowidAlias(shape, name));
  return {
    ...value,
    ...objectName(value),
    columns: columns.map((one) => {
      if (isRowidAlias(shape, one.name)) return silent(one);
      return one.nullable && neverNull(one.name) ? { ...one, nullable: false } : one;
    }),
    constraints,
    indexes: value.indexes.map((one) => {
      const normal = index(one);
      return { ...normal, keys: normal.keys.map((key) => indexKey(key, columns, spell)) };
    }),
    comment: null,
  };
}

/** A collation that the key has without saying so is not said. */
function indexKey(key: IndexKey, columns: readonly Column[], spell: (name: string) => string): IndexKey {
  const name = key.column === null ? null : spell(key.column);
  const own = columns.find((one) => one.name === name)?.collation?.name ?? "BINARY";
  return { ...key, column: name, collation: key.collation?.name === own ? null : key.collation };
}

function respell(value: Constraint, spell: (name: string) => string): Constraint {
  switch (value.kind) {
    case "primary-key":
    case "unique":
    case "foreign-key":
      return { ...value, columns: value.columns.map(spell) };
    case "check":
    case "exclude":
      return value;
  }
}

function view(value: View): View {
  const definition = value.definition.trim().replace(/[;\s]+$/, "");
  return { ...value, ...objectName(value), definition, comment: null };
}

function sequence(value: Sequence): Sequence {
  return { ...value, ...objectName(value), type: normalizeType(value.type), comment: null };
}

/** A foreign key without columns points at the primary key of its parent ("Foreign Key Support", 3). */
function completeReferences(value: Table, tables: ReadonlyMap<string, Table>): Table {
  if (!value.constraints.some((one) => one.kind === "foreign-key")) return value;
  return {
    ...value,
    constraints: value.constraints.map((one) => (one.kind === "foreign-key" ? complete(one, tables) : one)),
  };
}

function complete(value: ForeignKey, tables: ReadonlyMap<string, Table>): ForeignKey {
  const { references } = value;
  const wanted = foldName(references.table.name);
  const parent =
    tables.get(nameKey(references.table)) ??
    [...tables.values()].find((one) => foldName(one.name) === wanted);
  if (parent === undefined) return value;
  const key = parent.constraints.find((one) => one.kind === "primary-key");
  const columns = references.columns.length > 0 ? references.columns : (key?.columns ?? []);
  return {
    ...value,
    references: { table: nameOf(parent), columns: columns.map(speller(parent.columns)) },
  };
}

function schema(value: Schema): Schema {
  const draft = draftSchema(value.dialect);
  const main = [...value.namespaces].filter(([name]) => name !== "main");
  const tables = new Map([...value.tables.values()].map((one) => [nameKey(objectName(one)), table(one)]));
  for (const [key, one] of tables) draft.tables.set(key, completeReferences(one, tables));
  for (const one of value.views.values()) draft.views.set(nameKey(objectName(one)), view(one));
  for (const one of value.sequences.values()) draft.sequences.set(nameKey(objectName(one)), sequence(one));
  for (const [key, one] of value.defined) draft.defined.set(key, one);
  return {
    ...{ ...draft, namespaces: new Map(main), extensions: value.extensions, enums: value.enums },
    ...(value.leftAlone !== undefined && { leftAlone: value.leftAlone }),
  };
}

/** See `Dialect.normalize`. Comments are dropped: SQLite has none, and `Capabilities.comments` says so. */
export const normalize: Dialect["normalize"] = {
  schema,
  table,
  column,
  constraint,
  index,
  sequence,
  view,
  policy: (policy) => policy,
  type: normalizeType,
};
