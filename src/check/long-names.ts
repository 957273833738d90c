import { showDefined } from "../schema/address.js";
import type { Contradiction } from "../schema/contradiction.js";
import { nameOf, type ObjectName, showName } from "../schema/name.js";
import type { Defined, Index, Schema, Table } from "../schema/schema.js";

/** `text` is what it is, for a person: `column persons.email`. */
interface Named extends Contradiction {
  readonly name: string;
}

/**
 * The names that an engine would cut off: what it made would not be what the models say.
 * `limit` is the engine's longest name in bytes of UTF-8, `null` without one.
 */
export function longNames(schema: Schema, limit: number | null): readonly Contradiction[] {
  if (limit === null) return [];
  const encoder = new TextEncoder();
  return namesOf(schema).flatMap(({ object, member, text, name }) => {
    const bytes = encoder.encode(name).length;
    if (bytes <= limit) return [];
    const sentence = `The name of ${text} has ${bytes} bytes, and the engine cuts names off at ${limit}`;
    return [{ object, member, text: sentence }];
  });
}

function namesOf(schema: Schema): readonly Named[] {
  return [
    ...[...schema.namespaces.values()].map(({ name }) =>
      named({ namespace: null, name }, null, `schema ${name}`, name),
    ),
    ...objects("enum", schema.enums),
    ...objects("domain", schema.domains),
    ...objects("type", schema.composites),
    ...objects("sequence", schema.sequences),
    ...objects("table", schema.tables),
    ...objects("view", schema.views),
    ...[...schema.enums.values()].flatMap((one) =>
      one.values.map((name) => named(one, name, `value ${name} of enum ${showName(one)}`, name)),
    ),
    ...[...schema.domains.values()].flatMap((one) =>
      one.checks.map(({ name }) => member(one, "constraint", name)),
    ),
    ...[...schema.composites.values()].flatMap((one) =>
      one.attributes.map(({ name }) => member(one, "attribute", name)),
    ),
    ...[...schema.views.values()].flatMap((view) => indexes(view, view.indexes)),
    ...[...schema.tables.values()].flatMap(ofTable),
    ...[...schema.defined.values()].filter(isNamed).map((one) => {
      const owner = one.table ?? one;
      return named(owner, one.table === null ? null : one.name, showDefined(one), one.name);
    }),
  ];
}

/** What has a name of its own: not a cast, a grant, a language's transform. */
function isNamed({ name }: Defined): boolean {
  return name !== "";
}

function named(object: ObjectName, part: string | null, text: string, name: string): Named {
  return { object: nameOf(object), member: part, text, name };
}

function member(owner: ObjectName, kind: string, name: string): Named {
  return named(owner, name, `${kind} ${showName(owner)}.${name}`, name);
}

function objects(kind: string, map: ReadonlyMap<string, ObjectName>): readonly Named[] {
  return [...map.values()].map((one) => named(one, null, `${kind} ${showName(one)}`, one.name));
}

function indexes(owner: ObjectName, all: readonly Index[]): readonly Named[] {
  return all.map(({ name }) => named(owner, name, `index ${name}`, name));
}

function ofTable(table: Table): readonly Named[] {
  return [
    ...table.columns.map(({ name }) => member(table, "column", name)),
    ...table.constraints.flatMap(({ name }) => (name === null ? [] : [member(table, "constraint", name)])),
    ...table.policies.map(({ name }) => member(table, "policy", name)),
    ...indexes(table, table.indexes),
  ];
}
