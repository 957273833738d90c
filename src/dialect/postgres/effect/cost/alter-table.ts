import { type Act, isTableAct, type TableAct } from "../../../../effect/act.js";
import type { LockMode } from "../../../../effect/lock.js";
import type { ConstraintDefinition } from "../../../../effect/syntax.js";
import {
  findRelation,
  findType,
  type Relation,
  type World,
  withDescendants,
} from "../../../../effect/world.js";
import { defaultPartition, dropColumn, dropConstraint, noDropping } from "../world/dependents.js";
import { hasRows, isConstrained, tableOf, tablesOf } from "../world/find.js";
import { alikeIndex } from "../world/table.js";
import { costOfAlterType } from "./alter-type.js";
import type { Conditions, Cost } from "./cost.js";
import { statementLevel } from "./lock-level.js";
import { isProvedNotNull, isProvedWithin } from "./proof.js";
import { isVolatile } from "./volatility.js";

type CostOf<K extends TableAct["kind"]> = (cost: Cost, act: Act<K>, conditions: Conditions) => void;

/** The lock of the whole ALTER TABLE. */
function level(conditions: Conditions): LockMode {
  return statementLevel(conditions.siblings.filter(isTableAct), conditions.version);
}

/** The table alone. */
function lockTable(cost: Cost, act: TableAct, conditions: Conditions): Relation | undefined {
  const table = tableOf(cost.world, act);
  const own = statementLevel([act], conditions.version);
  cost.lock(table?.index === null ? level(conditions) : own, table);
  return table;
}

/** The table and all below it. */
function lockTables(cost: Cost, act: TableAct, conditions: Conditions): readonly Relation[] {
  lockTable(cost, act, conditions);
  const tables = tablesOf(cost.world, act);
  cost.lock(level(conditions), ...tables);
  return tables;
}

const onlyTable = (cost: Cost, act: TableAct, conditions: Conditions): void => {
  lockTable(cost, act, conditions);
};

const allTables = (cost: Cost, act: TableAct, conditions: Conditions): void => {
  lockTables(cost, act, conditions);
};

const costOfAddColumn: CostOf<"add-column"> = (cost, act, conditions) => {
  const { definition } = act;
  const tables = lockTables(cost, act, conditions).filter(({ columns }) => !columns.has(definition.name));
  const withRows = tables.filter(hasRows);
  const type = definition.type.builtIn
    ? undefined
    : findType(cost.world, { namespace: definition.type.namespace, name: definition.type.name });
  const given = definition.default ?? (type?.kind === "domain" ? type.default : null);
  const writes =
    definition.type.serial ||
    definition.identity !== null ||
    definition.generated?.stored === true ||
    (type?.kind === "domain" && definition.type.dimensions === 0 && isConstrained(cost.world, type)) ||
    (given !== null && isVolatile(cost.world, given));
  if (writes) cost.rewrite(...withRows);
  if (given !== null) lockSequences(cost, given.calls);
  if (definition.notNull && (given === null || given.constant === null)) cost.scan(...withRows);
  const [table] = tables;
  if (table === undefined) return;
  for (const constraint of definition.constraints) {
    if (constraint.kind !== "foreign-key")
      costOfConstraint(cost, tables, constraint, conditions, definition.notNull);
    else costOfInlineKey(cost, act, table, constraint, conditions);
  }
};

/** nextval() locks the sequence as an UPDATE would. */
function lockSequences(
  cost: Cost,
  calls: readonly { readonly name: { readonly name: string }; readonly texts: readonly (string | null)[] }[],
): void {
  for (const { name, texts } of calls) {
    const [text] = texts;
    if (!/^(nextval|setval)$/.test(name.name) || typeof text !== "string") continue;
    const parts = text.split(".").map((part) => part.replaceAll('"', ""));
    cost.lock(
      "ROW EXCLUSIVE",
      findRelation(cost.world, { namespace: parts.at(-2) ?? null, name: parts.at(-1) ?? "" }),
    );
  }
}

/**
 * A foreign key that stands at a new column is looked at only when a row may have something in it: when the column has a
 * default. Before PostgreSQL 13 it is enough that another column of the statement has one, or that the statement adds
 * another foreign key (`transformAlterTableStmt`).
 */
