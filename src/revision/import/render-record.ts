import { isDeepStrictEqual } from "node:util";
import { AludelError } from "../../error/error.js";
import type { Header } from "../header.js";
import { readSqlHeader } from "../sql-file.js";
import { headerLines } from "../write/render-revision.js";

/** What an imported revision says instead of what it did. */
export interface Record {
  readonly header: Header;
  /** The name of the tool: `Alembic`. */
  readonly tool: string;
  /** The name of the file that it was read from, without a folder. */
  readonly from: string;
}

/**
 * The text of a revision that is only a record: it has its place in the graph, and refuses to run.
 * @throws AludelError `import-unreadable` for a message that a header cannot hold.
 */
export function renderRecord({ header, tool, from }: Record): string {
  const createdAt = header.createdAt ?? new Date(0);
  const lines = headerLines({ ...header, createdAt }).filter(
    (line) => header.createdAt !== null || !line.startsWith("Created:"),
  );
  const reason = `imported from ${tool}, which has run it (${from})`;
  const comments = lines.map((line) => (line === "" ? "--" : `-- ${line}`));
  const text = `${comments.join("\n")}\n\n-- aludel:upgrade none: ${reason}\n\n-- aludel:downgrade none: ${reason}\n`;
  const { message, ...rest } = readSqlHeader("record.sql", text);
  const { message: given, ...expected } = header;
  const createdSecond =
    expected.createdAt === null ? null : new Date(Math.floor(createdAt.getTime() / 1000) * 1000);
  if (message === given && isDeepStrictEqual(rest, { ...expected, createdAt: createdSecond })) return text;
  throw new AludelError("import-unreadable", `The message of ${header.id} cannot stand in a header`, {
    where: { revision: header.id },
    remedy: "Reword the docstring of the file it comes from.",
  });
}
