import { nameOf, showName } from "../schema/name.js";
import type { Table, View } from "../schema/schema.js";
import { followIndex, forgetIndexes, rememberIndexes } from "./index-options.js";
import { giveIndex, passStatistics, renameAttached, takeIndex } from "./inherit/index.js";
import {
  childrenOf,
  indexedOf,
  indexOf,
  isTable,
  putIndexed,
  requireColumns,
  requireFreeRelation,
} from "./lookup.js";
import type { OpDefinitions } from "./op.js";
import { mapSame } from "./rewrite.js";

const hasIndex = (indexed: Table | View, index: string): boolean =>
  indexed.indexes.some(({ name }) => name === index);

export const indexDefinitions = {
  "create-index": {
    effect: ({ index }) => (index.unique ? "narrowing" : "additive"),
    apply(draft, { table: name, index, ifNotExists }) {
      const indexed = indexedOf(draft, name);
      if (ifNotExists && indexed.indexes.some((one) => one.name === index.name)) return;
      requireFreeRelation(draft, { namespace: name.namespace, name: index.name });
      if (isTable(indexed)) {
        const columns = index.keys.flatMap((key) => (key.column === null ? [] : [key.column]));
        requireColumns(indexed, [...columns, ...index.include]);
      }
      const after = { ...indexed, indexes: [...indexed.indexes, index] };
      putIndexed(draft, after);
      if (!isTable(after) || index.only) return;
      for (const child of childrenOf(draft, after)) giveIndex(draft, after, child, index);
      passStatistics(draft, after, index);
    },
    invert(before, { table, index, concurrently }) {
      if (indexedOf(before, table).indexes.some((one) => one.name === index.name)) return { ops: [] };
      const op = { kind: "drop-index", table, index: index.name } as const;
      return { ops: [concurrently ? { ...op, concurrently } : op] };
    },
    describe: ({ table, index }) =>
      `create ${index.unique ? "unique index" : "index"} ${index.name} on ${showName(table)}`,
  },

  "drop-index": {
    effect({ table, index }, before) {
      const old = indexedOf(before, table).indexes.find((one) => one.name === index);
      return old?.unique ? "widening" : "additive";
    },
    apply(draft, { table: name, index, ifExists }) {
      const indexed = indexedOf(draft, name);
      if (ifExists && !hasIndex(indexed, index)) return;
      const old = indexOf(indexed, index);
      const left = forgetIndexes(indexed, (name) => name === index);
      putIndexed(draft, { ...left, indexes: indexed.indexes.filter((one) => one !== old) });
      takeIndex(draft, indexed, index);
    },
    invert(before, { table: name, index, concurrently }) {
      const indexed = indexedOf(before, name);
      const old = indexed.indexes.find((one) => one.name === index);
      if (old === undefined) return { ops: [] };
      const op = { kind: "create-index", table: nameOf(indexed), index: old } as const;
      return { ops: [concurrently ? { ...op, concurrently } : op, ...rememberIndexes(indexed, [index])] };
    },
    describe: ({ table, index }) => `drop index ${index} of ${showName(table)}`,
  },

  "rename-index": {
    effect: () => "additive",
    apply(draft, { table: name, index, to, ifExists }) {
      const indexed = indexedOf(draft, name);
      if (ifExists && !hasIndex(indexed, index)) return;
      const old = indexOf(indexed, index);
      requireFreeRelation(draft, { namespace: name.namespace, name: to });
      const indexes = mapSame(indexed.indexes, (one) => (one === old ? { ...old, name: to } : one));
      putIndexed(draft, followIndex({ ...indexed, indexes }, index, to));
      renameAttached(draft, indexed, index, to);
    },
    invert: (before, { table, index, to, ifExists }) => ({
      ops:
        ifExists && !hasIndex(indexedOf(before, table), index)
          ? []
          : [{ kind: "rename-index", table, index: to, to: index }],
    }),
    describe: ({ table, index, to }) => `rename index ${index} of ${showName(table)} to ${to}`,
  },
} satisfies Pick<OpDefinitions, "create-index" | "drop-index" | "rename-index">;
