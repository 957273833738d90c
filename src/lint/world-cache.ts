import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { PersistentMap } from "../effect/persistent-map.js";
import { relationOf } from "../effect/replay.js";
import type { Relation, World } from "../effect/world.js";
import { cacheFolder, keep } from "../revision/transform-cache.js";
import type { Schema } from "../schema/schema.js";
import type { HistoryEnd } from "./analyse-files.js";
import { readLine, writeLine } from "./kept-text.js";

/** What is known of the beginning of a history from an earlier run. */
export interface KnownHistory {
  readonly end: HistoryEnd;
  readonly schema: () => Schema;
  /** How many of the revisions are in it. */
  readonly length: number;
}

// The built file's name has a hash of all that decides what a statement does.
const version = `2 ${basename(import.meta.url)}`;

/** Maps whose values have a line each, which is read when it is asked for: a change touches few tables of many. */
const large = ["relations", "types", "functions"] as const;
/** Maps of numbers. */
const small = ["relationNames", "constraintNames", "typeNames"] as const;
type Maps = (typeof large)[number] | (typeof small)[number];

/** The first line. The next ones are the rest of the world, the schema, and the values of the large maps. */
interface Head {
  readonly version: string;
  readonly length: number;
  /** Of the checksums of the revisions. */
  readonly sum: string;
  readonly from: HistoryEnd["from"];
  readonly keys: Readonly<Record<Maps, readonly (string | number)[]>>;
  readonly values: Readonly<Record<(typeof small)[number], readonly number[]>>;
}

/**
 * The end of a history, kept between runs by the checksums of its revisions: those that are there already are not read
 * again when one is added. `settings` is all that it depends on besides.
 */
export function openWorldCache(root: string, settings: readonly string[]) {
  const folder = cacheFolder(root);
  const name = hash("sha256", [root, ...settings].join("\0"), "hex").slice(0, 16);
  const file = folder === null ? null : join(folder, `lint-${name}.jsonl`);
  return {
    /** The longest beginning of the history that is known; `null` when none is. */
    find(checksums: readonly string[]): KnownHistory | null {
      return file === null ? null : read(file, checksums);
    },
    /** Failing to keep it is no error. */
    keep(checksums: readonly string[], end: HistoryEnd, schema: Schema): void {
      if (file !== null) keep(file, textOf(checksums, end, schema));
    },
  };
}

function sumOf(checksums: readonly string[]): string {
  return hash("sha256", checksums.join(" "), "hex");
}

function textOf(checksums: readonly string[], { world, from }: HistoryEnd, schema: Schema): string {
  const both = [...large, ...small];
  const of = <N extends Maps, T>(names: readonly N[], pick: (entry: readonly [unknown, unknown]) => T) =>
    Object.fromEntries(names.map((one) => [one, [...world[one]].map(pick)]));
  const head = {
    ...{ version, length: checksums.length, sum: sumOf(checksums), from },
    keys: of(both, ([key]) => key),
    values: of(small, ([, value]) => value),
  };
  const rest = { ...world, ...Object.fromEntries(both.map((one) => [one, undefined])) };
  const lines = large.flatMap((one) =>
    [...world[one].values()].map(one === "relations" ? sparse : writeLine),
  );
  return [writeLine(head), writeLine(rest), writeLine(schema), ...lines].join("\n");
}

function read(file: string, checksums: readonly string[]): KnownHistory | null {
  try {
    const [first = "", rest = "", schema = "", ...lines] = readFileSync(file, "utf8").split("\n");
    const head = JSON.parse(first) as Head;
    const { length, from, keys, values } = head;
    if (head.version !== version || length > checksums.length) return null;
    if (head.sum !== sumOf(checksums.slice(0, length))) return null;
    // A line that is missing would be missed too late.
    if (lines.length !== large.reduce((count, one) => count + keys[one].length, 0)) return null;
    let next = 0;
    const ofLines = large.map((one) => {
      const from = next;
      next += keys[one].length;
      const value = one === "relations" ? whole : readLine;
      return [
        one,
        PersistentMap.lazy<string | number, unknown>(keys[one], (_, at) => value(lines[from + at] ?? "")),
      ];
    });
    const ofNumbers = small.map((one) => [one, PersistentMap.lazy(keys[one], (_, at) => values[one][at])]);
    const maps = Object.fromEntries([...ofLines, ...ofNumbers]) as Pick<World, Maps>;
    const world = { ...(readLine(rest) as World), ...maps };
    return { end: { world, from }, schema: () => readLine(schema) as Schema, length };
  } catch {
    return null;
  }
}

/** A relation without what it has in common with one that nothing is known of. */
function sparse(value: unknown): string {
  const relation = value as Relation;
  const usual = new Map(Object.entries(relationOf(relation.id, relation, {})));
  const own = Object.entries(relation).filter(
    ([key, one]) => /^(?:id|name|namespace|kind)$/.test(key) || writeLine(one) !== writeLine(usual.get(key)),
  );
  return writeLine(Object.fromEntries(own));
}

function whole(line: string): Relation {
  const own = readLine(line) as Relation;
  return { ...relationOf(own.id, own, {}), ...own };
}
