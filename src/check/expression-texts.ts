import { copySchema } from "../schema/build.js";
import { nameKey } from "../schema/name.js";
import type { Constraint, Index, Schema, Table, View } from "../schema/schema.js";
import { type Slot, type SlotPart, slotOf } from "../schema/slot.js";

/** A schema with the texts that another one has in these slots, which are known to mean the same. */
export function withTextsOf(schema: Schema, other: Schema, slots: ReadonlySet<Slot>): Schema {
  if (slots.size === 0) return schema;
  const draft = copySchema(schema);
  for (const [key, table] of schema.tables) {
    const theirs = other.tables.get(key);
    if (theirs !== undefined) draft.tables.set(key, tableWith(table, theirs, slots));
  }
  for (const [key, view] of schema.views) {
    const theirs = other.views.get(nameKey(view));
    if (theirs === undefined) continue;
    const definition = slots.has(slotOf(view, "view", "")) ? theirs.definition : view.definition;
    const indexes = view.indexes.map((one) => indexWith(one, view, theirs, slots));
    draft.views.set(key, { ...view, definition, indexes });
  }
  return draft;
}

function tableWith(table: Table, theirs: Table, slots: ReadonlySet<Slot>): Table {
  const has = (part: SlotPart, name: string) => slots.has(slotOf(table, part, name));
  const named = <T extends { readonly name: string | null }>(list: readonly T[], { name }: T) =>
    list.find((one) => one.name === name);
  return {
    ...table,
    columns: table.columns.map((column) => {
      const same = named(theirs.columns, column);
      if (same === undefined) return column;
      return {
        ...column,
        default: has("default", column.name) ? same.default : column.default,
        generated: has("generated", column.name) ? same.generated : column.generated,
      };
    }),
    constraints: table.constraints.map((one) => {
      const same = named<Constraint>(theirs.constraints, one);
      if (one.kind !== "check" || same?.kind !== "check" || one.name === null) return one;
      return has("check", one.name) ? { ...one, expression: same.expression } : one;
    }),
    indexes: table.indexes.map((one) => indexWith(one, table, theirs, slots)),
    policies: table.policies.map((policy) => {
      const same = named(theirs.policies, policy);
      if (same === undefined || !has("policy", policy.name)) return policy;
      return { ...policy, using: same.using, check: same.check };
    }),
  };
}

function indexWith(index: Index, owner: Table | View, theirs: Table | View, slots: ReadonlySet<Slot>): Index {
  const same = theirs.indexes.find(({ name }) => name === index.name);
  if (same === undefined || !slots.has(slotOf(owner, "index", index.name))) return index;
  const keys = index.keys.map((key, at) => ({
    ...key,
    expression: same.keys[at]?.expression ?? key.expression,
  }));
  return { ...index, keys, where: same.where };
}
