import { nameKey, nameOf, type ObjectName, sameName, showName } from "../schema/name.js";
import type { Column, SchemaDraft, Sequence, Table } from "../schema/schema.js";
import { type IsTaken, moveSequence } from "./expression/sequence.js";
import {
  childrenOf,
  existing,
  putIndexed,
  removeIndexed,
  requireFreeRelation,
  requireFreeType,
  tableOf,
} from "./lookup.js";
import type { Op, OpDefinitions } from "./op.js";
import { changeTables, mapSame, rewriteExpressions } from "./rewrite.js";
import { moveInDefined } from "./rewrite-defined.js";
import { followMovedType } from "./rewrite-type.js";
import { serialSequence } from "./serial.js";

type Move = Op<"set-namespace">;

/** A table takes its parts and the sequences of its columns along. */
function moveTable(draft: SchemaDraft, name: ObjectName, to: ObjectName): void {
  const old = tableOf(draft, name);
  requireFreeRelation(draft, to);
  const children = childrenOf(draft, old).map(nameOf);
  removeIndexed(draft, old);
  const columns = mapSame(old.columns, (column) => withSequence(column, old, to));
  putIndexed(draft, { ...old, ...to, columns });
  const follow = (one: ObjectName) => (sameName(one, old) ? to : one);
  changeTables(draft, (table) => withReferences(table, follow));
  for (const child of children) putIndexed(draft, withParents(tableOf(draft, child), follow));
  for (const column of old.columns) {
    const name = serialSequence(old, column);
    if (name !== null) followSequence(draft, name, { namespace: to.namespace, name: name.name });
  }
  for (const sequence of [...draft.sequences.values()]) moveOwned(draft, sequence, old, to);
  moveInDefined(draft, old, to);
}

/** The sequence behind a column is where its table is. */
function withSequence(column: Column, old: ObjectName, to: ObjectName): Column {
  const move = <T extends { readonly name?: ObjectName }>(own: T): T =>
    own.name === undefined || own.name.namespace !== old.namespace
      ? own
      : { ...own, name: { namespace: to.namespace, name: own.name.name } };
  const own = column.own === undefined ? undefined : move(column.own);
  const identity =
    column.identity?.own === undefined
      ? column.identity
      : { ...column.identity, own: move(column.identity.own) };
  if (own === column.own && identity === column.identity) return column;
  return { ...column, identity, ...(own !== undefined && { own }) };
}

function withReferences(table: Table, follow: (name: ObjectName) => ObjectName): Table {
  const constraints = mapSame(table.constraints, (constraint) => {
    if (constraint.kind !== "foreign-key") return constraint;
    const target = follow(constraint.references.table);
    if (target === constraint.references.table) return constraint;
    return { ...constraint, references: { ...constraint.references, table: target } };
  });
  return constraints === table.constraints ? table : { ...table, constraints };
}

function withParents(table: Table, follow: (name: ObjectName) => ObjectName): Table {
  const { partition, inherits } = table;
  return {
    ...table,
    ...(partition !== undefined && { partition: { ...partition, of: follow(partition.of) } }),
    ...(inherits !== undefined && { inherits: inherits.map(follow) }),
  };
}

function moveOwned(draft: SchemaDraft, sequence: Sequence, old: ObjectName, to: ObjectName): void {
  const { ownedBy } = sequence;
  if (ownedBy === null || !sameName(ownedBy.table, old)) return;
  const moved = { ...sequence, namespace: to.namespace, ownedBy: { ...ownedBy, table: to } };
  draft.sequences.delete(nameKey(sequence));
  draft.sequences.set(nameKey(moved), moved);
  followSequence(draft, sequence, moved);
}

/** The columns that draw from a sequence name it by where it is. */
function followSequence(draft: SchemaDraft, old: ObjectName, to: ObjectName): void {
  const isTaken: IsTaken = (other) => draft.sequences.has(nameKey(other));
  changeTables(draft, (table) => rewriteExpressions(table, (text) => moveSequence(text, old, to, isTaken)));
}

function moveIn<T extends ObjectName>(
  objects: Map<string, T>,
  name: ObjectName,
  to: ObjectName,
  what: string,
): void {
  const old = existing(objects, name, what);
  objects.delete(nameKey(name));
  objects.set(nameKey(to), { ...old, ...to });
}

function apply(draft: SchemaDraft, { on, name, to: namespace }: Move): void {
  const to = { namespace, name: name.name };
  switch (on) {
    case "table":
      moveTable(draft, name, to);
      return;
    case "view":
    case "materialized-view": {
      const view = existing(draft.views, name, "view");
      requireFreeRelation(draft, to);
      removeIndexed(draft, view);
      putIndexed(draft, { ...view, ...to });
      moveInDefined(draft, name, to);
      return;
    }
    case "sequence":
      requireFreeRelation(draft, to);
      moveIn(draft.sequences, name, to, "sequence");
      followSequence(draft, name, to);
      return;
    default: {
      requireFreeType(draft, to);
      if (on === "enum") moveIn(draft.enums, name, to, "enum");
      else if (on === "domain") moveIn(draft.domains, name, to, "domain");
      else moveIn(draft.composites, name, to, "composite type");
      followMovedType(draft, name, to);
    }
  }
}

const words: Readonly<Record<Move["on"], string>> = {
  table: "table",
  view: "view",
  "materialized-view": "materialized view",
  sequence: "sequence",
  enum: "enum",
  domain: "domain",
  composite: "type",
};

export const setNamespaceDefinitions = {
  "set-namespace": {
    effect: () => "narrowing",
    apply,
    invert: (_before, { on, name, to }) => ({
      ops: [{ kind: "set-namespace", on, name: { namespace: to, name: name.name }, to: name.namespace }],
    }),
    describe: ({ on, name, to }) =>
      `move ${words[on]} ${showName(name)} to ${to === null ? "the default schema" : `schema ${to}`}`,
  },
} satisfies Pick<OpDefinitions, "set-namespace">;
