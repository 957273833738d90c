import { nameKey, nameOf, type ObjectName, showName } from "../schema/name.js";
import type { Schema, View } from "../schema/schema.js";
import { existing, impossible, putIndexed, removeIndexed, requireFreeRelation } from "./lookup.js";
import type { OpDefinitions } from "./op.js";
import { createViewOps } from "./recreate.js";
import { createDefinedOps, definedOf, removeDefinedOf, renameInDefined } from "./rewrite-defined.js";

function kindOf(materialized: boolean): string {
  return materialized ? "materialized view" : "view";
}

function viewOf(schema: Schema, name: ObjectName, materialized: boolean): View {
  const view = existing(schema.views, name, "view");
  if (view.materialized === materialized) return view;
  throw impossible(
    `${showName(name)} is a ${kindOf(view.materialized)}, not a ${kindOf(materialized)}`,
    showName(name),
    `Say ${view.materialized ? "that it is materialized" : "that it is not materialized"}.`,
  );
}

export const viewDefinitions = {
  "create-view": {
    effect: () => "additive",
    apply(draft, { view, orReplace, ifNotExists }) {
      if (ifNotExists && draft.views.has(nameKey(view))) return;
      if (view.indexes.length > 0) {
        throw impossible(
          `View ${showName(view)} cannot be created together with its indexes`,
          showName(view),
          "Create them in ops of their own after the view.",
        );
      }
      const old = draft.views.get(nameKey(view));
      if (orReplace && old !== undefined) {
        viewOf(draft, view, false);
        const properties = { ...old.columnProperties, ...view.columnProperties };
        putIndexed(draft, {
          ...view,
          comment: view.comment ?? old.comment,
          ...(Object.keys(properties).length > 0 && { columnProperties: properties }),
        });
        return;
      }
      requireFreeRelation(draft, view);
      putIndexed(draft, view);
    },
    invert(before, { view, orReplace, sameColumns, ifNotExists }) {
      const drop = { kind: "drop-view", name: nameOf(view), materialized: view.materialized } as const;
      const old = before.views.get(nameKey(view));
      if (ifNotExists && old !== undefined) return { ops: [] };
      if (sameColumns && old !== undefined) {
        // What the view has beyond its query is left as it is.
        const { columnProperties: _, outline: __, columnTypes: ___, ...bare } = old;
        const back = { ...bare, indexes: [], comment: null };
        return { ops: [{ kind: "create-view", view: back, orReplace: true, sameColumns }] };
      }
      // A view that was replaced may have gained columns, which only dropping it takes away again.
      return { ops: orReplace && old !== undefined ? [drop, ...createViewOps(old)] : [drop] };
    },
    describe: ({ view, orReplace }) =>
      `create ${orReplace ? "or replace " : ""}${kindOf(view.materialized)} ${showName(view)}`,
  },

  "drop-view": {
    effect: () => "destructive",
    apply(draft, { name, materialized, ifExists }) {
      if (ifExists && !draft.views.has(nameKey(name))) return;
      removeIndexed(draft, viewOf(draft, name, materialized));
      removeDefinedOf(draft, name);
    },
    invert(before, { name }) {
      const old = before.views.get(nameKey(name));
      if (old === undefined) return { ops: [] };
      return { ops: [...createViewOps(old), ...createDefinedOps(definedOf(before, name))] };
    },
    describe: ({ name, materialized }) => `drop ${kindOf(materialized)} ${showName(name)}`,
  },

  "rename-view": {
    effect: () => "narrowing",
    apply(draft, { name, materialized, to, ifExists }) {
      if (ifExists && !draft.views.has(nameKey(name))) return;
      const old = viewOf(draft, name, materialized);
      requireFreeRelation(draft, { namespace: name.namespace, name: to });
      removeIndexed(draft, old);
      putIndexed(draft, { ...old, name: to });
      renameInDefined(draft, old, to);
    },
    invert(before, { name, materialized, to, ifExists }) {
      if (ifExists && !before.views.has(nameKey(name))) return { ops: [] };
      const renamed = { namespace: name.namespace, name: to };
      return { ops: [{ kind: "rename-view", name: renamed, materialized, to: name.name }] };
    },
    describe: ({ name, materialized, to }) => `rename ${kindOf(materialized)} ${showName(name)} to ${to}`,
  },

  "alter-view-column": {
    effect: () => "additive",
    apply(draft, { name, materialized, column, properties }) {
      const { columnProperties, ...view } = viewOf(draft, name, materialized);
      const { [column]: _, ...others } = columnProperties ?? {};
      const all = properties === null ? others : { ...others, [column]: properties };
      putIndexed(draft, Object.keys(all).length === 0 ? view : { ...view, columnProperties: all });
    },
    invert(before, { name, materialized, column }) {
      const properties = viewOf(before, name, materialized).columnProperties?.[column] ?? null;
      return { ops: [{ kind: "alter-view-column", name, materialized, column, properties }] };
    },
    describe: ({ name, column }) => `alter column ${showName(name)}.${column}`,
  },
} satisfies Pick<OpDefinitions, "create-view" | "drop-view" | "rename-view" | "alter-view-column">;
