import { hash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { PersistentMap } from "../effect/persistent-map.js";
import type { World } from "../effect/world.js";
import { cacheFolder } from "../revision/transform-cache.js";
import type { Schema } from "../schema/schema.js";
import type { HistoryEnd } from "./analyse-files.js";

/** What a history has led to. */
interface Reached {
  readonly end: HistoryEnd;
  readonly schema: Schema;
}

/** What is known of the beginning of a history from an earlier run. */
export interface KnownHistory extends Reached {
  /** How many of the revisions are in it. */
  readonly length: number;
}

// The built file's name has a hash of all that decides what a statement does.
const version = `1 ${basename(import.meta.url)} node ${process.versions.node}`;

interface Kept {
  readonly version: string;
  readonly checksums: readonly string[];
  readonly world: unknown;
  readonly from: HistoryEnd["from"];
  readonly schema: Schema;
}

/**
 * The end of a history, kept between runs by the checksums of its revisions: those that are there already are not read
 * again when one is added. `settings` is all that it depends on besides.
 */
export function openWorldCache(root: string, settings: readonly string[]) {
  const folder = cacheFolder(root);
  const name = hash("sha256", [root, ...settings].join("\0"), "hex").slice(0, 16);
  const file = folder === null ? null : join(folder, `lint-${name}.v8`);
  return {
    /** The longest beginning of the history that is known; `null` when none is. */
    find(checksums: readonly string[]): KnownHistory | null {
      const kept = file === null ? null : read(file);
      if (kept === null || kept.checksums.length > checksums.length) return null;
      if (kept.checksums.some((checksum, at) => checksum !== checksums[at])) return null;
      const { schema, from } = kept;
      return { end: { world: worldOf(kept.world), from }, schema, length: kept.checksums.length };
    },
    /** Failing to keep it is no error. */
    keep(checksums: readonly string[], { end, schema }: Reached): void {
      if (file === null) return;
      try {
        const half = `${file}.${process.pid}`;
        const { world, from } = end;
        const kept: Kept = { version, checksums, world: plain(world), from, schema };
        writeFileSync(half, serialize(kept));
        renameSync(half, file);
      } catch {
        // It costs time, nothing else.
      }
    },
  };
}

function read(file: string): Kept | null {
  try {
    const kept = deserialize(readFileSync(file)) as Kept;
    return kept.version === version ? kept : null;
  } catch {
    return null;
  }
}

/** Maps that share their parts, as maps that can be written. */
const persistent = ["relations", "relationNames", "types", "typeNames", "functions"] as const;

function plain(world: World): unknown {
  const entries = persistent.map((name) => [name, [...world[name].entries()]]);
  return bare({ ...world, ...Object.fromEntries(entries) });
}

/** The same without classes, of which serialising would leave out what they only tell when asked. */
function bare(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Set) return value;
  if (Array.isArray(value)) return value.map(bare);
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, bare(one)]));
  const record = "toJSON" in value && typeof value.toJSON === "function" ? value.toJSON() : value;
  return Object.fromEntries(Object.entries(record).map(([key, one]) => [key, bare(one)]));
}

function worldOf(kept: unknown): World {
  const record = kept as Record<string, unknown>;
  const maps = persistent.map((name) => {
    let map = PersistentMap.empty<string | number, unknown>();
    for (const [key, value] of record[name] as readonly (readonly [string | number, unknown])[]) {
      map = map.with(key, value);
    }
    return [name, map];
  });
  return { ...record, ...Object.fromEntries(maps) } as unknown as World;
}
