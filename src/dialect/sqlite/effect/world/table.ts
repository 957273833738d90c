import type { Act } from "../../../../effect/act.js";
import { addRelation, change, columnState, type Origin } from "../../../../effect/replay.js";
import type { ConstraintDefinition } from "../../../../effect/syntax.js";
import { type Column, type Constraint, findRelation, type World } from "../../../../effect/world.js";
import type { ObjectName } from "../../../../schema/name.js";
import { newRelation, renamedKey } from "./change.js";

/** SQLite names no constraint by itself: those without a name are told apart by their number. */
function freeName(constraints: ReadonlyMap<string, Constraint>, definition: ConstraintDefinition): string {
  return definition.name ?? `${definition.kind} ${constraints.size + 1}`;
}

export function withConstraint(
  world: World,
  tableName: ObjectName,
  definition: ConstraintDefinition,
  { at }: Origin,
): World {
  const table = findRelation(world, tableName);
  if (table === undefined || definition.kind === "not-null") return world;
  const name = freeName(table.constraints, definition);
  const state = { name, validated: true, bornAt: at, inherited: false };
  const put = (now: World, constraint: Constraint) =>
    change(now, table.id, ({ constraints }) => ({ constraints: new Map(constraints).set(name, constraint) }));
  if (definition.kind === "check") return put(world, { ...definition, ...state });
  if (definition.kind !== "foreign-key") return put(world, { ...definition, ...state, index: null });
  const target = findRelation(world, definition.target);
  const targetId = target?.id ?? -1;
  const keyColumns = definition.targetColumns.length > 0 ? definition.targetColumns : primaryKey(target);
  const next = put(world, { ...definition, ...state, targetId, keyColumns });
  return change(next, targetId, ({ referencedBy }) => ({
    referencedBy: referencedBy.with({ table: table.id, constraint: name }),
  }));
}

function primaryKey(table: ReturnType<typeof findRelation>): readonly string[] {
  for (const constraint of table?.constraints.values() ?? []) {
    if (constraint.kind === "primary-key") return constraint.columns;
  }
  return [];
}

export function createTable(world: World, act: Act<"create-table">, origin: Origin): World {
  if (findRelation(world, act.name) !== undefined) return world;
  const columns = new Map<string, Column>();
  for (const column of act.columns) columns.set(column.name, columnState(column, null, origin.at));
  const state = {
    bornIn: origin.run,
    bornAt: origin.at,
    temporary: act.temporary,
    columns,
    columnsKnown: !act.foreign,
    options: new Map(act.options.map(({ name, value }) => [name, value])),
  };
  const [next] = addRelation(world, newRelation(act.name, act.foreign ? "foreign-table" : "table"), state);
  return act.constraints.reduce((now, one) => withConstraint(now, act.name, one, origin), next);
}

export function addColumn(world: World, act: Act<"add-column">, origin: Origin): World {
  const table = findRelation(world, act.table);
  const { definition } = act;
  const column = columnState(definition, null, origin.at);
  const next = change(world, table?.id, ({ columns }) => ({
    columns: new Map(columns).set(definition.name, column),
  }));
  return definition.constraints.reduce((now, one) => withConstraint(now, act.table, one, origin), next);
}

export function dropColumn(world: World, act: Act<"drop-column">): World {
  return change(world, findRelation(world, act.table)?.id, ({ columns }) => {
    const kept = new Map(columns);
    kept.delete(act.column);
    return { columns: kept };
  });
}

const renamed = (names: readonly string[], from: string, to: string): readonly string[] =>
  names.map((name) => (name === from ? to : name));

export function renameColumn(world: World, name: ObjectName, from: string, to: string): World {
  return change(world, findRelation(world, name)?.id, ({ columns, constraints }) => ({
    columns: renamedKey(columns, from, to, (column) => ({ ...column, name: to })),
    constraints: new Map(
      [...constraints].map(([key, one]) => [
        key,
        "columns" in one ? { ...one, columns: renamed(one.columns, from, to) } : one,
      ]),
    ),
  }));
}

export function changeColumn(
  world: World,
  { table, column }: { readonly table: ObjectName; readonly column: string },
  to: Partial<Column>,
): World {
  return change(world, findRelation(world, table)?.id, ({ columns }) => {
    const old = columns.get(column);
    return old === undefined ? {} : { columns: new Map(columns).set(column, { ...old, ...to }) };
  });
}

export function dropConstraint(world: World, act: Act<"drop-constraint">): World {
  return change(world, findRelation(world, act.table)?.id, ({ constraints }) => {
    const kept = new Map(constraints);
    kept.delete(act.constraint);
    return { constraints: kept };
  });
}
