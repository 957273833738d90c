import { join } from "node:path";
import type { Row } from "../../dialect/connection.js";
import type { FoundHistory, FoundRevision, Standing, Tool } from "./found.js";
import { headerOfName } from "./names.js";
import { entriesOf, nothingFound } from "./source-files.js";

const script = /\.[cm]?[jt]s$/;
const declaration = /\.d\.[cm]?ts$/;

/**
 * `migrations` of Knex: a script for each migration, in the order of the files' names. They are never run and not translated.
 * Source: Knex, "Migrations".
 */
export const knex: Tool = {
  name: "Knex",
  read,
  tables: () => [{ namespace: null, name: "knex_migrations" }],
  standing: readStanding,
  lock: {
    table: ({ namespace, name }) => ({ namespace, name: `${name}_lock` }),
    isHeld: (rows) => rows.some((row) => Number(row["is_locked"]) === 1),
  },
};

function read(folders: readonly string[]): FoundHistory {
  const entries = folders.flatMap((folder) =>
    entriesOf(folder).map((entry) => ({ name: entry.name, isFolder: entry.isDirectory(), folder })),
  );
  const isMigration = ({ name, isFolder }: { readonly name: string; readonly isFolder: boolean }) =>
    !isFolder && script.test(name) && !declaration.test(name);
  const revisions = entries
    .filter(isMigration)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, folder }) => revisionOf(name, join(folder, name)));
  if (revisions.length === 0) {
    throw nothingFound(
      "Knex",
      folders[0] ?? "",
      "Name the folder with the migrations, `directory` in the knexfile.",
    );
  }
  const leftOut = entries.filter(({ isFolder }) => isFolder);
  return {
    revisions,
    line: true,
    engine: null,
    leftOut: leftOut.map(({ name, folder }) => ({
      file: join(folder, name),
      reason: "it is a folder, in which Knex does not look",
    })),
  };
}

const withoutEnding = (name: string): string => name.replace(script, "");

function revisionOf(name: string, file: string): FoundRevision {
  const reason = `imported from Knex, and not translated (${name})`;
  return {
    ...headerOfName(withoutEnding(name)),
    file,
    upgrade: reason,
    downgrade: reason,
    key: withoutEnding(name),
    checksums: [],
  };
}

/** A migration in TypeScript may have run as the JavaScript that it was compiled to. */
function readStanding(rows: readonly Row[], revisions: readonly FoundRevision[]): Standing {
  const byName = new Map(revisions.map((revision) => [revision.key, revision.id]));
  const names = rows.map((row) => String(row["name"]));
  return {
    applied: new Set(names.flatMap((name) => byName.get(withoutEnding(name)) ?? [])),
    edited: [],
    failed: [],
    unknown: names.filter((name) => !byName.has(withoutEnding(name))),
  };
}
