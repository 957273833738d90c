import { PersistentList } from "./persistent-list.js";
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
    constraintNames: PersistentMap.empty(),
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
const noNames = new Set<string>();
const noIds = [] as const;

type Names = Pick<Relation, "name" | "namespace" | "kind">;

/** A relation of which nothing is known but its names and `state`. */
export function relationOf(
  id: RelationId,
  { name, namespace, kind }: Names,
  state: Partial<Relation>,
): Relation {
  // Written out: all relations have one shape then, and copying them is several times as fast.
  return {
    id,
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
    indexes: state.indexes ?? PersistentList.empty(),
    parents: state.parents ?? noIds,
    children: state.children ?? PersistentList.empty(),
    bound: state.bound ?? null,
    partitionBy: state.partitionBy ?? null,
    referencedBy: state.referencedBy ?? PersistentList.empty(),
    readBy: state.readBy ?? PersistentList.empty(),
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
}

/** A relation that is not there yet, with its id. */
export function addRelation(
  world: World,
  names: Names,
  state: Partial<Relation> = {},
): readonly [World, Relation] {
  const relation = relationOf(world.nextId, names, state);
  const next: World = {
    ...world,
    nextId: world.nextId + 1,
    relations: world.relations.with(relation.id, relation),
    relationNames: world.relationNames.with(keyOf(names.namespace, names.name), relation.id),
    constraintNames: recount(world.constraintNames, undefined, relation),
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
  const changed = { ...relation, ...to(relation) };
  return {
    ...world,
    relations: world.relations.with(relation.id, changed),
    constraintNames: recount(world.constraintNames, relation, changed),
  };
}

/** The world without a relation and its name; what speaks of it still does. */
export function takeRelation(world: World, relation: Relation): World {
  return {
    ...world,
    relations: world.relations.without(relation.id),
    relationNames: world.relationNames.without(keyOf(relation.namespace, relation.name)),
    constraintNames: recount(world.constraintNames, relation, undefined),
  };
}

type Constrained = Pick<Relation, "namespace" | "constraints">;

function recount(
  names: World["constraintNames"],
  before: Constrained | undefined,
  after: Constrained | undefined,
): World["constraintNames"] {
  const hasMoved = before?.namespace !== after?.namespace;
  if (before?.constraints === after?.constraints && !hasMoved) return names;
  let next = names;
  const count = (key: string, by: 1 | -1) => {
    const now = (next.get(key) ?? 0) + by;
    next = now === 0 ? next.without(key) : next.with(key, now);
  };
  for (const name of before?.constraints.keys() ?? [])
    if (hasMoved || !after?.constraints.has(name)) count(keyOf(before?.namespace ?? "", name), -1);
  for (const name of after?.constraints.keys() ?? [])
    if (hasMoved || !before?.constraints.has(name)) count(keyOf(after?.namespace ?? "", name), 1);
  return next;
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
