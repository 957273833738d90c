import { type ObjectName, sameName } from "../schema/name.js";
import type { ColumnType, Domain, Expression, SchemaDraft, Table } from "../schema/schema.js";
import { moveType, renameType } from "./expression/type.js";
import { putIndexed } from "./lookup.js";
import { changeTables, mapSame, rewriteExpressions } from "./rewrite.js";
import { moveInDefined, renameInDefined } from "./rewrite-defined.js";

type Retype = (type: ColumnType) => ColumnType;

function retyped<T extends { readonly type: ColumnType }>(item: T, change: Retype): T {
  const type = change(item.type);
  return type === item.type ? item : { ...item, type };
}

/** What is of a type, the casts to it, and the statements that name it follow it to another name. */
export function followRenamedType(draft: SchemaDraft, old: ObjectName, to: string): void {
  renameInDefined(draft, old, to);
  changeTypes(draft, (type) => (sameName(type, old) ? { ...type, name: to } : type));
  changeCasts(draft, (text) => renameType(text, old, to));
}

/** The same after it went to another namespace. */
export function followMovedType(draft: SchemaDraft, old: ObjectName, to: ObjectName): void {
  changeTypes(draft, (type) => (sameName(type, old) ? { ...type, ...to } : type));
  changeCasts(draft, (text) => moveType(text, old, to));
  moveInDefined(draft, old, to);
}

/** Changes the expressions of tables and domains. */
function changeCasts(draft: SchemaDraft, change: (text: Expression) => Expression): void {
  changeTables(draft, (table) => rewriteExpressions(table, change));
  for (const [key, domain] of draft.domains) draft.domains.set(key, recast(domain, change));
}

function recast(domain: Domain, change: (text: Expression) => Expression): Domain {
  const checks = mapSame(domain.checks, (check) => {
    const expression = change(check.expression);
    return expression === check.expression ? check : { ...check, expression };
  });
  const value = domain.default === null ? null : change(domain.default);
  return checks === domain.checks && value === domain.default
    ? domain
    : { ...domain, default: value, checks };
}

/** Changes the types of all columns, of domains, and of the attributes of composite types. */
function changeTypes(draft: SchemaDraft, change: Retype): void {
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
