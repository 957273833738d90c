import { nameOf } from "../schema/name.js";
import type { Table, TableOptions, View } from "../schema/schema.js";
import { followIndexColumns, forgetIndexColumns } from "./index-columns.js";
import type { Op } from "./op.js";

/** What a table or materialised view says about one of its indexes, or about the index under a constraint. */
type IndexOptions = Pick<TableOptions, "replicaIdentity" | "clusterOn">;

/** The names of indexes that the options name. */
export function namedIndexes(options: IndexOptions | undefined): readonly string[] {
  const { replicaIdentity, clusterOn } = options ?? {};
  return [
    ...(replicaIdentity?.by === "index" ? [replicaIdentity.index] : []),
    ...(clusterOn === undefined ? [] : [clusterOn]),
  ];
}

/** The options without those that name an index for which `gone` holds: the engine forgets them with the index. */
export function withoutIndexes<O extends IndexOptions>(options: O, gone: (index: string) => boolean): O {
  if (!namedIndexes(options).some(gone)) return options;
  const { replicaIdentity, clusterOn, ...rest } = options;
  return {
    ...rest,
    ...(replicaIdentity !== undefined &&
      !(replicaIdentity.by === "index" && gone(replicaIdentity.index)) && { replicaIdentity }),
    ...(clusterOn !== undefined && !gone(clusterOn) && { clusterOn }),
  } as O;
}

function withRenamedIndex<O extends IndexOptions>(options: O, from: string, to: string): O {
  if (!namedIndexes(options).includes(from)) return options;
  const { replicaIdentity, clusterOn } = options;
  return {
    ...options,
    ...(replicaIdentity?.by === "index" &&
      replicaIdentity.index === from && { replicaIdentity: { by: "index", index: to } }),
    ...(clusterOn === from && { clusterOn: to }),
  };
}

/** A table or view that forgets what it says about indexes that are gone. */
export function forgetIndexes<T extends Table | View>(indexed: T, gone: (index: string) => boolean): T {
  if (indexed.options === undefined) return indexed;
  const options = withoutIndexes(indexed.options, gone);
  const left = "constraints" in indexed ? (forgetIndexColumns(indexed, gone) as T) : indexed;
  return options === indexed.options ? left : { ...left, options };
}

/** A table or view that follows an index to its new name. */
export function followIndex<T extends Table | View>(indexed: T, from: string, to: string): T {
  if (indexed.options === undefined) return indexed;
  const options = withRenamedIndex(indexed.options, from, to);
  const now = "constraints" in indexed ? (followIndexColumns(indexed, from, to) as T) : indexed;
  return options === indexed.options ? now : { ...now, options };
}

/** The options of a table, for an `alter-table-options`; a view has none but those about its indexes. */
export function optionsOf(indexed: Table | View): TableOptions {
  return {
    ...{ unlogged: false, tablespace: null, parameters: {}, strict: false, withoutRowid: false },
    ...indexed.options,
  };
}

/** The op that gives back what is forgotten with these indexes; nothing when the options name none of them. */
export function rememberIndexes(indexed: Table | View, indexes: readonly string[]): readonly Op[] {
  if (!namedIndexes(indexed.options).some((name) => indexes.includes(name))) return [];
  return [{ kind: "alter-table-options", name: nameOf(indexed), options: optionsOf(indexed) }];
}

/**
 * A new table as CREATE TABLE can make it, and the op for the options that name indexes which are made after it (none
 * for those of its constraints).
 */
export function withoutLaterIndexes(table: Table): { readonly table: Table; readonly later: readonly Op[] } {
  const own = new Set(table.constraints.map(({ name }) => name));
  const isLater = (index: string) => !own.has(index);
  const { indexColumns: _, ...early } = forgetIndexes(table, isLater);
  if (early.options === table.options) return { table: early, later: [] };
  return {
    table: early,
    later: [{ kind: "alter-table-options", name: nameOf(table), options: table.options }],
  };
}

/** A view as CREATE VIEW makes it: its indexes, and what is said about them, come after. */
export function createdView(view: View): View {
  const { options: _, ...rest } = view;
  return { ...rest, indexes: [] };
}

/** The op that gives a new materialised view its options. */
export function viewOptionsOps(view: View): readonly Op[] {
  if (view.options === undefined) return [];
  return [{ kind: "alter-table-options", name: nameOf(view), options: optionsOf(view) }];
}
