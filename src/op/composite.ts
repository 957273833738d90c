import { nameKey, nameOf, type ObjectName, showName } from "../schema/name.js";
import type { Composite, Schema } from "../schema/schema.js";
import { existing, impossible, requireFreeType } from "./lookup.js";
import type { Op, OpDefinitions } from "./op.js";
import { followRenamedType } from "./rewrite-type.js";

function compositeOf(schema: Schema, name: ObjectName): Composite {
  return existing(schema.composites, name, "composite type");
}

/** The old names of attributes by their new ones. */
function oldNames(op: Op<"alter-composite">): ReadonlyMap<string, string> {
  return new Map((op.renames ?? []).map(({ attribute, to }) => [to, attribute]));
}

function altered(old: Composite, op: Op<"alter-composite">): Composite {
  const before = oldNames(op);
  const comments = new Map(old.attributes.map((attribute) => [attribute.name, attribute.comment]));
  for (const name of before.values()) {
    if (comments.has(name)) continue;
    const shown = `${showName(old)}.${name}`;
    throw impossible(`There is no attribute ${shown} at this point`, shown, "Correct the name.");
  }
  const attributes = op.composite.attributes.map((attribute) => ({
    ...attribute,
    comment: comments.get(before.get(attribute.name) ?? attribute.name) ?? null,
  }));
  return { ...op.composite, attributes, comment: old.comment };
}

/** As an alteration says it: without the comments, which have ops of their own. */
export function uncommentedComposite(composite: Composite): Composite {
  const attributes = composite.attributes.map((attribute) => ({ ...attribute, comment: null }));
  return { ...composite, attributes, comment: null };
}

function restoredComments(old: Composite, attributes: Composite["attributes"]): readonly Op[] {
  return attributes.flatMap(({ name, comment }): readonly Op[] => {
    const target = { on: "attribute", table: nameOf(old), name } as const;
    return comment === null ? [] : [{ kind: "set-comment", target, comment }];
  });
}

export const compositeDefinitions = {
  "create-composite": {
    effect: () => "additive",
    apply(draft, { composite }) {
      requireFreeType(draft, composite);
      draft.composites.set(nameKey(composite), composite);
    },
    invert: (_before, { composite }) => ({ ops: [{ kind: "drop-composite", name: nameOf(composite) }] }),
    describe: ({ composite }) => `create type ${showName(composite)}`,
  },

  "drop-composite": {
    effect: () => "destructive",
    apply(draft, { name, ifExists }) {
      if (ifExists && !draft.composites.has(nameKey(name))) return;
      compositeOf(draft, name);
      draft.composites.delete(nameKey(name));
    },
    invert(before, { name }) {
      const composite = before.composites.get(nameKey(name));
      return { ops: composite === undefined ? [] : [{ kind: "create-composite", composite }] };
    },
    describe: ({ name }) => `drop type ${showName(name)}`,
  },

  "rename-composite": {
    effect: () => "narrowing",
    apply(draft, { name, to }) {
      const old = compositeOf(draft, name);
      const renamed = { ...old, name: to };
      requireFreeType(draft, renamed);
      draft.composites.delete(nameKey(old));
      draft.composites.set(nameKey(renamed), renamed);
      followRenamedType(draft, old, to);
    },
    invert: (_before, { name, to }) => ({
      ops: [{ kind: "rename-composite", name: { namespace: name.namespace, name: to }, to: name.name }],
    }),
    describe: ({ name, to }) => `rename type ${showName(name)} to ${to}`,
  },

  "alter-composite": {
    effect(op, before) {
      const old = compositeOf(before, op.composite);
      const kept = new Set(op.composite.attributes.map((attribute) => attribute.name));
      for (const { attribute } of op.renames ?? []) kept.add(attribute);
      return old.attributes.every((attribute) => kept.has(attribute.name)) ? "widening" : "destructive";
    },
    apply(draft, op) {
      draft.composites.set(nameKey(op.composite), altered(compositeOf(draft, op.composite), op));
    },
    invert(before, op) {
      const old = compositeOf(before, op.composite);
      const names = oldNames(op);
      const kept = new Set(op.composite.attributes.map(({ name }) => names.get(name) ?? name));
      const lost = old.attributes.filter((attribute) => !kept.has(attribute.name));
      const renames = (op.renames ?? []).map(({ attribute, to }) => ({ attribute: to, to: attribute }));
      const undo: Op = {
        kind: "alter-composite",
        composite: uncommentedComposite(old),
        ...(renames.length === 0 ? {} : { renames: renames.reverse() }),
      };
      if (lost.length === 0) return { ops: [undo] };
      return {
        ops: [undo, ...restoredComments(old, lost)],
        loses: `the values of ${lost.map(({ name }) => `${showName(old)}.${name}`).join(", ")}`,
      };
    },
    describe: ({ composite }) => `alter type ${showName(composite)}`,
  },
} satisfies Pick<
  OpDefinitions,
  "create-composite" | "drop-composite" | "rename-composite" | "alter-composite"
>;
