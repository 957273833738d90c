import { showName } from "../schema/name.js";
import type { Index, Schema } from "../schema/schema.js";

interface Named {
  /** What it is, for a person: `column persons.email`. */
  readonly what: string;
  readonly name: string;
}

/**
 * The names that an engine would cut off, each a sentence for a person: what it made would not be what the models say.
 * `limit` is the engine's longest name in bytes of UTF-8, `null` without one.
 */
export function longNames(schema: Schema, limit: number | null): readonly string[] {
  if (limit === null) return [];
  const encoder = new TextEncoder();
  return namesOf(schema).flatMap(({ what, name }) => {
    const bytes = encoder.encode(name).length;
    return bytes > limit
      ? [`The name of ${what} has ${bytes} bytes, and the engine cuts names off at ${limit}`]
      : [];
  });
}

function namesOf(schema: Schema): readonly Named[] {
  const objects = (kind: string, map: ReadonlyMap<string, { namespace: string | null; name: string }>) =>
    [...map.values()].map((one) => ({ what: `${kind} ${showName(one)}`, name: one.name }));
  const indexes = (all: readonly Index[]) => all.map(({ name }) => ({ what: `index ${name}`, name }));
  return [
    ...[...schema.namespaces.values()].map(({ name }) => ({ what: `schema ${name}`, name })),
    ...objects("enum", schema.enums),
    ...objects("sequence", schema.sequences),
    ...objects("table", schema.tables),
    ...objects("view", schema.views),
    ...[...schema.enums.values()].flatMap((one) =>
      one.values.map((name) => ({ what: `value ${name} of enum ${showName(one)}`, name })),
    ),
    ...[...schema.views.values()].flatMap((view) => indexes(view.indexes)),
    ...[...schema.tables.values()].flatMap((table) => {
      const member = (kind: string, name: string) => ({ what: `${kind} ${showName(table)}.${name}`, name });
      return [
        ...table.columns.map(({ name }) => member("column", name)),
        ...table.constraints.flatMap(({ name }) => (name === null ? [] : [member("constraint", name)])),
        ...table.policies.map(({ name }) => member("policy", name)),
        ...indexes(table.indexes),
      ];
    }),
  ];
}
