import { scopeOf } from "../op/dependents.js";
import { showConstraint, showMember } from "../op/show.js";
import type { Contradiction } from "../schema/contradiction.js";
import { nameKey, nameOf, type ObjectName, showName } from "../schema/name.js";
import type { Constraint, ForeignKey, Index, Schema, Table } from "../schema/schema.js";
import { keyColumns } from "./index.js";

function on(object: ObjectName, member: string | null): (text: string) => Contradiction {
  return (text) => ({ object: nameOf(object), member, text });
}

/** Items that stand in the list more than once, each once. */
function repeated(items: readonly string[]): readonly string[] {
  return [...new Set(items.filter((item, position) => items.indexOf(item) !== position))];
}

function duplicates(
  owner: ObjectName,
  shown: string,
  what: string,
  names: readonly string[],
): readonly Contradiction[] {
  return repeated(names).map((name) => on(owner, name)(`${shown} has the ${what} ${name} twice`));
}

function missing(table: Table, columns: readonly string[]): readonly string[] {
  const known = new Set(scopeOf(table).columns);
  return columns.filter((column) => !known.has(column));
}

function missingColumns(
  table: Table,
  part: { readonly name: string | null },
  what: string,
  columns: readonly string[],
): readonly Contradiction[] {
  return missing(table, columns)
    .map(
      (column) => `${what} of ${showName(table)} is on the column ${column}, which the table does not have`,
    )
    .map(on(table, part.name));
}

function columnsOf(constraint: Constraint): readonly string[] {
  switch (constraint.kind) {
    case "check":
      return [];
    case "foreign-key":
      return constraint.columns;
    case "exclude":
      return constraint.elements.map(({ key }) => key.column).filter((column) => column !== null);
    default:
      return [...constraint.columns, ...constraint.include];
  }
}

