import { constraintUses, scopeOf } from "../../op/dependents.js";
import { copiesOf } from "../../op/inherit/constraint.js";
import { attachedIndex } from "../../op/inherit/index.js";
import { childrenOf } from "../../op/lookup.js";
import type { Op, OpKind } from "../../op/op.js";
import { partitionsOf } from "../../op/partition.js";
import { sameBaseType } from "../../op/type-change.js";
import { addressOf, type DefinedName, definedAddress, partAddress } from "../../schema/address.js";
import type { Address } from "../../schema/dependency.js";
import { sameData } from "../../schema/equal.js";
import { nameKey, type ObjectName } from "../../schema/name.js";
import type { Column, Constraint, Schema, Sequence, Table } from "../../schema/schema.js";

/** What an op does to which places of the schema. */
export interface Role {
  /** There when the op has run, or new in what it is. */
  readonly makes: readonly Address[];
  /** Gone when the op has run, or no longer what it was. */
  readonly removes: readonly Address[];
  /** Names that it takes or gives free: ops with one in common keep their order. */
  readonly names: readonly string[];
}

const nothing: Role = { makes: [], removes: [], names: [] };

function named(name: ObjectName): string {
  return nameKey(name);
}

function inNamespace(owner: ObjectName, name: string): string {
  return nameKey({ namespace: owner.namespace, name });
}

/** A column, with what it is computed from. */
function columnParts(table: ObjectName, column: Column): readonly Address[] {
  const own = partAddress("column", table, column.name);
  const computed = column.default !== null || column.generated !== null;
  return computed ? [own, partAddress("default", table, column.name)] : [own];
}

function constraintPart(table: ObjectName, constraint: Constraint): readonly Address[] {
  return constraint.name === null ? [] : [partAddress("constraint", table, constraint.name)];
}

/** The constraints that go with a column. */
function constraintsOver(table: Table | undefined, column: string): readonly Address[] {
  if (table === undefined) return [];
  const scope = scopeOf(table);
  return table.constraints
    .filter((one) => constraintUses(one, scope, column))
    .flatMap((one) => constraintPart(table, one));
}

/** A table has one primary key: the old one gives way to the new one, whatever they are called. */
function onlyKey(table: ObjectName, { kind }: Constraint): readonly string[] {
  return kind === "primary-key" ? [keyOf(table)] : [];
}

function keyOf(table: ObjectName): string {
  return `${named(table)}\u0000primary key`;
}

/** A table with all that comes and goes with it. */
export function tableParts(table: Table): readonly Address[] {
  return [
    addressOf("table", table),
    ...table.columns.flatMap((column) => columnParts(table, column)),
    ...table.constraints.flatMap((constraint) => constraintPart(table, constraint)),
  ];
}

/** Triggers, rules and the like by the table or view that they vanish with. */
export type Owned = ReadonlyMap<string, readonly DefinedName[]>;

export function ownedBy(schema: Schema): Owned {
  const owned = new Map<string, DefinedName[]>();
  for (const object of schema.defined.values()) {
    if (object.table === null) continue;
    const key = nameKey(object.table);
    const list = owned.get(key);
    if (list === undefined) owned.set(key, [object]);
    else list.push(object);
  }
  return owned;
}

/** Sequences that go with a column, by its table. */
export type GoingSequences = ReadonlyMap<string, readonly Sequence[]>;

export function sequencesThatGo(from: Schema, to: Pick<Schema, "sequences">): GoingSequences {
  const going = new Map<string, Sequence[]>();
  for (const [key, sequence] of from.sequences) {
    if (sequence.ownedBy === null || to.sequences.has(key)) continue;
    const table = nameKey(sequence.ownedBy.table);
    const list = going.get(table);
    if (list === undefined) going.set(table, [sequence]);
    else list.push(sequence);
  }
  return going;
}

/** The schemas that a diff is between, with what belongs to the tables and views of the old one. */
export interface Sides {
  readonly from: Schema;
  readonly to: Schema;
  readonly owned: Owned;
  readonly sequences: GoingSequences;
  /** Types that have another name for a while: the old one by that. */
  readonly asides: ReadonlyMap<string, ObjectName>;
}

/** A constraint goes with those that partitions have from it, down all generations. */
function copiesBelow(from: Schema, table: ObjectName, constraint: Constraint): readonly Address[] {
  return childrenOf(from, table)
    .filter(({ partition }) => partition !== undefined)
    .flatMap((child) =>
      copiesOf(table, child, constraint).flatMap((copy) => [
        ...constraintPart(child, copy),
        ...copiesBelow(from, child, copy),
      ]),
    );
}

