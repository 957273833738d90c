import type { ColumnType, SchemaDraft, Table } from "../schema/schema.js";
import { putIndexed } from "./lookup.js";
import { mapSame } from "./rewrite.js";

type Retype = (type: ColumnType) => ColumnType;

function retyped<T extends { readonly type: ColumnType }>(item: T, change: Retype): T {
  const type = change(item.type);
  return type === item.type ? item : { ...item, type };
}

/** Changes the types of all columns, of domains, and of the attributes of composite types. */
export function changeTypes(draft: SchemaDraft, change: Retype): void {
  for (const table of draft.tables.values()) {
    const columns = mapSame(table.columns, (column) => retyped(column, change));
    if (columns !== table.columns) putIndexed(draft, { ...table, columns } satisfies Table);
  }
  for (const [key, domain] of draft.domains) draft.domains.set(key, retyped(domain, change));
  for (const [key, composite] of draft.composites) {
    const attributes = mapSame(composite.attributes, (attribute) => retyped(attribute, change));
    if (attributes !== composite.attributes) draft.composites.set(key, { ...composite, attributes });
  }
}
