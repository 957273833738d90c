import { AludelError } from "../error/error.js";
import { type DefinedName, definedKey, showDefined } from "../schema/address.js";
import { nameKey, type ObjectName, sameName, showName } from "../schema/name.js";
import type {
  Column,
  Constraint,
  Defined,
  Index,
  Schema,
  SchemaDraft,
  Table,
  View,
} from "../schema/schema.js";

/** The error of an op that contradicts the schema it is applied to. */
export function impossible(message: string, object: string, remedy: string): AludelError {
  return new AludelError("op-impossible", message, { remedy, where: { object } });
}

/** `a`, `a and b`, `a, b and c`: for messages. */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

function absent(what: string, shown: string): AludelError {
  return impossible(
    `There is no ${what} ${shown} at this point`,
    shown,
    "Correct the name, or create it in an earlier op or revision.",
  );
}

function present(what: string, shown: string): AludelError {
  return impossible(
    `There is already a ${what} ${shown} at this point`,
    shown,
    "Choose another name, drop or rename the old one first, or leave the op out.",
  );
}

/** The object of a map, or `op-impossible`. */
export function existing<V>(map: ReadonlyMap<string, V>, name: ObjectName, what: string): V {
  const found = map.get(nameKey(name));
  if (found === undefined) throw absent(what, showName(name));
  return found;
}

/** A namespace or extension, which are known by a simple name, or `op-impossible`. */
export function existingNamed<V>(map: ReadonlyMap<string, V>, name: string, what: string): V {
  const found = map.get(name);
  if (found === undefined) throw absent(what, name);
  return found;
}

/** @throws AludelError `op-impossible` when a map already has the name. */
export function requireFree(map: ReadonlyMap<string, unknown>, name: ObjectName, what: string): void {
  if (map.has(nameKey(name))) throw present(what, showName(name));
}

/** A defined object, or `op-impossible`. */
export function existingDefined(schema: Schema, object: DefinedName): Defined {
  const found = schema.defined.get(definedKey(object));
  if (found === undefined) throw absent(object.kind.replaceAll("-", " "), showDefined(object));
  return found;
}

/** Types share one set of names in a namespace, with those of the rows of tables and views. */
export function requireFreeType(schema: Schema, name: ObjectName): void {
  requireFree(schema.enums, name, "enum");
  requireFree(schema.domains, name, "domain");
  requireFree(schema.composites, name, "composite type");
  requireFree(schema.tables, name, "table");
  requireFree(schema.views, name, "view");
}

/** Tables, views, sequences and indexes share one set of names in a namespace. */
export function requireFreeRelation(schema: Schema, name: ObjectName): void {
  requireFree(schema.tables, name, "table");
  requireFree(schema.views, name, "view");
  requireFree(schema.sequences, name, "sequence");
  const owner = indexOwner(schema, name.namespace, name.name);
  if (owner !== undefined) throw present("index", `${showName(name)} of ${showName(owner)}`);
}

export function tableOf(schema: Schema, name: ObjectName): Table {
  return existing(schema.tables, name, "table");
}

export function columnOf(table: Table, name: string): Column {
  const found = table.columns.find((column) => column.name === name);
  if (found === undefined) throw absent("column", `${showName(table)}.${name}`);
  return found;
}

export function constraintOf(table: Table, name: string): Constraint {
  const found = table.constraints.find((constraint) => constraint.name === name);
  if (found === undefined) throw absent("constraint", `${name} of ${showName(table)}`);
  return found;
}

export function isTable(indexed: Table | View): indexed is Table {
  return "constraints" in indexed;
}

/** What can have indexes: a table or a materialised view. */
export function indexedOf(schema: Schema, name: ObjectName): Table | View {
  const view = schema.views.get(nameKey(name));
  return view?.materialized ? view : tableOf(schema, name);
}

export function indexOf(indexed: Table | View, name: string): Index {
  const found = indexed.indexes.find((index) => index.name === name);
  if (found === undefined) throw absent("index", `${name} of ${showName(indexed)}`);
  return found;
}

/** @throws AludelError `op-impossible` when a column is not one of the table's. */
export function requireColumns(table: Table, columns: readonly string[]): void {
  for (const column of columns) columnOf(table, column);
}

export function requireFreeColumn(table: Table, name: string): void {
  if (table.columns.some((column) => column.name === name)) {
    throw present("column", `${showName(table)}.${name}`);
  }
}

export function requireFreeConstraint(table: Table, name: string | null): void {
  if (name !== null && table.constraints.some((constraint) => constraint.name === name)) {
    throw present("constraint", `${name} of ${showName(table)}`);
  }
}

export function requireFreePolicy(table: Table, name: string): void {
  if (table.policies.some((policy) => policy.name === name)) {
    throw present("policy", `${name} of ${showName(table)}`);
  }
}

export function missingPolicy(table: Table, name: string): AludelError {
  return absent("policy", `${name} of ${showName(table)}`);
}

/**
 * Who has which index, per draft: asked for with every index that is made, and a search through all tables would
 * make a long list of ops quadratic. Filled at the first question, kept right by `putIndexed` and `removeIndexed`.
 */
const indexOwners = new WeakMap<Schema, Map<string, ObjectName>>();

