import { hash } from "node:crypto";
import { readFileSync, type Stats, statSync } from "node:fs";
import { basename, join } from "node:path";
import { areOrdinary, ordinaryFacts, type RevisionFacts } from "./known-facts.js";
import type { Revision } from "./revision.js";
import { cacheFolder, keep } from "./transform-cache.js";

/**
 * What the revisions of a folder said when they were last read, by what the file system says of each file: reading
 * ten thousand files takes several times as long as asking for their times.
 */
export interface HeaderCache {
  /** What the file said; `null` when it must be read. */
  find(file: string): Revision | null;
  /** What else is known of a file that was found; `null` when that was never asked for, and it must be read. */
  facts(file: string): RevisionFacts | null;
  /** Keeps what a file that was just read said. */
  keep(revision: Revision, facts?: RevisionFacts): void;
  /** Writes what is new. Failing to is no error. */
  save(): void;
}

/** Stands for the facts that nearly every file has. */
const ordinary = 1;

/** Below this the files are read at once: a cache would cost what it saves. */
const worthwhile = 200;

/**
 * A file that was changed a moment before it was read may change again without its times telling: such a file is not
 * kept, as git does not trust its index for it.
 */
const settledMs = 2_000;

type Entry = readonly [
  ...times: readonly [size: number, modified: number, changed: number, inode: number],
  ...header: readonly [
    id: string,
    revises: readonly string[],
    dependsOn: readonly string[],
    labels: readonly string[],
    message: string,
    createdAt: number | null,
    checksum: string,
  ],
  ...facts: readonly [facts?: RevisionFacts | typeof ordinary],
];

interface Kept {
  readonly version: string;
  readonly entries: Readonly<Record<string, Entry>>;
}

// The built file's name has a hash of all that decides how a header is read.
const version = `1 ${basename(import.meta.url)}`;

const none: HeaderCache = {
  find: () => null,
  facts: () => null,
  keep: () => undefined,
  save: () => undefined,
};

/** The cache for one folder with so many revision files in it. */
export function openHeaderCache(folder: string, files: number): HeaderCache {
  const place = files < worthwhile ? null : cacheFolder(folder);
  if (place === null) return none;
  const file = join(place, `headers-${hash("sha256", folder, "hex").slice(0, 16)}.json`);
  const before = readKept(file);
  const found: string[] = [];
  const read = new Map<string, Entry>();
  const now = Date.now();
  const seen = new Map<string, Stats | undefined>();
  const nameOf = (path: string) => path.slice(folder.length + 1);
  return {
    find(path) {
      const stats = statSync(path, { throwIfNoEntry: false });
      const name = nameOf(path);
      const entry = Object.hasOwn(before, name) ? before[name] : undefined;
      if (stats !== undefined && entry !== undefined && isSame(stats, entry)) {
        found.push(name);
        return revisionOf(path, entry);
      }
      seen.set(path, stats);
      return null;
    },
    facts(path) {
      const name = nameOf(path);
      const kept = (read.get(name) ?? before[name])?.[11];
      return kept === ordinary ? ordinaryFacts : (kept ?? null);
    },
    keep(revision, facts) {
      // Few are, and their entry would have to say so.
      if (revision.repeatable === true) return;
      // What was found, but not with its facts, is kept anew.
      const stats = seen.get(revision.file) ?? statSync(revision.file, { throwIfNoEntry: false });
      if (stats === undefined || Math.max(stats.ctimeMs, stats.mtimeMs) > now - settledMs) return;
      read.set(nameOf(revision.file), entryOf(stats, revision, facts));
    },
    save() {
      if (read.size === 0 && found.length === Object.keys(before).length) return;
      const entries: Record<string, Entry> = Object.create(null) as Record<string, Entry>;
      for (const name of found) {
        const entry = before[name];
        if (entry !== undefined) entries[name] = entry;
      }
      for (const [name, entry] of read) entries[name] = entry;
      keep(file, JSON.stringify({ version, entries } satisfies Kept));
    },
  };
}

function isSame(stats: Stats, [size, modified, changed, inode]: Entry): boolean {
  return (
    stats.size === size && stats.mtimeMs === modified && stats.ctimeMs === changed && stats.ino === inode
  );
}

function entryOf({ size, mtimeMs, ctimeMs, ino }: Stats, revision: Revision, facts?: RevisionFacts): Entry {
  const { id, revises, dependsOn, labels, message, createdAt, checksum } = revision;
  const created = createdAt?.getTime() ?? null;
  const header = [id, revises, dependsOn, labels, message, created, checksum] as const;
  if (facts === undefined) return [size, mtimeMs, ctimeMs, ino, ...header];
  return [size, mtimeMs, ctimeMs, ino, ...header, areOrdinary(facts) ? ordinary : facts];
}

function revisionOf(file: string, entry: Entry): Revision {
  const [, , , , id, revises, dependsOn, labels, message, created, checksum] = entry;
  const createdAt = created === null ? null : new Date(created);
  const format = file.endsWith(".sql") ? "sql" : "typescript";
  return { id, revises, dependsOn, labels, message, createdAt, file, format, checksum };
}

function readKept(file: string): Kept["entries"] {
  try {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Kept;
    return kept.version === version ? kept.entries : {};
  } catch {
    return {};
  }
}
