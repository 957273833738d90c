/** Names of more revisions than these would make no name of a file. */
const mostRevisions = 3;

/**
 * What a backup is called: where the database is, when it was, and which it is, `4f2a91c04b7d_20261122T092530Z_app`. Every
 * character of it can stand in the name of a file and in a command line as it is.
 *
 * @param rows of the version table.
 * @param database its name, or that of its file.
 */
export function backupName(rows: readonly string[], at: Date, database: string): string {
  const named = rows.slice(0, mostRevisions).join("+");
  const more = rows.length > mostRevisions ? `+${rows.length - mostRevisions}-more` : "";
  const revision = rows.length === 0 ? "base" : `${named}${more}`;
  const time = at.toISOString().replace(/[-:]|\.\d+/g, "");
  return [revision, time, database].map(plain).join("_");
}

function plain(text: string): string {
  const safe = text
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}+.-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
  // 255 bytes is all that the name of a file may have.
  return [...safe].slice(0, 40).join("") || "database";
}
