import { existingNamed, impossible } from "./lookup.js";
import type { OpDefinitions } from "./op.js";

export const extensionDefinitions = {
  "create-extension": {
    effect: () => "additive",
    apply(draft, { extension, ifNotExists }) {
      if (draft.extensions.has(extension.name)) {
        if (ifNotExists) return;
        throw impossible(
          `There is already an extension ${extension.name} at this point`,
          extension.name,
          "Leave the op out, or create it if it does not exist.",
        );
      }
      draft.extensions.set(extension.name, extension);
    },
    invert: (before, { extension }) => ({
      ops: before.extensions.has(extension.name) ? [] : [{ kind: "drop-extension", name: extension.name }],
    }),
    describe: ({ extension }) => `create extension ${extension.name}`,
  },

  "drop-extension": {
    effect: () => "destructive",
    apply(draft, { name, ifExists }) {
      if (ifExists && !draft.extensions.has(name)) return;
      existingNamed(draft.extensions, name, "extension");
      draft.extensions.delete(name);
    },
    invert(before, { name }) {
      const extension = before.extensions.get(name);
      return { ops: extension === undefined ? [] : [{ kind: "create-extension", extension }] };
    },
    describe: ({ name }) => `drop extension ${name}`,
  },
  "alter-extension": {
    effect: () => "widening",
    apply(draft, { name, changes }) {
      const extension = existingNamed(draft.extensions, name, "extension");
      draft.extensions.set(name, { ...extension, ...changes });
    },
    // The scripts of extensions lead to newer versions only (manual, "Extension Updates").
    invert(before, { name, changes }) {
      const extension = before.extensions.get(name);
      if (extension === undefined || changes.version !== undefined) return null;
      return { ops: [{ kind: "alter-extension", name, changes: { namespace: extension.namespace } }] };
    },
    describe: ({ name, changes }) =>
      `alter extension ${name}: ${[
        ...(changes.version === undefined ? [] : [`version ${changes.version}`]),
        ...(changes.namespace === undefined ? [] : [`schema ${changes.namespace ?? "of the default"}`]),
      ].join(", ")}`,
  },
} satisfies Pick<OpDefinitions, "create-extension" | "drop-extension" | "alter-extension">;
