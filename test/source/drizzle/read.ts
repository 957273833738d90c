import { loadDialect } from "../../../src/dialect/registry.js";
import type { Column, Schema, Table } from "../../../src/schema/schema.js";
import type { Casing } from "../../../src/source/drizzle/casing.js";
import { collectModels } from "../../../src/source/drizzle/collect.js";
import { Findings } from "../../../src/source/drizzle/finding.js";
import { loadLibrary } from "../../../src/source/drizzle/library.js";
import { readModels } from "../../../src/source/drizzle/read-models.js";
import { createRenderer } from "../../../src/source/drizzle/render.js";

/** Reads models that a test has made, as if one file exported them. */
export async function readExports(
  exports: Readonly<Record<string, unknown>>,
  casing: Casing | null = null,
): Promise<Schema> {
  const root = process.cwd();
  const models = collectModels(root, [{ file: `${root}/models.ts`, exports }]);
  const dialect = await loadDialect(models.core === "pg-core" ? "postgres" : "sqlite");
  const { core, generation } = loadLibrary(root, [], models.core);
  const schema = readModels(
    models,
    root,
    {
      core: models.core,
      library: core,
      generation,
      dialect,
      casing,
      renderer: createRenderer(dialect, casing),
      findings: new Findings(root),
    },
    null,
  );
  return dialect.normalize.schema(schema);
}

/** The only table of some models. */
export async function readTable(table: unknown, casing: Casing | null = null): Promise<Table> {
  const [only] = (await readExports({ table }, casing)).tables.values();
  if (!only) throw new Error("no table was read");
  return only;
}

/** The table's columns by name. */
export function columnsOf(table: Table): Readonly<Record<string, Column>> {
  return Object.fromEntries(table.columns.map((column) => [column.name, column]));
}
