import { isDeepStrictEqual } from "node:util";
import { AludelError } from "../../error/error.js";
import type { Header } from "../header.js";
import { readSqlRevision, type SqlSection } from "../sql-file.js";
import { headerLines } from "../write/render-revision.js";
import type { FoundRevision, Way } from "./found.js";

/**
 * The text of the revision that an imported one becomes: with its SQL where that is taken over, otherwise as a record, which
 * has its place in the graph and refuses to run. `tool` is the name of the tool, as people write it.
 *
 * @throws AludelError `import-unreadable` for a message or for SQL that the file of a revision cannot hold.
 */
export function renderImported(revision: FoundRevision, tool: string): string {
  const { file, upgrade, downgrade, id, revises, dependsOn, labels, message, createdAt, repeatable } =
    revision;
  const header: Header = {
    id,
    revises,
    dependsOn,
    labels,
    message,
    createdAt,
    ...(repeatable === true && { repeatable }),
  };
  const lines = headerLines({ ...header, createdAt: createdAt ?? new Date(0) }).filter(
    (line) => createdAt !== null || !line.startsWith("Created:"),
  );
  const comments = lines.map((line) => (line === "" ? "--" : `-- ${line}`)).join("\n");
  const origin = `-- Imported from ${tool}: ${placeOf(file)}`;
  const text = `${comments}\n\n${section("upgrade", upgrade, origin)}\n\n${section("downgrade", downgrade, null)}\n`;
  const read = readBack(revision, text);
  const second = createdAt === null ? null : new Date(Math.floor(createdAt.getTime() / 1000) * 1000);
  if (!isDeepStrictEqual(read.header, { ...header, createdAt: second })) {
    throw cannotStand(revision, "The message", "a header", "Reword it in the file it comes from.", null);
  }
  if (!says(read.upgrade, upgrade, `${origin}\n`) || !says(read.downgrade, downgrade, ""))
    throw sqlCannotStand(revision, null);
  return text;
}

/** The file with its folder, where the file of every migration has the same name. */
function placeOf(file: string): string {
  const parts = file.split(/[/\\]/);
  return parts.slice(/^migration\.sql$/.test(parts.at(-1) ?? "") ? -2 : -1).join("/");
}

function section(name: string, way: Way, comment: string | null): string {
  if (typeof way === "string") return `-- aludel:${name} none: ${way}`;
  const marker = way.transaction ? "" : "\n-- aludel:no-transaction";
  return `-- aludel:${name}${marker}${comment === null ? "" : `\n${comment}`}\n${way.sql.trim()}`;
}

function says(section: SqlSection | string, way: Way, before: string): boolean {
  if (typeof section === "string" || typeof way === "string") return section === way;
  const marker = way.transaction ? "" : "-- aludel:no-transaction\n";
  return (
    section.transaction === way.transaction &&
    section.text === `${marker}${before}${way.sql.trim()}`.trimEnd()
  );
}

function readBack(revision: FoundRevision, text: string): ReturnType<typeof readSqlRevision> {
  try {
    return readSqlRevision("imported.sql", text);
  } catch (error) {
    throw sqlCannotStand(revision, error);
  }
}

function sqlCannotStand(revision: FoundRevision, cause: unknown): AludelError {
  return cannotStand(
    revision,
    "The SQL",
    "a revision",
    'Reword the line of it that begins with "-- aludel:", or close its quotes.',
    cause,
  );
}

function cannotStand(
  { id, file }: FoundRevision,
  what: string,
  place: string,
  remedy: string,
  cause: unknown,
): AludelError {
  return new AludelError("import-unreadable", `${what} of ${id} cannot stand in ${place}`, {
    where: { revision: id, file },
    remedy,
    ...(cause === null ? {} : { cause }),
  });
}
