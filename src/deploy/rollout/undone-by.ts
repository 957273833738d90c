import { readFile } from "node:fs/promises";
import type { Namespaces } from "../../dialect/dialect.js";
import type { Project } from "../../run/project.js";

/** The file of a revision that may undo where a shared session's names lead; `null` where none does. */
export async function undoneBy(
  { revisions, repeatables }: Project,
  namespaces: Namespaces,
): Promise<string | null> {
  for (const { file } of [...revisions, ...repeatables]) {
    if (namespaces.isUndoneBy(await readFile(file, "utf8"))) return file;
  }
  return null;
}
