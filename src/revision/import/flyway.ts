import { basename } from "node:path";
import { crc32 } from "node:zlib";
import { readFlywayStanding } from "./flyway-standing.js";
import { compareVersions, type FlywayVersion, readVersion } from "./flyway-version.js";
import type { FoundHistory, FoundRevision, Tool, Way } from "./found.js";
import { dateOf, idOf } from "./names.js";
import { exists, filesBelow, nothingFound, plainText, readSource } from "./source-files.js";
import { unreadable } from "./unreadable.js";

/**
 * The locations of Flyway: `V1.2__name.sql`, `U1.2__name.sql` for its way back, `R__name.sql`, which runs again when it changes.
 * Source: Flyway, "Migrations", `ResourceNameParser` and `ChecksumCalculator`.
 */
export const flyway: Tool = {
  name: "Flyway",
  read,
  tables: () => [{ namespace: null, name: "flyway_schema_history" }],
  standing: readFlywayStanding,
};

interface Named {
  readonly file: string;
  readonly prefix: "V" | "U" | "R" | "B";
  readonly version: FlywayVersion | null;
  readonly description: string;
  /** A class that has the migration instead of SQL. */
  readonly isCode: boolean;
}

const named = /^([VURB])(.*?)(?:__(.*))?\.(sql|java|kt|groovy|scala)$/i;

function read(folders: readonly string[]): FoundHistory {
  const files = folders.flatMap(filesBelow);
  const all = files.flatMap((file) => nameOf(file) ?? []);
  const undos = all.filter(({ prefix }) => prefix === "U");
  const versions = all
    .filter(({ prefix }) => prefix === "V")
    .sort((a, b) => compareVersions(a.version, b.version));
  const repeatables = all
    .filter(({ prefix }) => prefix === "R")
    .sort((a, b) => (a.description < b.description ? -1 : 1));
  const undoOf = ({ version }: Named) => undos.find((undo) => undo.version?.key === version?.key) ?? null;
  const revisions = [
    ...versions.map((one) => revisionOf(one, undoOf(one))),
    ...repeatables.map((one) => revisionOf(one, null)),
  ];
  if (revisions.length === 0) {
    throw nothingFound(
      "Flyway",
      folders[0] ?? "",
      "Name the folders of flyway.locations: src/main/resources/db/migration.",
    );
  }
  refuseTwins(revisions);
  const used = new Set(
    [...versions, ...repeatables, ...versions.flatMap((one) => undoOf(one) ?? [])].map(({ file }) => file),
  );
  const leftOut = files
    .filter((file) => /\.sql$/i.test(file) && !used.has(file))
    .map((file) => ({ file, reason: reasonOf(file) }));
  return { revisions, line: true, engine: null, leftOut };
}

/** `1` and `1.0` are the same version, as they are to Flyway. */
function refuseTwins(revisions: readonly FoundRevision[]): void {
  const seen = new Map<string, string>();
  for (const { key, id, file } of revisions) {
    const other = seen.get(key);
    if (other !== undefined) {
      throw unreadable(file, 1, `${id} is there twice: also in ${other}`, "Keep the one that Flyway runs.");
    }
    seen.set(key, file);
  }
}

function reasonOf(file: string): string {
  const name = basename(file);
  if (/^(?:before|after)[A-Z]/.test(name)) return "it is a callback, which Aludel does not have";
  if (name.startsWith("B")) return "it is a baseline: the versions below it are taken instead";
  if (name.startsWith("U")) return "there is no version that it takes back";
  return "its name is not that of a migration of Flyway";
}

/** Of code, only what is named as a migration is one. */
function nameOf(file: string): Named | null {
  const [, letter = "", number = "", description, ending = ""] = named.exec(basename(file)) ?? [];
  const prefix = letter as Named["prefix"];
  const isCode = ending !== "" && !/^sql$/i.test(ending);
  if (letter === "" || letter !== letter.toUpperCase() || (isCode && description === undefined)) return null;
  if (prefix === "R") {
    if (number !== "" || description === undefined) return null;
    return { file, prefix, version: null, description: words(description), isCode };
  }
  const version = readVersion(number);
  if (version === null) return null;
  return { file, prefix, version, description: words(description ?? ""), isCode };
}

const words = (text: string): string => text.replaceAll("_", " ");

function revisionOf(one: Named, undo: Named | null): FoundRevision {
  const { file, version, description } = one;
  const id = version === null ? idOf(`R__${description}`) : `V${version.text}`;
  const upgrade = one.isCode ? `imported from Flyway, and not translated (${basename(file)})` : wayOf(file);
  return {
    ...(version === null ? { repeatable: true as const } : {}),
    id,
    revises: [],
    dependsOn: [],
    labels: [],
    message: description.trim() || id,
    createdAt: version === null ? null : dateOf(version.text),
    file,
    upgrade,
    downgrade: undo === null ? "Flyway has no undo migration for it" : wayOf(undo.file),
    key: version?.key ?? `R:${description}`,
    checksums: one.isCode ? [] : [String(checksumOf(readSource(file)))],
  };
}

/** CRC-32 of the lines without their ends, as a signed number. */
export function checksumOf(text: string): number {
  const lines = text.replace(/^\uFEFF/, "").replace(/\r\n|\r|\n/g, "");
  return crc32(lines) | 0;
}

function wayOf(file: string): Way {
  const text = plainText(readSource(file));
  const settings = readSettings(`${file}.conf`);
  const placeholder = settings.get("placeholderreplacement") === "false" ? null : /\$\{[^{}\s]+\}/.exec(text);
  if (placeholder !== null) {
    return `${basename(file)} has the placeholder ${placeholder[0]} of Flyway: write the revision as it is meant`;
  }
  return { sql: text, transaction: settings.get("executeintransaction") !== "false" };
}

/** `V1__name.sql.conf`: how Flyway runs the script. */
function readSettings(file: string): ReadonlyMap<string, string> {
  if (!exists(file)) return new Map();
  const lines = plainText(readSource(file)).split("\n");
  return new Map(
    lines.flatMap((line, at): readonly [string, string][] => {
      if (/^\s*(#.*)?$/.test(line)) return [];
      const [, name = "", value = ""] = /^\s*(\w+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
      if (name === "") throw unreadable(file, at + 1, "The line is no setting", "Write name=value.");
      return [[name.toLowerCase(), value.toLowerCase()]];
    }),
  );
}
