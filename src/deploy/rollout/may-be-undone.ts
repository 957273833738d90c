import { readFile } from "node:fs/promises";
import type { Namespaces } from "../../dialect/dialect.js";
import type { Project } from "../../run/project.js";

/** Whether a revision may undo where a shared session's names lead. Reads all of them, one after the other. */
export async function mayBeUndone(
  { revisions, repeatables }: Project,
  namespaces: Namespaces,
): Promise<boolean> {
  for (const { file } of [...revisions, ...repeatables]) {
    if (namespaces.isUndoneBy(await readFile(file, "utf8"))) return true;
  }
  return false;
}
