import { namesIn } from "../op/mention.js";
import { isRoutine } from "../op/routine.js";
import { addressOf, definedAddress, readAddress } from "../schema/address.js";
import type { Address } from "../schema/dependency.js";
import { nameKey, sameName } from "../schema/name.js";
import type { Defined, Schema, View } from "../schema/schema.js";
import type { Place } from "./contract.js";
import type { Fate } from "./defined.js";
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
 * Keys of objects that go before the renames and come after them, on the way back too, because the engine follows a rename in
 * them and their texts here do so badly or not at all: statistics and routines whose bodies it has read, and rules and triggers
 * that speak of what has another name now. `fates` has those that stay.
 */
export function definedOverRenamed(
  from: Schema,
  to: Schema,
  renames: readonly DoneRename[],
  fates: ReadonlyMap<string, Fate>,
): ReadonlySet<string> {
  const moved = renames.filter(({ now }) => now.kind === "column" || now.kind === "table");
  const over = new Set<string>();
  if (moved.length === 0) return over;
  for (const [key, object] of from.defined) {
    const touching = moved.filter((rename) => touches(from, rename, object));
    if (touching.length > 0 && isOver(to, object, touching, fates.get(key))) over.add(key);
  }
  return over;
}

function isTaken(to: Schema, { old, now }: DoneRename): boolean {
  return to.tables.get(nameKey(now.object))?.columns.some(({ name }) => name === old.member) === true;
}

function isOver(
  to: Schema,
  { kind, definition }: Defined,
  renames: readonly DoneRename[],
  fate: Fate | undefined,
): boolean {
  if (kind === "statistics" || isRoutine(kind)) return renames.some(({ now }) => now.kind === "column");
  if (kind !== "rule" && kind !== "trigger") return false;
  const names = namesIn(definition);
  // New names of tables are written everywhere, those of columns are not: the text may mean the one that has the old name now.
  return fate !== "same" || renames.some((one) => names.has(nameIn(one.old)) && isTaken(to, one));
}

/** The engine says so where it knows; else the text has the names. */
function touches(from: Schema, { old, now }: DoneRename, object: Defined): boolean {
  if (from.dependencies !== undefined) {
    // There a trigger has no body, and only columns of its own table, in which renames are followed well.
    if (object.kind === "trigger") return false;
    const used = [...(from.dependencies.get(definedAddress(object)) ?? [])];
    return used.some((address) => isOf(address, now));
  }
  const names = namesIn(object.definition);
  const has = (place: Place) => names.has(nameIn(place));
  const ofTable = [old, now].some((place) => has({ ...place, kind: "table", member: null }));
  return ofTable && (old.member === null || has(old) || has(now));
}

function nameIn({ object, member }: Place): string {
  return (member ?? object.name).toLowerCase();
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
