import type { Dialect } from "../../dialect/dialect.js";
import { copySchema } from "../../schema/build.js";
import { nameKey, type ObjectName } from "../../schema/name.js";
import type {
  Column,
  ColumnStorage,
  ColumnType,
  Constraint,
  ForeignKey,
  Identity,
  Index,
  IndexKey,
  NotNull,
  OwnSequence,
  Policy,
  Schema,
  Sequence,
  SequenceOptions,
  Table,
  TableOptions,
  View,
} from "../../schema/schema.js";
import { normalizeCollation } from "./collation.js";
import { freeConstraintName } from "./default-names.js";
import { normalizeComposite, normalizeDefined, normalizeDomain } from "./normalize-objects.js";
import { withoutDefaultOperatorClass } from "./opclass.js";
import { trimExpression } from "./token.js";
import {
  formatType,
  integerRange,
  isSerial,
  normalizeType,
  parseType,
  sequenceType,
  underlyingType,
} from "./types.js";

/**
 * What a person wrote → what inspection gives, as the `Dialect` contract says. The rules are PostgreSQL's own: see
 * CREATE TABLE, CREATE SEQUENCE and CREATE INDEX in its manual for the defaults that become `null` here.
 */
export const normalize: Dialect["normalize"] = {
  schema: normalizeSchema,
  table: (table) => normalizeTable(table, new Set()),
  column: normalizeColumn,
  constraint: (table, constraint) => nameConstraint(table, normalizeConstraint(constraint), null, new Set()),
  index: normalizeIndex,
  sequence: normalizeSequence,
  view: normalizeView,
  policy: normalizePolicy,
  type: normalizeType,
};

function normalizeSchema(schema: Schema): Schema {
  const draft = copySchema(schema);
  const taken = new Map<string | null, Set<string>>();
  for (const object of [...schema.tables.values(), ...schema.views.values(), ...schema.sequences.values()]) {
    const names = taken.get(object.namespace) ?? new Set<string>();
    taken.set(object.namespace, names.add(object.name));
    if (!("indexes" in object)) continue;
    for (const index of object.indexes) names.add(index.name);
  }
  for (const { namespace, constraints } of schema.tables.values()) {
    for (const { name } of constraints) if (name !== null) taken.get(namespace)?.add(name);
  }
  for (const [key, table] of schema.tables) {
    draft.tables.set(key, normalizeTable(table, taken.get(table.namespace) ?? new Set()));
  }
  for (const [key, table] of draft.tables) draft.tables.set(key, withReferencedColumns(table, draft));
  for (const [key, sequence] of schema.sequences) draft.sequences.set(key, normalizeSequence(sequence));
  for (const [key, view] of schema.views) draft.views.set(key, normalizeView(view));
  for (const [key, domain] of schema.domains) draft.domains.set(key, normalizeDomain(domain));
  for (const [key, composite] of schema.composites) draft.composites.set(key, normalizeComposite(composite));
  for (const [key, object] of schema.defined) draft.defined.set(key, normalizeDefined(object));
  return draft;
}

/** A foreign key that names no columns means the primary key of the referenced table. */
function withReferencedColumns(table: Table, schema: Schema): Table {
  const complete = (key: ForeignKey): ForeignKey => {
    if (key.references.columns.length > 0) return key;
    const primary = schema.tables
      .get(nameKey(key.references.table))
      ?.constraints.find((constraint) => constraint.kind === "primary-key");
    if (primary === undefined) return key;
    return { ...key, references: { ...key.references, columns: primary.columns } };
  };
  return {
    ...table,
    constraints: table.constraints.map((one) => (one.kind === "foreign-key" ? complete(one) : one)),
  };
}

/** `taken` holds names of the table's namespace that are in use; the names chosen here are added. */
function normalizeTable(table: Table, taken: Set<string>): Table {
  const primary = new Set(
    table.constraints.flatMap((one) => (one.kind === "primary-key" ? one.columns : [])),
  );
  const columns = table.columns.map((one) => {
    const column = normalizeColumn(one);
    return primary.has(column.name) && column.nullable ? { ...column, nullable: false } : column;
  });
  const names = columns.map((column) => column.name);
  for (const { name } of table.constraints) if (name !== null) taken.add(name);
  const constraints = table.constraints.map((one) => {
    const constraint = nameConstraint(table, normalizeConstraint(one), names, taken);
    if (constraint.name !== null) taken.add(constraint.name);
    return constraint;
  });
  return {
    ...table,
    columns,
    constraints,
    indexes: table.indexes.map((index) => withColumnKeys(normalizeIndex(index), new Set(names))),
    policies: table.policies.map(normalizePolicy),
    options: normalizeOptions(table.options),
  };
}

/** The access method `heap` and the replica identity of the primary key are the engine's defaults. */
function normalizeOptions(options: TableOptions): TableOptions {
  const { method, ...rest } = options;
  const usual = method === undefined || method.toLowerCase() === "heap";
  return {
    ...rest,
    parameters: normalizeParameters(options.parameters),
    ...(!usual && { method }),
  };
}

