import { nameKey } from "../schema/name.js";
import type { Column, Constraint, Index, Schema, Table, View } from "../schema/schema.js";
import type { Unsaid } from "../source/source.js";
import {
  adoptColumnStorage,
  adoptConstraintParts,
  adoptIndexOptions,
  adoptIndexStorage,
  keptIndexes,
} from "./adopt-storage.js";
import { withoutWaiting } from "./waiting.js";

/** Models of which only some objects leave something unsaid: those that several sources make together. */
export interface PartlyUnsaid {
  /** Never whole kinds of objects. */
  readonly parts: readonly Unsaid[];
  /** Keys of the objects, as in the maps of a schema. */
  readonly of: ReadonlySet<string>;
}

/** What models leave unsaid. */
export type Silence = readonly Unsaid[] | PartlyUnsaid;

/**
 * The models, completed with what their source has no words for as `other` has it, so that a diff between the two
 * leaves these things alone instead of dropping them. What the models do say is never replaced; triggers that wait for what
 * nothing here makes are left out.
 */
export function adoptUnsaid(models: Schema, other: Schema, unsaid: Silence): Schema {
  return withoutWaiting(adopted(models, other, unsaid), other);
}

function adopted(models: Schema, other: Schema, unsaid: Silence): Schema {
  const { parts, of } = "parts" in unsaid ? unsaid : { parts: unsaid, of: null };
  if (parts.length === 0) return models;
  const silent = new Set(parts);
  const comments = silent.has("comment");
  const withComment = <T extends { readonly comment: string | null }>(own: T, theirs: T | undefined): T =>
    comments && own.comment === null && theirs?.comment ? { ...own, comment: theirs.comment } : own;
  const merge = <T>(own: ReadonlyMap<string, T>, theirs: ReadonlyMap<string, T>, one: (a: T, b: T) => T) =>
    new Map(
      [...own].map(([key, value]) =>
        of === null || of.has(key) ? [key, mapWith(value, theirs.get(key), one)] : [key, value],
      ),
    );
  return {
    ...models,
    extensions: silent.has("extension")
      ? new Map([...other.extensions, ...models.extensions])
      : models.extensions,
    namespaces: new Map([
      ...(silent.has("empty-namespace") ? emptyNamespaces(other) : []),
      ...merge(models.namespaces, other.namespaces, withComment),
    ]),
    enums: merge(models.enums, other.enums, withComment),
    domains: withTheirs(models.domains, silent.has("domain") ? other.domains : none),
    composites: withTheirs(models.composites, silent.has("composite") ? other.composites : none),
    defined: withTheirs(models.defined, silent.has("defined") ? definedOf(other, models) : none),
    sequences: merge(models.sequences, other.sequences, (own, theirs) => ({
      ...withComment(own, theirs),
      ...(silent.has("sequence-logging") && theirs.unlogged && { unlogged: true as const }),
      ownedBy: silent.has("sequence-owner") ? (own.ownedBy ?? theirs.ownedBy) : own.ownedBy,
    })),
    views: merge(models.views, other.views, (own, theirs) =>
      adoptView(withComment(own, theirs), theirs, silent),
    ),
    tables: merge(models.tables, other.tables, (own, theirs) =>
      adoptTable(withComment(own, theirs), theirs, silent),
    ),
  };
}

const none: ReadonlyMap<string, never> = new Map<string, never>();

function withTheirs<T>(own: ReadonlyMap<string, T>, theirs: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return theirs.size === 0 ? own : new Map([...theirs, ...own]);
}

/** Functions, triggers and the like; those of a table or view that goes, go with it. */
function definedOf(other: Schema, models: Schema): Schema["defined"] {
  return new Map(
    [...other.defined].filter(([, { table }]) => {
      if (table === null) return true;
      const key = nameKey(table);
      const goes = (other.tables.has(key) || other.views.has(key)) && !hasRelation(models, key);
      return !goes;
    }),
  );
}

function hasRelation(schema: Schema, key: string): boolean {
  return schema.tables.has(key) || schema.views.has(key);
}

/** A platform's own, such as `auth`, or one that a revision made for functions. */
function emptyNamespaces(schema: Schema): Schema["namespaces"] {
  const { tables, views, enums, sequences } = schema;
  const used = new Set(
    [tables, views, enums, sequences].flatMap((objects) => [...objects.values()].map((one) => one.namespace)),
  );
  return new Map([...schema.namespaces].filter(([, { name }]) => !used.has(name)));
}

function mapWith<T>(own: T, theirs: T | undefined, one: (a: T, b: T) => T): T {
  return theirs === undefined ? own : one(own, theirs);
}

