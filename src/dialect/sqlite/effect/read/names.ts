import { findRelation, type Relation, type World } from "../../../../effect/world.js";
import type { ObjectName } from "../../../../schema/name.js";
import { foldName } from "../../parse/tokenize.js";

/** Names as the world spells them: SQLite ignores the case of ASCII letters, and the world does not. */
export interface Names {
  relation(name: string, namespace?: string | null): ObjectName;
  /** A column of the tables that the statement speaks of. */
  column(name: string): string;
  /** The same names, with the columns of one more table. */
  of(table: ObjectName): Names;
}

/** Spellings of relations, by their folded names. */
export type Spellings = ReadonlyMap<string, string>;

export function namesOf(world: World, spellings: Spellings, tables: readonly Relation[] = []): Names {
  const columns = new Map(
    tables.flatMap((table) => [...table.columns.keys()].map((name) => [foldName(name), name] as const)),
  );
  return {
    relation(name, namespace = null) {
      const folded = namespace === null ? null : foldName(namespace);
      const place = folded === "main" ? null : folded === "temp" ? "pg_temp" : namespace;
      return { namespace: place, name: spellings.get(foldName(name)) ?? name };
    },
    column: (name) => columns.get(foldName(name)) ?? name,
    of(name) {
      const table = findRelation(world, name);
      return table === undefined ? this : namesOf(world, spellings, [...tables, table]);
    },
  };
}