function normalizeColumn(column: Column): Column {
  const type = normalizeType(column.type);
  const serial = isSerial(type);
  const { identity, notNull, storage, own, ...rest } = column;
  const says = normalizeNotNull(notNull);
  const stored = normalizeStorage(storage);
  return {
    ...rest,
    type,
    ...(says !== null && { notNull: says }),
    ...(stored !== null && { storage: stored }),
    ...(serial && normalizeOwn(own, type)),
    nullable: column.nullable && !serial && identity === null,
    default:
      serial || identity !== null || column.generated !== null
        ? null
        : normalizeDefault(column.default, type),
    identity: identity === null ? null : normalizeIdentity(identity, type),
    collation: normalizeCollation(column.collation),
  };
}

/** The sequence's type is said only where it is not the column's. */
function normalizeOwn(own: OwnSequence | undefined, column: ColumnType): Pick<Column, "own"> {
  if (own?.type === undefined || own.type.name !== underlyingType(column).name)
    return own === undefined ? {} : { own };
  const { type: _, ...rest } = own;
  return Object.keys(rest).length === 0 ? {} : { own: rest };
}

export function normalizeNotNull(notNull: NotNull | undefined): NotNull | null {
  if (notNull === undefined) return null;
  const { name, onConflict, noInherit, notValid } = notNull;
  return name === null && onConflict === null && !noInherit && !notValid ? null : notNull;
}

/** What is the engine's default is not said: a statistics target of -1, compression and storage `default`. */
export function normalizeStorage(storage: ColumnStorage | undefined): ColumnStorage | null {
  if (storage === undefined) return null;
  const { statistics, parameters = {} } = storage;
  const said = (word: string | undefined) => {
    const lower = word?.toLowerCase();
    return lower === "default" ? undefined : lower;
  };
  const [strategy, compression] = [said(storage.strategy), said(storage.compression)];
  const normalized: ColumnStorage = {
    ...(strategy !== undefined && { strategy }),
    ...(compression !== undefined && { compression }),
    ...(statistics !== undefined && statistics >= 0 && { statistics }),
    ...(Object.keys(parameters).length > 0 && { parameters: normalizeParameters(parameters) }),
  };
  return Object.keys(normalized).length === 0 ? null : normalized;
}

/**
 * The engine keeps no default that is only NULL (`AddRelationNewConstraints` of the server). With a cast it keeps it
 * unless the cast is to the very type of the column: any other type, and a length or precision, is one more cast.
 */
function normalizeDefault(expression: string | null, type: ColumnType): string | null {
  if (expression === null) return null;
  const [bare, cast] =
    /^null(?:\s*::\s*([\p{L}_][\p{L}\p{N}_ ]*(?:\[\])?))?$/iu.exec(trimExpression(expression)) ?? [];
  if (bare === undefined) return expression;
  return cast === undefined || formatType(parseType(cast)) === formatType(normalizeType(type))
    ? null
    : expression;
}

function normalizeIdentity(identity: Identity, type: ColumnType): Identity {
  return { ...identity, sequence: normalizeSequenceOptions(identity.sequence, type) };
}

function normalizeSequence(sequence: Sequence): Sequence {
  const type = normalizeType(sequence.type);
  return { ...sequence, type, options: normalizeSequenceOptions(sequence.options, type) };
}

/** Options that are what CREATE SEQUENCE would take for the type become `null`. */
export function normalizeSequenceOptions(options: SequenceOptions, type: ColumnType): SequenceOptions {
  const [least, greatest] = integerRange(type) ?? integerRange(sequenceType) ?? ["", ""];
  const increment = canonicalNumber(options.increment) ?? "1";
  const rising = !increment.startsWith("-");
  const defaultMinimum = rising ? "1" : least;
  const defaultMaximum = rising ? greatest : "-1";
  const minimum = canonicalNumber(options.minimum) ?? defaultMinimum;
  const maximum = canonicalNumber(options.maximum) ?? defaultMaximum;
  const unless = (value: string | null, usual: string) => (value === usual ? null : value);
  return {
    start: unless(canonicalNumber(options.start), rising ? minimum : maximum),
    increment: unless(increment, "1"),
    minimum: unless(minimum, defaultMinimum),
    maximum: unless(maximum, defaultMaximum),
    cache: unless(canonicalNumber(options.cache), "1"),
    cycle: options.cycle,
  };
}

/** `+007` → `7`; text that is not a number stays, for the engine to refuse. */
function canonicalNumber(text: string | null): string | null {
  if (text === null) return null;
  return /^\s*[+-]?\d+\s*$/.test(text) ? String(BigInt(text.trim().replace(/^\+/, ""))) : text;
}

function normalizeConstraint(given: Constraint): Constraint {
  const constraint = withoutEmptyIndex(given);
  if (constraint.kind === "check" || constraint.kind === "foreign-key") {
    // What is not enforced has never been validated (pg_constraint in the manual).
    const unenforced = constraint.enforced === false && constraint.validated;
    return withoutEverySetColumn(unenforced ? { ...constraint, validated: false } : constraint);
  }
  if (constraint.kind !== "exclude") return constraint;
  const elements = constraint.elements.map(({ key, operator }) => ({
    key: normalizeKey(key, constraint.method),
    operator,
  }));
  const { include, ...rest } = constraint;
  return {
    ...rest,
    method: constraint.method.toLowerCase(),
    elements,
    ...(include !== undefined && include.length > 0 && { include }),
  };
}

