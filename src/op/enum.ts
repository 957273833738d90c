import { nameKey, nameOf, type ObjectName, sameName, showName } from "../schema/name.js";
import type { Enum, SchemaDraft } from "../schema/schema.js";
import { columnsOfType } from "./dependents.js";
import { renameEnumValue } from "./expression/type.js";
import { existing, impossible, listed, requireFree } from "./lookup.js";
import type { Op, OpDefinitions } from "./op.js";
import { isPartitionKey } from "./partition.js";
import { changeTables, rewriteExpressions } from "./rewrite.js";
import { followRenamedType } from "./rewrite-type.js";

function enumOf(schema: { readonly enums: ReadonlyMap<string, Enum> }, name: ObjectName): Enum {
  return existing(schema.enums, name, "enum");
}

function requireValue(type: Enum, value: string): void {
  if (type.values.includes(value)) return;
  throw impossible(
    `Enum ${showName(type)} has no value '${value}'`,
    showName(type),
    `Its values at this point are ${listed(type.values.map((one) => `'${one}'`))}.`,
  );
}

function requireDistinct(type: ObjectName, values: readonly string[]): void {
  const twice = values.find((value, position) => values.indexOf(value) !== position);
  if (twice === undefined) return;
  throw impossible(
    `Enum ${showName(type)} would have the value '${twice}' twice`,
    showName(type),
    "Name every value once.",
  );
}

function withValue(type: Enum, op: Op<"add-enum-value">): readonly string[] {
  const { position, value } = op;
  if (position === undefined) return [...type.values, value];
  const anchor = "before" in position ? position.before : position.after;
  requireValue(type, anchor);
  const at = type.values.indexOf(anchor) + ("before" in position ? 0 : 1);
  return type.values.toSpliced(at, 0, value);
}

function renameEnum(draft: SchemaDraft, old: Enum, to: string): void {
  draft.enums.delete(nameKey(old));
  draft.enums.set(nameKey({ namespace: old.namespace, name: to }), { ...old, name: to });
  followRenamedType(draft, old, to);
}

/** What `mapping` did, undone, as far as each new value came from one old value that is gone. */
function invertMapping(
  before: readonly string[],
  mapping: Readonly<Record<string, string>>,
): Record<string, string> {
  const inverse: Record<string, string> = {};
  const entries = Object.entries(mapping);
  for (const [from, to] of entries) {
    const alone = entries.filter(([, other]) => other === to).length === 1;
    if (alone && !before.includes(to)) inverse[to] = from;
  }
  return inverse;
}

export const enumDefinitions = {
  "create-enum": {
    effect: () => "additive",
    apply(draft, op) {
      requireFree(draft.enums, op.enum, "enum");
      requireDistinct(op.enum, op.enum.values);
      draft.enums.set(nameKey(op.enum), op.enum);
    },
    invert: (_before, op) => ({ ops: [{ kind: "drop-enum", name: nameOf(op.enum) }] }),
    describe: (op) => `create enum ${showName(op.enum)}`,
  },

  "drop-enum": {
    effect: () => "destructive",
    apply(draft, { name, ifExists }) {
      if (ifExists && !draft.enums.has(nameKey(name))) return;
      enumOf(draft, name);
      const users = columnsOfType(draft, name);
      if (users.length > 0) {
        throw impossible(
          `Enum ${showName(name)} is the type of ${listed(users)}`,
          showName(name),
          "Drop these columns or change their type in an earlier op.",
        );
      }
      draft.enums.delete(nameKey(name));
    },
    invert(before, { name }) {
      const old = before.enums.get(nameKey(name));
      return { ops: old === undefined ? [] : [{ kind: "create-enum", enum: old }] };
    },
    describe: ({ name }) => `drop enum ${showName(name)}`,
  },

  "rename-enum": {
    effect: () => "narrowing",
    apply(draft, { name, to }) {
      const old = enumOf(draft, name);
      requireFree(draft.enums, { namespace: name.namespace, name: to }, "enum");
      renameEnum(draft, old, to);
    },
    invert: (_before, { name, to }) => ({
      ops: [{ kind: "rename-enum", name: { namespace: name.namespace, name: to }, to: name.name }],
    }),
    describe: ({ name, to }) => `rename enum ${showName(name)} to ${to}`,
  },

  "add-enum-value": {
    effect: () => "additive",
    apply(draft, op) {
      const type = enumOf(draft, op.name);
      if (type.values.includes(op.value) && op.ifNotExists) return;
      const values = withValue(type, op);
      requireDistinct(type, values);
      draft.enums.set(nameKey(type), { ...type, values });
    },
    invert(before, { name, value }) {
      const { values } = enumOf(before, name);
      // A value goes only with the type, and a column that a table is partitioned by keeps its type.
      if (!values.includes(value) && isPartitionKey(before, name)) return null;
      return { ops: values.includes(value) ? [] : [{ kind: "replace-enum-values", name, values }] };
    },
    describe: ({ name, value }) => `add value '${value}' to enum ${showName(name)}`,
  },

  "rename-enum-value": {
    effect: () => "narrowing",
    apply(draft, { name, from, to }) {
      const type = enumOf(draft, name);
      requireValue(type, from);
      const values = type.values.map((value) => (value === from ? to : value));
      requireDistinct(type, values);
      draft.enums.set(nameKey(type), { ...type, values });
      changeTables(draft, (table) =>
        rewriteExpressions(table, (expression, column) =>
          renameEnumValue(expression, type, { from, to }, column !== null && sameName(column.type, type)),
        ),
      );
    },
    invert: (_before, { name, from, to }) => ({
      ops: [{ kind: "rename-enum-value", name, from: to, to: from }],
    }),
    describe: ({ name, from, to }) => `rename value '${from}' of enum ${showName(name)} to '${to}'`,
  },

  "replace-enum-values": {
    effect({ name, values, mapping }, before) {
      if (mapping !== undefined && Object.keys(mapping).length > 0) return "destructive";
      return enumOf(before, name).values.every((value) => values.includes(value)) ? "widening" : "narrowing";
    },
    apply(draft, { name, values, mapping = {} }) {
      const type = enumOf(draft, name);
      requireDistinct(type, values);
      const after = { ...type, values };
      for (const [from, to] of Object.entries(mapping)) {
        requireValue(type, from);
        requireValue(after, to);
      }
      draft.enums.set(nameKey(type), after);
    },
    invert(before, { name, mapping }) {
      const { values } = enumOf(before, name);
      if (mapping === undefined) return { ops: [{ kind: "replace-enum-values", name, values }] };
      const inverse = invertMapping(values, mapping);
      const lost = Object.entries(mapping).filter(([from, to]) => inverse[to] !== from);
      const op: Op = { kind: "replace-enum-values", name, values };
      const ops = [Object.keys(inverse).length === 0 ? op : { ...op, mapping: inverse }];
      if (lost.length === 0) return { ops };
      const which = lost.map(
        ([from, to]) => `which values of ${showName(name)} were '${from}' before '${to}'`,
      );
      return { ops, loses: listed(which) };
    },
    describe: ({ name, values }) =>
      `replace the values of enum ${showName(name)} by ${listed(values.map((value) => `'${value}'`))}`,
  },
} satisfies Pick<
  OpDefinitions,
  "create-enum" | "drop-enum" | "rename-enum" | "add-enum-value" | "rename-enum-value" | "replace-enum-values"
>;