/** The same of an index, down all generations of partitions. */
function indexesBelow(from: Schema, table: ObjectName, index: string): readonly Address[] {
  return childrenOf(from, table).flatMap((child) => {
    const copy = attachedIndex(table, child, index);
    if (copy === undefined) return [];
    return [partAddress("index", child, copy.name), ...indexesBelow(from, child, copy.name)];
  });
}

/** A table goes with its partitions. */
function droppedTable({ from, owned, sequences }: Sides, name: ObjectName): readonly Address[] {
  const table = from.tables.get(nameKey(name));
  if (table === undefined) return [addressOf("table", name)];
  return [table, ...partitionsOf(from, table)].flatMap((one) => [
    ...tableParts(one),
    ...one.indexes.map((index) => partAddress("index", one, index.name)),
    ...one.policies.map((policy) => partAddress("policy", one, policy.name)),
    ...(owned.get(nameKey(one)) ?? []).map(definedAddress),
    ...(sequences.get(nameKey(one)) ?? []).map((sequence) => addressOf("sequence", sequence)),
  ]);
}

/** True when it is the last type that the column has in this diff. */
function isFinalType({ table, column, changes }: Op<"alter-column">, { to }: Sides): boolean {
  const now = to.tables.get(nameKey(table))?.columns.find((one) => one.name === column);
  if (now === undefined) return true;
  const collation = changes.collation === undefined || sameData(changes.collation, now.collation);
  return collation && (changes.type === undefined || sameBaseType(changes.type, now.type));
}

function alteredColumn(op: Op<"alter-column">, sides: Sides): Role {
  const column = partAddress("column", op.table, op.column);
  const byDefault = partAddress("default", op.table, op.column);
  const { type, collation, default: value, generated } = op.changes;
  const retyped = type !== undefined || collation !== undefined;
  const computed = value ?? generated;
  const cleared = (value === null || generated === null) && computed == null;
  const changed = computed != null;
  return {
    makes: [...(retyped && isFinalType(op, sides) ? [column] : []), ...(changed ? [byDefault] : [])],
    removes: [...(retyped ? [column] : []), ...(cleared || changed ? [byDefault] : [])],
    names: [
      `${named(op.table)}\u0000column\u0000${op.column}`,
      // The columns of a primary key cannot be NULL while it is there.
      ...(op.changes.nullable === true ? [keyOf(op.table)] : []),
    ],
  };
}

function made(address: Address, name: string): Role {
  return { makes: [address], removes: [], names: [name] };
}

function removed(addresses: readonly Address[], name: string): Role {
  return { makes: [], removes: addresses, names: [name] };
}

function changed(address: Address, name: string): Role {
  return { makes: [address], removes: [address], names: [name] };
}

/** An old type that is called otherwise until its columns have left it. */
function setAside(name: ObjectName, to: string): Role {
  return { ...nothing, names: [named(name), inNamespace(name, to)] };
}

/** What a type that was set aside is in the old schema. */
function original(name: ObjectName, { asides }: Sides): ObjectName {
  return asides.get(nameKey(name)) ?? name;
}

function renamedPart(table: ObjectName, from: string, to: string): Role {
  return { ...nothing, names: [inNamespace(table, from), inNamespace(table, to)] };
}

type Roles = { readonly [K in OpKind]?: (op: Op<K>, sides: Sides) => Role };

