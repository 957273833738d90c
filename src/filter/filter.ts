import { copySchema } from "../schema/build.js";
import { nameKey, type ObjectName, showName } from "../schema/name.js";
import type { Defined, ObjectKind, Schema, SchemaObjects, Table } from "../schema/schema.js";
import { type FilterKind, filterKinds, globalKinds, optInKinds } from "./kinds.js";
import { type OtherTools, otherToolsIn } from "./other-tools.js";
import { decide, fitsName } from "./pattern.js";
import { type Filters, madeKey } from "./rules.js";

/** Something that was left out, and by what: for a person, and for machines. */
export interface LeftOut {
  readonly kind: FilterKind;
  readonly name: string;
  /** `exclude.tables`, `not in include.schemas`, `Prisma` … */
  readonly because: string;
}

export interface Filtered {
  readonly schema: Schema;
  readonly leftOut: readonly LeftOut[];
}

export interface FilterOptions {
  /** What the default namespace is called, from `Capabilities`. */
  readonly defaultNamespace: string | null;
  /**
   * Leave out what other tools keep for themselves, but for what `owned` has: an object of the models is never taken
   * for another tool's. `null` leaves nothing of that kind out.
   */
  readonly otherTools: { readonly owned: Schema | null } | null;
}

/** Where an object stands, as far as a filter asks. */
interface Place {
  readonly kind: FilterKind;
  /** `undefined` for what lives in no namespace, `null` for the default one. */
  readonly namespace: string | null | undefined;
  /** The table, or what is used like one, that it is or belongs to. */
  readonly tables: readonly ObjectName[];
  readonly shown: string;
}

const named =
  (kind: FilterKind) =>
  (object: ObjectName): Place => ({
    kind,
    namespace: object.namespace,
    tables: [],
    shown: showName(object),
  });

/** Total: a new kind of object does not build until it says where it stands. */
const places: { readonly [K in ObjectKind]: (object: SchemaObjects[K], schema: Schema) => Place } = {
  namespace: ({ name }) => ({ kind: "namespace", namespace: name, tables: [], shown: name }),
  extension: ({ name }) => ({ kind: "extension", namespace: undefined, tables: [], shown: name }),
  enum: named("enum"),
  domain: named("domain"),
  composite: named("composite"),
  sequence: (sequence) => ({
    ...named("sequence")(sequence),
    tables: sequence.ownedBy === null ? [] : [sequence.ownedBy.table],
  }),
  table: (table, schema) => ({ ...named("table")(table), tables: [table, ...parents(table, schema)] }),
  view: (view) => ({ ...named("view")(view), tables: [view] }),
  defined: placeOfDefined,
};

/** The map of a schema in which each kind of object lies. */
const maps: { readonly [K in ObjectKind]: (schema: Schema) => ReadonlyMap<string, SchemaObjects[K]> } = {
  namespace: (schema) => schema.namespaces,
  extension: (schema) => schema.extensions,
  enum: (schema) => schema.enums,
  domain: (schema) => schema.domains,
  composite: (schema) => schema.composites,
  sequence: (schema) => schema.sequences,
  table: (schema) => schema.tables,
  view: (schema) => schema.views,
  defined: (schema) => schema.defined,
};

/** The partitioned tables that a partition is a part of, nearest first: it comes and goes with them. */
function parents(table: Table, schema: Schema): readonly Table[] {
  const found: Table[] = [];
  for (
    let parent = table.partition && schema.tables.get(nameKey(table.partition.of));
    parent !== undefined && !found.includes(parent);
    parent = parent.partition && schema.tables.get(nameKey(parent.partition.of))
  ) {
    found.push(parent);
  }
  return found;
}

function placeOfDefined(object: Defined): Place {
  const { kind, table } = object;
  const isTable = kind === "foreign-table";
  const namespace = table === null ? object.namespace : table.namespace;
  return {
    kind,
    namespace: table === null && globalKinds.has(kind) ? undefined : namespace,
    tables: table !== null ? [table] : isTable ? [object] : [],
    shown: table === null ? showName(object) : `${showName(table)}.${object.name}`,
  };
}

/**
 * A schema without what the filters leave out. Objects that stay are as they were, also where they refer to one that
 * is gone. The same filters on both sides of a diff leave nothing to create and nothing to drop.
 */
