import { emptyWorld } from "../../../../effect/replay.js";
import type { Relation, RelationKind, World } from "../../../../effect/world.js";
import type { ObjectName } from "../../../../schema/name.js";

/** A new database. */
export const newDatabase: World = emptyWorld(["main"]);

/** The names of a relation that is new, in the namespace that it gets. */
export function newRelation(
  name: ObjectName,
  kind: RelationKind,
): Pick<Relation, "name" | "namespace" | "kind"> {
  return { name: name.name, namespace: namespaceOf(name), kind };
}

export const namespaceOf = ({ namespace }: ObjectName): string => namespace ?? "main";

/** `entries` in their order, with a key that has another one. */
export function renamedKey<V>(
  entries: ReadonlyMap<string, V>,
  from: string,
  to: string,
  value: (old: V) => V,
): Map<string, V> {
  return new Map([...entries].map(([key, old]) => (key === from ? [to, value(old)] : [key, old])));
}
