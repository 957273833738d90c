import { PersistentList } from "../effect/persistent-list.js";

/** A value as a line of text, with the maps, sets and lists in it. */
export function writeLine(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (one instanceof Map) return { $map: [...one] };
    if (one instanceof Set) return { $set: [...one] };
    return one instanceof PersistentList ? { $list: one.toArray() } : one;
  });
}

/** The value of such a line. */
export function readLine(line: string): unknown {
  return JSON.parse(line, (_, one: unknown) => {
    if (typeof one !== "object" || one === null) return one;
    if ("$map" in one) return new Map(one.$map as [unknown, unknown][]);
    if ("$set" in one) return new Set(one.$set as unknown[]);
    return "$list" in one ? PersistentList.of(one.$list as unknown[]) : one;
  });
}
