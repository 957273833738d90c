import { addressOf, partAddress, type ReadAddress, readAddress } from "../schema/address.js";
import type { Address, Dependencies } from "../schema/dependency.js";
import { nameKey } from "../schema/name.js";
import type { Place } from "./contract.js";

/** A thing and what it is called after a rename. */
export interface DoneRename {
  readonly old: Place;
  readonly now: Place;
}

const columnKinds: ReadonlySet<ReadAddress["kind"]> = new Set(["column", "default"]);

/** What the engine knew before the renames, with the names after them. */
export function renameDependencies(
  dependencies: Dependencies | undefined,
  renames: readonly DoneRename[],
): Dependencies | undefined {
  if (dependencies === undefined || renames.length === 0) return dependencies;
  const objects = new Map(
    renames.filter(({ old }) => old.member === null).map(({ old, now }) => [nameKey(old.object), now.object]),
  );
  const columns = new Map(
    renames
      .filter(({ old }) => old.kind === "column")
      .map(({ old, now }) => [JSON.stringify([nameKey(old.object), old.member]), now.member ?? ""]),
  );
  const follow = (address: Address): Address => {
    const read = readAddress(address);
    if (read.kind === "defined") return address;
    if (!("part" in read)) return addressOf(read.kind, objects.get(nameKey(read.name)) ?? read.name);
    const key = JSON.stringify([nameKey(read.owner), read.part]);
    const part = columnKinds.has(read.kind) ? (columns.get(key) ?? read.part) : read.part;
    return partAddress(read.kind, objects.get(nameKey(read.owner)) ?? read.owner, part);
  };
  return new Map(
    [...dependencies].map(([user, used]) => [follow(user), new Set([...used].map(follow))] as const),
  );
}