function costOfInlineKey(
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

function lockReferenced(
  cost: Cost,
  constraint: Extract<ConstraintDefinition, { kind: "foreign-key" }>,
  table: Relation,
): void {
  const target = findRelation(cost.world, constraint.target);
  if (target === undefined) return;
  // A reference to the table itself has its lock already, which may be a stronger one.
  if (target.id !== table.id) {
    const isPartitioned = target.kind === "partitioned-table";
    cost.lock("SHARE ROW EXCLUSIVE", ...(isPartitioned ? withDescendants(cost.world, target) : [target]));
  } else cost.lock("SHARE ROW EXCLUSIVE", target);
}

/** Which of the tables below have the constraint, too. */
function reached(tables: readonly Relation[], constraint: ConstraintDefinition): readonly Relation[] {
  const [table] = tables;
  if (table === undefined) return [];
  if (constraint.kind === "check" || constraint.kind === "not-null") {
    return constraint.noInherit ? [table] : tables;
  }
  return table.kind === "partitioned-table" ? tables : [table];
}

function costOfConstraint(
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

/** Indexes of partitions are built under SHARE before PostgreSQL 18. */
function lockPartitions(
  cost: Cost,
  tables: readonly Relation[],
  before: LockMode,
  { version }: Conditions,
): void {
  const [table, ...partitions] = tables;
  cost.lock("ACCESS EXCLUSIVE", table);
  cost.lock(version >= 18 ? "ACCESS EXCLUSIVE" : before, ...partitions);
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
  return table?.indexes.map((id) => world.relations.get(id)).find((index) => index?.name === name);
}

/** A column becomes NOT NULL. */
function costOfNotNull(
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

const costOfAddConstraint: CostOf<"add-constraint"> = (cost, act, conditions) => {
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

const costOfValidate: CostOf<"validate-constraint"> = (cost, act, conditions) => {
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

const costOfDropConstraint: CostOf<"drop-constraint"> = (cost, act, conditions) => {
  lockTable(cost, act, conditions);
  const dropping = noDropping();
  for (const { id } of tablesOf(cost.world, act))
    dropConstraint(cost.world, id, act.constraint, act.cascade, dropping);
  for (const [id, mode] of dropping.locks) cost.lock(mode, id);
};

const costOfDropColumn: CostOf<"drop-column"> = (cost, act, conditions) => {
  const dropping = noDropping();
  for (const table of lockTables(cost, act, conditions)) {
    if (table.columns.has(act.column) || !table.columnsKnown) {
      dropColumn(cost.world, table, act.column, act.cascade, dropping);
    }
  }
  for (const [id, mode] of dropping.locks) cost.lock(mode, id);
};

const costOfAttach: CostOf<"attach-partition"> = (cost, act, conditions) => {
  const parent = lockTable(cost, act, conditions);
  const partition = findRelation(cost.world, act.partition);
  if (parent === undefined || partition === undefined) return;
  const below = withDescendants(cost.world, partition);
  cost.lock("ACCESS EXCLUSIVE", ...below);
  const rest = defaultPartition(cost.world, parent);
  if (rest !== undefined) {
    cost.lock("ACCESS EXCLUSIVE", rest).scan(...withDescendants(cost.world, rest).filter(hasRows));
  }
  const withRows = below.filter(hasRows);
  const [column, second] = parent.partitionBy?.columns ?? [];
  const isProved = second === undefined && isProvedWithin(partition, column ?? null, act.bound);
  // The first and only partition that takes all the rest needs no proof.
  const isEverything = act.bound.kind === "default" && parent.children.length === 0;
  if (isProved) cost.prove(...withRows);
  else if (!isEverything) cost.scan(...withRows);
  costOfParentsIndexes(cost, parent, partition, withRows);
};

/** A partition gets what its parent has: indexes that are not there yet, foreign keys that are looked at. */
function costOfParentsIndexes(
  cost: Cost,
  parent: Relation,
  partition: Relation,
  withRows: readonly Relation[],
): void {
  for (const index of parent.indexes) {
    if (alikeIndex(cost.world, partition, index) === undefined) cost.build(...withRows);
  }
  for (const constraint of parent.constraints.values()) {
    if (constraint.kind !== "foreign-key") continue;
    const own = [...partition.constraints.values()].some(
      (one) =>
        one.kind === "foreign-key" &&
        one.targetId === constraint.targetId &&
        one.columns.join() === constraint.columns.join(),
    );
    cost.lock("SHARE ROW EXCLUSIVE", constraint.targetId);
    if (!own) cost.check(...withRows);
  }
}

const costOfDetach: CostOf<"detach-partition"> = (cost, act, conditions) => {
  const parent = lockTable(cost, act, conditions);
  const partition = findRelation(cost.world, act.partition);
  const isOnline = act.concurrently || act.finalize;
  cost.lock(isOnline || conditions.version >= 14 ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE", partition);
  if (act.concurrently) cost.forbid();
  if (isOnline && conditions.version < 14)
    cost.refuse("DETACH PARTITION … CONCURRENTLY came with PostgreSQL 14");
  if (parent === undefined) return;
  const rest = defaultPartition(cost.world, parent);
  if (rest !== undefined && rest.id !== partition?.id) cost.lock("ACCESS EXCLUSIVE", rest);
};

/** Rewrites the table's file when it is not as it is told to be already. */
function costOfStorage(
  cost: Cost,
  act: TableAct,
  conditions: Conditions,
  isNew: (table: Relation) => boolean,
): void {
  const table = lockTable(cost, act, conditions);
  if (table !== undefined && hasRows(table) && isNew(table)) cost.rewrite(table);
}

const costOfInherit: CostOf<"inherit"> = (cost, act, conditions) => {
  lockTable(cost, act, conditions);
  cost.lock(act.remove ? "ACCESS SHARE" : "SHARE UPDATE EXCLUSIVE", findRelation(cost.world, act.parent));
};

const costOfAlterConstraint: CostOf<"alter-constraint"> = (cost, act, conditions) => {
  const table = lockTable(cost, act, conditions);
  const constraint = table?.constraints.get(act.constraint);
  if (act.enforced !== null && conditions.version < 18) cost.refuse("ENFORCED came with PostgreSQL 18");
  if (constraint?.kind !== "foreign-key" || table === undefined || act.enforced === null) return;
  cost.lock("ACCESS EXCLUSIVE", constraint.targetId);
  if (act.enforced && !constraint.enforced) cost.check(table);
};

/** The sequence of an identity. */
function lockSequence(cost: Cost, act: TableAct & { readonly column: string }, mode: LockMode): void {
  const sequence = tableOf(cost.world, act)?.columns.get(act.column)?.sequence;
  if (sequence !== null && sequence !== undefined) cost.lock(mode, sequence);
}

/** What each subcommand of ALTER TABLE costs. */
export const costOfAlterTable: { readonly [K in TableAct["kind"]]: CostOf<K> } = {
  "add-column": costOfAddColumn,
  "drop-column": costOfDropColumn,
  "set-default": allTables,
  "drop-default": allTables,
  "set-not-null": (cost, act, conditions) => {
    const tables = lockTables(cost, act, conditions);
    costOfNotNull(cost, tables.filter(hasRows), act.column, conditions);
  },
  "drop-not-null": allTables,
  "alter-type": (cost, act, conditions) =>
    costOfAlterType(cost, act, lockTables(cost, act, conditions), conditions),
  "set-expression": (cost, act, conditions) => {
    const tables = lockTables(cost, act, conditions);
    if (conditions.version < 17) cost.refuse("SET EXPRESSION came with PostgreSQL 17");
    for (const table of tables.filter(hasRows)) {
      if (table.columns.get(act.column)?.generated?.stored !== false) cost.rewrite(table);
    }
  },
  "drop-expression": (cost, act, conditions) => {
    lockTables(cost, act, conditions);
    if (conditions.version < 13) cost.refuse("DROP EXPRESSION came with PostgreSQL 13");
  },
  "add-identity": onlyTable,
  "set-identity": (cost, act, conditions) => {
    lockTable(cost, act, conditions);
    lockSequence(cost, act, "SHARE ROW EXCLUSIVE");
  },
  "drop-identity": (cost, act, conditions) => {
    lockTable(cost, act, conditions);
    lockSequence(cost, act, "ACCESS EXCLUSIVE");
  },
  "set-statistics": allTables,
  "set-column-options": allTables,
  "set-storage": allTables,
  "set-compression": (cost, act, conditions) => {
    lockTables(cost, act, conditions);
    if (conditions.version < 14) cost.refuse("SET COMPRESSION came with PostgreSQL 14");
  },
  "add-constraint": costOfAddConstraint,
  "validate-constraint": costOfValidate,
  "alter-constraint": costOfAlterConstraint,
  "drop-constraint": costOfDropConstraint,
  "set-options": onlyTable,
  "set-logged": (cost, act, conditions) => {
    costOfStorage(cost, act, conditions, (table) => !table.known || table.unlogged === act.logged);
    if (conditions.version < 15) return;
    // Sequences go with their table.
    for (const { sequence } of tableOf(cost.world, act)?.columns.values() ?? []) {
      if (sequence !== null) cost.lock("ACCESS EXCLUSIVE", sequence);
    }
  },
  "set-tablespace": (cost, act, conditions) =>
    costOfStorage(
      cost,
      act,
      conditions,
      ({ options }) => (options.get("tablespace") ?? "pg_default") !== act.tablespace,
    ),
  "set-access-method": (cost, act, conditions) => {
    if (conditions.version < 15) cost.refuse("SET ACCESS METHOD came with PostgreSQL 15");
    costOfStorage(
      cost,
      act,
      conditions,
      ({ options }) => (options.get("access method") ?? "heap") !== (act.method ?? "heap"),
    );
  },
  "cluster-on": onlyTable,
  "replica-identity": onlyTable,
  inherit: costOfInherit,
  "of-type": onlyTable,
  "row-security": onlyTable,
  "set-trigger": onlyTable,
  "set-rule": onlyTable,
  "attach-partition": costOfAttach,
  "detach-partition": costOfDetach,
  "attach-index": (cost, act) => {
    for (const name of [act.table, act.index]) {
      const index = findRelation(cost.world, name)?.index;
      if (index) cost.lock("ACCESS SHARE", index.table);
    }
  },
  "set-table-owner": onlyTable,
  "alter-table-other": (cost, act, conditions) => {
    lockTable(cost, act, conditions);
    cost.unknown(`ALTER TABLE … ${act.subcommand} is not in the catalogue of effects`);
  },
};
