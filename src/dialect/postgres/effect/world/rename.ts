import type { Act } from "../../../../effect/act.js";
import { change } from "../../../../effect/replay.js";
import type { ConstraintDefinition, Expression, IndexKey } from "../../../../effect/syntax.js";
import {
  type Column,
  type FunctionState,
  findFunctions,
  findRelation,
  findType,
  keyOf,
  type Relation,
  type World,
  withDescendants,
} from "../../../../effect/world.js";
import { moveRelation } from "./change.js";
import { renameConstraint } from "./constraint.js";
import { moveType } from "./type.js";

function swap(names: readonly string[], from: string, to: string): readonly string[] {
  return names.map((name) => (name === from ? to : name));
}

function renameInExpression(expression: Expression, from: string, to: string): Expression {
  if (!expression.columns.includes(from)) return expression;
  const { column } = expression;
  return {
    ...expression,
    sql: expression.sql,
    columns: swap(expression.columns, from, to),
    condition: renameInCondition(expression.condition, from, to),
    ...(column === undefined ? {} : { column: column === from ? to : column }),
  };
}

function renameInCondition(
  condition: Expression["condition"],
  from: string,
  to: string,
): Expression["condition"] {
  switch (condition.kind) {
    case "and":
    case "or":
      return { ...condition, of: condition.of.map((one) => renameInCondition(one, from, to)) };
    case "not":
      return { ...condition, of: renameInCondition(condition.of, from, to) };
    case "null":
    case "not-null":
    case "compare":
    case "among":
      return condition.column === from ? { ...condition, column: to } : condition;
    default:
      return condition;
  }
}

function renameInKey(key: IndexKey, from: string, to: string): IndexKey {
  return {
    ...key,
    column: key.column === from ? to : key.column,
    expression: key.expression === null ? null : renameInExpression(key.expression, from, to),
  };
}

function renameInConstraint<C extends Omit<ConstraintDefinition, "name">>(
  constraint: C,
  from: string,
  to: string,
): C {
  const one = constraint as unknown as ConstraintDefinition;
  const changed = (() => {
    switch (one.kind) {
      case "check":
        return { ...one, expression: renameInExpression(one.expression, from, to) };
      case "not-null":
        return { ...one, column: one.column === from ? to : one.column };
      case "foreign-key":
        return { ...one, columns: swap(one.columns, from, to) };
      case "exclude":
        return {
          ...one,
          elements: one.elements.map((pair) => ({ ...pair, key: renameInKey(pair.key, from, to) })),
        };
      default:
        return { ...one, columns: swap(one.columns, from, to), include: swap(one.include, from, to) };
    }
  })();
  return changed as unknown as C;
}

function renameColumn(world: World, relation: Relation, from: string, to: string): World {
  let next = change(world, relation.id, ({ columns, constraints, partitionBy }) => ({
    columns: new Map(
      [...columns].map(([name, column]): [string, Column] =>
        name === from ? [to, { ...column, name: to }] : [name, column],
      ),
    ),
    constraints: new Map([...constraints].map(([name, one]) => [name, renameInConstraint(one, from, to)])),
    partitionBy:
      partitionBy === null
        ? null
        : { ...partitionBy, columns: partitionBy.columns.map((name) => (name === from ? to : name)) },
  }));
  for (const id of relation.indexes) {
    next = change(next, id, ({ index }) =>
      index === null
        ? {}
        : {
            index: {
              ...index,
              keys: index.keys.map((key) => renameInKey(key, from, to)),
              include: swap(index.include, from, to),
              where: index.where === null ? null : renameInExpression(index.where, from, to),
            },
          },
    );
  }
  for (const { table, constraint } of relation.referencedBy) {
    next = change(next, table, ({ constraints }) => {
      const key = constraints.get(constraint);
      if (key?.kind !== "foreign-key") return {};
      return {
        constraints: new Map(constraints).set(constraint, {
          ...key,
          keyColumns: swap(key.keyColumns, from, to),
        }),
      };
    });
  }
  const sequence = relation.columns.get(from)?.sequence;
  return change(next, sequence ?? undefined, ({ ownedBy }) => ({
    ownedBy: ownedBy === null ? null : { ...ownedBy, column: to },
  }));
}

