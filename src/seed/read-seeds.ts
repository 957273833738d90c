import { basename } from "node:path";
import { AludelError } from "../error/error.js";
import type { Graph } from "../revision/graph/graph.js";
import { listFiles, requireFile } from "../revision/read-folder.js";
import { checksumOf } from "../revision/read-header.js";
import { readText } from "../revision/read-text.js";

/** A file of reference data. */
export interface Seed {
  /** The file's name without its ending. */
  readonly name: string;
  readonly file: string;
  readonly format: "typescript" | "sql";
  readonly checksum: string;
  /** The revision that it is named after; `null` for one that belongs to the schema at the head. */
  readonly revision: string | null;
}

/** A name shorter than this is not taken for the beginning of an id, as in targets. */
const shortestPrefix = 4;

/**
 * The seeds of a folder in the order in which they run: those of revisions as the revisions stand in the graph, then the
 * others by their names. A folder that is not there has none.
 *
 * @throws AludelError `file-unreadable`; `seed-invalid` for two files of one name, and for a name that begins the ids of
 * several revisions.
 */
export function readSeeds(folder: string, graph: Graph): readonly Seed[] {
  const seeds = listFiles(folder, false).map(({ path, isPlain }): Seed => {
    if (!isPlain) requireFile(path);
    const name = basename(path).replace(/\.[^.]+$/, "");
    return {
      name,
      file: path,
      format: path.endsWith(".sql") ? "sql" : "typescript",
      checksum: checksumOf(readText(path)),
      revision: revisionOf(graph, name, path),
    };
  });
  refuseDoubles(seeds);
  const position = ({ revision }: Seed) =>
    revision === null ? Number.POSITIVE_INFINITY : (graph.nodes.get(revision)?.position ?? 0);
  // Names are in order already.
  return seeds.toSorted((a, b) => (position(a) === position(b) ? 0 : position(a) - position(b)));
}

function revisionOf(graph: Graph, name: string, file: string): string | null {
  if (graph.nodes.has(name)) return name;
  if (name.length < shortestPrefix) return null;
  const found = [...graph.nodes.keys()].filter((id) => id.startsWith(name));
  const [id = null] = found;
  if (found.length < 2) return id;
  throw new AludelError("seed-invalid", `${name} begins the ids of ${found.length} revisions`, {
    where: { file },
    remedy: `Name the seed after one of them: ${found.slice(0, 4).join(", ")}; or give it another name.`,
  });
}

function refuseDoubles(seeds: readonly Seed[]): void {
  const files = new Map<string, string>();
  for (const { name, file } of seeds) {
    const other = files.get(name);
    files.set(name, file);
    if (other === undefined) continue;
    throw new AludelError("seed-invalid", `Two seeds are called ${name}`, {
      where: { file },
      details: [other],
      remedy: "A database remembers seeds by their names: give one of the files another one.",
    });
  }
}