export function filterSchema(filters: Filters, schema: Schema, options: FilterOptions): Filtered {
  const leftOut: LeftOut[] = [];
  const tools = options.otherTools === null ? null : otherToolsIn(schema, filters, options);
  const draft = copySchema(schema);
  for (const kind of Object.keys(maps) as ObjectKind[]) sift(kind);
  const keepsPolicies = reasonOfKind(filters, "policy") === null;
  if (!keepsPolicies) {
    for (const [key, table] of draft.tables) {
      for (const { name } of table.policies) {
        const because = reasonOfKind(filters, "policy") ?? "";
        leftOut.push({ kind: "policy", name: `${showName(table)}.${name}`, because });
      }
      draft.tables.set(key, { ...table, policies: [], rowSecurity: "off" });
    }
  }
  return { schema: draft, leftOut };

  function sift<K extends ObjectKind>(kind: K): void {
    // The map and the place agree in their kind; TypeScript does not see it through the draft.
    const objects = maps[kind](draft) as Map<string, SchemaObjects[K]>;
    for (const [key, object] of objects) {
      const place = places[kind](object, schema);
      const because =
        reasonOfMaker(filters, place, object, options) ?? reason(filters, place, tools, options);
      if (because === null) continue;
      objects.delete(key);
      leftOut.push({ kind: place.kind, name: place.shown, because });
    }
  }
}

/** Repeatable revisions make it. */
function reasonOfMaker(
  { repeatable }: Filters,
  { kind }: Place,
  object: { readonly name: string; readonly namespace?: string | null },
  { defaultNamespace }: FilterOptions,
): string | null {
  if (repeatable === undefined || object.namespace === undefined) return null;
  const { namespace, name } = object;
  return repeatable.has(madeKey(kind, { namespace, name }, defaultNamespace))
    ? "a repeatable revision"
    : null;
}

/** Which rule leaves the object out; `null` keeps it. */
function reason(
  filters: Filters,
  place: Place,
  tools: OtherTools | null,
  options: FilterOptions,
): string | null {
  return (
    reasonOfKind(filters, place.kind) ??
    reasonOfNamespace(filters, place, options) ??
    reasonOfTable(filters, place, options) ??
    (tools === null ? null : tools.ownerOf(place))
  );
}

/** Kinds that are opt-in do not make `include.kinds` a restriction: to name one is to add it. */
function reasonOfKind({ include, exclude }: Filters, kind: FilterKind): string | null {
  if (exclude.kinds.includes(kind)) return "exclude.kinds";
  if (include.kinds.includes(kind)) return null;
  if (optInKinds.has(kind)) return "only with include.kinds";
  return include.kinds.some((one) => !optInKinds.has(one)) ? "not in include.kinds" : null;
}

function reasonOfNamespace(
  { include, exclude }: Filters,
  { namespace }: Place,
  { defaultNamespace }: FilterOptions,
): string | null {
  if (namespace === undefined) return null;
  const name = namespace ?? defaultNamespace ?? "";
  if (decide(exclude.schemas, (pattern) => pattern.name.test(name)) === true) return "exclude.schemas";
  return isMissed(include.schemas, (pattern) => pattern.name.test(name)) ? "not in include.schemas" : null;
}

function reasonOfTable(
  { include, exclude }: Filters,
  { tables }: Place,
  { defaultNamespace }: FilterOptions,
): string | null {
  if (tables.length === 0) return null;
  const fits = (table: ObjectName) => (pattern: Filters["include"]["tables"][number]) =>
    fitsName(pattern, table, defaultNamespace);
  if (tables.some((table) => decide(exclude.tables, fits(table)) === true)) return "exclude.tables";
  return tables.every((table) => isMissed(include.tables, fits(table))) ? "not in include.tables" : null;
}

/** The list is there and nothing in it takes the object in; a list of `!` alone begins with everything. */
function isMissed(
  patterns: Filters["include"]["tables"],
  fits: (pattern: Filters["include"]["tables"][number]) => boolean,
): boolean {
  if (patterns.length === 0) return false;
  return !(decide(patterns, fits) ?? patterns.every(({ negated }) => negated));
}

/** Something that has a name and a kind in words, such as `virtual table`, and no record in a schema. */
interface Unrecorded {
  readonly kind: string;
  readonly name: ObjectName;
  readonly table: ObjectName | null;
}

/** Those of the objects without a record that the filters keep. `schema` is what the database has beside them. */
export function filterUninspected<T extends Unrecorded>(
  filters: Filters,
  objects: readonly T[],
  schema: Schema,
  options: FilterOptions,
): readonly T[] {
  const tools = options.otherTools === null ? null : otherToolsIn(schema, filters, options);
  return objects.filter((object) => {
    const kind = filterKinds.find((one) => one.replaceAll("-", " ") === object.kind) ?? "table";
    const place: Place = {
      kind,
      namespace: globalKinds.has(kind) ? undefined : object.name.namespace,
      tables: object.table !== null ? [object.table] : [object.name],
      shown: showName(object.name),
    };
    return reason(filters, place, tools, options) === null;
  });
}
