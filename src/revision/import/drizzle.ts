import { basename, join } from "node:path";
import type { Row } from "../../dialect/connection.js";
import type { FoundHistory, FoundRevision, Standing, Tool } from "./found.js";
import { dateOf, headerOfName } from "./names.js";
import {
  entriesOf,
  exists,
  nothingFound,
  onlyFolder,
  plainText,
  readSource,
  sha256Of,
} from "./source-files.js";
import { unreadable } from "./unreadable.js";

const breakpoint = "--> statement-breakpoint";
const noWayBack = "Drizzle has no way back";

/**
 * The folder of drizzle-kit: a journal with a SQL file for each entry, or from 1.0 on a folder for each migration.
 * Source: drizzle-orm, `readMigrationFiles`.
 */
export const drizzle: Tool = {
  name: "Drizzle",
  read: (folders) => {
    const folder = onlyFolder("Drizzle", folders);
    return exists(join(folder, "meta/_journal.json")) ? readJournal(folder) : readFolders(folder);
  },
  tables: () => [
    { namespace: "drizzle", name: "__drizzle_migrations" },
    { namespace: null, name: "__drizzle_migrations" },
  ],
  standing: readStanding,
};

interface Entry {
  readonly when: number;
  readonly tag: string;
}

function isEntry(entry: unknown): entry is Entry {
  const { when, tag } = (entry ?? {}) as Partial<Record<string, unknown>>;
  return typeof when === "number" && typeof tag === "string" && tag !== "";
}

function readJournal(folder: string): FoundHistory {
  const file = join(folder, "meta/_journal.json");
  const { entries, engine } = parseJournal(file);
  const revisions = entries.map(({ when, tag }): FoundRevision => {
    const path = join(folder, `${tag}.sql`);
    if (!exists(path)) {
      throw unreadable(
        file,
        1,
        `The journal has ${tag}, and there is no ${tag}.sql`,
        "Bring the file back from version control, or take the entry out of the journal.",
      );
    }
    return { ...revisionOf(tag, path), createdAt: new Date(when), key: String(when) };
  });
  const known = new Set(entries.map(({ tag }) => `${tag}.sql`));
  const others = entriesOf(folder).filter(({ name }) => name.endsWith(".sql") && !known.has(name));
  return {
    revisions,
    line: true,
    engine: engine === null ? null : { name: engine, file },
    leftOut: others.map(({ name }) => ({
      file: join(folder, name),
      reason: "it is not in the journal, so that Drizzle never runs it",
    })),
  };
}

function parseJournal(file: string): { readonly entries: readonly Entry[]; readonly engine: string | null } {
  let journal: unknown;
  try {
    journal = JSON.parse(plainText(readSource(file)));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unreadable(
      file,
      1,
      `The journal is no JSON: ${error.message}`,
      "Mend it; git may have left a conflict in it.",
    );
  }
  const { entries, dialect } = (journal ?? {}) as Partial<Record<string, unknown>>;
  if (!Array.isArray(entries) || !entries.every(isEntry)) {
    throw unreadable(
      file,
      1,
      "The journal has no list of entries with `when` and `tag`",
      "Bring it back from version control.",
    );
  }
  return { entries, engine: typeof dialect === "string" ? dialect : null };
}

function readFolders(folder: string): FoundHistory {
  const folders = entriesOf(folder).filter((entry) => entry.isDirectory() && entry.name !== "meta");
  const isMigration = ({ name }: { readonly name: string }) => exists(join(folder, name, "migration.sql"));
  const names = folders.filter(isMigration).map(({ name }) => name);
  if (names.length === 0) {
    throw nothingFound(
      "Drizzle",
      folder,
      "Name the folder that drizzle-kit writes to, `out` in drizzle.config.ts.",
    );
  }
  const revisions = names
    .sort((a, b) => a.localeCompare(b))
    .map((name) => ({ ...revisionOf(name, join(folder, name, "migration.sql")), key: name }));
  const leftOut = folders
    .filter((entry) => !isMigration(entry))
    .map(({ name }) => ({ file: join(folder, name), reason: "it has no migration.sql" }));
  return { revisions, line: true, engine: null, leftOut };
}

function revisionOf(name: string, file: string): Omit<FoundRevision, "key"> {
  const text = readSource(file);
  return {
    ...headerOfName(name),
    file,
    upgrade: { sql: joinStatements(plainText(text)), transaction: true },
    downgrade: noWayBack,
    checksums: sha256Of(text),
  };
}

/** The pieces are sent one by one, so that they need no semicolon of their own. */
function joinStatements(text: string): string {
  const pieces = text
    .split(breakpoint)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
  const last = pieces.length - 1;
  return pieces.map((piece, at) => (at === last || piece.endsWith(";") ? piece : `${piece}\n;`)).join("\n\n");
}

/** Drizzle 1.0 writes the name down; before, only when the migration was made and the hash of its file. */
function readStanding(rows: readonly Row[], revisions: readonly FoundRevision[]): Standing {
  const applied = new Set<string>();
  const edited: string[] = [];
  const unknown: string[] = [];
  for (const row of rows) {
    const hash = String(row["hash"]);
    const open = revisions.filter(({ id }) => !applied.has(id));
    const found = find(open, row, hash);
    if (found === undefined) {
      unknown.push(nameOfRow(row, hash));
      continue;
    }
    applied.add(found.id);
    if (!found.checksums.includes(hash)) edited.push(found.id);
  }
  return { applied, edited, failed: [], unknown };
}

function find(open: readonly FoundRevision[], row: Row, hash: string): FoundRevision | undefined {
  const { name, created_at: created } = row;
  if (typeof name === "string") return open.find(({ key }) => key === name);
  const made = Number(created);
  const second = Math.floor(made / 1000);
  const ofSecond = open.filter(
    ({ key }) => Math.floor((dateOf(key)?.getTime() ?? Number.NaN) / 1000) === second,
  );
  const ofHash = (among: readonly FoundRevision[]) => among.find(({ checksums }) => checksums.includes(hash));
  const [only, other] = ofSecond;
  return (
    open.find(({ key }) => key === String(made)) ??
    (other === undefined ? only : ofHash(ofSecond)) ??
    ofHash(open)
  );
}

function nameOfRow({ name, created_at: created }: Row, hash: string): string {
  if (typeof name === "string") return name;
  const made = new Date(Number(created));
  const when = Number.isNaN(made.getTime()) ? String(created) : made.toISOString();
  return `a migration made ${when} with the hash ${basename(hash).slice(0, 12)}`;
}
