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
  /** Keeps what a file said that was just read; once more when its facts are known, too. */
  keep(revision: Revision, facts?: RevisionFacts): void;
  /** Writes what is new. Failing to is no error. */
  save(): void;
}

/** Below this the files are read at once: a cache would cost what it saves. */
const worthwhile = 200;

/**
 * A file that was changed a moment before it was read may change again without its times telling: such a file is not
 * kept, as git does not trust its index for it.
 */
const settledMs = 2_000;

/** Stands for the facts that nearly every file has. */
const ordinary = 1;
type KeptFacts = RevisionFacts | typeof ordinary | null;

/** Size, time of modification, time of change, inode. */
const timesOfFile = 4;
const digitsOfChecksum = 64;

/**
 * A list for each property instead of an object for each file: it is there several times as fast. What stands at one place
 * in all of them is of one file.
 */
interface Kept {
  readonly version: string;
  readonly names: readonly string[];
  /** `timesOfFile` numbers of each. */
  readonly times: readonly number[];
  readonly ids: readonly string[];
  /** The parent, where there is one alone. */
  readonly revises: readonly (string | readonly string[])[];
  readonly messages: readonly string[];
  readonly created: readonly (number | null)[];
  /** One after the other. */
  readonly checksums: string;
  readonly facts: readonly KeptFacts[];
  /** By place, of the few that have any. */
  readonly dependsOn: Readonly<Record<number, readonly string[]>>;
  readonly labels: Readonly<Record<number, readonly string[]>>;
}

/** One file of all that are to be kept. */
interface Entry {
  readonly name: string;
  readonly times: readonly number[];
  readonly revision: Revision;
  readonly facts: KeptFacts;
}

// The built file's name has a hash of all that decides how a header is read.
const version = `2 ${basename(import.meta.url)}`;

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
  const placeOf = placesIn(before.names);
  const found: Revision[] = [];
  const read = new Map<string, Entry>();
  const now = Date.now();
  /** Of the file that was asked for last: it is the one that is read next. */
  let asked: { readonly path: string; readonly times: readonly number[] } | null = null;
  const nameOf = (path: string) => path.slice(folder.length + 1);
  return {
    find(path) {
      const stats = statSync(path, { throwIfNoEntry: false });
      const at = placeOf(nameOf(path));
      if (stats !== undefined && at !== null && isSame(stats, before.times, at * timesOfFile)) {
        const revision = revisionAt(before, at, path);
        found.push(revision);
        return revision;
      }
      asked = stats === undefined ? null : { path, times: timesOf(stats) };
      return null;
    },
    facts(path) {
      const name = nameOf(path);
      const at = placeOf(name);
      const kept = read.get(name)?.facts ?? (at === null ? null : before.facts[at]);
      return kept === ordinary ? ordinaryFacts : (kept ?? null);
    },
    keep(revision, facts) {
      // Few are, and their entry would have to say so.
      if (revision.repeatable === true || revision.phase !== undefined || revision.waitsFor !== undefined)
        return;
      // What was found, but not with its facts, is kept anew.
      const name = nameOf(revision.file);
      const known = asked?.path === revision.file ? asked.times : read.get(name)?.times;
      const times = known ?? timesNow(revision.file);
      const [, modified = 0, changed = 0] = times ?? [];
      if (times === null || Math.max(modified, changed) > now - settledMs) return;
      const kept = facts === undefined ? null : areOrdinary(facts) ? ordinary : facts;
      read.set(name, { name, times, revision, facts: kept });
    },
    save() {
      if (read.size === 0 && found.length === before.names.length) return;
      const old = found.flatMap((revision): Entry[] => {
        const name = nameOf(revision.file);
        const at = read.has(name) ? null : placeOf(name);
        if (at === null) return [];
        const times = before.times.slice(at * timesOfFile, (at + 1) * timesOfFile);
        return [{ name, times, revision, facts: before.facts[at] ?? null }];
      });
      keep(file, JSON.stringify(keptOf([...old, ...read.values()])));
    },
  };
}

/** Finds the place of a name. They are asked for in the order in which they stand, nearly always. */
function placesIn(names: readonly string[]): (name: string) => number | null {
  let at = 0;
  let places: ReadonlyMap<string, number> | undefined;
  return (name) => {
    if (names[at] === name) return at;
    if (names[at + 1] === name) return ++at;
    places ??= new Map(names.map((one, place) => [one, place]));
    const found = places.get(name);
    if (found !== undefined) at = found;
    return found ?? null;
  };
}

const timesOf = ({ size, mtimeMs, ctimeMs, ino }: Stats) => [size, mtimeMs, ctimeMs, ino];

function timesNow(file: string): readonly number[] | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? null : timesOf(stats);
}

function isSame(stats: Stats, times: readonly number[], from: number): boolean {
  return (
    stats.size === times[from] &&
    stats.mtimeMs === times[from + 1] &&
    stats.ctimeMs === times[from + 2] &&
    stats.ino === times[from + 3]
  );
}

const noNames: readonly string[] = [];

function revisionAt(kept: Kept, at: number, file: string): Revision {
  const parents = kept.revises[at] ?? noNames;
  const created = kept.created[at] ?? null;
  return {
    id: kept.ids[at] ?? "",
    revises: typeof parents === "string" ? [parents] : parents,
    dependsOn: kept.dependsOn[at] ?? noNames,
    labels: kept.labels[at] ?? noNames,
    message: kept.messages[at] ?? "",
    createdAt: created === null ? null : new Date(created),
    file,
    format: file.endsWith(".sql") ? "sql" : "typescript",
    checksum: kept.checksums.slice(at * digitsOfChecksum, (at + 1) * digitsOfChecksum),
  };
}

/** In the order of the names, in which they will be asked for. */
function keptOf(unordered: readonly Entry[]): Kept {
  const entries = [...unordered].sort((a, b) => (a.name < b.name ? -1 : 1));
  const few = (namesOf: (revision: Revision) => readonly string[]) =>
    Object.fromEntries(
      entries.flatMap(({ revision }, at) => (namesOf(revision).length > 0 ? [[at, namesOf(revision)]] : [])),
    );
  return {
    version,
    names: entries.map(({ name }) => name),
    times: entries.flatMap(({ times }) => times),
    ids: entries.map(({ revision }) => revision.id),
    revises: entries.map(({ revision: { revises } }) =>
      revises.length === 1 ? (revises[0] ?? noNames) : revises,
    ),
    messages: entries.map(({ revision }) => revision.message),
    created: entries.map(({ revision }) => revision.createdAt?.getTime() ?? null),
    checksums: entries.map(({ revision }) => revision.checksum).join(""),
    facts: entries.map(({ facts }) => facts),
    dependsOn: few(({ dependsOn }) => dependsOn),
    labels: few(({ labels }) => labels),
  };
}

const empty: Kept = {
  version,
  names: [],
  times: [],
  ids: [],
  revises: [],
  messages: [],
  created: [],
  checksums: "",
  facts: [],
  dependsOn: {},
  labels: {},
};

function readKept(file: string): Kept {
  try {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Kept;
    return kept.version === version ? kept : empty;
  } catch {
    return empty;
  }
}
