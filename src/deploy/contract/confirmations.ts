import type { Connection } from "../../dialect/connection.js";
import { isAtLeast, parseRelease, type Release, showRelease } from "../../revision/release.js";
import type { Project } from "../../run/project.js";
import { readState, type Said, saidBy, writeState } from "../../run/state-table.js";
import { phaseOf } from "../phase.js";
import type { PlannedRevision } from "../plan.js";
import { type Reported, reportedVersions } from "./versions.js";

/** Where a version of an application may be known from. */
export interface Sources {
  /** What the one who deploys says. */
  readonly flags: readonly Release[];
  /** By the name of the application. */
  readonly said: ReadonlyMap<string, Said>;
  readonly reported: Reported;
}

/** Whether a version that is waited for is everywhere. */
export interface Confirmation {
  readonly release: Release;
  readonly confirmed: boolean;
  /** How that is known, or what is known instead; a sentence without its full stop. */
  readonly told: string;
}

/** The versions that contracts among these wait for, each once. */
export function awaited(revisions: readonly PlannedRevision[]): readonly Release[] {
  const releases = revisions
    .filter((one) => phaseOf(one) === "contract")
    .flatMap(({ revision }) => (revision.waitsFor ?? []).flatMap((text) => parseRelease(text) ?? []));
  return [...new Map(releases.map((one) => [showRelease(one), one])).values()];
}

/** Asks everybody who may know. */
export async function readSources(
  { dialect, config }: Project,
  connection: Connection,
  urls: readonly string[],
  flags: readonly Release[],
  signal: AbortSignal,
): Promise<Sources> {
  return {
    flags,
    said: await readState(dialect, connection, config.stateTable, "confirmation"),
    reported: await reportedVersions(urls, signal),
  };
}

/**
 * What is known of a version. Who deploys has the last word; what runs counts more than what somebody has said of it before.
 */
export function confirmationOf(release: Release, { flags, said, reported }: Sources): Confirmation {
  const { application, version } = release;
  const name = showRelease(release);
  const flag = flags.find((one) => one.application === application && isAtLeast(one.version, version));
  if (flag !== undefined)
    return { release, confirmed: true, told: `${name}: --confirmed ${showRelease(flag)}` };
  const running = reported.versions.filter((one) => one.application === application);
  const older = running.filter((one) => !isAtLeast(one.version, version));
  if (older.length > 0) {
    const versions = [...new Set(older.map((one) => one.version))].join(", ");
    const many = `${older.length} of ${running.length} ${running.length === 1 ? "instance" : "instances"}`;
    return {
      release,
      confirmed: false,
      told: `${name}: ${many} still at ${versions}, as ${older[0]?.from} says`,
    };
  }
  if (running.length > 0) {
    return {
      release,
      confirmed: true,
      told: `${name}: all ${running.length} at it, as ${running[0]?.from} says`,
    };
  }
  const last = said.get(application);
  const notes = [...reported.failures];
  if (last?.value != null) {
    if (isAtLeast(last.value, version)) {
      const told = [`${name}: ${application}@${last.value} was confirmed by ${saidBy(last)}`, ...notes].join(
        "; ",
      );
      return { release, confirmed: true, told };
    }
    notes.unshift(`only ${application}@${last.value} was confirmed, by ${saidBy(last)}`);
  } else if (last !== undefined) notes.unshift(`its confirmation was withdrawn by ${saidBy(last)}`);
  return { release, confirmed: false, told: [`${name}: nobody has confirmed it`, ...notes].join("; ") };
}

/** Writes down that a version is everywhere; `null` takes back what was said of the application. */
export async function recordConfirmation(
  { dialect, config }: Project,
  connection: Connection,
  application: string,
  version: string | null,
): Promise<void> {
  const said = { kind: "confirmation", name: application, value: version, root: config.root } as const;
  await writeState(dialect, connection, config.stateTable, said);
}

/** Writes down the counters of this moment: what is read from now on was read after it. */
export async function recordReads({ dialect, config }: Project, connection: Connection): Promise<void> {
  const counters = await dialect.reads?.count(connection);
  if (counters === undefined) return;
  const said = { kind: "reads", name: "counters", value: counters, root: config.root } as const;
  await writeState(dialect, connection, config.stateTable, said);
}
