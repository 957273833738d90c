import { isRoutine } from "../op/routine.js";
import { addressOf, definedAddress, readAddress } from "../schema/address.js";
import type { Address } from "../schema/dependency.js";
import { sameName } from "../schema/name.js";
import type { Schema, View } from "../schema/schema.js";
import type { Place } from "./contract.js";
import type { DoneRename } from "./rename-dependencies.js";

/**
 * The text of a view has the old name of what it stands on: the engine follows the rename, so that the same text means
 * something else afterwards, which has the name by then. `from` has the renames behind it.
 */
export function speaksOfOld(from: Schema, view: View, renames: readonly DoneRename[]): boolean {
  if (renames.length === 0) return false;
  const used = [...(from.dependencies?.get(addressOf("view", view)) ?? [])];
  return renames.some(
    ({ old, now }) => isWritten(view.definition, old) && used.some((address) => isOf(address, now)),
  );
}

/**
 * Keys of statistics and of routines whose bodies the engine has read that speak of a column which got another name. The engine
 * follows it, and their texts here do not: they go before the rename and come after it, on the way back too.
 */
export function definedOverRenamed(from: Schema, renames: readonly DoneRename[]): ReadonlySet<string> {
  const columns = renames.filter(({ now }) => now.kind === "column");
  const over = new Set<string>();
  if (columns.length === 0) return over;
  for (const [key, object] of from.defined) {
    if (object.kind !== "statistics" && !isRoutine(object.kind)) continue;
    const used = [...(from.dependencies?.get(definedAddress(object)) ?? [])];
    if (columns.some(({ now }) => used.some((address) => isOf(address, now)))) over.add(key);
  }
  return over;
}

function isWritten(text: string, { kind, object, member }: Place): boolean {
  if (kind === "enum-value") return text.includes(`'${member?.replaceAll("'", "''")}'`);
  return text.includes((member ?? object.name).replaceAll('"', '""'));
}

/** Constraints, indexes and attributes have no name in the text of a view that it keeps to. */
function isOf(address: Address, { kind, object, member }: Place): boolean {
  const read = readAddress(address);
  if (read.kind === "defined") return false;
  const isObject = sameName("owner" in read ? read.owner : read.name, object);
  switch (kind) {
    case "column":
      return isObject && read.kind === "column" && read.part === member;
    case "table":
      return isObject && (read.kind === "table" || read.kind === "column");
    case "enum-value":
      return isObject && read.kind === "enum";
    case "constraint":
    case "index":
    case "attribute":
      return false;
    default:
      return isObject && read.kind === kind;
  }
}
