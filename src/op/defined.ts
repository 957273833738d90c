import { definedKey, definedName, showDefined } from "../schema/address.js";
import { nameKey } from "../schema/name.js";
import type { Defined, Schema } from "../schema/schema.js";
import { existing, existingDefined, impossible } from "./lookup.js";
import type { OpDefinitions } from "./op.js";

/** Triggers and rules belong to a table or view, which has to be there. */
function requireOwner(schema: Schema, { table }: Pick<Defined, "table">): void {
  if (table === null || schema.views.has(nameKey(table))) return;
  const foreign = [...schema.defined.values()].some(
    (one) => one.kind === "foreign-table" && nameKey(one) === nameKey(table),
  );
  if (!foreign) existing(schema.tables, table, "table or view");
}

export const definedDefinitions = {
  "create-defined": {
    effect: () => "additive",
    apply(draft, { object }) {
      const key = definedKey(object);
      if (draft.defined.has(key)) {
        throw impossible(
          `There is already a ${showDefined(object)} at this point`,
          showDefined(object),
          "Replace it, or drop it first.",
        );
      }
      requireOwner(draft, object);
      draft.defined.set(key, object);
    },
    invert: (_before, { object }) => ({ ops: [{ kind: "drop-defined", object: definedName(object) }] }),
    describe: ({ object }) => `create ${showDefined(object)}`,
  },

  "drop-defined": {
    effect: () => "destructive",
    apply(draft, { object, ifExists }) {
      const key = definedKey(object);
      if (ifExists && !draft.defined.has(key)) return;
      existingDefined(draft, object);
      draft.defined.delete(key);
    },
    invert(before, { object }) {
      const old = before.defined.get(definedKey(object));
      return { ops: old === undefined ? [] : [{ kind: "create-defined", object: old }] };
    },
    describe: ({ object }) => `drop ${showDefined(object)}`,
  },

  "replace-defined": {
    effect: () => "narrowing",
    apply(draft, { object }) {
      const { comment } = existingDefined(draft, object);
      draft.defined.set(definedKey(object), { ...object, comment });
    },
    invert: (before, { object }) => ({
      // The comment stays in either direction.
      ops: [{ kind: "replace-defined", object: { ...existingDefined(before, object), comment: null } }],
    }),
    describe: ({ object }) => `replace ${showDefined(object)}`,
  },
} satisfies Pick<OpDefinitions, "create-defined" | "drop-defined" | "replace-defined">;
