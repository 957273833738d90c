import fc from "fast-check";
import { test } from "vitest";
import type { Schema } from "../../src/schema/schema.js";
import { sqliteInMemory } from "../scenario/engine.js";
import { leadsThereAndBack, parameters } from "./engine-law.js";
import { schemaPairArbitrary, sqliteShape } from "./schema-arbitrary.js";

const fold = (name: string) => name.replace(/[A-Z]+/g, (text) => text.toLowerCase());

function relations(schema: Schema): readonly string[] {
  const tables = [...schema.tables.values()];
  return [
    ...tables.map(({ name }) => name),
    ...[...schema.views.values()].map(({ name }) => name),
    ...tables.flatMap(({ indexes }) => indexes.map(({ name }) => name)),
  ];
}

/** One set of names for tables, views and indexes, and the case of ASCII letters is no difference. */
function fits(from: Schema, to: Schema): boolean {
  const isFoldable = (names: readonly string[]) => new Set(names.map(fold)).size === new Set(names).size;
  const all = [from, to];
  const keys = new Set(all.flatMap((schema) => [...schema.tables.keys()]));
  return (
    all.every((schema) => new Set(relations(schema)).size === relations(schema).length) &&
    isFoldable(all.flatMap(relations)) &&
    [...keys].every((key) =>
      isFoldable(all.flatMap((schema) => schema.tables.get(key)?.columns.map(({ name }) => name) ?? [])),
    )
  );
}

const pairs = schemaPairArbitrary(sqliteShape).filter(([from, to]) => fits(from, to));

test("any two schemas lead to each other on SQLite, and rows stay", async () => {
  await fc.assert(
    fc.asyncProperty(pairs, ([from, to]) => leadsThereAndBack(sqliteInMemory, from, to)),
    parameters,
  );
}, 7_200_000);
