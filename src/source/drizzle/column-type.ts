import type { Dialect } from "../../dialect/dialect.js";
import type { ColumnType } from "../../schema/schema.js";
import { kindsOf } from "./kind.js";
import type { Library } from "./library.js";
import type { ColumnModel, EnumModel } from "./shape.js";

/** The column of an array's elements, and how deep the array is; the column itself when it is no array. */
export function elementOf(
  column: ColumnModel,
  generation: Library["generation"],
): { readonly element: ColumnModel; readonly dimensions: number } {
  if (generation === 1) return { element: column, dimensions: column.dimensions ?? 0 };
  let element = column;
  let dimensions = 0;
  while (element.baseColumn) {
    element = element.baseColumn;
    dimensions += 1;
  }
  return { element, dimensions };
}

/** The enum that a column's values are of; `null` for a column of another type. */
export function enumOf(column: ColumnModel, generation: Library["generation"]): EnumModel | null {
  const { element } = elementOf(column, generation);
  return kindsOf(element).some((kind) => /^PgEnum(Object)?Column$/.test(kind))
    ? (element.enum ?? null)
    : null;
}

/**
 * The type of a column. An enum is named by its model, because Drizzle's own text has neither quotes nor namespace.
 *
 * @throws AludelError `models-invalid` for a type that the dialect cannot take apart
 */
export function typeOf(column: ColumnModel, generation: Library["generation"], dialect: Dialect): ColumnType {
  const { element, dimensions } = elementOf(column, generation);
  const ofEnum = enumOf(column, generation);
  if (ofEnum) {
    return { namespace: ofEnum.schema ?? null, name: ofEnum.enumName, modifiers: [], dimensions };
  }
  const type = dialect.parseType(element.getSQLType());
  return dimensions === 0 ? type : { ...type, dimensions: type.dimensions + dimensions };
}

/** The extension that brings the type of a column that Drizzle has a class for; `null` for the engine's own types. */
export function extensionOf(column: ColumnModel, generation: Library["generation"]): string | null {
  const { element } = elementOf(column, generation);
  for (const kind of kindsOf(element)) {
    const extension = extensions[kind];
    if (extension !== undefined) return extension;
  }
  return null;
}

const extensions: Readonly<Record<string, string>> = {
  PgVector: "vector",
  PgHalfVector: "vector",
  PgSparseVector: "vector",
  PgGeometry: "postgis",
  PgGeometryObject: "postgis",
};
