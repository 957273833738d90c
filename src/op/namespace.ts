import { definedKey } from "../schema/address.js";
import { nameKey, nameOf, type ObjectName, showName } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import { dropColumnFrom, invertDropColumn } from "./column.js";
import { existingNamed, impossible, listed, putIndexed, removeIndexed } from "./lookup.js";
import type { Op, OpDefinitions } from "./op.js";
import { createTableOps, createViewOps } from "./recreate.js";
import { createDefinedOps } from "./rewrite-defined.js";

/** What lives in a namespace. Foreign keys and columns of other namespaces may depend on it. */
function contentsOf(schema: Schema, namespace: string) {
  const inside = (object: ObjectName) => object.namespace === namespace;
  return {
    tables: [...schema.tables.values()].filter(inside),
    views: [...schema.views.values()].filter(inside),
    sequences: [...schema.sequences.values()].filter(inside),
    enums: [...schema.enums.values()].filter(inside),
    domains: [...schema.domains.values()].filter(inside),
    composites: [...schema.composites.values()].filter(inside),
    defined: [...schema.defined.values()].filter((one) => inside(one.table ?? one)),
  };
}

type Contents = ReturnType<typeof contentsOf>;

function shownContents(contents: Contents): readonly string[] {
  return Object.values(contents).flatMap((objects: readonly ObjectName[]) => objects.map(showName));
}

/** Columns outside the namespace whose type is in it. */
function foreignColumns(schema: Schema, namespace: string, contents: Contents) {
  const types = [...contents.enums, ...contents.domains, ...contents.composites];
  const names = new Set(types.map((one) => one.name));
  return [...schema.tables.values()]
    .filter((table) => table.namespace !== namespace)
    .flatMap((table) =>
      table.columns
        .filter(({ type }) => type.namespace === namespace && names.has(type.name))
        .map((column) => ({ table, column: column.name })),
    );
}

/** Foreign keys outside the namespace that point into it. */
function foreignReferences(schema: Schema, namespace: string) {
  return [...schema.tables.values()]
    .filter((table) => table.namespace !== namespace)
    .flatMap((table) =>
      table.constraints
        .filter((one) => one.kind === "foreign-key" && one.references.table.namespace === namespace)
        .map((constraint) => ({ table, constraint })),
    );
}

function recreateOps(schema: Schema, namespace: string, contents: Contents): readonly Op[] {
  const foreignKeys: Op[] = [];
  const tables = contents.tables.map((table) => {
    for (const constraint of table.constraints) {
      if (constraint.kind === "foreign-key") {
        foreignKeys.push({ kind: "add-constraint", table: nameOf(table), constraint });
      }
    }
    return { ...table, constraints: table.constraints.filter((one) => one.kind !== "foreign-key") };
  });
  const tableKeys = new Set(tables.map((table) => table.name));
  const owned = contents.sequences.filter((one) => one.ownedBy && tableKeys.has(one.ownedBy.table.name));
  return [
    ...contents.enums.map((one): Op => ({ kind: "create-enum", enum: one })),
    ...contents.domains.map((domain): Op => ({ kind: "create-domain", domain })),
    ...contents.composites.map((composite): Op => ({ kind: "create-composite", composite })),
    ...contents.sequences
      .filter((one) => !owned.includes(one))
      .map((sequence): Op => ({ kind: "create-sequence", sequence })),
    ...tables.flatMap((table) =>
      createTableOps(
        table,
        owned.filter((one) => one.ownedBy?.table.name === table.name),
      ),
    ),
    ...foreignColumns(schema, namespace, contents).flatMap(({ table, column }) =>
      invertDropColumn(schema, table, column),
    ),
    ...foreignKeys,
    ...foreignReferences(schema, namespace).map(
      ({ table, constraint }): Op => ({ kind: "add-constraint", table: nameOf(table), constraint }),
    ),
    ...contents.views.flatMap(createViewOps),
    ...createDefinedOps(contents.defined),
  ];
}

export const namespaceDefinitions = {
  "create-namespace": {
    effect: () => "additive",
    apply(draft, { namespace, ifNotExists }) {
      if (draft.namespaces.has(namespace.name)) {
        if (ifNotExists) return;
        throw impossible(
          `There is already a schema ${namespace.name} at this point`,
          namespace.name,
          "Leave the op out, or create it if it does not exist.",
        );
      }
      draft.namespaces.set(namespace.name, namespace);
    },
    invert: (before, { namespace }) => ({
      ops: before.namespaces.has(namespace.name) ? [] : [{ kind: "drop-namespace", name: namespace.name }],
    }),
    describe: ({ namespace }) => `create schema ${namespace.name}`,
  },

  "drop-namespace": {
    effect: () => "destructive",
    apply(draft, { name, ifExists, cascade }) {
      if (ifExists && !draft.namespaces.has(name)) return;
      existingNamed(draft.namespaces, name, "schema");
      const contents = contentsOf(draft, name);
      const shown = shownContents(contents);
      if (shown.length > 0 && !cascade) {
        throw impossible(
          `Schema ${name} is not empty: it has ${listed(shown)}`,
          name,
          "Drop what is in it first, or drop it with cascade.",
        );
      }
      for (const { table, constraint } of foreignReferences(draft, name)) {
        const now = draft.tables.get(nameKey(table)) ?? table;
        putIndexed(draft, { ...now, constraints: now.constraints.filter((one) => one !== constraint) });
      }
      for (const { table, column } of foreignColumns(draft, name, contents)) {
        dropColumnFrom(draft, table, column);
      }
      for (const indexed of [...contents.tables, ...contents.views]) removeIndexed(draft, indexed);
      for (const map of [draft.sequences, draft.enums, draft.domains, draft.composites]) {
        for (const [key, object] of map) if (object.namespace === name) map.delete(key);
      }
      for (const object of contents.defined) draft.defined.delete(definedKey(object));
      draft.namespaces.delete(name);
    },
    invert(before, { name }) {
      const namespace = before.namespaces.get(name);
      if (namespace === undefined) return { ops: [] };
      const contents = contentsOf(before, name);
      const ops: readonly Op[] = [
        { kind: "create-namespace", namespace },
        ...recreateOps(before, name, contents),
      ];
      const { tables, sequences } = contents;
      const shown = [...tables, ...sequences].map(showName);
      return shown.length === 0 ? { ops } : { ops, loses: `what is in ${listed(shown)}` };
    },
    describe: ({ name, cascade }) => `drop schema ${name}${cascade ? " and all that is in it" : ""}`,
  },
} satisfies Pick<OpDefinitions, "create-namespace" | "drop-namespace">;
