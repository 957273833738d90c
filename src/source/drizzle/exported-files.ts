import { dirname, join } from "node:path";

const exportsFrom = /\bexport\s+(?:type\s+)?(?:\*(?:\s*as\s+[\w$]+)?|\{[^}]*\})\s*from\s*["'](\.[^"']*)["']/g;

/** The files that a file may pass on the exports of: several for each, of which one is there. */
export function filesExportedBy(file: string, text: string): readonly string[] {
  const folder = dirname(file);
  return [...text.matchAll(exportsFrom)].flatMap(([, path = ""]) => filesOf(join(folder, path)));
}

/** Files that an import may mean: TypeScript is imported without an ending, by that of JavaScript, or by its folder. */
function filesOf(path: string): readonly string[] {
  const stem = path.replace(/\.([cm]?)[jt]s$/, "");
  const own = path.endsWith("s") && stem !== path ? [path] : [];
  return [
    ...own,
    ...["ts", "mts", "js", "mjs", "tsx"].map((ending) => `${stem}.${ending}`),
    `${path}/index.ts`,
    `${path}/index.js`,
  ];
}
