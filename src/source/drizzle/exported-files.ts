import { dirname, join } from "node:path";
import { importedFiles } from "../imported-files.js";

const exportsFrom = /\bexport\s+(?:type\s+)?(?:\*(?:\s*as\s+[\w$]+)?|\{[^}]*\})\s*from\s*["'](\.[^"']*)["']/g;

/** The files that a file may pass on the exports of: several for each, of which one is there. */
export function filesExportedBy(file: string, text: string): readonly string[] {
  const folder = dirname(file);
  return [...text.matchAll(exportsFrom)].flatMap(([, path = ""]) => importedFiles(join(folder, path)));
}
