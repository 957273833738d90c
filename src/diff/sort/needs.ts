import type { CommentTarget, Op, OpKind } from "../../op/op.js";
import { givesBody } from "../../op/routine.js";
import { addressOf, definedAddress, partAddress } from "../../schema/address.js";
import type { Address, Dependencies } from "../../schema/dependency.js";
import type { ObjectName } from "../../schema/name.js";
import type { Column, ColumnType, Constraint, Expression } from "../../schema/schema.js";

/** What must be there before an op runs, and the texts in which more may be mentioned. */
export interface Needs {
  readonly addresses: readonly Address[];
  readonly texts: readonly Expression[];
}

const nothing: Needs = { addresses: [], texts: [] };

/** Where a type may come from; most are the engine's own, and then nothing in the list makes them. */
function typeNeeds(type: ColumnType): readonly Address[] {
  return [
    addressOf("enum", type),
    addressOf("domain", type),
    addressOf("composite", type),
    addressOf("table", type),
  ];
}

function columnNeeds(column: Column): Needs {
  const texts = [column.default, column.generated?.expression ?? null].filter((text) => text !== null);
  return { addresses: typeNeeds(column.type), texts };
}

/** A column may be late itself, for its default calls something that is made. */
function columns(of: ObjectName, names: readonly string[]): readonly Address[] {
  return names.map((name) => partAddress("column", of, name));
}

function constraintNeeds(constraint: Constraint): Needs {
  switch (constraint.kind) {
    case "foreign-key":
      return { addresses: [addressOf("table", constraint.references.table)], texts: [] };
    case "check":
      return { addresses: [], texts: [constraint.expression] };
    case "exclude": {
      const keys = constraint.elements.map(({ key }) => key.expression);
      return { addresses: [], texts: [...keys, constraint.where].filter((text) => text !== null) };
    }
    default:
      return nothing;
  }
}

function all(needs: readonly Needs[]): Needs {
  return {
    addresses: needs.flatMap((one) => one.addresses),
    texts: needs.flatMap((one) => one.texts),
  };
}

const table = (name: ObjectName): Needs => ({ addresses: [addressOf("table", name)], texts: [] });
/** Indexes are of tables and of views, triggers and rules too. */
const relation = (name: ObjectName): Needs => ({
  addresses: [addressOf("table", name), addressOf("view", name)],
  texts: [],
});

function targetNeeds(target: CommentTarget): readonly Address[] {
  switch (target.on) {
    case "defined":
      return [definedAddress(target.object)];
    case "namespace":
      return [];
    case "extension":
      return [addressOf("extension", { namespace: null, name: target.name })];
    case "domain-check":
      return [addressOf("domain", target.table)];
    case "attribute":
      return [addressOf("composite", target.table)];
    case "column":
    case "constraint":
    case "policy":
    case "index":
      return [
        addressOf("table", target.table),
        addressOf("view", target.table),
        partAddress(target.on, target.table, target.name),
      ];
    default:
      return [addressOf(target.on, target.name)];
  }
}

type Structural = { readonly [K in OpKind]?: (op: Op<K>) => Needs };

