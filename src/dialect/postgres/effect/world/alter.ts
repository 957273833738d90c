import type { Act, TableAct } from "../../../../effect/act.js";
import { change, type Origin } from "../../../../effect/replay.js";
import {
  type Column,
  findRelation,
  findType,
  type Relation,
  type RelationId,
  type World,
} from "../../../../effect/world.js";
import { changeColumn, removeRelation, withConstraint, withoutConstraint } from "./change.js";
import { addConstraint, indexOf } from "./constraint.js";
import { type Dropping, dropColumn, dropConstraint, noDropping } from "./dependents.js";
import { tableOf, tablesOf } from "./find.js";
import { addColumn, addOwnSequence, inherit, joinPartition, typeIdOf } from "./table.js";

type Apply<K extends TableAct["kind"]> = (world: World, act: Act<K>, origin: Origin) => World;

/** The same for the table and all below it. */
function each(world: World, act: TableAct, to: (world: World, table: Relation) => World): World {
  return tablesOf(world, act).reduce((next, { id }) => {
    const table = next.relations.get(id);
    return table === undefined ? next : to(next, table);
  }, world);
}

function column<A extends TableAct & { readonly column: string }>(
  to: (act: A, column: Column, world: World) => Partial<Column>,
): (world: World, act: A) => World {
  return (world, act) =>
    each(world, act, (next, { id }) => changeColumn(next, id, act.column, (one) => to(act, one, next)));
}

/** Carries out what a drop takes with it. */
export function carryOut(world: World, dropping: Dropping): World {
  let next = world;
  for (const { table, name } of dropping.constraints) next = withoutConstraint(next, table, name);
  for (const { table, name } of dropping.columns) next = removeColumn(next, table, name);
  for (const id of dropping.relations) next = removeRelation(next, id);
  return next;
}

function removeColumn(world: World, id: RelationId, name: string): World {
  const sequence = world.relations.get(id)?.columns.get(name)?.sequence ?? null;
  const next = sequence === null ? world : removeRelation(world, sequence);
  return change(next, id, (relation) => {
    const columns = new Map(relation.columns);
    columns.delete(name);
    return { columns };
  });
}

const applyAddColumn: Apply<"add-column"> = (world, act, origin) =>
  each(world, act, (next, { id, columns }) => {
    if (columns.has(act.definition.name)) return next;
    const added = addColumn(next, id, act.definition, origin);
    return act.definition.constraints.reduce(
      (made, constraint) => addConstraint(made, id, constraint, { origin, inherited: false }),
      added,
    );
  });

const applyDropColumn: Apply<"drop-column"> = (world, act) => {
  const dropping = noDropping();
  for (const table of tablesOf(world, act)) dropColumn(world, table, act.column, act.cascade, dropping);
  return carryOut(world, dropping);
};

/** Which constraints of a table its heirs have, too. */
function isPassedOn(act: Act<"add-constraint">, table: Relation): boolean {
  const { constraint } = act;
  if (constraint.kind === "check" || constraint.kind === "not-null") return !constraint.noInherit;
  return table.kind === "partitioned-table";
}

const applyAddConstraint: Apply<"add-constraint"> = (world, act, origin) => {
  const table = tableOf(world, act);
  if (table === undefined) return world;
  const next = addConstraint(world, table.id, act.constraint, { origin, inherited: false });
  const made = [...(next.relations.get(table.id)?.constraints.keys() ?? [])].at(-1);
  if (act.only || !isPassedOn(act, table)) return next;
  const isNamed = act.constraint.kind === "check" || act.constraint.kind === "not-null";
  return tablesOf(world, act)
    .slice(1)
    .reduce((all, { id }) => {
      const name = isNamed ? (made ?? null) : null;
      return all.relations.get(id)?.constraints.has(name ?? "")
        ? all
        : addConstraint(all, id, { ...act.constraint, name }, { origin, inherited: true });
    }, next);
};

function changeConstraint(
  world: World,
  act: Act<"validate-constraint"> | Act<"alter-constraint">,
  to: Partial<{ validated: boolean; deferrable: boolean; enforced: boolean }>,
): World {
  return each(world, act, (next, table) => {
    const constraint = table.constraints.get(act.constraint);
    if (constraint === undefined) return next;
    const constraints = new Map(table.constraints).set(act.constraint, { ...constraint, ...to });
    const changed = change(next, table.id, () => ({ constraints }));
    return constraint.kind === "not-null" && to.validated === true
      ? changeColumn(changed, table.id, constraint.column, () => ({ notNullValid: true }))
      : changed;
  });
}

const applyDropConstraint: Apply<"drop-constraint"> = (world, act) => {
  const dropping = noDropping();
  for (const { id, constraints } of tablesOf(world, act)) {
    const constraint = constraints.get(act.constraint);
    if (constraint !== undefined) dropConstraint(world, id, act.constraint, act.cascade, dropping);
  }
  return carryOut(world, dropping);
};

const applyDetach: Apply<"detach-partition"> = (world, act) => {
  const [parent, partition] = [tableOf(world, act), findRelation(world, act.partition)];
  if (parent === undefined || partition === undefined) return world;
  const next = change(world, parent.id, ({ children }) => ({
    children: children.filter((one) => one !== partition.id),
  }));
  const freed = change(next, partition.id, ({ constraints }) => ({
    bound: null,
    parents: [],
    constraints: new Map([...constraints].map(([name, one]) => [name, { ...one, inherited: false }])),
  }));
  return [...partition.indexes].reduce(
    (all, id) =>
      change(all, id, ({ index }) => (index === null ? {} : { index: { ...index, parent: null } })),
    freed,
  );
};

