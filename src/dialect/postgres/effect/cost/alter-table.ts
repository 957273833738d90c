import type { TableAct } from "../../../../effect/act.js";
import { findRelation, findType, type Relation } from "../../../../effect/world.js";
import { dropColumn, noDropping } from "../world/dependents.js";
import { hasRows, isConstrained, tableOf } from "../world/find.js";
import { costOfAlterType } from "./alter-type.js";
import {
  costOfAddConstraint,
  costOfAlterConstraint,
  costOfConstraint,
  costOfDropConstraint,
  costOfInlineKey,
  costOfNotNull,
  costOfValidate,
} from "./constraint.js";
import type { Conditions, Cost } from "./cost.js";
import { costOfAttach, costOfDetach, costOfInherit } from "./partition.js";
import {
  allTables,
  type CostOf,
  lockSequence,
  lockSequences,
  lockTable,
  lockTables,
  onlyTable,
} from "./table-lock.js";
import { isVolatile } from "./volatility.js";

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

const costOfDropColumn: CostOf<"drop-column"> = (cost, act, conditions) => {
  const dropping = noDropping();
  for (const table of lockTables(cost, act, conditions)) {
    if (table.columns.has(act.column) || !table.columnsKnown) {
      dropColumn(cost.world, table, act.column, act.cascade, dropping);
    }
  }
  for (const [id, mode] of dropping.locks) cost.lock(mode, id);
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
