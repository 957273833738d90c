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
} satisfies Pick<OpDefinitions, "create-extension" | "drop-extension">;
