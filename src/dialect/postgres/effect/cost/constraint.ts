import type { Act } from "../../../../effect/act.js";
import type { ConstraintDefinition } from "../../../../effect/syntax.js";
import { type Relation, type World, withDescendants } from "../../../../effect/world.js";
import { dropConstraint, noDropping } from "../world/dependents.js";
import { hasRows, tableOf, tablesOf } from "../world/find.js";
import type { Conditions, Cost } from "./cost.js";
import { isProvedNotNull } from "./proof.js";
import { type CostOf, level, lockPartitions, lockReferenced, lockTable } from "./table-lock.js";

/** Which of the tables below have the constraint, too. */
function reached(tables: readonly Relation[], constraint: ConstraintDefinition): readonly Relation[] {
  const [table] = tables;
  if (table === undefined) return [];
  if (constraint.kind === "check" || constraint.kind === "not-null") {
    return constraint.noInherit ? [table] : tables;
  }
  return table.kind === "partitioned-table" ? tables : [table];
}

export function costOfConstraint(
  cost: Cost,
  all: readonly Relation[],
  constraint: ConstraintDefinition,
  conditions: Conditions,
  notNullAlready = false,
): void {
  const tables = reached(all, constraint);
  const withRows = tables.filter(hasRows);
  const looks = !constraint.notValid && constraint.enforced;
  switch (constraint.kind) {
    case "check":
      cost.lock(level(conditions), ...tables);
      if (looks) cost.scan(...withRows);
      return;
    case "not-null":
      cost.lock(level(conditions), ...tables);
      if (looks) costOfNotNull(cost, withRows, constraint.column, conditions);
      return;
    case "foreign-key": {
      const [table] = tables;
      if (table === undefined) return;
      cost.lock("SHARE ROW EXCLUSIVE", ...tables);
      lockReferenced(cost, constraint, table);
      if (looks) cost.check(...withRows);
      return;
    }
    case "exclude":
      lockPartitions(cost, tables, "SHARE", conditions);
      cost.build(...withRows);
      return;
    default:
      costOfKey(cost, tables, constraint, conditions, notNullAlready);
  }
}

function costOfKey(
  cost: Cost,
  tables: readonly Relation[],
  constraint: Extract<ConstraintDefinition, { kind: "primary-key" | "unique" }>,
  conditions: Conditions,
  notNullAlready: boolean,
): void {
  const isPrimary = constraint.kind === "primary-key";
  const withRows = tables.filter(hasRows);
  lockPartitions(cost, tables, isPrimary ? "ACCESS EXCLUSIVE" : "SHARE", conditions);
  if (constraint.usingIndex === null) cost.build(...withRows);
  if (!isPrimary || notNullAlready) return;
  const [table] = tables;
  const index =
    constraint.usingIndex === null ? null : indexNamed(cost.world, table, constraint.usingIndex)?.index;
  const columns =
    index === null
      ? constraint.columns
      : index?.keys.flatMap(({ column }) => (column === null ? [] : [column]));
  if (columns === undefined) cost.scan(...withRows);
  else for (const column of columns) costOfNotNull(cost, withRows, column, conditions);
}

function indexNamed(world: World, table: Relation | undefined, name: string): Relation | undefined {
  for (const id of table?.indexes ?? []) {
    const index = world.relations.get(id);
    if (index?.name === name) return index;
  }
  return undefined;
}

/** A column becomes NOT NULL. */
export function costOfNotNull(
  cost: Cost,
  tables: readonly Relation[],
  column: string,
  { version, siblings }: Conditions,
): void {
  for (const table of tables) {
    const state = table.columns.get(column);
    if (state?.notNull && state.notNullValid) continue;
    // A column that the same statement adds without anything in it is NULL in every row.
    const isAdded = siblings.some((one) => one.kind === "add-column" && one.definition.name === column);
    if (!isAdded && isProvedNotNull(table, column, version)) cost.prove(table);
    else cost.scan(table);
  }
}

/**
 * A foreign key that stands at a new column is looked at only when a row may have something in it: when the column has a
 * default. Before PostgreSQL 13 it is enough that another column of the statement has one, or that the statement adds
 * another foreign key (`transformAlterTableStmt`).
 */
export function costOfInlineKey(
  cost: Cost,
  act: Act<"add-column">,
  table: Relation,
  constraint: Extract<ConstraintDefinition, { kind: "foreign-key" }>,
  { siblings, version }: Conditions,
): void {
  lockReferenced(cost, constraint, table);
  const together = version < 13 ? siblings : [act];
  const isLooked = together.some(
    (one) =>
      (one.kind === "add-column" &&
        (one.definition.default !== null ||
          one.definition.type.serial ||
          one.definition.generated !== null)) ||
      (one.kind === "add-constraint" && one.constraint.kind === "foreign-key"),
  );
  if (isLooked && constraint.enforced && !constraint.notValid) cost.check(table);
}

export const costOfAddConstraint: CostOf<"add-constraint"> = (cost, act, conditions) => {
  const { constraint } = act;
  if (constraint.kind === "not-null" && conditions.version < 18) {
    cost.refuse("ADD CONSTRAINT … NOT NULL came with PostgreSQL 18");
  }
  if (constraint.kind === "foreign-key") {
    cost.lock(level(conditions), tableOf(cost.world, act));
    const table = tableOf(cost.world, act);
    if (table?.kind === "partitioned-table" && constraint.notValid && conditions.version < 18) {
      cost.refuse("a foreign key of a partitioned table can be NOT VALID from PostgreSQL 18 on");
    }
  } else lockTable(cost, act, conditions);
  costOfConstraint(cost, tablesOf(cost.world, act), constraint, conditions);
};

export const costOfValidate: CostOf<"validate-constraint"> = (cost, act, conditions) => {
  const table = lockTable(cost, act, conditions);
  const constraint = table?.constraints.get(act.constraint);
  if (table === undefined) return;
  if (constraint === undefined) {
    cost.scan(table);
    return;
  }
  if (constraint.validated) return;
  if (constraint.kind === "foreign-key") {
    cost.lock("ROW SHARE", constraint.targetId);
    cost.check(...withDescendants(cost.world, table).filter(hasRows));
    return;
  }
  const tables = reached(tablesOf(cost.world, act), {
    ...constraint,
    name: constraint.name,
  } as ConstraintDefinition);
  cost.lock(level(conditions), ...tables);
  cost.scan(...tables.filter(hasRows));
};

export const costOfDropConstraint: CostOf<"drop-constraint"> = (cost, act, conditions) => {
  lockTable(cost, act, conditions);
  const dropping = noDropping();
  for (const { id } of tablesOf(cost.world, act))
    dropConstraint(cost.world, id, act.constraint, act.cascade, dropping);
  for (const [id, mode] of dropping.locks) cost.lock(mode, id);
};

export const costOfAlterConstraint: CostOf<"alter-constraint"> = (cost, act, conditions) => {
  const table = lockTable(cost, act, conditions);
  const constraint = table?.constraints.get(act.constraint);
  if (act.enforced !== null && conditions.version < 18) cost.refuse("ENFORCED came with PostgreSQL 18");
  if (constraint?.kind !== "foreign-key" || table === undefined || act.enforced === null) return;
  cost.lock("ACCESS EXCLUSIVE", constraint.targetId);
  if (act.enforced && !constraint.enforced) cost.check(table);
};