function ownersIn(schema: Schema): Map<string, ObjectName> {
  const known = indexOwners.get(schema);
  if (known !== undefined) return known;
  const owners = new Map<string, ObjectName>();
  for (const indexed of [...schema.tables.values(), ...schema.views.values()]) {
    for (const index of indexed.indexes) owners.set(indexKeyOf(indexed.namespace, index.name), indexed);
  }
  indexOwners.set(schema, owners);
  return owners;
}

function indexKeyOf(namespace: string | null, index: string): string {
  return nameKey({ namespace, name: index });
}

/** The table or view in the namespace that has an index of this name. */
export function indexOwner(schema: Schema, namespace: string | null, index: string): ObjectName | undefined {
  const owner = ownersIn(schema).get(indexKeyOf(namespace, index));
  if (owner === undefined) return undefined;
  const indexed = schema.tables.get(nameKey(owner)) ?? schema.views.get(nameKey(owner));
  return indexed?.indexes.some((one) => one.name === index) ? owner : undefined;
}

/** The tables that a table is a partition of or inherits from. */
export function parentsOf(table: Table): readonly ObjectName[] {
  return table.partition === undefined ? (table.inherits ?? []) : [table.partition.of];
}

/** Who is under which table, per draft, as `indexOwners`: most schemas have no such tables, and that has to be cheap. */
const kinships = new WeakMap<Schema, Map<string, Set<string>>>();

function kinshipIn(schema: Schema): Map<string, Set<string>> {
  const known = kinships.get(schema);
  if (known !== undefined) return known;
  const kinship = new Map<string, Set<string>>();
  for (const table of schema.tables.values()) addKin(kinship, table);
  kinships.set(schema, kinship);
  return kinship;
}

function addKin(kinship: Map<string, Set<string>>, table: Table): void {
  for (const parent of parentsOf(table)) {
    const key = nameKey(parent);
    kinship.set(key, (kinship.get(key) ?? new Set()).add(nameKey(table)));
  }
}

function removeKin(kinship: Map<string, Set<string>> | undefined, table: Table | undefined): void {
  if (kinship === undefined || table === undefined) return;
  for (const parent of parentsOf(table)) kinship.get(nameKey(parent))?.delete(nameKey(table));
}

/** The tables that a table is a partition of or inherits from, and those that they are. */
export function ancestorsOf(schema: Schema, table: Table): readonly Table[] {
  return parentsOf(table).flatMap((name) => {
    const parent = schema.tables.get(nameKey(name));
    return parent === undefined ? [] : [parent, ...ancestorsOf(schema, parent)];
  });
}

/** The partitions of a table, or those that inherit from it: the next generation only. */
export function childrenOf(schema: Schema, table: ObjectName): readonly Table[] {
  const keys = kinshipIn(schema).get(nameKey(table));
  if (keys === undefined) return [];
  return [...keys].flatMap((key) => schema.tables.get(key) ?? []);
}

/** Puts a table or view in its place: the way every op changes one. */
export function putIndexed(draft: SchemaDraft, indexed: Table | View): void {
  const map: Map<string, Table | View> = isTable(indexed) ? draft.tables : draft.views;
  const key = nameKey(indexed);
  const old = map.get(key);
  map.set(key, indexed);
  if (isTable(indexed)) changeKin(draft, old, indexed);
  if (old?.indexes === indexed.indexes) return;
  forgetIndexes(draft, old);
  const owners = indexOwners.get(draft);
  for (const index of indexed.indexes) owners?.set(indexKeyOf(indexed.namespace, index.name), indexed);
}

function changeKin(draft: SchemaDraft, old: Table | View | undefined, table: Table): void {
  const kinship = kinships.get(draft);
  const before = old !== undefined && isTable(old) ? old : undefined;
  if (kinship === undefined) return;
  if (before?.partition === table.partition && before?.inherits === table.inherits) return;
  removeKin(kinship, before);
  addKin(kinship, table);
}

export function removeIndexed(draft: SchemaDraft, indexed: Table | View): void {
  if (isTable(indexed)) {
    draft.tables.delete(nameKey(indexed));
    removeKin(kinships.get(draft), indexed);
  } else draft.views.delete(nameKey(indexed));
  forgetIndexes(draft, indexed);
}

function forgetIndexes(draft: SchemaDraft, indexed: Table | View | undefined): void {
  const owners = indexOwners.get(draft);
  for (const index of indexed?.indexes ?? []) {
    owners?.delete(indexKeyOf(indexed?.namespace ?? null, index.name));
  }
}

/** The name is one of a table, view, sequence, index or key of the namespace. */
export function takenIn(schema: Schema, namespace: string | null): (name: string) => boolean {
  return (name) => {
    const key = nameKey({ namespace, name });
    if (schema.tables.has(key) || schema.views.has(key) || schema.sequences.has(key)) return true;
    if (indexOwner(schema, namespace, name) !== undefined) return true;
    for (const table of schema.tables.values()) {
      if (table.namespace !== namespace) continue;
      if (table.constraints.some((one) => one.name === name)) return true;
    }
    return false;
  };
}

/** The other parents of a table, as they are. */
export function otherParents(schema: Schema, child: Table, parent: ObjectName): readonly Table[] {
  return parentsOf(child)
    .filter((one) => !sameName(one, parent))
    .flatMap((one) => schema.tables.get(nameKey(one)) ?? []);
}
