import type { ColumnDefinition, TypeUse } from "../../../effect/syntax.js";

/** A column of which nothing but its type is said. */
export function plainColumn(name: string, type: TypeUse): ColumnDefinition {
  return {
    name,
    type,
    notNull: false,
    notNullName: null,
    default: null,
    identity: null,
    generated: null,
    collation: null,
    storage: null,
    compression: null,
    constraints: [],
  };
}
