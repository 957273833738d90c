import type { ColumnStorage, OwnSequence, TableOptions } from "../../schema/schema.js";
import { objectName, string, texts } from "./literal.js";
import { type Entry, type Node, object, text } from "./print.js";
import { typeNode } from "./type.js";
import type { Writer } from "./writer.js";

/** How a column is stored. */
export function storageNode({ strategy, compression, statistics, parameters }: ColumnStorage): Node {
  const entries: Entry[] = [];
  if (strategy !== undefined) entries.push(["strategy", string(strategy)]);
  if (compression !== undefined) entries.push(["compression", string(compression)]);
  if (statistics !== undefined) entries.push(["statistics", text(String(statistics))]);
  if (parameters !== undefined) entries.push(["parameters", texts(parameters)]);
  return object(entries);
}

/** The sequence behind a column. */
export function ownSequenceNode(writer: Writer, { name, type, unlogged }: OwnSequence): Node {
  const entries: Entry[] = [];
  if (name !== undefined) entries.push(["name", objectName(name)]);
  if (type !== undefined) entries.push(["type", typeNode(writer, type).node]);
  if (unlogged !== undefined) entries.push(["unlogged", text(String(unlogged))]);
  return object(entries);
}

/** What a table or materialised view is replicated and clustered by. */
export function physicalOrderEntries({
  replicaIdentity,
  clusterOn,
}: Pick<TableOptions, "replicaIdentity" | "clusterOn">): readonly Entry[] {
  const entries: Entry[] = [];
  if (replicaIdentity !== undefined) {
    const identity =
      replicaIdentity.by === "index"
        ? object([["index", string(replicaIdentity.index)]])
        : string(replicaIdentity.by);
    entries.push(["replicaIdentity", identity]);
  }
  if (clusterOn !== undefined) entries.push(["clusterOn", string(clusterOn)]);
  return entries;
}
