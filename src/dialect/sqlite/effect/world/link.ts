import { PersistentList } from "../../../../effect/persistent-list.js";
import { change } from "../../../../effect/replay.js";
import { keyOf, type Relation, type World } from "../../../../effect/world.js";
import { foldName } from "../../parse/tokenize.js";

/** Tables and views that were dropped and that others still name, by their folded names. */
export type Dropped = Map<string, Relation>;

/** True when something goes on naming the relation: SQLite lets views and foreign keys stand on nothing. */
export function isMentioned(relation: Relation): boolean {
  return relation.readBy.length > 0 || relation.referencedBy.length > 0;
}

/** What named a dropped relation means the one that has its name now. */
export function relink(world: World, relation: Relation, dropped: Dropped): World {
  const old = dropped.get(foldName(relation.name));
  if (old === undefined || old.namespace !== relation.namespace) return world;
  dropped.delete(foldName(relation.name));
  const theirs = <T extends { readonly table: number }>(list: Iterable<T>) =>
    [...list].filter(({ table }) => world.relations.has(table) && table !== old.id);
  let next = change(world, relation.id, ({ readBy, referencedBy }) => ({
    readBy: PersistentList.of([...readBy, ...old.readBy.filter((id) => world.relations.has(id))]),
    referencedBy: PersistentList.of([...referencedBy, ...theirs(old.referencedBy)]),
  }));
  for (const id of old.readBy) {
    next = change(next, id, ({ view }) =>
      view === null
        ? {}
        : { view: { ...view, reads: view.reads.map((read) => (read === old.id ? relation.id : read)) } },
    );
  }
  for (const { table, constraint } of theirs(old.referencedBy)) {
    next = change(next, table, ({ constraints }) => {
      const key = constraints.get(constraint);
      if (key?.kind !== "foreign-key") return {};
      return { constraints: new Map(constraints).set(constraint, { ...key, targetId: relation.id }) };
    });
  }
  return next;
}

/** A relation under another name. */
export function renameRelation(world: World, relation: Relation, to: string): World {
  const { id, name, namespace } = relation;
  const names = world.relationNames.without(keyOf(namespace, name)).with(keyOf(namespace, to), id);
  return change({ ...world, relationNames: names }, id, () => ({ name: to }));
}
