/** Files that an import may mean: TypeScript is imported without an ending, by that of JavaScript, or by its folder. */
export function importedFiles(path: string): readonly string[] {
  const stem = path.replace(/\.([cm]?)[jt]s$/, "");
  const own = path.endsWith("s") && stem !== path ? [path] : [];
  return [
    ...own,
    ...["ts", "mts", "js", "mjs", "tsx"].map((ending) => `${stem}.${ending}`),
    `${path}/index.ts`,
    `${path}/index.js`,
  ];
}