function indexColumns(index: Index): readonly string[] {
  return [...index.keys.map((key) => key.column).filter((column) => column !== null), ...index.include];
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

function isKey(table: Table, columns: readonly string[]): boolean {
  return (
    table.constraints.some(
      (one) => (one.kind === "primary-key" || one.kind === "unique") && sameSet(one.columns, columns),
    ) || table.indexes.some((index) => sameSet(keyColumns(index) ?? [], columns))
  );
}

function foreignKeyFindings(schema: Schema, table: Table, foreignKey: ForeignKey): readonly Contradiction[] {
  return foreignKeyTexts(schema, table, foreignKey).map(on(table, foreignKey.columns[0] ?? foreignKey.name));
}

function foreignKeyTexts(schema: Schema, table: Table, foreignKey: ForeignKey): readonly string[] {
  const { references } = foreignKey;
  const what = `${showConstraint(foreignKey)} of ${showName(table)}`;
  const target = schema.tables.get(nameKey(references.table));
  if (target === undefined) {
    return [`${what} points at ${showName(references.table)}, which does not exist`];
  }
  if (foreignKey.columns.length !== references.columns.length) {
    return [`${what} has ${foreignKey.columns.length} columns and points at ${references.columns.length}`];
  }
  const absent = missing(target, references.columns);
  if (absent.length > 0) {
    return absent.map((column) => `${what} points at ${showMember(target, column)}, which does not exist`);
  }
  if (isKey(target, references.columns)) return [];
  const shown = `${showName(target)} (${references.columns.join(", ")})`;
  return [`${what} points at ${shown}, which is neither its primary key nor unique`];
}

function columnFindings(table: Table): readonly Contradiction[] {
  return table.columns.flatMap((column) => {
    const sources = [
      column.default === null ? [] : ["a default"],
      column.identity === null ? [] : ["an identity"],
      column.generated === null ? [] : ["a generating expression"],
    ].flat();
    if (sources.length < 2) return [];
    const text = `${showMember(table, column.name)} has ${sources.join(" and ")}: only one can give its value`;
    return [on(table, column.name)(text)];
  });
}

function tableFindings(schema: Schema, table: Table): readonly Contradiction[] {
  const shown = showName(table);
  const keys = table.constraints.filter((one) => one.kind === "primary-key");
  const constraintNames = table.constraints.map((one) => one.name).filter((name) => name !== null);
  return [
    ...duplicates(
      table,
      shown,
      "column",
      table.columns.map((column) => column.name),
    ),
    ...duplicates(table, shown, "constraint", constraintNames),
    ...duplicates(
      table,
      shown,
      "policy",
      table.policies.map((policy) => policy.name),
    ),
    ...(keys.length > 1 ? [on(table, null)(`${shown} has ${keys.length} primary keys`)] : []),
    ...columnFindings(table),
    ...table.constraints.flatMap((one) => missingColumns(table, one, showConstraint(one), columnsOf(one))),
    ...table.constraints.flatMap((one) =>
      one.kind === "foreign-key" ? foreignKeyFindings(schema, table, one) : [],
    ),
    ...table.indexes.flatMap((one) => missingColumns(table, one, `index ${one.name}`, indexColumns(one))),
  ];
}

/** Tables, views, sequences and indexes share one set of names in a namespace. */
function relationFindings(schema: Schema): readonly Contradiction[] {
  const owners = new Map<string, Contradiction[]>();
  const add = (name: ObjectName, found: Contradiction) => {
    const key = nameKey(name);
    owners.set(key, [...(owners.get(key) ?? []), found]);
  };
  for (const table of schema.tables.values()) add(table, on(table, null)(`table ${showName(table)}`));
  for (const view of schema.views.values()) add(view, on(view, null)(`view ${showName(view)}`));
  for (const sequence of schema.sequences.values()) {
    add(sequence, on(sequence, null)(`sequence ${showName(sequence)}`));
  }
  for (const indexed of [...schema.tables.values(), ...schema.views.values()]) {
    for (const index of indexed.indexes) {
      const name = { namespace: indexed.namespace, name: index.name };
      add(name, on(indexed, index.name)(`index ${showName(name)} of ${showName(indexed)}`));
    }
  }
  return [...owners.values()].flatMap((all) => {
    const [first, ...others] = all;
    if (first === undefined || others.length === 0) return [];
    const last = others.at(-1) ?? first;
    return [{ ...last, text: `${all.map(({ text }) => text).join(" and ")} have the same name` }];
  });
}

function otherFindings(schema: Schema): readonly Contradiction[] {
  const findings: Contradiction[] = [];
  for (const type of schema.enums.values()) {
    findings.push(...duplicates(type, `enum ${showName(type)}`, "value", type.values));
  }
  for (const sequence of schema.sequences.values()) {
    const { ownedBy } = sequence;
    if (ownedBy === null) continue;
    const table = schema.tables.get(nameKey(ownedBy.table));
    if (table === undefined || missing(table, [ownedBy.column]).length > 0) {
      const owner = showMember(ownedBy.table, ownedBy.column);
      findings.push(
        on(sequence, null)(`sequence ${showName(sequence)} belongs to ${owner}, which does not exist`),
      );
    }
  }
  for (const view of schema.views.values()) {
    if (!view.materialized && view.indexes.length > 0) {
      const text = `view ${showName(view)} has indexes, but only a materialized view can have them`;
      findings.push(on(view, view.indexes[0]?.name ?? null)(text));
    }
  }
  return findings;
}

/**
 * Where a schema contradicts itself, all findings at once: names that stand for two things, constraints and indexes on
 * columns that are not there, foreign keys that point at nothing or at no key. Expressions are not looked into. Empty
 * for a schema that can be made.
 */
export function contradictionsOf(schema: Schema): readonly Contradiction[] {
  return [
    ...relationFindings(schema),
    ...otherFindings(schema),
    ...[...schema.tables.values()].flatMap((table) => tableFindings(schema, table)),
  ];
}
