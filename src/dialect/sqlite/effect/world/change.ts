import { PersistentMap } from "../../../../effect/persistent-map.js";
import type { ColumnDefinition } from "../../../../effect/syntax.js";
import {
  type Column,
  keyOf,
  type Relation,
  type RelationId,
  type RelationKind,
  type World,
} from "../../../../effect/world.js";
import type { ObjectName } from "../../../../schema/name.js";

/** Where in the history something is made. */
export interface Origin {
  readonly run: number;
  readonly at: number;
}

/** A new database. */
export function emptyWorld(): World {
  return {
    relations: PersistentMap.empty(),
    relationNames: PersistentMap.empty(),
    types: PersistentMap.empty(),
    typeNames: PersistentMap.empty(),
    functions: PersistentMap.empty(),
    schemas: new Map([["main", { bornIn: null }]]),
    extensions: new Set(),
    statistics: new Map(),
    searchPath: ["main"],
    settings: new Map(),
    nextId: 1,
    complete: true,
  };
}

export const namespaceOf = ({ namespace }: ObjectName): string => namespace ?? "main";

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

export function addRelation(
  world: World,
  name: ObjectName,
  kind: RelationKind,
  state: Partial<Relation>,
): readonly [World, Relation] {
  const namespace = namespaceOf(name);
  const relation: Relation = { ...nothing, ...state, id: world.nextId, name: name.name, namespace, kind };
  return [
    {
      ...world,
      nextId: world.nextId + 1,
      relations: world.relations.with(relation.id, relation),
      relationNames: world.relationNames.with(keyOf(namespace, relation.name), relation.id),
    },
    relation,
  ];
}

export function removeRelation(world: World, relation: Relation): World {
  return {
    ...world,
    relations: world.relations.without(relation.id),
    relationNames: world.relationNames.without(keyOf(relation.namespace, relation.name)),
  };
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

export function columnOf(definition: ColumnDefinition, bornAt: number): Column {
  const { name, type, notNull, notNullName, identity, generated, collation } = definition;
  return {
    name,
    type,
    typeId: null,
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

/** `entries` in their order, with a key that has another one. */
export function renamedKey<V>(
  entries: ReadonlyMap<string, V>,
  from: string,
  to: string,
  value: (old: V) => V,
): Map<string, V> {
  return new Map([...entries].map(([key, old]) => (key === from ? [to, value(old)] : [key, old])));
}
