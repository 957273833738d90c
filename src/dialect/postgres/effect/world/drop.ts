import type { Act } from "../../../../effect/act.js";
import { change } from "../../../../effect/replay.js";
import {
  findFunctions,
  findRelation,
  findType,
  keyOf,
  type Relation,
  type World,
} from "../../../../effect/world.js";
import { carryOut } from "./alter.js";
import { type Dropping, dropRelation, noDropping } from "./dependents.js";
import { dropTypeUses, removeType } from "./type.js";

/** Triggers that call a function. */
function triggersOf(world: World, names: ReadonlySet<string>): readonly (readonly [Relation, string])[] {
  const found: (readonly [Relation, string])[] = [];
  for (const relation of world.relations.values()) {
    for (const trigger of relation.triggers.values()) {
      if (names.has(trigger.function.name)) found.push([relation, trigger.name]);
    }
  }
  return found;
}

function dropFunctionUses(world: World, act: Act<"drop">, into: Dropping): void {
  if (!act.cascade) return;
  for (const [relation] of triggersOf(world, new Set(act.names.map(({ name }) => name)))) {
    into.locks.set(relation.id, "ACCESS EXCLUSIVE");
  }
}

/** What a DROP takes with it, and locks. */
export function droppingOf(world: World, act: Act<"drop">): Dropping {
  const into = noDropping();
  for (const name of act.names) {
    switch (act.object) {
      case "table":
      case "foreign-table":
      case "view":
      case "materialized-view":
      case "index":
      case "sequence": {
        const relation = findRelation(world, name);
        if (relation !== undefined) dropRelation(world, relation, act.cascade, into);
        break;
      }
      case "schema":
        for (const relation of world.relations.values()) {
          if (act.cascade && relation.namespace === name.name && relation.index === null) {
            dropRelation(world, relation, true, into);
          }
        }
        break;
      case "type":
      case "domain": {
        const type = findType(world, name);
        if (type !== undefined && act.cascade) dropTypeUses(world, type.id, into);
        break;
      }
      default:
    }
  }
  if (act.object === "function" || act.object === "procedure") dropFunctionUses(world, act, into);
  return into;
}

function withoutNames<V>(
  map: ReadonlyMap<string, V>,
  keep: (key: string) => boolean,
): ReadonlyMap<string, V> {
  return new Map([...map].filter(([key]) => keep(key)));
}

function dropSchema(world: World, name: string): World {
  let next: World = { ...world, schemas: withoutNames(world.schemas, (key) => key !== name) };
  for (const type of world.types.values()) if (type.namespace === name) next = removeType(next, type);
  for (const [key, [one]] of world.functions.entries()) {
    if (one?.namespace === name) next = { ...next, functions: next.functions.without(key) };
  }
  return next;
}

function dropFunctions(world: World, act: Act<"drop">): World {
  let next = world;
  for (const name of act.names) {
    const [found] = findFunctions(world, name);
    if (found !== undefined)
      next = { ...next, functions: next.functions.without(keyOf(found.namespace, found.name)) };
  }
  if (!act.cascade) return next;
  for (const [{ id }, trigger] of triggersOf(world, new Set(act.names.map(({ name }) => name)))) {
    next = change(next, id, ({ triggers }) => ({
      triggers: withoutNames(triggers, (key) => key !== trigger),
    }));
  }
  return next;
}

export function applyDrop(world: World, act: Act<"drop">): World {
  const next = carryOut(world, droppingOf(world, act));
  switch (act.object) {
    case "schema":
      return act.names.reduce((all, { name }) => dropSchema(all, name), next);
    case "type":
    case "domain":
      return act.names.reduce((all, name) => {
        const type = findType(all, name);
        return type === undefined ? all : removeType(all, type);
      }, next);
    case "function":
    case "procedure":
      return dropFunctions(next, act);
    case "extension": {
      const extensions = new Set(next.extensions);
      for (const { name } of act.names) extensions.delete(name);
      return { ...next, extensions };
    }
    case "statistics":
      return {
        ...next,
        statistics: withoutNames(
          next.statistics,
          (key) => !act.names.some((name) => key.endsWith(`\u0000${name.name}`)),
        ),
      };
    default:
      return next;
  }
}

export function applyDropFromTable(world: World, act: Act<"drop-from-table">): World {
  const table = findRelation(world, act.table);
  return change(world, table?.id, ({ triggers, policies, rules }) => ({
    triggers: act.object === "trigger" ? withoutNames(triggers, (key) => key !== act.name) : triggers,
    policies: act.object === "policy" ? new Set([...policies].filter((one) => one !== act.name)) : policies,
    rules: act.object === "rule" ? new Set([...rules].filter((one) => one !== act.name)) : rules,
  }));
}
