import type { ObjectName } from "./name.js";
import type { Expression, Index, Schema } from "./schema.js";

/** What kind of place in an object holds expressions. */
export type SlotPart =
  | "default"
  | "generated"
  | "check"
  | "exclude"
  | "index"
  | "policy"
  | "view"
  | "domain"
  | "defined";

/**
 * The place of one or more expressions in a schema, as a string that can be a key: a column's default, an index
 * with its keys and predicate, a policy with both of its conditions. It names the place, not the text, so that the
 * two sides of a diff can be held against each other.
 */
export type Slot = string & { readonly __slot: true };

/** `name` is the column, constraint, index or policy; empty for a view and domain, the key of a defined object. */
export function slotOf(object: ObjectName, part: SlotPart, name: string): Slot {
  return JSON.stringify([part, object.namespace, object.name, name]) as Slot;
}

/** The inverse of `slotOf`. */
export function readSlot(slot: Slot): {
  readonly object: ObjectName;
  readonly part: SlotPart;
  readonly name: string;
} {
  const [part, namespace, name, inner] = JSON.parse(slot) as [SlotPart, string | null, string, string];
  return { object: { namespace, name }, part, name: inner };
}

/** The texts of an index, in a fixed order: each key's expression (`null` for a column), then the predicate. */
export function indexExpressions(index: Index): readonly (Expression | null)[] {
  return [...index.keys.map((key) => key.expression), index.where];
}

/** Every slot of a schema that holds at least one expression, with its texts in a fixed order. */
export function expressionsOf(schema: Schema): ReadonlyMap<Slot, readonly (Expression | null)[]> {
  const slots = new Map<Slot, readonly (Expression | null)[]>();
  const add = (object: ObjectName, part: SlotPart, name: string, texts: readonly (Expression | null)[]) => {
    if (texts.some((text) => text !== null)) slots.set(slotOf(object, part, name), texts);
  };
  for (const table of schema.tables.values()) {
    for (const column of table.columns) {
      add(table, "default", column.name, [column.default]);
      add(table, "generated", column.name, [column.generated?.expression ?? null]);
    }
    for (const constraint of table.constraints) {
      if (constraint.name === null) continue;
      if (constraint.kind === "check") add(table, "check", constraint.name, [constraint.expression]);
      if (constraint.kind === "exclude") {
        const keys = constraint.elements.map((element) => element.key.expression);
        add(table, "exclude", constraint.name, [...keys, constraint.where]);
      }
    }
    for (const index of table.indexes) add(table, "index", index.name, indexExpressions(index));
    for (const policy of table.policies) add(table, "policy", policy.name, [policy.using, policy.check]);
  }
  for (const view of schema.views.values()) {
    add(view, "view", "", [view.definition]);
    for (const index of view.indexes) add(view, "index", index.name, indexExpressions(index));
  }
  for (const domain of schema.domains.values()) {
    const checks = [...domain.checks].sort((a, b) => (a.name < b.name ? -1 : 1));
    add(domain, "domain", "", [domain.default, ...checks.map((check) => check.expression)]);
  }
  for (const [key, defined] of schema.defined) {
    add(defined.table ?? defined, "defined", key, [defined.definition]);
  }
  return slots;
}
