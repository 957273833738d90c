import type { DialectName } from "../schema/name.js";

/**
 * Versions of servers as numbers in their order: the major version of PostgreSQL, 16; of SQLite, whose minor versions bring
 * what is new, 3035 for 3.35.
 */
const minorVersions = 1_000;

/** The newest PostgreSQL that the catalogue of effects knows. */
export const newestServer = 18;

/** What is asked about where nobody says a version. SQLite is often part of a system, and not new: Debian 12 has 3.40. */
export const assumedVersion: Readonly<Record<DialectName, number>> = {
  postgres: newestServer,
  sqlite: 3_040,
};

/** `16`, `3.35`; `null` for what is no version. */
export function readVersion(text: string): number | null {
  const [, major = "", minor] = /^([1-9]\d?)(?:\.(\d{1,3}))?$/.exec(text.trim()) ?? [];
  if (major === "") return null;
  return minor === undefined ? Number(major) : Number(major) * minorVersions + Number(minor);
}

/** As people write it: a number for PostgreSQL, a text for SQLite. */
export function showVersion(version: number): number | string {
  return version < minorVersions
    ? version
    : `${Math.floor(version / minorVersions)}.${version % minorVersions}`;
}

/** True for one that the engine can have. */
export function isVersionOf(dialect: DialectName, version: number): boolean {
  return assumedVersion[dialect] < minorVersions === version < minorVersions;
}

/** As the engine itself counts: 160000, 3035000. */
export function fullVersion(version: number): number {
  return version < minorVersions ? version * 10_000 : version * 1_000;
}

/** What a server that counts like that is asked about as: the newest one that the catalogue knows at most. */
export function versionOfServer(full: number): number {
  return full < 1_000_000 ? Math.min(newestServer, Math.floor(full / 10_000)) : Math.floor(full / 1_000);
}