const applyInherit: Apply<"inherit"> = (world, act) => {
  const [child, parent] = [tableOf(world, act), findRelation(world, act.parent)];
  if (child === undefined || parent === undefined) return world;
  if (!act.remove) return inherit(world, child.id, act.parent);
  const next = change(world, parent.id, ({ children }) => ({
    children: children.filter((one) => one !== child.id),
  }));
  return change(next, child.id, ({ parents }) => ({ parents: parents.filter((one) => one !== parent.id) }));
};

function options(relation: Relation, act: Act<"set-options">): ReadonlyMap<string, string | null> {
  const next = new Map(relation.options);
  for (const { name, value } of act.options) {
    if (act.reset) next.delete(name);
    else next.set(name, value);
  }
  return next;
}

function dropIdentity(world: World, act: Act<"drop-identity">): World {
  return each(world, act, (next, table) => {
    const state = table.columns.get(act.column);
    if (state?.identity === null || state === undefined) return next;
    const freed = changeColumn(next, table.id, act.column, () => ({ identity: null, sequence: null }));
    return state.sequence === null ? freed : removeRelation(freed, state.sequence);
  });
}

/** A setting of the relation alone. */
function own<K extends TableAct["kind"]>(
  to: (act: Act<K>, table: Relation, world: World) => Partial<Relation>,
): Apply<K> {
  return (world, act) => {
    const table = findRelation(world, (act as TableAct).table);
    return table === undefined ? world : change(world, table.id, (relation) => to(act, relation, world));
  };
}

const same = (world: World) => world;

/** What the subcommands of ALTER TABLE make of the world. */
export const alterTable: { readonly [K in TableAct["kind"]]: Apply<K> } = {
  "add-column": applyAddColumn,
  "drop-column": applyDropColumn,
  "set-default": column((act) => ({ default: act.default })),
  "drop-default": column(() => ({ default: null })),
  "set-not-null": (world, act) =>
    each(world, act, (next, table) => {
      const made = changeColumn(next, table.id, act.column, () => ({ notNull: true, notNullValid: true }));
      // PostgreSQL 18: it validates a NOT NULL that was not valid.
      for (const constraint of table.constraints.values()) {
        if (constraint.kind === "not-null" && constraint.column === act.column) {
          return withConstraint(made, table.id, { ...constraint, validated: true });
        }
      }
      return made;
    }),
  "drop-not-null": (world, act) =>
    each(world, act, (next, table) => {
      const named = [...table.constraints.values()].find(
        (one) => one.kind === "not-null" && one.column === act.column,
      );
      const freed = named === undefined ? next : withoutConstraint(next, table.id, named.name);
      return changeColumn(freed, table.id, act.column, () => ({ notNull: false, notNullName: null }));
    }),
  "alter-type": column((act, _, world) => ({
    type: act.type,
    typeId: typeIdOf(world, act.type),
    collation: act.collation,
  })),
  "set-expression": column((act, { generated }) =>
    generated === null ? {} : { generated: { ...generated, expression: act.expression } },
  ),
  "drop-expression": column(() => ({ generated: null })),
  "add-identity": (world, act, origin) => {
    const next = each(world, act, (all, { id }) =>
      changeColumn(all, id, act.column, () => ({ identity: act.identity, notNull: true, default: null })),
    );
    const table = tableOf(next, act);
    return table === undefined
      ? next
      : addOwnSequence(next, table.id, act.column, origin, act.identity.sequence);
  },
  "set-identity": same,
  "drop-identity": dropIdentity,
  "set-statistics": same,
  "set-column-options": same,
  "set-storage": same,
  "set-compression": same,
  "add-constraint": applyAddConstraint,
  "validate-constraint": (world, act) => changeConstraint(world, act, { validated: true }),
  "alter-constraint": (world, act) =>
    changeConstraint(world, act, {
      ...(act.deferrable === null ? {} : { deferrable: act.deferrable }),
      ...(act.enforced === null ? {} : { enforced: act.enforced, validated: act.enforced }),
    }),
  "drop-constraint": applyDropConstraint,
  "set-options": own<"set-options">((act, relation) => ({ options: options(relation, act) })),
  "set-logged": own<"set-logged">((act) => ({ unlogged: !act.logged })),
  "set-tablespace": own<"set-tablespace">((act, { options: all }) => ({
    options: new Map(all).set("tablespace", act.tablespace),
  })),
  "set-access-method": own<"set-access-method">((act, { options: all }) => ({
    options: new Map(all).set("access method", act.method),
  })),
  "cluster-on": own<"cluster-on">((act, table, world) => ({
    clusteredOn: act.index === null ? null : (indexOf(world, table, act.index)?.id ?? null),
  })),
  "replica-identity": same,
  inherit: applyInherit,
  "of-type": own<"of-type">((act, _, world) => ({
    ofType: act.type === null ? null : (findType(world, act.type)?.id ?? null),
  })),
  "row-security": own<"row-security">((act, { rowSecurity }) => ({
    rowSecurity: act.change === "enable" || (act.change !== "disable" && rowSecurity),
  })),
  "set-trigger": same,
  "set-rule": same,
  "attach-partition": (world, act, origin) => {
    const [parent, partition] = [tableOf(world, act), findRelation(world, act.partition)];
    if (parent === undefined || partition === undefined) return world;
    return joinPartition(world, partition.id, parent.id, act.bound, origin);
  },
  "detach-partition": applyDetach,
  "attach-index": (world, act) => {
    const [parent, index] = [tableOf(world, act), findRelation(world, act.index)];
    return parent === undefined || index === undefined
      ? world
      : change(world, index.id, (one) =>
          one.index === null ? {} : { index: { ...one.index, parent: parent.id } },
        );
  },
  "set-table-owner": same,
  "alter-table-other": same,
};
