import { withoutLaterIndexes } from "../op/index-options.js";
import { childrenOf, parentsOf } from "../op/lookup.js";
import { dropTableOps } from "../op/partition.js";
import { sameData } from "../schema/equal.js";
import { nameKey, nameOf, sameName } from "../schema/name.js";
import type { Constraint, ForeignKey, Schema, Table } from "../schema/schema.js";
import { addConstraint, dropConstraint, dropReferencesInTheWay } from "./constraint.js";
import { isInTheWayOfParents } from "./family/in-the-way.js";
import { createIndex, keyColumns } from "./index.js";
import { keepersOfNames } from "./not-null-names.js";
import { sortByDependencies } from "./order.js";
import { changesPersistence } from "./persistence.js";
import { partNames } from "./taken-names.js";
import { commentDiffers, droppedTables, newTables, touchedOf, type Work } from "./work.js";

function foreignKeys(table: Table): readonly ForeignKey[] {
  return table.constraints.filter((one) => one.kind === "foreign-key");
}

/** Tables that a table points at, itself left out, and its parents. */
function referenced(table: Table): readonly string[] {
  return foreignKeys(table)
    .filter((one) => !sameName(one.references.table, table))
    .map((one) => nameKey(one.references.table))
    .concat(parentsOf(table).map(nameKey));
}

function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return sameData([...a].sort(), [...b].sort());
}

/**
 * True when a primary key or unique constraint of the table, or one of its unique indexes, has these columns. None points at one
 * that can be deferred (manual, CREATE TABLE, REFERENCES).
 */
function hasKey(table: Table, columns: readonly string[], withIndexes: boolean): boolean {
  const byConstraint = table.constraints.some(
    (one) =>
      (one.kind === "primary-key" || one.kind === "unique") &&
      one.deferral === "immediate" &&
      sameColumns(one.columns, columns),
  );
  if (byConstraint || !withIndexes) return byConstraint;
  return table.indexes.some((index) => sameColumns(keyColumns(index) ?? [], columns));
}

/** What a foreign key points at is there, with its key, before any table is made, and stays as it is. */
function standsAlready(work: Work, { references }: ForeignKey): boolean {
  const key = nameKey(references.table);
  const [from, to] = [work.from.tables.get(key), work.to.tables.get(key)];
  if (from === undefined || to === undefined || changesPersistence(work, to)) return false;
  const { converted, gone } = touchedOf(work, references.table);
  if (references.columns.some((column) => converted.has(column) || gone.has(column))) return false;
  const lost = work.lostKeys.get(key)?.some((columns) => sameColumns(columns, references.columns));
  return !lost && hasKey(from, references.columns, true) && hasKey(to, references.columns, true);
}

/**
 * New tables, each after those it points at. A foreign key that closes a circle, or whose key is made later, is
 * added after all keys; one to the table itself stays in it. An engine that takes references to what is not there yet
 * still gets those to a key that an old table has yet to be given after it: turned round, the key would have to go
 * while the new table points at it.
 */
export function createTables(work: Work): void {
  const { phases } = work;
  const made = new Set<string>();
  const created = newTables(work);
  const keepers = keepersOfNames([...created.values()]);
  const before = (table: Table) => [
    ...referenced(table),
    ...(keepers.get(nameKey(table)) ?? []).map((one) => nameKey(one)),
  ];
  for (const table of sortByDependencies(created, before)) {
    made.add(nameKey(table));
    const late = foreignKeys(table).filter((one) => {
      if (work.options.can?.forwardReferences === true) {
        return work.from.tables.has(nameKey(one.references.table)) && !standsAlready(work, one);
      }
      const target = work.to.tables.get(nameKey(one.references.table));
      if (target === undefined) return false;
      const there = made.has(nameKey(target)) && hasKey(target, one.references.columns, false);
      return !there && !standsAlready(work, one);
    });
    const unproved = uncheckedInHeirs(work, table);
    const constraints = table.constraints.filter(
      (one) => !unproved.includes(one) && (one.kind !== "foreign-key" || !late.includes(one)),
    );
    const early = withoutLaterIndexes({ ...table, constraints });
    phases.createTables.push({
      kind: "create-table",
      table: { ...early.table, indexes: [], policies: [] },
    });
    phases.addForeignKeys.push(...late.map((one) => addConstraint(table, one)));
    phases.addConstraints.push(...unproved.map((one) => addConstraint(table, one)));
    phases.createIndexes.push(
      ...table.indexes.map((index) => createIndex(table, index, true)),
      ...early.later,
    );
    for (const policy of table.policies) {
      phases.createPolicies.push({ kind: "create-policy", table: nameOf(table), policy });
    }
  }
}

