import { rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { buildGraph } from "../../revision/graph/graph.js";
import { readRevision } from "../../revision/read-header.js";
import { readText } from "../../revision/read-text.js";
import type { Revision } from "../../revision/revision.js";
import type { Project } from "../../run/project.js";

let count = 0;

/**
 * Calls with a project in which the files of some revisions say something else, while on disk they stay as they are. What stands
 * in for them lies beside them, so that their imports are found, and is gone afterwards.
 */
export async function withStandIns<T>(
  project: Project,
  textOf: (revision: Revision) => Uint8Array | undefined,
  use: (project: Project) => Promise<T>,
): Promise<T> {
  const written: string[] = [];
  const standIn = (revision: Revision): Revision => {
    const text = textOf(revision);
    if (text === undefined) return revision;
    const extension = extname(revision.file);
    count += 1;
    // With the name of the revision at its beginning, from which its id may be read.
    const name = `.${basename(revision.file, extension)}.${process.pid}-${count}${extension}`;
    const file = join(dirname(revision.file), name);
    writeFileSync(file, text);
    written.push(file);
    return { ...readRevision(file, readText(file)), id: revision.id };
  };
  try {
    return await use({
      ...project,
      revisions: project.revisions.map(standIn),
      repeatables: project.repeatables.map(standIn),
    });
  } finally {
    for (const file of written) rmSync(file, { force: true });
  }
}

/**
 * Calls with a project in which several revisions are in the place of one. Their files lie beside its file meanwhile.
 */
export async function withFiles<T>(
  project: Project,
  instead: Revision,
  files: readonly { readonly file: string; readonly text: string }[],
  use: (project: Project) => Promise<T>,
): Promise<T> {
  const written: string[] = [];
  try {
    const fresh = files.map(({ file, text }) => {
      const extension = extname(file);
      count += 1;
      const path = join(dirname(file), `.${basename(file, extension)}.${process.pid}-${count}${extension}`);
      writeFileSync(path, text);
      written.push(path);
      return readRevision(path, text);
    });
    const revisions = project.revisions.flatMap((one) => (one.id === instead.id ? fresh : [one]));
    return await use({ ...project, revisions, graph: buildGraph(revisions) });
  } finally {
    for (const file of written) rmSync(file, { force: true });
  }
}
