import { AludelError } from "../error/error.js";
import type { Source, SourceName } from "./source.js";

/** Where models can come from, and how each is loaded when it is needed. */
export const sources: Readonly<Record<SourceName, () => Promise<Source>>> = {
  drizzle: async () => (await import("./drizzle/drizzle.js")).drizzle,
  sql: async () => (await import("./sql/sql.js")).sql,
};

/** Loads a source; the rest of Aludel never imports one directly. */
export function loadSource(name: SourceName): Promise<Source> {
  return sources[name]();
}

/** Files by the source that reads them. */
export interface SourceFiles {
  readonly main: { readonly source: SourceName; readonly files: readonly string[] };
  /** SQL files beside models of another source, which add to what these say. */
  readonly sql: readonly string[];
}

/**
 * Which source reads which of the files: SQL files are SQL, and the others are of one source, which is judged by their
 * imports; no file is run. `given` says what those are that are not SQL.
 *
 * @param files absolute paths, at least one
 * @throws AludelError `models-unreadable` when no source recognizes them, or more than one does
 */
export async function groupBySource(
  files: readonly string[],
  given: SourceName | null,
): Promise<SourceFiles> {
  const sql = given === "sql" ? files : files.filter((file) => /\.sql$/i.test(file));
  const rest = files.filter((file) => !sql.includes(file));
  if (rest.length === 0) return { main: { source: "sql", files: sql }, sql: [] };
  return { main: { source: given ?? (await detectSource(rest)), files: rest }, sql };
}

/**
 * The name of the source that files belong to, judged by their endings and imports; no file is run.
 *
 * @param files absolute paths, at least one
 * @throws AludelError `models-unreadable` when no source recognizes them, or more than one does
 */
export async function detectSource(files: readonly string[]): Promise<SourceName> {
  const recognized: SourceName[] = [];
  for (const load of Object.values(sources)) {
    const { name, recognizes } = await load();
    if (await recognizes(files)) recognized.push(name);
  }
  const [source, another] = recognized;
  if (source !== undefined && another === undefined) return source;
  const names = Object.keys(sources).join(", ");
  throw new AludelError(
    "models-unreadable",
    source !== undefined
      ? `The models' files are of more than one kind: ${recognized.join(", ")}`
      : "It is not clear what the models' files are written with",
    {
      remedy: `Name only the models' files in \`schema\`, and say in \`source\` what they are: one of ${names}.`,
      details: files,
    },
  );
}
