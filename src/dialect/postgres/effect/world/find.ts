import type { TableAct } from "../../../../effect/act.js";
import {
  findRelation,
  type Relation,
  type TypeState,
  type World,
  withDescendants,
} from "../../../../effect/world.js";

/** The relation that a subcommand of ALTER TABLE is about. */
export function tableOf(world: World, act: TableAct): Relation | undefined {
  return findRelation(world, act.table);
}

/** It and, unless it says ONLY, all below it. */
export function tablesOf(world: World, act: TableAct): readonly Relation[] {
  const table = tableOf(world, act);
  if (table === undefined) return [];
  return act.only ? [table] : withDescendants(world, table);
}

/**
 * True of relations that have rows of their own on disk, and of a partitioned table whose partitions nobody saw made:
 * they are often made by a job or a function, and what is done to the whole is done to them.
 */
export function hasRows({ kind, children }: Relation): boolean {
  return (
    kind === "table" ||
    kind === "materialized-view" ||
    (kind === "partitioned-table" && children.length === 0)
  );
}

/** Relations that have columns of a domain, also by way of other domains; those with rows only (`get_rels_with_domain`). */
export function relationsWithDomain(world: World, domain: TypeState): readonly Relation[] {
  const domains = new Set([domain.id]);
  for (let size = 0; size !== domains.size; ) {
    size = domains.size;
    for (const type of world.types.values()) {
      if (type.kind === "domain" && type.baseId !== null && domains.has(type.baseId)) domains.add(type.id);
    }
  }
  const found: Relation[] = [];
  for (const relation of world.relations.values()) {
    if (!hasRows(relation)) continue;
    const columns = [...relation.columns.values()];
    if (columns.some(({ typeId, type }) => typeId !== null && domains.has(typeId) && type.dimensions === 0)) {
      found.push(relation);
    }
  }
  return found;
}

/** True of a domain that refuses a value, itself or by the domain that it is made of. */
export function isConstrained(world: World, type: TypeState | undefined): boolean {
  if (type?.kind !== "domain") return false;
  if (type.notNull || type.checks.size > 0) return true;
  return type.baseId !== null && isConstrained(world, world.types.get(type.baseId));
}