function renameMember(world: World, act: Act<"rename">, member: string): World {
  const relation = findRelation(world, act.name);
  if (relation === undefined) return renameAttribute(world, act, member);
  switch (act.object) {
    case "column":
      return withDescendants(world, relation).reduce((next, { id }) => {
        const one = next.relations.get(id);
        return one === undefined ? next : renameColumn(next, one, member, act.to);
      }, world);
    case "constraint":
      return withDescendants(world, relation).reduce(
        (next, { id }) => renameConstraint(next, id, member, act.to),
        world,
      );
    case "trigger":
      return change(world, relation.id, ({ triggers }) => ({
        triggers: new Map(
          [...triggers].map(([name, one]) =>
            name === member ? [act.to, { ...one, name: act.to }] : [name, one],
          ),
        ),
      }));
    default:
      return world;
  }
}

function renameAttribute(world: World, act: Act<"rename">, member: string): World {
  const type = findType(world, act.name);
  if (type?.kind === "composite" && act.object === "attribute") {
    const attributes = new Map(
      [...type.attributes].map(([name, use]) => [name === member ? act.to : name, use]),
    );
    return { ...world, types: world.types.with(type.id, { ...type, attributes }) };
  }
  if (type?.kind === "domain" && act.object === "domain-constraint") {
    const checks = new Map([...type.checks].map(([name, one]) => [name === member ? act.to : name, one]));
    return { ...world, types: world.types.with(type.id, { ...type, checks }) };
  }
  return world;
}

function moveFunctions(
  world: World,
  act: Act<"rename"> | Act<"set-schema">,
  namespace: string | null,
  name: string,
): World {
  const found = findFunctions(world, act.name);
  const [first] = found;
  if (first === undefined) return world;
  const to = namespace ?? first.namespace;
  const moved = found.map((one): FunctionState => ({ ...one, namespace: to, name }));
  const functions = world.functions.without(keyOf(first.namespace, first.name)).with(keyOf(to, name), moved);
  return { ...world, functions };
}

function renameSchema(world: World, from: string, to: string): World {
  const schemas = new Map([...world.schemas].map(([name, one]) => [name === from ? to : name, one]));
  let next: World = { ...world, schemas };
  for (const relation of world.relations.values()) {
    if (relation.namespace === from) next = moveRelation(next, relation, to, relation.name);
  }
  for (const type of world.types.values()) {
    if (type.namespace === from) next = moveType(next, type, to, type.name);
  }
  for (const [key, all] of world.functions.entries()) {
    if (all[0]?.namespace !== from) continue;
    const functions = next.functions.without(key).with(
      keyOf(to, all[0].name),
      all.map((one): FunctionState => ({ ...one, namespace: to })),
    );
    next = { ...next, functions };
  }
  return next;
}

export function applyRename(world: World, act: Act<"rename">): World {
  if (act.member !== null) return renameMember(world, act, act.member);
  switch (act.object) {
    case "schema":
      return renameSchema(world, act.name.name, act.to);
    case "type":
    case "domain": {
      const type = findType(world, act.name);
      return type === undefined ? world : moveType(world, type, type.namespace, act.to);
    }
    case "function":
    case "procedure":
      return moveFunctions(world, act, null, act.to);
    default:
      return renameRelation(world, act);
  }
}

function renameRelation(world: World, act: Act<"rename">): World {
  const relation = findRelation(world, act.name);
  if (relation === undefined) return world;
  const { index } = relation;
  // An index that serves a constraint has its name.
  if (index !== null && index.constraint !== null)
    return renameConstraint(world, index.table, index.constraint, act.to);
  return moveRelation(world, relation, relation.namespace, act.to);
}

export function applySetSchema(world: World, act: Act<"set-schema">): World {
  if (act.object === "type" || act.object === "domain") {
    const type = findType(world, act.name);
    return type === undefined ? world : moveType(world, type, act.schema, type.name);
  }
  if (act.object === "function" || act.object === "procedure") {
    return moveFunctions(world, act, act.schema, act.name.name);
  }
  const relation = findRelation(world, act.name);
  if (relation === undefined) return world;
  const own = [...relation.columns.values()].flatMap(({ sequence }) => (sequence === null ? [] : [sequence]));
  return [relation.id, ...relation.indexes, ...own].reduce((next, id) => {
    const one = next.relations.get(id);
    return one === undefined ? next : moveRelation(next, one, act.schema, one.name);
  }, world);
}
