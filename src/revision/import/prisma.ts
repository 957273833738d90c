import { join } from "node:path";
import type { Row } from "../../dialect/connection.js";
import type { FoundHistory, FoundRevision, Standing, Tool, Way } from "./found.js";
import { headerOfName } from "./names.js";
import {
  entriesOf,
  exists,
  nothingFound,
  onlyFolder,
  plainText,
  readSource,
  sha256Of,
} from "./source-files.js";

/**
 * `prisma/migrations`: a folder for each migration, in the order of their names. A `down.sql` beside a migration is its way
 * back. Source: Prisma, "About migration histories" and "Generating down migrations".
 */
export const prisma: Tool = {
  name: "Prisma",
  read,
  tables: () => [{ namespace: null, name: "_prisma_migrations" }],
  standing: readStanding,
};

function read(folders: readonly string[]): FoundHistory {
  const given = onlyFolder("Prisma", folders);
  const inside = join(given, "migrations");
  const folder = exists(inside) && !exists(join(inside, "migration.sql")) ? inside : given;
  const entries = entriesOf(folder).filter((entry) => entry.isDirectory());
  const names = entries.map(({ name }) => name);
  const isMigration = (name: string) => exists(join(folder, name, "migration.sql"));
  const revisions = names.filter(isMigration).map((name) => revisionOf(folder, name));
  if (revisions.length === 0) {
    throw nothingFound("Prisma", folder, "Name the folder with the migrations: prisma/migrations.");
  }
  return {
    revisions,
    line: true,
    engine: engineOf(join(folder, "migration_lock.toml")),
    leftOut: names
      .filter((name) => !isMigration(name))
      .map((name) => ({ file: join(folder, name), reason: "it has no migration.sql" })),
  };
}

function engineOf(file: string): FoundHistory["engine"] {
  if (!exists(file)) return null;
  const name = /^\s*provider\s*=\s*"([^"]*)"/m.exec(plainText(readSource(file)))?.[1];
  return name === undefined ? null : { name, file };
}

function revisionOf(folder: string, name: string): FoundRevision {
  const file = join(folder, name, "migration.sql");
  const back = join(folder, name, "down.sql");
  const text = readSource(file);
  const wayBack: Way = exists(back)
    ? { sql: plainText(readSource(back)), transaction: true }
    : "Prisma has no way back";
  return {
    ...headerOfName(name),
    file,
    upgrade: { sql: plainText(text), transaction: true },
    downgrade: wayBack,
    key: name,
    checksums: sha256Of(text).flatMap((checksum) => [checksum, unpadded(checksum)]),
  };
}

/** Old versions wrote a byte under 16 with one digit. */
const unpadded = (checksum: string): string => checksum.replace(/0(.)|(..)/g, "$1$2");

function readStanding(rows: readonly Row[], revisions: readonly FoundRevision[]): Standing {
  const byName = new Map(revisions.map((revision) => [revision.key, revision]));
  const applied = new Set<string>();
  const edited = new Set<string>();
  const failed: string[] = [];
  const unknown = new Set<string>();
  for (const row of rows) {
    const name = String(row["migration_name"]);
    if (row["rolled_back_at"] !== null) continue;
    if (row["finished_at"] === null) {
      failed.push(`${name} failed half-way, or is running`);
      continue;
    }
    const found = byName.get(name);
    if (found === undefined) unknown.add(name);
    else {
      applied.add(found.id);
      if (!found.checksums.includes(String(row["checksum"]))) edited.add(found.id);
    }
  }
  return { applied, edited: [...edited], failed, unknown: [...unknown] };
}
