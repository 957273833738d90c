import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A file of the models, or one that it names by a relative path. */
export interface ModelFile {
  readonly file: string;
  readonly text: string;
}

const patterns = {
  exports: /\bexport\s+(?:type\s+)?(?:\*(?:\s*as\s+[\w$]+)?|\{[^}]*\})\s*from\s*["'](\.[^"']*)["']/g,
  imports: /\b(?:from|import|require\s*\()\s*["'](\.[^"']*)["']/g,
} as const;

/**
 * The files, and those that they pass on the exports of, or import at all, each once. They are read as text and not run;
 * what cannot be read is left out.
 */
export async function* modelFiles(
  files: readonly string[],
  follow: keyof typeof patterns,
): AsyncGenerator<ModelFile> {
  const waiting = [...files];
  const seen = new Set<string>();
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = await readFile(file, "utf8").catch(() => null);
    if (text === null) continue;
    yield { file, text };
    if (file.endsWith(".sql")) continue;
    const folder = dirname(file);
    for (const [, path = ""] of text.matchAll(patterns[follow]))
      waiting.push(...candidates(join(folder, path)));
  }
}

/** Files that an import may mean: TypeScript is imported without an ending, by that of JavaScript, or by its folder. */
function candidates(path: string): readonly string[] {
  const stem = path.replace(/\.([cm]?)[jt]s$/, "");
  const own = path.endsWith("s") && stem !== path ? [path] : [];
  return [
    ...own,
    ...["ts", "mts", "js", "mjs", "tsx"].map((ending) => `${stem}.${ending}`),
    `${path}/index.ts`,
    `${path}/index.js`,
  ];
}
