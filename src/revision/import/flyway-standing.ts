import type { Row } from "../../dialect/connection.js";
import { compareVersions, type FlywayVersion, readVersion } from "./flyway-version.js";
import type { FoundRevision, Standing } from "./found.js";

/** What a version was last said to be. */
interface Event {
  readonly name: string;
  readonly checksum: string | null;
  readonly state: "applied" | "failed" | "gone";
}

/**
 * What `flyway_schema_history` says, read in the order in which it was written: a version may be undone and run again, and
 * what stands below a baseline counts as applied.
 * Source: Flyway, "Flyway schema history table" and `CoreMigrationType`.
 */
export function readFlywayStanding(rows: readonly Row[], revisions: readonly FoundRevision[]): Standing {
  const { events, baseline } = readEvents(rows);
  const applied = new Set<string>();
  const edited: string[] = [];
  for (const { id, key, checksums } of revisions) {
    const event = events.get(key);
    const version = readVersion(key);
    if (event?.state === "applied") {
      const isSame = event.checksum === null || checksums.length === 0 || checksums.includes(event.checksum);
      // A repeatable one that has changed since is to run again.
      if (isSame || version !== null) applied.add(id);
      if (!isSame && version !== null) edited.push(id);
    } else if (event === undefined && isBelow(version, baseline)) applied.add(id);
  }
  const known = new Set(revisions.map(({ key }) => key));
  const unknown = [...events].flatMap(([key, { name, state }]) => {
    return state === "applied" && !known.has(key) && !isBelow(readVersion(key), baseline) ? [name] : [];
  });
  const failed = [...events.values()].flatMap(({ name, state }) =>
    state === "failed" ? [`${name} failed`] : [],
  );
  return { applied, edited, failed, unknown };
}

const isBelow = (version: FlywayVersion | null, baseline: FlywayVersion | null): boolean =>
  version !== null && baseline !== null && compareVersions(version, baseline) <= 0;

function readEvents(rows: readonly Row[]): {
  readonly events: ReadonlyMap<string, Event>;
  readonly baseline: FlywayVersion | null;
} {
  const events = new Map<string, Event>();
  let baseline: FlywayVersion | null = null;
  const inOrder = rows.toSorted((a, b) => Number(a["installed_rank"]) - Number(b["installed_rank"]));
  for (const row of inOrder) {
    const type = String(row["type"]);
    const version = row["version"] === null ? null : readVersion(String(row["version"]));
    if (type === "SCHEMA") continue;
    if (type.endsWith("BASELINE")) baseline = version;
    else {
      const key = version?.key ?? `R:${row["description"]}`;
      events.set(key, eventOf(row, type));
    }
  }
  return { events, baseline };
}

function eventOf(row: Row, type: string): Event {
  const isDone = row["success"] === true || Number(row["success"]) === 1;
  const isGone = type.startsWith("UNDO") || type === "DELETE";
  return {
    name: String(row["script"]),
    checksum: row["checksum"] === null ? null : String(row["checksum"]),
    state: isDone ? (isGone ? "gone" : "applied") : "failed",
  };
}
