import { indexComment, withIndexComment } from "./index-comment.js";
import type {
  Column,
  Constraint,
  Defined,
  Domain,
  Expression,
  Extension,
  Identity,
  Index,
  NotNull,
  OwnSequence,
  Policy,
  Schema,
  Table,
  View,
} from "./schema.js";

/** Decides whether two texts of an expression are the same. */
export type SameExpression = (a: Expression, b: Expression) => boolean;

const sameText: SameExpression = (a, b) => a === b;

/** Deep equality of plain data: primitives, lists and records. Absent and `undefined` are the same. */
export function sameData(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && sameList(a, b);
  }
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  for (const key in left) if (left[key] !== right[key] && !sameData(left[key], right[key])) return false;
  for (const key in right) if (left[key] === undefined && right[key] !== undefined) return false;
  return true;
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, position) => sameData(item, b[position]));
}

function sameOrNull(a: Expression | null, b: Expression | null, same: SameExpression): boolean {
  if (a === null || b === null) return a === b;
  return a === b || same(a, b);
}

function sameTexts(
  a: readonly (Expression | null)[],
  b: readonly (Expression | null)[],
  same: SameExpression,
): boolean {
  return a.length === b.length && a.every((text, position) => sameOrNull(text, b[position] ?? null, same));
}

/** Two that are said and differ; what is not said is left to the engine and fits any. */
function fits(a: unknown, b: unknown): boolean {
  return a == null || b == null || sameData(a, b);
}

function sameNotNull(a: NotNull | undefined, b: NotNull | undefined): boolean {
  const rest = ({ name: _, ...others }: NotNull) => others;
  const none: NotNull = { name: null, onConflict: null };
  return fits(a?.name, b?.name) && sameData(rest(a ?? none), rest(b ?? none));
}

function sameOwn(a: OwnSequence | undefined, b: OwnSequence | undefined): boolean {
  return fits(a?.name, b?.name) && sameData(a?.type, b?.type) && sameData(a?.unlogged, b?.unlogged);
}

function sameIdentity(a: Identity | null, b: Identity | null): boolean {
  if (a === null || b === null) return a === b;
  return a.generation === b.generation && sameData(a.sequence, b.sequence) && sameOwn(a.own, b.own);
}

/** Columns with all their properties, the comment too. */
export function sameColumn(a: Column, b: Column, same: SameExpression = sameText): boolean {
  if (a === b) return true;
  return (
    a.name === b.name &&
    a.nullable === b.nullable &&
    a.comment === b.comment &&
    sameData(a.type, b.type) &&
    sameOrNull(a.default, b.default, same) &&
    sameIdentity(a.identity, b.identity) &&
    sameOwn(a.own, b.own) &&
    sameData(a.collation, b.collation) &&
    sameNotNull(a.notNull, b.notNull) &&
    sameData(a.storage, b.storage) &&
    a.generated?.storage === b.generated?.storage &&
    sameOrNull(a.generated?.expression ?? null, b.generated?.expression ?? null, same)
  );
}

/** A constraint's expressions in a fixed order, and what is left of it without them and without its name. */
export function splitConstraint(constraint: Constraint): {
  readonly rest: unknown;
  readonly texts: readonly (Expression | null)[];
} {
  // Whether it is declared as well as inherited, or was added later, makes no difference to what it is.
  const {
    inherited: _,
    added: _a,
    ...declared
  }: Constraint & { readonly added?: true } = indexComment(constraint) === null
    ? constraint
    : withIndexComment(constraint, null);
  const bare = { ...declared, name: null, implicitName: false, comment: null };
  if (bare.kind === "check") return { rest: { ...bare, expression: "" }, texts: [bare.expression] };
  if (bare.kind !== "exclude") return { rest: bare, texts: [] };
  const elements = bare.elements.map((element) => ({
    ...element,
    key: { ...element.key, expression: element.key.expression === null ? null : "" },
  }));
  return {
    rest: { ...bare, elements, where: bare.where === null ? null : "" },
    texts: [...bare.elements.map((element) => element.key.expression), bare.where],
  };
}

