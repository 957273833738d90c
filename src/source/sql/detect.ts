import type { DetectedModels } from "../detected-models.js";

/** Where a schema in SQL usually lies. */
const usual = ["schema.sql", "{db,database,sql}/schema.sql", "{db,database,sql}/schema/*.sql"];

/** The schema of a project that writes it in SQL; the files do not say for which engine. */
export async function detectSql(root: string): Promise<readonly DetectedModels[]> {
  const files = (
    await (await import("tinyglobby")).glob(usual, { cwd: root, expandDirectories: false })
  ).sort();
  if (files.length === 0) return [];
  const schema = files.map((file) => `./${file}`);
  return [{ source: "sql", dialect: null, schema, urlVariable: null, told: files.join(", ") }];
}