/** Kinds that are left out are renames that stand in a block of their own, and what has no place in the order. */
const roles: Roles = {
  "create-extension": (op) =>
    made(addressOf("extension", { namespace: null, name: op.extension.name }), `e ${op.extension.name}`),
  "alter-extension": (op) => made(addressOf("extension", { namespace: null, name: op.name }), `e ${op.name}`),
  "drop-extension": (op) =>
    removed([addressOf("extension", { namespace: null, name: op.name })], `e ${op.name}`),
  "create-enum": (op) => made(addressOf("enum", op.enum), named(op.enum)),
  "drop-enum": (op) => removed([addressOf("enum", op.name)], named(op.name)),
  "add-enum-value": (op) => made(addressOf("enum", op.name), named(op.name)),
  "replace-enum-values": (op) => changed(addressOf("enum", op.name), named(op.name)),
  "create-domain": (op) => made(addressOf("domain", op.domain), named(op.domain)),
  "rename-domain": (op) => setAside(op.name, op.to),
  "drop-domain": (op, sides) => removed([addressOf("domain", original(op.name, sides))], named(op.name)),
  "alter-domain": (op) => made(addressOf("domain", op.domain), named(op.domain)),
  "create-composite": (op) => made(addressOf("composite", op.composite), named(op.composite)),
  "rename-composite": (op) => setAside(op.name, op.to),
  "drop-composite": (op, sides) =>
    removed([addressOf("composite", original(op.name, sides))], named(op.name)),
  "alter-composite": (op) => made(addressOf("composite", op.composite), named(op.composite)),
  "create-sequence": (op) => made(addressOf("sequence", op.sequence), named(op.sequence)),
  "alter-sequence": (op) => ({ ...nothing, names: [named(op.sequence)] }),
  "drop-sequence": (op) => removed([addressOf("sequence", op.name)], named(op.name)),
  "create-table": (op) => ({ makes: tableParts(op.table), removes: [], names: [named(op.table)] }),
  "drop-table": (op, sides) => removed(droppedTable(sides, op.name), named(op.name)),
  "add-column": (op) => ({
    makes: columnParts(op.table, op.column),
    removes: [],
    names: [`${named(op.table)}\u0000column\u0000${op.column.name}`],
  }),
  "drop-column": (op, { from, sequences }) => ({
    makes: [],
    removes: [
      partAddress("column", op.table, op.column),
      partAddress("default", op.table, op.column),
      ...constraintsOver(from.tables.get(nameKey(op.table)), op.column),
      ...(sequences.get(nameKey(op.table)) ?? [])
        .filter(({ ownedBy }) => ownedBy?.column === op.column)
        .map((sequence) => addressOf("sequence", sequence)),
    ],
    names: [`${named(op.table)}\u0000column\u0000${op.column}`],
  }),
  "alter-column": alteredColumn,
  "add-constraint": ({ table, constraint }) => ({
    makes: constraintPart(table, constraint),
    removes: [],
    names: [inNamespace(table, constraint.name ?? ""), ...onlyKey(table, constraint)],
  }),
  "drop-constraint": ({ table, constraint }, { from }) => {
    const old =
      typeof constraint === "string"
        ? from.tables.get(nameKey(table))?.constraints.find(({ name }) => name === constraint)
        : constraint;
    const name = typeof constraint === "string" ? constraint : (constraint.name ?? "");
    const own = partAddress("constraint", table, name);
    const copies = old === undefined ? [] : copiesBelow(from, table, old);
    const gone = removed([own, ...copies], inNamespace(table, name));
    return old === undefined ? gone : { ...gone, names: [...gone.names, ...onlyKey(table, old)] };
  },
  "rename-constraint": (op) => renamedPart(op.table, op.constraint, op.to),
  "rename-index": (op) => renamedPart(op.table, op.index, op.to),
  "create-index": (op) =>
    made(partAddress("index", op.table, op.index.name), inNamespace(op.table, op.index.name)),
  "drop-index": ({ table, index }, { from }) =>
    removed(
      [partAddress("index", table, index), ...indexesBelow(from, table, index)],
      inNamespace(table, index),
    ),
  "create-view": (op) => made(addressOf("view", op.view), named(op.view)),
  "drop-view": (op, { owned }) =>
    removed(
      [addressOf("view", op.name), ...(owned.get(named(op.name)) ?? []).map(definedAddress)],
      named(op.name),
    ),
  "create-policy": (op) =>
    made(
      partAddress("policy", op.table, op.policy.name),
      `${named(op.table)}\u0000policy\u0000${op.policy.name}`,
    ),
  "drop-policy": (op) =>
    removed([partAddress("policy", op.table, op.policy)], `${named(op.table)}\u0000policy\u0000${op.policy}`),
  "create-defined": (op) => made(definedAddress(op.object), definedAddress(op.object)),
  "replace-defined": (op) => made(definedAddress(op.object), definedAddress(op.object)),
  "drop-defined": (op) => removed([definedAddress(op.object)], definedAddress(op.object)),
};

/** What the op does to which places. */
export function roleOf(op: Op, sides: Sides): Role {
  const role = roles[op.kind] as ((op: Op, sides: Sides) => Role) | undefined;
  return role?.(op, sides) ?? nothing;
}