/** What follows from the op alone; the kinds that are left out need nothing that a diff could make. */
const structural: Structural = {
  "create-domain": ({ domain }) => ({
    addresses: typeNeeds(domain.type),
    texts: [domain.default, ...domain.checks.map((check) => check.expression)].filter((one) => one !== null),
  }),
  "alter-domain": ({ domain }) => ({
    addresses: [],
    texts: domain.checks.map((check) => check.expression),
  }),
  "create-composite": ({ composite }) => ({
    addresses: composite.attributes.flatMap(({ type }) => typeNeeds(type)),
    texts: [],
  }),
  "alter-composite": ({ composite }) => ({
    addresses: composite.attributes.flatMap(({ type }) => typeNeeds(type)),
    texts: [],
  }),
  "create-sequence": ({ sequence: { ownedBy } }) => (ownedBy === null ? nothing : table(ownedBy.table)),
  "alter-sequence": ({ sequence: { ownedBy } }) => (ownedBy === null ? nothing : table(ownedBy.table)),
  "create-table": ({ table: created }) =>
    all([
      ...created.columns.map(columnNeeds),
      ...created.constraints.map(constraintNeeds),
      ...(created.partition === undefined ? [] : [table(created.partition.of)]),
      ...(created.inherits ?? []).map(table),
      { addresses: created.ofType === undefined ? [] : [addressOf("composite", created.ofType)], texts: [] },
    ]),
  "attach-partition": ({ name, partition }) => all([table(name), table(partition.of)]),
  "set-inheritance": ({ name, inherits }) => all([table(name), ...inherits.map(table)]),
  "alter-table-options": ({ name, options }) => ({
    addresses: [
      addressOf("table", name),
      ...(options.clusterOn === undefined ? [] : [partAddress("index", name, options.clusterOn)]),
      ...(options.clusterOn === undefined ? [] : [partAddress("constraint", name, options.clusterOn)]),
      ...(options.replicaIdentity?.by === "index"
        ? [
            partAddress("index", name, options.replicaIdentity.index),
            partAddress("constraint", name, options.replicaIdentity.index),
          ]
        : []),
    ],
    texts: [],
  }),
  "set-row-security": ({ name }) => table(name),
  "add-column": (op) => all([table(op.table), columnNeeds(op.column)]),
  "alter-column": ({ table: name, column, changes }) => ({
    addresses: [
      addressOf("table", name),
      partAddress("column", name, column),
      ...(changes.type === undefined ? [] : typeNeeds(changes.type)),
    ],
    texts: [changes.default, changes.using].filter((text) => text != null),
  }),
  "add-constraint": ({ table: name, constraint }) => {
    const own = "columns" in constraint ? columns(name, constraint.columns) : [];
    return all([table(name), { addresses: own, texts: [] }, constraintNeeds(constraint)]);
  },
  "validate-constraint": (op) => ({
    addresses: [addressOf("table", op.table), partAddress("constraint", op.table, op.constraint)],
    texts: [],
  }),
  "create-index": ({ table: name, index }) => ({
    addresses: [
      addressOf("table", name),
      addressOf("view", name),
      ...columns(
        name,
        index.keys.flatMap(({ column }) => column ?? []),
      ),
    ],
    texts: [...index.keys.map((key) => key.expression), index.where].filter((text) => text !== null),
  }),
  "attach-index": ({ table: name, index }) => ({
    addresses: [
      addressOf("table", name),
      partAddress("index", name, index),
      partAddress("constraint", name, index),
    ],
    texts: [],
  }),
  "create-view": ({ view }) => ({ addresses: [], texts: [view.definition] }),
  "alter-view-column": ({ name }) => relation(name),
  "create-policy": ({ table: name, policy }) => ({
    addresses: [addressOf("table", name)],
    texts: [policy.using, policy.check].filter((text) => text !== null),
  }),
  "create-defined": ({ object }) => ({
    addresses: object.table === null ? [] : relation(object.table).addresses,
    texts: [object.definition],
  }),
  "replace-defined": ({ object }) => ({ addresses: [], texts: [object.definition] }),
  "set-comment": ({ target }) => ({ addresses: targetNeeds(target), texts: [] }),
  "bulk-insert": (op) => table(op.table),
  backfill: (op) => ({
    ...table(op.table),
    texts: [...Object.values(op.set), op.where],
  }),
};

/**
 * What must be there before an op: what follows from the op alone, and what the engine knows about the places that it
 * makes. Texts are given only where the engine does not know: for places it has not seen, and for the bodies of
 * routines, which it does not look into.
 */
export function needsOf(op: Op, makes: readonly Address[], known: readonly Dependencies[]): Needs {
  const own = (structural[op.kind] as ((op: Op) => Needs) | undefined)?.(op) ?? nothing;
  // The column that is to own it may draw from it, and gets it by an op of its own.
  if (op.kind === "create-sequence" && op.sequence.ownedBy === null) return nothing;
  const addresses = [...own.addresses];
  let unknown = makes.length === 0;
  for (const address of makes) {
    const found = known.map((dependencies) => dependencies.get(address)).find((one) => one !== undefined);
    if (found === undefined) unknown ||= !address.startsWith('["column"');
    else addresses.push(...found);
  }
  return { addresses, texts: unknown || givesBody(op) ? own.texts : [] };
}