function adoptView(own: View, theirs: View, silent: ReadonlySet<Unsaid>): View {
  const unsaid = silent.has("view-index") && own.indexes.length === 0;
  const indexes = unsaid
    ? theirs.indexes
    : own.indexes.map((index) => adoptIndex(index, theirs.indexes, silent));
  const view = { ...own, indexes };
  const options = silent.has("view-options")
    ? adoptIndexOptions(own.options, theirs.options, keptIndexes(view, theirs))
    : own.options;
  const columnProperties = silent.has("view-options")
    ? (own.columnProperties ?? theirs.columnProperties)
    : own.columnProperties;
  return {
    ...view,
    ...(options !== undefined && { options }),
    ...(columnProperties !== undefined && { columnProperties }),
  };
}

function adoptTable(own: Table, theirs: Table, silent: ReadonlySet<Unsaid>): Table {
  const options = { ...own.options };
  if (silent.has("table-options")) {
    Object.assign(options, adoptIndexOptions(own.options, theirs.options, keptIndexes(own, theirs)));
    if (options.method === undefined && theirs.options.method !== undefined) {
      options.method = theirs.options.method;
    }
    options.unlogged ||= theirs.options.unlogged;
    options.tablespace ??= theirs.options.tablespace;
    if (Object.keys(options.parameters).length === 0) options.parameters = theirs.options.parameters;
  }
  if (silent.has("row-storage")) {
    options.strict ||= theirs.options.strict;
    options.withoutRowid ||= theirs.options.withoutRowid;
  }
  const said = new Set(own.constraints.map(({ name }) => name));
  const excludes = silent.has("exclude")
    ? theirs.constraints.filter(({ kind, name }) => kind === "exclude" && !said.has(name))
    : [];
  const forced = silent.has("forced-row-security") && own.rowSecurity === "enabled";
  return {
    ...own,
    options,
    rowSecurity: forced && theirs.rowSecurity === "forced" ? "forced" : own.rowSecurity,
    columns: own.columns.map((column) => adoptColumn(column, theirs, silent)),
    constraints: [...own.constraints.map((one) => adoptConstraint(one, theirs, silent)), ...excludes],
    indexes: own.indexes.map((index) => adoptIndex(index, theirs.indexes, silent)),
    policies: own.policies.map((policy) => {
      const same = theirs.policies.find(({ name }) => name === policy.name);
      return silent.has("comment") && same !== undefined
        ? { ...policy, comment: policy.comment ?? same.comment }
        : policy;
    }),
  };
}

function adoptColumn(own: Column, theirs: Table, silent: ReadonlySet<Unsaid>): Column {
  const same = theirs.columns.find(({ name }) => name === own.name);
  if (same === undefined) return own;
  return {
    ...adoptColumnStorage(own, same, silent),
    comment: silent.has("comment") ? (own.comment ?? same.comment) : own.comment,
    collation: silent.has("collation") ? (own.collation ?? same.collation) : own.collation,
  };
}

function adoptConstraint(own: Constraint, theirs: Table, silent: ReadonlySet<Unsaid>): Constraint {
  const same = theirs.constraints.find(
    (one) => one.kind === own.kind && (own.kind === "primary-key" || one.name === own.name),
  );
  if (same === undefined) return own;
  const adopted: Record<string, unknown> = { ...adoptConstraintParts(own, same, silent) };
  const copy = (property: string) => {
    if (!(property in own) || !isDefault(adopted[property], defaults[property])) return;
    adopted[property] = (same as unknown as Record<string, unknown>)[property];
  };
  if (silent.has("comment")) copy("comment");
  if (silent.has("include")) copy("include");
  if (silent.has("deferral")) copy("deferral");
  if (silent.has("match")) copy("match");
  if (silent.has("validity")) {
    copy("validated");
    copy("noInherit");
  }
  return adopted as unknown as Constraint;
}

/** What a constraint has where nobody said anything. */
const defaults: Readonly<Record<string, unknown>> = {
  comment: null,
  include: [],
  deferral: "immediate",
  match: "simple",
  validated: true,
  noInherit: false,
};

function isDefault(value: unknown, usual: unknown): boolean {
  return Array.isArray(value) && Array.isArray(usual) ? value.length === usual.length : value === usual;
}

function adoptIndex(own: Index, theirs: readonly Index[], silent: ReadonlySet<Unsaid>): Index {
  const same = theirs.find(({ name }) => name === own.name);
  if (same === undefined) return own;
  const stored = adoptIndexStorage(own, same, silent);
  return {
    ...stored,
    comment: silent.has("comment") ? (own.comment ?? same.comment) : own.comment,
    include: silent.has("include") && own.include.length === 0 ? same.include : own.include,
    nullsNotDistinct: own.nullsNotDistinct || (silent.has("index-nulls") && same.nullsNotDistinct),
    parameters:
      silent.has("index-parameters") && Object.keys(own.parameters).length === 0
        ? same.parameters
        : own.parameters,
    keys: stored.keys.map((key, position) => ({
      ...key,
      collation: silent.has("collation")
        ? (key.collation ?? same.keys[position]?.collation ?? null)
        : key.collation,
    })),
  };
}
