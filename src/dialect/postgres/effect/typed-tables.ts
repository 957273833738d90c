import type { Act } from "../../../effect/act.js";
import type { OnTable } from "../../../effect/act-table.js";
import { findType, type Relation, type World } from "../../../effect/world.js";
import { plainColumn } from "./plain-column.js";

type OfColumn = Act<"add-column"> | Act<"drop-column"> | Act<"alter-type">;

/**
 * What `ALTER TYPE … CASCADE` does to the tables that were made `OF` the type: to each the same as ALTER TABLE would. They are
 * locked ACCESS EXCLUSIVE with their heirs, and rewritten where an attribute gets a type that is stored otherwise (measured on
 * version 18).
 */
export function onTypedTables(world: World, act: Act<"alter-composite">): readonly OfColumn[] {
  const type = act.cascade ? findType(world, act.name) : undefined;
  if (type === undefined) return [];
  const tables = [...world.relations.values()].filter(({ ofType }) => ofType === type.id);
  return tables.map((table) => ofColumn(table, act));
}

function ofColumn(table: Relation, { change, attribute, type }: Act<"alter-composite">): OfColumn {
  const name = { namespace: table.namespace, name: table.name };
  const on: OnTable = { table: name, only: false, ifTableExists: false, on: "table", part: 0, parts: 1 };
  if (change === "drop" || type === null)
    return { kind: "drop-column", ...on, column: attribute, ifExists: false, cascade: false };
  return change === "add"
    ? { kind: "add-column", ...on, definition: plainColumn(attribute, type), ifNotExists: false }
    : { kind: "alter-type", ...on, column: attribute, type, using: null, collation: null };
}