/** Constraints that are the same whatever they are called; names and comments are not looked at. */
export function sameConstraint(a: Constraint, b: Constraint, same: SameExpression = sameText): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  const left = splitConstraint(a);
  const right = splitConstraint(b);
  return sameData(left.rest, right.rest) && sameTexts(left.texts, right.texts, same);
}

/**
 * A constraint without the columns that it points at, where another foreign key does not say them: SQLite then means the
 * primary key of the table, once there is one ("Foreign Key Support", 3).
 */
export function withoutUnsaidKey(one: Constraint, other: Constraint): Constraint {
  const isForeign = one.kind === "foreign-key" && other.kind === "foreign-key";
  if (!isForeign || other.references.columns.length > 0) return one;
  return { ...one, references: { ...one.references, columns: [] } };
}

/** An index's expressions, and what is left of it without them, its name and its comment. */
export function splitIndex(index: Index): {
  readonly rest: unknown;
  readonly texts: readonly (Expression | null)[];
} {
  const keys = index.keys.map((key) => ({ ...key, expression: key.expression === null ? null : "" }));
  const where = index.where === null ? null : "";
  return {
    rest: { ...index, name: "", comment: null, concurrently: false, keys, where },
    texts: [...index.keys.map((key) => key.expression), index.where],
  };
}

/** Indexes that are the same whatever they are called; names, comments and how they are built are not looked at. */
export function sameIndex(a: Index, b: Index, same: SameExpression = sameText): boolean {
  if (a === b) return true;
  if (a.method !== b.method || a.keys.length !== b.keys.length) return false;
  const left = splitIndex(a);
  const right = splitIndex(b);
  return sameData(left.rest, right.rest) && sameTexts(left.texts, right.texts, same);
}

/** Policies with all their properties, the comment too. Roles are a set. */
export function samePolicy(a: Policy, b: Policy, same: SameExpression = sameText): boolean {
  return (
    a === b ||
    (a.name === b.name &&
      a.permissive === b.permissive &&
      a.command === b.command &&
      a.comment === b.comment &&
      sameData([...a.roles].sort(), [...b.roles].sort()) &&
      sameOrNull(a.using, b.using, same) &&
      sameOrNull(a.check, b.check, same))
  );
}

/** True when each item of `a` has a partner of its own in `b`; `matches` decides, exact names being tried first. */
function samePairs<T extends { readonly name: string | null }>(
  a: readonly T[],
  b: readonly T[],
  matches: (a: T, b: T) => boolean,
): boolean {
  if (a.length !== b.length) return false;
  const left = [...a];
  const rest = [...b];
  for (const exact of [true, false]) {
    for (const item of left.splice(0)) {
      const found = rest.findIndex((other) => (!exact || item.name === other.name) && matches(item, other));
      if (found >= 0) rest.splice(found, 1);
      else if (exact) left.push(item);
      else return false;
    }
  }
  return rest.length === 0;
}

function sameIndexes(a: readonly Index[], b: readonly Index[], same: SameExpression): boolean {
  return samePairs(
    a,
    b,
    (left, right) =>
      left.name === right.name && left.comment === right.comment && sameIndex(left, right, same),
  );
}

/** What the tables are among others: partitioned, partitions, heirs, made of a type. */
function samePlace(a: Table, b: Table, same: SameExpression): boolean {
  const [left, right] = [a.partition, b.partition];
  const [by, also] = [a.partitioning, b.partitioning];
  return (
    sameData(a.inherits, b.inherits) &&
    sameData(a.ofType, b.ofType) &&
    sameData(left?.of, right?.of) &&
    sameOrNull(left?.bounds ?? null, right?.bounds ?? null, same) &&
    by?.strategy === also?.strategy &&
    sameOrNull(by?.keys ?? null, also?.keys ?? null, same)
  );
}

