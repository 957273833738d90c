import { nameKey, nameOf, type ObjectName, sameName, showName } from "../schema/name.js";
import type { SchemaDraft, Table } from "../schema/schema.js";
import { createTable } from "./create-table.js";
import { sequencesOwnedBy } from "./dependents.js";
import { renameTable } from "./expression/column.js";
import { optionsOf } from "./index-options.js";
import {
  childrenOf,
  impossible,
  indexedOf,
  isTable,
  putIndexed,
  removeIndexed,
  requireFreeRelation,
  tableOf,
} from "./lookup.js";
import type { OpDefinitions } from "./op.js";
import { dropTableOps, partitionsOf } from "./partition.js";
import { createChildOps } from "./recreate.js";
import { changeReferences, changeTables, rewriteExpressions } from "./rewrite.js";
import { createDefinedOps, definedOf, removeDefinedOf, renameInDefined } from "./rewrite-defined.js";
import { keepSequence } from "./serial.js";
import { uncheckedOfParents } from "./unchecked.js";

function requireBare(table: Table): void {
  if (table.indexes.length === 0 && table.policies.length === 0) return;
  throw impossible(
    `Table ${showName(table)} cannot be created together with its indexes and policies`,
    showName(table),
    "Create them in ops of their own after the table.",
  );
}

function rename(draft: SchemaDraft, old: Table, to: string): void {
  const own = rewriteExpressions(old, (expression) => renameTable(expression, old, to));
  const columns = own.columns.map((column) => keepSequence(old, column));
  const children = childrenOf(draft, old).map(nameOf);
  removeIndexed(draft, old);
  putIndexed(draft, { ...own, columns, name: to });
  changeTables(draft, (table) => changeReferences(table, old, { table: to }));
  renameInDefined(draft, old, to);
  for (const child of children) putIndexed(draft, renameParent(tableOf(draft, child), old, to));
  for (const [key, sequence] of draft.sequences) {
    const { ownedBy } = sequence;
    if (ownedBy === null || !sameName(ownedBy.table, old)) continue;
    const table = { namespace: old.namespace, name: to };
    draft.sequences.set(key, { ...sequence, ownedBy: { ...ownedBy, table } });
  }
}

/** A table of which a parent got another name. */
function renameParent(table: Table, old: ObjectName, to: string): Table {
  const renamed = { namespace: old.namespace, name: to };
  const { partition, inherits } = table;
  return {
    ...table,
    ...(partition !== undefined && { partition: { ...partition, of: renamed } }),
    ...(inherits !== undefined && {
      inherits: inherits.map((parent) => (sameName(parent, old) ? renamed : parent)),
    }),
  };
}

export const tableDefinitions = {
  "create-table": {
    effect: () => "additive",
    apply(draft, { table, ifNotExists }) {
      if (ifNotExists && draft.tables.has(nameKey(table))) return;
      requireBare(table);
      requireFreeRelation(draft, table);
      const names = table.columns.map((column) => column.name);
      const twice = names.find((name, position) => names.indexOf(name) !== position);
      if (twice !== undefined) {
        throw impossible(
          `Table ${showName(table)} would have the column ${twice} twice`,
          showName(table),
          "Name every column once.",
        );
      }
      createTable(draft, table);
    },
    invert: (before, { table }) => ({
      ops: before.tables.has(nameKey(table)) ? [] : dropTableOps(before, table),
    }),
    describe: ({ table }) => `create table ${showName(table)}`,
  },

  "drop-table": {
    effect: () => "destructive",
    apply(draft, { name, ifExists }) {
      if (ifExists && !draft.tables.has(nameKey(name))) return;
      const table = tableOf(draft, name);
      // Foreign keys that point here then point nowhere: whether that may happen is for the engine to say, as with
      // a foreign key that is made before its table.
      for (const partition of partitionsOf(draft, table).toReversed()) {
        removeIndexed(draft, partition);
        removeDefinedOf(draft, partition);
        for (const sequence of sequencesOwnedBy(draft, partition)) draft.sequences.delete(nameKey(sequence));
      }
      removeIndexed(draft, table);
      removeDefinedOf(draft, table);
      for (const sequence of sequencesOwnedBy(draft, name)) draft.sequences.delete(nameKey(sequence));
    },
    invert(before, { name }) {
      const table = before.tables.get(nameKey(name));
      if (table === undefined) return { ops: [] };
      const unproved = uncheckedOfParents(before, table);
      const ops = [
        ...unproved.map(({ drop }) => drop),
        ...createChildOps(before, table, sequencesOwnedBy(before, name)),
        ...unproved.map(({ add }) => add),
        ...partitionsOf(before, table).flatMap((one) =>
          createChildOps(before, one, sequencesOwnedBy(before, one)),
        ),
        ...[table, ...partitionsOf(before, table)].flatMap((one) => createDefinedOps(definedOf(before, one))),
      ];
      return { ops, loses: `the rows of ${showName(name)}` };
    },
    describe: ({ name }) => `drop table ${showName(name)}`,
  },

  "rename-table": {
    effect: () => "narrowing",
    apply(draft, { name, to, ifExists }) {
      if (ifExists && !draft.tables.has(nameKey(name))) return;
      const old = tableOf(draft, name);
      requireFreeRelation(draft, { namespace: name.namespace, name: to });
      rename(draft, old, to);
    },
    invert: (before, { name, to, ifExists }) => ({
      ops:
        ifExists && !before.tables.has(nameKey(name))
          ? []
          : [{ kind: "rename-table", name: { namespace: name.namespace, name: to }, to: name.name }],
    }),
    describe: ({ name, to }) => `rename table ${showName(name)} to ${to}`,
  },

  "alter-table-options": {
    effect({ name, options }, before) {
      return options.strict && !optionsOf(indexedOf(before, name)).strict ? "narrowing" : "additive";
    },
    apply(draft, { name, options }) {
      const indexed = indexedOf(draft, name);
      if (isTable(indexed)) return putIndexed(draft, { ...indexed, options });
      const { options: _, ...view } = indexed;
      const { replicaIdentity, clusterOn } = options;
      const says = {
        ...(replicaIdentity !== undefined && { replicaIdentity }),
        ...(clusterOn !== undefined && { clusterOn }),
      };
      putIndexed(draft, Object.keys(says).length === 0 ? view : { ...view, options: says });
    },
    invert: (before, { name }) => ({
      ops: [{ kind: "alter-table-options", name, options: optionsOf(indexedOf(before, name)) }],
    }),
    describe: ({ name }) => `alter the options of table ${showName(name)}`,
  },

  "set-row-security": {
    effect({ name, rowSecurity }, before) {
      const ranks = { off: 0, enabled: 1, forced: 2 } as const;
      return ranks[rowSecurity] > ranks[tableOf(before, name).rowSecurity] ? "narrowing" : "widening";
    },
    apply(draft, { name, rowSecurity }) {
      putIndexed(draft, { ...tableOf(draft, name), rowSecurity });
    },
    invert: (before, { name }) => ({
      ops: [{ kind: "set-row-security", name, rowSecurity: tableOf(before, name).rowSecurity }],
    }),
    describe: ({ name, rowSecurity }) => `set row security of ${showName(name)} to ${rowSecurity}`,
  },
} satisfies Pick<
  OpDefinitions,
  "create-table" | "drop-table" | "rename-table" | "alter-table-options" | "set-row-security"
>;
