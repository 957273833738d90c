import { sameName } from "../schema/name.js";
import type {
  Column,
  Constraint,
  Expression,
  Index,
  IndexKey,
  Policy,
  SchemaDraft,
  Table,
} from "../schema/schema.js";
import { putIndexed } from "./lookup.js";

/** Maps a list; the same list when nothing in it changed, so that what is equal stays identical. */
export function mapSame<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  let changed = false;
  const result = items.map((item) => {
    const after = change(item);
    if (after !== item) changed = true;
    return after;
  });
  return changed ? result : items;
}

/** Changes every table for which `change` gives another one. */
export function changeTables(draft: SchemaDraft, change: (table: Table) => Table): void {
  for (const table of draft.tables.values()) {
    const after = change(table);
    if (after !== table) putIndexed(draft, after);
  }
}

/** A rewriting of an expression; it is told of which column it is the default, else `null`. */
export type Rewrite = (expression: Expression, defaultOf: Column | null) => Expression;

function orNull(expression: Expression | null, rewrite: Rewrite): Expression | null {
  return expression === null ? null : rewrite(expression, null);
}

function inColumn(column: Column, rewrite: Rewrite): Column {
  const byDefault = column.default === null ? null : rewrite(column.default, column);
  const generated = column.generated === null ? null : rewrite(column.generated.expression, null);
  if (byDefault === column.default && generated === (column.generated?.expression ?? null)) return column;
  return {
    ...column,
    default: byDefault,
    generated:
      column.generated === null || generated === null ? null : { ...column.generated, expression: generated },
  };
}

function inKey(key: IndexKey, rewrite: Rewrite): IndexKey {
  const expression = orNull(key.expression, rewrite);
  return expression === key.expression ? key : { ...key, expression };
}

function inConstraint(constraint: Constraint, rewrite: Rewrite): Constraint {
  if (constraint.kind === "check") {
    const expression = rewrite(constraint.expression, null);
    return expression === constraint.expression ? constraint : { ...constraint, expression };
  }
  if (constraint.kind !== "exclude") return constraint;
  const where = orNull(constraint.where, rewrite);
  const elements = mapSame(constraint.elements, (element) => {
    const key = inKey(element.key, rewrite);
    return key === element.key ? element : { ...element, key };
  });
  return where === constraint.where && elements === constraint.elements
    ? constraint
    : { ...constraint, where, elements };
}

function inIndex(index: Index, rewrite: Rewrite): Index {
  const keys = mapSame(index.keys, (key) => inKey(key, rewrite));
  const where = orNull(index.where, rewrite);
  return keys === index.keys && where === index.where ? index : { ...index, keys, where };
}

function inPolicy(policy: Policy, rewrite: Rewrite): Policy {
  const using = orNull(policy.using, rewrite);
  const check = orNull(policy.check, rewrite);
  return using === policy.using && check === policy.check ? policy : { ...policy, using, check };
}

/** Rewrites every expression of a table; the same table when none of them changed. */
export function rewriteExpressions(table: Table, rewrite: Rewrite): Table {
  const columns = mapSame(table.columns, (column) => inColumn(column, rewrite));
  const constraints = mapSame(table.constraints, (constraint) => inConstraint(constraint, rewrite));
  const indexes = mapSame(table.indexes, (index) => inIndex(index, rewrite));
  const policies = mapSame(table.policies, (policy) => inPolicy(policy, rewrite));
  const partitioning = inPartitioning(table.partitioning, rewrite);
  const same =
    columns === table.columns &&
    constraints === table.constraints &&
    indexes === table.indexes &&
    policies === table.policies &&
    partitioning === table.partitioning;
  if (same) return table;
  return {
    ...table,
    columns,
    constraints,
    indexes,
    policies,
    ...(partitioning !== undefined && { partitioning }),
  };
}

function inPartitioning(partitioning: Table["partitioning"], rewrite: Rewrite): Table["partitioning"] {
  if (partitioning === undefined) return undefined;
  const keys = rewrite(partitioning.keys, null);
  return keys === partitioning.keys ? partitioning : { ...partitioning, keys };
}

/** Rewrites only the policies of a table: the expressions that may speak of other tables. */
export function rewritePolicies(table: Table, rewrite: Rewrite): Table {
  const policies = mapSame(table.policies, (policy) => inPolicy(policy, rewrite));
  return policies === table.policies ? table : { ...table, policies };
}

function renamed(names: readonly string[], from: string, to: string): readonly string[] {
  return mapSame(names, (name) => (name === from ? to : name));
}

function renameInKey(key: IndexKey, from: string, to: string): IndexKey {
  return key.column === from ? { ...key, column: to } : key;
}

/** A table's own lists of columns after one was renamed: constraints, and indexes. Expressions stay. */
export function renameInLists(table: Table, from: string, to: string): Table {
  const constraints = mapSame(table.constraints, (constraint): Constraint => {
    switch (constraint.kind) {
      case "check":
        return constraint;
      case "exclude": {
        const elements = mapSame(constraint.elements, (element) => {
          const key = renameInKey(element.key, from, to);
          return key === element.key ? element : { ...element, key };
        });
        const include = constraint.include && renamed(constraint.include, from, to);
        const same = elements === constraint.elements && include === constraint.include;
        return same ? constraint : { ...constraint, elements, ...(include !== undefined && { include }) };
      }
      case "foreign-key": {
        const columns = renamed(constraint.columns, from, to);
        if (columns === constraint.columns) return constraint;
        const { setColumns } = constraint;
        return {
          ...constraint,
          columns,
          ...(setColumns !== undefined && { setColumns: renamed(setColumns, from, to) }),
        };
      }
      default: {
        const columns = renamed(constraint.columns, from, to);
        const include = renamed(constraint.include, from, to);
        const same = columns === constraint.columns && include === constraint.include;
        return same ? constraint : { ...constraint, columns, include };
      }
    }
  });
  const indexes = mapSame(table.indexes, (index) => {
    const keys = mapSame(index.keys, (key) => renameInKey(key, from, to));
    const include = renamed(index.include, from, to);
    return keys === index.keys && include === index.include ? index : { ...index, keys, include };
  });
  return { ...table, constraints, indexes };
}

/** What a foreign key points at, after a table or one of its columns got another name. */
export function changeReferences(
  table: Table,
  target: { readonly namespace: string | null; readonly name: string },
  change: { readonly table?: string; readonly column?: { readonly from: string; readonly to: string } },
): Table {
  const constraints = mapSame(table.constraints, (constraint) => {
    if (constraint.kind !== "foreign-key" || !sameName(constraint.references.table, target))
      return constraint;
    const { column } = change;
    return {
      ...constraint,
      references: {
        table: { namespace: target.namespace, name: change.table ?? target.name },
        columns: column
          ? renamed(constraint.references.columns, column.from, column.to)
          : constraint.references.columns,
      },
    };
  });
  return constraints === table.constraints ? table : { ...table, constraints };
}
