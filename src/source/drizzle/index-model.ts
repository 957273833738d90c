import { index as buildIndex, indexKey } from "../../schema/build.js";
import type { Index, IndexKey, Unique } from "../../schema/schema.js";
import { type Context, nameOfColumn } from "./context.js";
import type { Place } from "./finding.js";
import { readIndexKey } from "./index-key.js";
import { madeName, objectName } from "./object-name.js";
import { isSql } from "./render.js";
import type { IndexColumnModel, IndexModel, TableConfiguration } from "./shape.js";

/** The table's indexes. */
export function readIndexes(table: TableConfiguration, place: Place, context: Context): readonly Index[] {
  return table.indexes.flatMap((model) => {
    const label = model.config.name ?? "without a name";
    const here: Place = { file: place.file, object: `${place.object}, index ${label}` };
    const index = context.findings.attempt(here, () => readIndex(model, table, context));
    return index === null ? [] : [index];
  });
}

function readIndex({ config }: IndexModel, table: TableConfiguration, context: Context): Index {
  const columns = new Set(table.columns.map((column) => nameOfColumn(column, context)));
  const keys = config.columns.map((column) => readKey(column, columns, context));
  if (keys.length === 0) throw new Error("it has no columns");
  const name = config.name === undefined ? null : objectName(config.name, context);
  return buildIndex(name ?? nameFor(table.name, keys, context), keys, {
    unique: config.unique,
    method: config.method ?? "btree",
    where: config.where === undefined ? null : context.renderer.plain(config.where),
    parameters: Object.fromEntries(
      Object.entries(config.with ?? {}).map(([name, value]) => [name, String(value)] as const),
    ),
    concurrently: config.concurrently ?? false,
  });
}

/** `.desc()` without more has its NULLs last, as Drizzle has always made such an index: not the engine's default. */
function readKey(model: unknown, columns: ReadonlySet<string>, context: Context): IndexKey {
  if (isSql(model)) return readIndexKey(context.renderer.plain(model), columns);
  const column = model as IndexColumnModel | undefined;
  if (typeof column?.name !== "string") throw new Error("one of its columns is not defined");
  const { order = "asc", nulls = "last", opClass = null } = column.indexConfig ?? {};
  return indexKey({ column: nameOfColumn(column, context) }, { order, nulls, operatorClass: opClass });
}

/** The name that drizzle-kit makes for an index without one. */
function nameFor(table: string, keys: readonly IndexKey[], context: Context): string {
  const names = keys.map((key) => {
    if (key.column === null) throw new Error("an index on an expression needs a name");
    return key.column;
  });
  return madeName([table, ...names, "index"], context);
}

/**
 * A unique constraint as the unique index of the same meaning. SQLite cannot add or drop a constraint without making
 * the table anew, an index it can; and drizzle-kit has long made indexes of them, with these names.
 */
export function uniqueIndexOf(unique: Unique, table: string): Index {
  const name = unique.name ?? `${table}_${unique.columns.join("_")}_unique`;
  return buildIndex(
    name,
    unique.columns.map((column) => indexKey({ column })),
    { unique: true },
  );
}
