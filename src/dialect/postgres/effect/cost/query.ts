import type { Query } from "../../../../effect/syntax.js";
import {
  findFunctions,
  findRelation,
  type Relation,
  type World,
  withDescendants,
} from "../../../../effect/world.js";
import type { Cost } from "./cost.js";
import { isHarmless } from "./volatility.js";

/** A relation, what is below it, and what a view of it reads. */
function readWith(world: World, relation: Relation, found: Map<number, Relation> = new Map()) {
  for (const one of withDescendants(world, relation)) {
    if (found.has(one.id)) continue;
    found.set(one.id, one);
    if (one.kind !== "view") continue;
    for (const id of one.view?.reads ?? []) {
      const next = world.relations.get(id);
      if (next !== undefined) readWith(world, next, found);
    }
  }
  return [...found.values()];
}

/** The relations that a query is about, without those that it reads by way of views. */
export function lockReads(cost: Cost, query: Query): void {
  for (const name of query.reads) cost.lock("ACCESS SHARE", findRelation(cost.world, name));
}

/** What running a query locks and reads. */
export function costOfQuery(cost: Cost, query: Query): void {
  const { world } = cost;
  for (const name of query.reads) {
    const relation = findRelation(world, name);
    if (relation === undefined) continue;
    for (const one of readWith(world, relation)) cost.lock("ACCESS SHARE", one).read(one);
  }
  for (const name of query.rowLocks) cost.lock("ROW SHARE", findRelation(world, name));
  for (const { relation } of query.writes) cost.lock("ROW EXCLUSIVE", findRelation(world, relation));
  for (const call of query.calls) {
    const [text] = call.texts;
    if (!/^(nextval|setval)$/.test(call.name.name) || typeof text !== "string") continue;
    const parts = text.split(".").map((part) => part.replaceAll('"', ""));
    cost.lock(
      "ROW EXCLUSIVE",
      findRelation(world, { namespace: parts.at(-2) ?? null, name: parts.at(-1) ?? "" }),
    );
  }
}

/** Functions that the query calls and of which nobody knows what they do. */
export function unknownCalls(world: World, query: Query): readonly string[] {
  return query.calls
    .filter((call) => !isHarmless(call) && findFunctions(world, call.name).length === 0)
    .map(({ name }) => name.name);
}
