import { join } from "node:path";
import type { Row } from "../../dialect/connection.js";
import type { FoundHistory, FoundRevision, Standing, Statements, Tool, Way } from "./found.js";
import { headerOfName } from "./names.js";
import { entriesOf, nothingFound, plainText, readSource } from "./source-files.js";
import { unreadable } from "./unreadable.js";

const migrationFile = /^(\d+).*\.sql$/;

/**
 * `db/migrations` of dbmate: a SQL file for each migration, in the order of the files' names, with `-- migrate:up` and
 * `-- migrate:down`. Source: dbmate, "Creating Migrations" and `parseMigrationContents`.
 */
export const dbmate: Tool = {
  name: "dbmate",
  read,
  tables: () => [{ namespace: null, name: "schema_migrations" }],
  // So do Rails, golang-migrate and Ecto.
  isAmbiguous: true,
  standing: readStanding,
};

function read(folders: readonly string[]): FoundHistory {
  const files = folders.flatMap((folder) =>
    entriesOf(folder)
      .filter((entry) => !entry.isDirectory() && entry.name.endsWith(".sql"))
      .map(({ name }) => ({ name, file: join(folder, name) })),
  );
  const revisions = files
    .filter(({ name }) => migrationFile.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, file }) => revisionOf(name, file));
  const [first] = folders;
  if (revisions.length === 0) {
    throw nothingFound("dbmate", first ?? "", "Name the folder with the migrations: db/migrations.");
  }
  return {
    revisions,
    line: true,
    engine: null,
    leftOut: files
      .filter(({ name }) => !migrationFile.test(name))
      .map(({ file }) => ({
        file,
        reason: "its name does not begin with a number, so that dbmate never runs it",
      })),
  };
}

function revisionOf(name: string, file: string): FoundRevision {
  const { up, down } = readSections(file, plainText(readSource(file)));
  return {
    ...headerOfName(name.replace(/\.sql$/, "")),
    file,
    upgrade: up,
    downgrade: down,
    key: migrationFile.exec(name)?.[1] ?? "",
    checksums: [],
  };
}

const marker = /^--\s*migrate:(up|down)(?=[ \t]*$|[ \t]+\S)(.*)$/;

interface Section extends Statements {
  readonly name: string;
}

function readSections(file: string, text: string): { readonly up: Way; readonly down: Way } {
  const lines = text.split("\n");
  const starts = lines.flatMap((line, at) => {
    const [, name, options = ""] = marker.exec(line) ?? [];
    return name === undefined ? [] : [{ name, options, at }];
  });
  const before = lines.slice(0, starts[0]?.at ?? lines.length);
  const early = before.findIndex((line) => !/^\s*(--.*)?$/.test(line));
  if (starts[0]?.name !== "up" || early !== -1) {
    throw unreadable(
      file,
      early === -1 ? (starts[0]?.at ?? 0) + 1 : early + 1,
      early === -1 ? 'The file does not begin with "-- migrate:up"' : 'There is SQL before "-- migrate:up"',
      'Put the line "-- migrate:up" above the statements.',
    );
  }
  const sections = starts.map(({ name, options, at }, position): Section => {
    const sql = lines.slice(at + 1, starts[position + 1]?.at ?? lines.length).join("\n");
    return { name, sql, transaction: !/(?:^|\s)transaction:false(?:\s|$)/.test(options) };
  });
  const ups = sections.filter(({ name }) => name === "up");
  const downs = sections.filter(({ name }) => name === "down").reverse();
  const isEmpty = downs.every(({ sql }) => sql.replace(/^\s*--.*$/gm, "").trim() === "");
  return { up: joined(ups), down: isEmpty ? "The migration of dbmate has none" : joined(downs) };
}

/** What belongs to one transaction only if all of it does. */
function joined(sections: readonly Section[]): Statements {
  return {
    sql: sections.map(({ sql }) => sql.trim()).join("\n\n"),
    transaction: sections.every(({ transaction }) => transaction),
  };
}

function readStanding(rows: readonly Row[], revisions: readonly FoundRevision[]): Standing {
  const byVersion = new Map(revisions.map((revision) => [revision.key, revision.id]));
  const versions = rows.map((row) => String(row["version"]));
  return {
    applied: new Set(versions.flatMap((version) => byVersion.get(version) ?? [])),
    edited: [],
    failed: rows.flatMap((row) => (row["dirty"] ? [`${row["version"]} is marked as dirty`] : [])),
    unknown: versions.filter((version) => !byVersion.has(version)),
  };
}