/** Checks that are not valid, in new tables that inherit from this one either: those that are there by then get them so. */
function uncheckedInHeirs(work: Work, table: Table): readonly Constraint[] {
  const checks = table.constraints.filter((one) => one.kind === "check" && !one.validated);
  if (checks.length === 0) return checks;
  const heirs = childrenOf(work.to, table).filter(({ partition }) => partition === undefined);
  return checks.filter(({ name }) =>
    heirs.some(({ constraints }) =>
      constraints.some((one) => one.kind === "check" && one.name === name && !one.validated),
    ),
  );
}

/** Everything in a namespace that has one of the names tables, views, sequences and indexes share. */
function relationsOf(schema: Schema): ReadonlySet<string> {
  const names = new Set<string>([
    ...schema.tables.keys(),
    ...schema.views.keys(),
    ...schema.sequences.keys(),
  ]);
  for (const table of schema.tables.values()) for (const name of partNames(table)) names.add(name);
  for (const view of schema.views.values()) {
    for (const index of view.indexes) names.add(nameKey({ namespace: view.namespace, name: index.name }));
  }
  return names;
}

/**
 * Tables that cannot be dropped last, because something new has their name or the name of one of their indexes, or because of what
 * a parent gets.
 */
export function tablesInTheWay(work: Work): ReadonlyMap<string, Table> {
  const dropped = droppedTables(work);
  if (dropped.size === 0) return dropped;
  const names = relationsOf(work.to);
  return new Map(
    [...dropped].filter(
      ([key, table]) =>
        names.has(key) ||
        [...partNames(table)].some((name) => names.has(name)) ||
        isInTheWayOfParents(work, table),
    ),
  );
}

/** A partition goes with the table that it is one of, unless it has to go before. */
function goesWithParent(
  { partition, ...table }: Table,
  early: ReadonlyMap<string, Table>,
  late: ReadonlyMap<string, Table>,
): boolean {
  if (partition === undefined) return false;
  const parent = nameKey(partition.of);
  return early.has(parent) || (late.has(parent) && !early.has(nameKey(table)));
}

/** Tables that go, each before those it points at; a foreign key that closes a circle goes before. */
export function dropTables(work: Work, early: ReadonlyMap<string, Table>): void {
  const inTheWay = new Set(early.keys());
  const late = new Map([...droppedTables(work)].filter(([key]) => !early.has(key)));
  const gone = new Set([
    ...[...early.values()].flatMap((table) => [...dropReferencesInTheWay(work, table, new Set())]),
    ...[...late.values()].flatMap((table) => [...dropReferencesInTheWay(work, table, inTheWay)]),
  ]);
  for (const [tables, phase] of [
    [early, work.phases.dropTablesInTheWay],
    [late, work.phases.dropTables],
  ] as const) {
    // A circle is opened at a foreign key, which can go before; the parent of a table cannot.
    const byReference = sortByDependencies(tables, referenced);
    const order = sortByDependencies(new Map(byReference.map((table) => [nameKey(table), table])), (table) =>
      parentsOf(table).map(nameKey),
    ).toReversed();
    const position = new Map(order.map((table, place) => [nameKey(table), place]));
    for (const [place, table] of order.entries()) {
      for (const constraint of foreignKeys(table)) {
        const target = position.get(nameKey(constraint.references.table));
        // The table it points at goes before this one.
        if (target === undefined || target >= place || gone.has(constraint)) continue;
        phase.unshift(dropConstraint(table, constraint));
      }
      if (!goesWithParent(table, early, late)) phase.push(...dropTableOps(work.from, table, work.to));
    }
  }
}

/** What a kept table is beside its columns, constraints, indexes, policies and options. */
export function diffTableProperties(work: Work, from: Table, to: Table): void {
  const { phases } = work;
  const name = nameOf(to);
  if (from.rowSecurity !== to.rowSecurity) {
    phases.tableOptions.push({ kind: "set-row-security", name, rowSecurity: to.rowSecurity });
  }
  if (commentDiffers(work, from, to)) {
    phases.comments.push({ kind: "set-comment", target: { on: "table", name }, comment: to.comment });
  }
}