function withoutEmptyIndex(constraint: Constraint): Constraint {
  if (!("index" in constraint) || constraint.index === undefined) return constraint;
  const { index, ...rest } = constraint;
  const { parameters = {}, ...others } = index;
  const said = {
    ...others,
    ...(Object.keys(parameters).length > 0 && { parameters: normalizeParameters(parameters) }),
  };
  return Object.keys(said).length === 0 ? rest : { ...rest, index: said };
}

/** `SET NULL (…)` of every column is SET NULL, but the engine keeps the list: only an empty one is none. */
function withoutEverySetColumn(constraint: Constraint): Constraint {
  if (constraint.kind !== "foreign-key" || constraint.setColumns?.length !== 0) return constraint;
  const { setColumns: _, ...rest } = constraint;
  return rest;
}

function nameConstraint(
  table: ObjectName,
  constraint: Constraint,
  columns: readonly string[] | null,
  taken: ReadonlySet<string>,
): Constraint {
  if (constraint.name !== null) return constraint;
  return { ...constraint, name: freeConstraintName(table, constraint, columns, taken), implicitName: true };
}

function normalizeIndex(index: Index): Index {
  const method = index.method.toLowerCase();
  return {
    ...index,
    method,
    keys: index.keys.map((key) => normalizeKey(key, method)),
    parameters: normalizeParameters(index.parameters),
  };
}

function normalizeKey(key: IndexKey, method: string): IndexKey {
  // Only btree has an order (manual 11.4).
  const order = method === "btree" ? { order: key.order, nulls: key.nulls } : { order: "asc", nulls: "last" };
  const { operatorClass, parameters } = splitOperatorClass(key);
  const { operatorClassParameters: _, ...rest } = key;
  // The grammar takes parameters only after a name, be it that of the default.
  const named = parameters === null ? withoutDefaultOperatorClass(method, operatorClass) : operatorClass;
  return {
    ...rest,
    ...(order as Pick<IndexKey, "order" | "nulls">),
    collation: normalizeCollation(key.collation),
    operatorClass: named?.replace(/^pg_catalog\./, "") ?? null,
    ...(parameters !== null && { operatorClassParameters: parameters }),
  };
}

/** `gist_trgm_ops(siglen='32')`, as some write it in one, taken apart. */
function splitOperatorClass(key: IndexKey): {
  readonly operatorClass: string | null;
  readonly parameters: Readonly<Record<string, string>> | null;
} {
  const given = key.operatorClassParameters ?? {};
  const [, name, list] = /^([^(]+?)\s*\(([\s\S]*)\)\s*$/.exec(key.operatorClass ?? "") ?? [];
  const pairs = [...(list ?? "").matchAll(/([\w"]+)\s*=\s*(?:'((?:[^']|'')*)'|([\w.+-]+))/g)].map(
    ([, option = "", quoted, bare = ""]) =>
      [option.replaceAll('"', ""), quoted === undefined ? bare : quoted.replaceAll("''", "'")] as const,
  );
  const parameters = normalizeParameters({ ...Object.fromEntries(pairs), ...given });
  const none = Object.keys(parameters).length === 0;
  return { operatorClass: name ?? key.operatorClass, parameters: none ? null : parameters };
}

/** An expression that is only a column's name is a key on the column. */
function withColumnKeys(index: Index, columns: ReadonlySet<string>): Index {
  const keys = index.keys.map((key): IndexKey => {
    if (key.expression === null) return key;
    const text = trimExpression(key.expression);
    const name = /^"(?:[^"]|"")+"$/.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();
    return columns.has(name) ? { ...key, column: name, expression: null } : key;
  });
  return { ...index, keys };
}

/** Names of storage parameters are folded to lower case; a parameter without a value is `true`. */
export function normalizeParameters(
  parameters: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const entries = Object.entries(parameters).map(
    ([name, value]) => [name.toLowerCase(), value.trim() === "" ? "true" : value.trim()] as const,
  );
  return Object.fromEntries(entries);
}

function normalizeView(view: View): View {
  const usual = view.method?.toLowerCase() === "heap";
  return {
    ...view,
    definition: view.definition.replace(/[\s;]+$/, "").replace(/^\s+/, ""),
    parameters: normalizeParameters(view.parameters),
    method: usual ? null : view.method,
    indexes: view.indexes.map(normalizeIndex),
  };
}

/** Nobody named is everybody, and `public` makes every other role needless (CREATE POLICY in the manual). */
function normalizePolicy(policy: Policy): Policy {
  const roles = [...new Set(policy.roles.map((role) => (/^public$/i.test(role) ? "public" : role)))];
  return { ...policy, roles: roles.length === 0 || roles.includes("public") ? ["public"] : roles.sort() };
}