/** Tables whatever the order of their columns, constraints, indexes and policies. */
export function sameTable(a: Table, b: Table, same: SameExpression = sameText): boolean {
  if (a === b) return true;
  return (
    a.name === b.name &&
    a.namespace === b.namespace &&
    a.rowSecurity === b.rowSecurity &&
    a.comment === b.comment &&
    sameData(a.options, b.options) &&
    samePlace(a, b, same) &&
    samePairs(a.columns, b.columns, (left, right) => sameColumn(left, right, same)) &&
    samePairs(a.constraints, b.constraints, (left, right) => {
      const named = left.name === right.name || left.implicitName || right.implicitName;
      const commented = left.comment === right.comment && indexComment(left) === indexComment(right);
      return named && commented && sameConstraint(left, right, same);
    }) &&
    sameIndexes(a.indexes, b.indexes, same) &&
    samePairs(a.policies, b.policies, (left, right) => samePolicy(left, right, same))
  );
}

/** Views without their indexes and comments; whether they are filled when made is not looked at. */
export function sameViewDefinition(a: View, b: View, same: SameExpression = sameText): boolean {
  return (
    a === b ||
    (a.materialized === b.materialized &&
      a.method === b.method &&
      a.tablespace === b.tablespace &&
      sameData(a.options, b.options) &&
      sameData(a.parameters, b.parameters) &&
      sameData(a.columns, b.columns) &&
      sameOrNull(a.definition, b.definition, same))
  );
}

function sameView(a: View, b: View, same: SameExpression): boolean {
  return (
    a.name === b.name &&
    a.comment === b.comment &&
    sameViewDefinition(a, b, same) &&
    sameIndexes(a.indexes, b.indexes, same)
  );
}

/** Domains with all their properties; the order of their conditions is not looked at. */
export function sameDomain(a: Domain, b: Domain, same: SameExpression = sameText): boolean {
  const bare = ({ type, nullable, notNullName, collation, comment }: Domain) => ({
    ...{ type, nullable, notNullName, collation, comment },
  });
  return (
    a === b ||
    (sameData(bare(a), bare(b)) &&
      sameOrNull(a.default, b.default, same) &&
      samePairs(a.checks, b.checks, (left, right) => {
        const { name, validated, comment } = left;
        const others = name === right.name && validated === right.validated && comment === right.comment;
        return others && same(left.expression, right.expression);
      }))
  );
}

/** Defined objects with all their properties. */
export function sameDefined(a: Defined, b: Defined, same: SameExpression = sameText): boolean {
  return a === b || (a.comment === b.comment && sameDefinition(a, b, same));
}

/** Defined objects without their comments. */
export function sameDefinition(a: Defined, b: Defined, same: SameExpression = sameText): boolean {
  return same(a.definition, b.definition) && sameData([...a.settings], [...b.settings]);
}

/** A namespace or version that is left to the engine fits any. */
function sameExtension(a: Extension, b: Extension): boolean {
  const fits = (x: string | null, y: string | null) => x === null || y === null || x === y;
  return a.name === b.name && fits(a.namespace, b.namespace) && fits(a.version, b.version);
}

function sameMaps<V>(
  a: ReadonlyMap<string, V>,
  b: ReadonlyMap<string, V>,
  same: (a: V, b: V) => boolean,
): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !same(value, other)) return false;
  }
  return true;
}

/**
 * True when two schemas are the same for the engine: the order of objects, columns, constraints, indexes and
 * policies is not looked at, nor are names that nobody chose, nor wishes about how something is built.
 */
export function equalSchema(a: Schema, b: Schema, same: SameExpression = sameText): boolean {
  return (
    a.dialect === b.dialect &&
    sameMaps(a.namespaces, b.namespaces, sameData) &&
    fits(a.home, b.home) &&
    sameMaps(a.extensions, b.extensions, sameExtension) &&
    sameMaps(a.enums, b.enums, sameData) &&
    sameMaps(a.sequences, b.sequences, sameData) &&
    sameMaps(a.tables, b.tables, (left, right) => sameTable(left, right, same)) &&
    sameMaps(a.views, b.views, (left, right) => sameView(left, right, same)) &&
    sameMaps(a.domains, b.domains, (left, right) => sameDomain(left, right, same)) &&
    sameMaps(a.composites, b.composites, sameData) &&
    sameMaps(a.defined, b.defined, (left, right) => sameDefined(left, right, same))
  );
}
