import type { Act } from "../../../../effect/act.js";
import type { Origin } from "../../../../effect/replay.js";
import { findType, keyOf, type TypeId, type TypeState, type World } from "../../../../effect/world.js";
import type { ObjectName } from "../../../../schema/name.js";
import { creationNamespace } from "./change.js";
import { type Dropping, dropColumn } from "./dependents.js";
import { typeIdOf } from "./table.js";

type Kind =
  | Omit<Extract<TypeState, { kind: "enum" }>, keyof Common>
  | Omit<Extract<TypeState, { kind: "domain" }>, keyof Common>
  | Omit<Extract<TypeState, { kind: "composite" }>, keyof Common>
  | Omit<Extract<TypeState, { kind: "other" }>, keyof Common>;
type Common = Pick<TypeState, "id" | "name" | "namespace" | "bornIn" | "bornAt">;

export function addType(world: World, name: ObjectName, origin: Origin, state: Kind): World {
  const namespace = creationNamespace(world, name);
  const type: TypeState = {
    ...state,
    id: world.nextId,
    name: name.name,
    namespace,
    bornIn: origin.run,
    bornAt: origin.at,
  };
  return {
    ...world,
    nextId: world.nextId + 1,
    types: world.types.with(type.id, type),
    typeNames: world.typeNames.with(keyOf(namespace, name.name), type.id),
  };
}

export function changeType(world: World, type: TypeState, to: TypeState): World {
  return { ...world, types: world.types.with(type.id, to) };
}

export function moveType(world: World, type: TypeState, namespace: string, name: string): World {
  const typeNames = world.typeNames
    .without(keyOf(type.namespace, type.name))
    .with(keyOf(namespace, name), type.id);
  return changeType({ ...world, typeNames }, type, { ...type, namespace, name });
}

export function removeType(world: World, type: TypeState): World {
  return {
    ...world,
    types: world.types.without(type.id),
    typeNames: world.typeNames.without(keyOf(type.namespace, type.name)),
  };
}

/** The columns that go with a type. */
export function dropTypeUses(world: World, id: TypeId, into: Dropping): void {
  for (const relation of world.relations.values()) {
    for (const column of relation.columns.values()) {
      if (column.typeId === id) dropColumn(world, relation, column.name, true, into);
    }
  }
}

function checksOf(act: Act<"create-domain">) {
  return new Map(
    act.checks.flatMap((check, position) =>
      check.kind === "check"
        ? [
            [
              check.name ?? `${act.name.name}_check${position === 0 ? "" : position}`,
              { expression: check.expression, validated: true },
            ] as const,
          ]
        : [],
    ),
  );
}

export function applyCreateDomain(world: World, act: Act<"create-domain">, origin: Origin): World {
  return addType(world, act.name, origin, {
    kind: "domain",
    base: act.base,
    baseId: typeIdOf(world, act.base),
    notNull: act.notNull,
    default: act.default,
    checks: checksOf(act),
  });
}

export function applyAlterDomain(world: World, { name, change }: Act<"alter-domain">): World {
  const type = findType(world, name);
  if (type?.kind !== "domain") return world;
  const checks = new Map(type.checks);
  switch (change.kind) {
    case "set-default":
      return changeType(world, type, { ...type, default: change.default });
    case "set-not-null":
    case "drop-not-null":
      return changeType(world, type, { ...type, notNull: change.kind === "set-not-null" });
    case "drop-constraint":
      checks.delete(change.constraint);
      return changeType(world, type, { ...type, checks });
    case "validate-constraint": {
      const check = checks.get(change.constraint);
      if (check !== undefined) checks.set(change.constraint, { ...check, validated: true });
      return changeType(world, type, { ...type, checks });
    }
    case "add-constraint": {
      const { constraint } = change;
      if (constraint.kind === "not-null") return changeType(world, type, { ...type, notNull: true });
      if (constraint.kind !== "check") return world;
      let label = constraint.name ?? `${type.name}_check`;
      for (let pass = 1; constraint.name === null && checks.has(label); pass += 1)
        label = `${type.name}_check${pass}`;
      checks.set(label, { expression: constraint.expression, validated: !constraint.notValid });
      return changeType(world, type, { ...type, checks });
    }
  }
}

export function applyAddEnumValue(world: World, act: Act<"add-enum-value">): World {
  const type = findType(world, act.name);
  if (type?.kind !== "enum" || type.values.includes(act.value)) return world;
  const neighbour = act.neighbour === null ? -1 : type.values.indexOf(act.neighbour);
  const place = neighbour < 0 ? type.values.length : neighbour + (act.after ? 1 : 0);
  return changeType(world, type, { ...type, values: type.values.toSpliced(place, 0, act.value) });
}

export function applyRenameEnumValue(world: World, act: Act<"rename-enum-value">): World {
  const type = findType(world, act.name);
  if (type?.kind !== "enum") return world;
  const values = type.values.map((value) => (value === act.value ? act.to : value));
  return changeType(world, type, { ...type, values });
}

export function applyAlterComposite(world: World, act: Act<"alter-composite">): World {
  const type = findType(world, act.name);
  if (type?.kind !== "composite") return world;
  const attributes = new Map(type.attributes);
  if (act.change === "drop") attributes.delete(act.attribute);
  else if (act.type !== null) attributes.set(act.attribute, act.type);
  return changeType(world, type, { ...type, attributes });
}
