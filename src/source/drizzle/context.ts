import type { Dialect } from "../../dialect/dialect.js";
import { type Casing, columnName } from "./casing.js";
import type { Findings } from "./finding.js";
import type { Core } from "./kind.js";
import type { CoreModule, Library } from "./library.js";
import type { Renderer } from "./render.js";
import type { ColumnModel, IndexColumnModel } from "./shape.js";

/** What every part of the reader needs to know. */
export interface Context {
  readonly core: Core;
  readonly library: CoreModule;
  readonly generation: Library["generation"];
  readonly dialect: Dialect;
  readonly casing: Casing | null;
  readonly renderer: Renderer;
  readonly findings: Findings;
}

/** The column's name in the database. */
export function nameOfColumn(column: ColumnModel | IndexColumnModel, context: Context): string {
  return columnName(column, column.keyAsName === true, context.casing);
}

/** The text that a table's model has for one of its properties, which Drizzle keeps under registered symbols. */
export function tableProperty(table: unknown, property: "Name" | "Schema"): string | null {
  const value = (table as Record<symbol, unknown> | null | undefined)?.[Symbol.for(`drizzle:${property}`)];
  return typeof value === "string" ? value : null;
}
