import { PersistentMap } from "./persistent-map.js";
import type { ColumnDefinition } from "./syntax.js";
import {
  type Column,
  keyOf,
  type Relation,
  type RelationId,
  type RelationKind,
  type TypeId,
  type World,
} from "./world.js";

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

const nothing: Omit<Relation, "id" | "name" | "namespace" | "kind"> = {
  known: true,
  temporary: false,
  unlogged: false,
  bornIn: null,
  bornAt: null,
  columns: new Map(),
  columnsKnown: true,
  constraints: new Map(),
  indexes: [],
  parents: [],
  children: [],
  bound: null,
  partitionBy: null,
  referencedBy: [],
  readBy: [],
  triggers: new Map(),
  policies: new Set(),
  rules: new Set(),
  rowSecurity: false,
  options: new Map(),
  clusteredOn: null,
  index: null,
  view: null,
  ownedBy: null,
};

/** A relation that is not there yet, with its id. */
export function addRelation(
  world: World,
  identity: { readonly name: string; readonly namespace: string; readonly kind: RelationKind },
  state: Partial<Relation> = {},
): readonly [World, Relation] {
  const relation: Relation = { ...nothing, ...state, ...identity, id: world.nextId };
  const next: World = {
    ...world,
    nextId: world.nextId + 1,
    relations: world.relations.with(relation.id, relation),
    relationNames: world.relationNames.with(keyOf(relation.namespace, relation.name), relation.id),
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
