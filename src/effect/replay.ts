import { PersistentMap } from "./persistent-map.js";
import type { ColumnDefinition } from "./syntax.js";
import { type Column, keyOf, type Relation, type RelationId, type TypeId, type World } from "./world.js";

/** Where in the history something is made. */
export interface Origin {
  readonly run: number;
  readonly at: number;
}

/** A database with nothing in it but the namespaces that names without one are looked for in. */
export function emptyWorld(searchPath: readonly string[]): World {
  return {
    relations: PersistentMap.empty(),
    relationNames: PersistentMap.empty(),
    types: PersistentMap.empty(),
    typeNames: PersistentMap.empty(),
    functions: PersistentMap.empty(),
    schemas: new Map(searchPath.map((name) => [name, { bornIn: null }])),
    extensions: new Set(),
    statistics: new Map(),
    searchPath,
    settings: new Map(),
    nextId: 1,
    complete: true,
  };
}

const [noColumns, noConstraints, noTriggers, noOptions] = [
  new Map(),
  new Map(),
  new Map(),
  new Map(),
] as const;
const [noNames, noIds, noReferences] = [new Set<string>(), [] as const, [] as const];

/** A relation that is not there yet, with its id. */
export function addRelation(
  world: World,
  { name, namespace, kind }: Pick<Relation, "name" | "namespace" | "kind">,
  state: Partial<Relation> = {},
): readonly [World, Relation] {
  // Written out: all relations have one shape then, and copying them is several times as fast.
  const relation: Relation = {
    id: world.nextId,
    name,
    namespace,
    kind,
    known: state.known ?? true,
    temporary: state.temporary ?? false,
    unlogged: state.unlogged ?? false,
    bornIn: state.bornIn ?? null,
    bornAt: state.bornAt ?? null,
    columns: state.columns ?? noColumns,
    columnsKnown: state.columnsKnown ?? true,
    constraints: state.constraints ?? noConstraints,
    indexes: state.indexes ?? noIds,
    parents: state.parents ?? noIds,
    children: state.children ?? noIds,
    bound: state.bound ?? null,
    partitionBy: state.partitionBy ?? null,
    referencedBy: state.referencedBy ?? noReferences,
    readBy: state.readBy ?? noIds,
    triggers: state.triggers ?? noTriggers,
    policies: state.policies ?? noNames,
    rules: state.rules ?? noNames,
    rowSecurity: state.rowSecurity ?? false,
    options: state.options ?? noOptions,
    clusteredOn: state.clusteredOn ?? null,
    index: state.index ?? null,
    view: state.view ?? null,
    ownedBy: state.ownedBy ?? null,
  };
  const next: World = {
    ...world,
    nextId: world.nextId + 1,
    relations: world.relations.with(relation.id, relation),
    relationNames: world.relationNames.with(keyOf(namespace, name), relation.id),
  };
  return [next, relation];
}

/** Another state of a relation; the same world when it is not there. */
export function change(
  world: World,
  id: RelationId | undefined,
  to: (relation: Relation) => Partial<Relation>,
): World {
  const relation = id === undefined ? undefined : world.relations.get(id);
  if (relation === undefined) return world;
  return { ...world, relations: world.relations.with(relation.id, { ...relation, ...to(relation) }) };
}

/** A column as it is defined, of the type that its own is known as. */
export function columnState(definition: ColumnDefinition, typeId: TypeId | null, bornAt: number): Column {
  const { name, type, notNull, notNullName, identity, generated, collation } = definition;
  return {
    name,
    type,
    typeId,
    notNull,
    notNullValid: true,
    notNullName,
    default: definition.default,
    identity,
    generated,
    collation,
    sequence: null,
    bornAt,
  };
}
