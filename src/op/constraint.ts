import { type SameExpression, sameConstraint, sameData, withoutUnsaidKey } from "../schema/equal.js";
import { isKey } from "../schema/key.js";
import { nameOf, type ObjectName, showName } from "../schema/name.js";
import type { Column, Constraint, Index, SchemaDraft, Table } from "../schema/schema.js";
import { followIndex, forgetIndexes, rememberIndexes } from "./index-options.js";
import { changeCopies, giveConstraint, takeConstraint } from "./inherit/constraint.js";
import { renameAttached } from "./inherit/index.js";
import {
  childrenOf,
  constraintOf,
  impossible,
  indexOf,
  putIndexed,
  requireColumns,
  requireFreeConstraint,
  tableOf,
} from "./lookup.js";
import type { OpDefinitions } from "./op.js";
import { mapSame } from "./rewrite.js";
import { showConstraint } from "./show.js";
import { sameWords } from "./tokens.js";

/** Columns that the constraint lists; not those that its expressions use. */
function listedColumns(constraint: Constraint): readonly string[] {
  switch (constraint.kind) {
    case "check":
      return [];
    case "exclude":
      return [
        ...constraint.elements.map((element) => element.key.column).filter((column) => column !== null),
        ...(constraint.include ?? []),
      ];
    case "foreign-key":
      return constraint.columns;
    default:
      return [...constraint.columns, ...constraint.include];
  }
}

/** @throws AludelError `op-impossible` when a constraint names a column that its table has not. */
export function requireConstraintColumns(table: Table, constraint: Constraint): void {
  requireColumns(table, listedColumns(constraint));
}

function requireNoPrimaryKey(table: Table): void {
  const key = table.constraints.find((one) => one.kind === "primary-key");
  if (key === undefined) return;
  throw impossible(
    `Table ${showName(table)} already has the ${showConstraint(key)}`,
    showName(table),
    "Drop the old primary key in an earlier op.",
  );
}

/** The index that a key takes over. @throws AludelError `op-impossible` where it is not one of such a key. */
function keyIndexOf(table: Table, constraint: Constraint, name: string): Index {
  const index = indexOf(table, name);
  const isKey = constraint.kind === "primary-key" || constraint.kind === "unique";
  const columns = index.keys.map((key) => key.column);
  const same =
    isKey &&
    index.unique &&
    index.where === null &&
    sameData(columns, constraint.columns) &&
    sameData(index.include, constraint.include);
  if (same) return index;
  throw impossible(
    `The ${showConstraint(constraint)} of ${showName(table)} cannot be made of index ${name}`,
    showName(table),
    "Name a unique index of the same columns, for a primary key or a unique constraint.",
  );
}

/** The constraint that an op means: by its name, or by what it is. */
function found(table: Table, constraint: string | Constraint): Constraint | undefined {
  if (typeof constraint === "string") return table.constraints.find((one) => one.name === constraint);
  const like = (same?: SameExpression) =>
    table.constraints.filter((one) =>
      sameConstraint(withoutUnsaidKey(one, constraint), withoutUnsaidKey(constraint, one), same),
    );
  const same = like();
  const first = same.find((one) => one.name === constraint.name) ?? same[0];
  if (first !== undefined) return first;
  // SQLite puts a column's new name in quotes wherever it stood.
  const [only, another] = like(sameWords);
  return another === undefined ? only : undefined;
}

function required(table: Table, constraint: string | Constraint): Constraint {
  const one = found(table, constraint);
  if (one !== undefined) return one;
  if (typeof constraint === "string") return constraintOf(table, constraint);
  throw impossible(
    `Table ${showName(table)} has no ${showConstraint(constraint)} at this point`,
    showName(table),
    "Describe the constraint exactly as it is in the table.",
  );
}

function replace(draft: SchemaDraft, name: ObjectName, old: Constraint, by: Constraint): void {
  const table = tableOf(draft, name);
  putIndexed(draft, { ...table, constraints: mapSame(table.constraints, (one) => (one === old ? by : one)) });
}

function shown(table: ObjectName, constraint: string | Constraint): string {
  const what = typeof constraint === "string" ? `constraint ${constraint}` : showConstraint(constraint);
  return `${what} of ${showName(table)}`;
}

/** A primary key takes the NOT NULLs that a table has from its parent. */
function asAdded({ columns, inherits }: Table, constraint: Constraint): Constraint {
  if (constraint.kind !== "primary-key" || inherits === undefined) return constraint;
  const isParents = (column: Column) =>
    column.inherited === true && !column.nullable && constraint.columns.includes(column.name);
  return columns.some(isParents) ? { ...constraint, added: true } : constraint;
}

export const constraintDefinitions = {
  "add-constraint": {
    effect: () => "narrowing",
    // That a primary key makes its columns NOT NULL is the dialect's to say: it normalises what it is given.
    apply(draft, { table: name, constraint, usingIndex }) {
      const table = tableOf(draft, name);
      requireFreeConstraint(table, constraint.name);
      requireConstraintColumns(table, constraint);
      if (constraint.kind === "primary-key") requireNoPrimaryKey(table);
      const taken = usingIndex === undefined ? null : keyIndexOf(table, constraint, usingIndex);
      const indexes = taken === null ? table.indexes : table.indexes.filter((one) => one !== taken);
      const after = { ...table, constraints: [...table.constraints, asAdded(table, constraint)], indexes };
      putIndexed(draft, after);
      for (const child of childrenOf(draft, after)) giveConstraint(draft, after, child, constraint);
    },
    invert(before, { table, constraint, usingIndex }) {
      const drop = { kind: "drop-constraint", table, constraint: constraint.name ?? constraint } as const;
      if (usingIndex === undefined) return { ops: [drop] };
      // The index goes with the constraint that has taken it over.
      return {
        ops: [drop, { kind: "create-index", table, index: indexOf(tableOf(before, table), usingIndex) }],
      };
    },
    describe: ({ table, constraint, usingIndex }) =>
      `add ${showConstraint(constraint)} to ${showName(table)}${usingIndex === undefined ? "" : ` with index ${usingIndex}`}`,
  },

  "drop-constraint": {
    effect: () => "widening",
    apply(draft, { table: name, constraint, ifExists }) {
      const table = tableOf(draft, name);
      if (ifExists && found(table, constraint) === undefined) return;
      const old = required(table, constraint);
      putIndexed(draft, {
        ...forgetIndexes(table, (index) => index === old.name),
        constraints: table.constraints.filter((one) => one !== old),
      });
      takeConstraint(draft, table, old);
    },
    invert(before, { table: name, constraint }) {
      const table = tableOf(before, name);
      const old = found(table, constraint);
      if (old === undefined) return { ops: [] };
      const add = { kind: "add-constraint", table: nameOf(table), constraint: old } as const;
      return { ops: [add, ...rememberIndexes(table, [old.name ?? ""])] };
    },
    describe: ({ table, constraint }) => `drop ${shown(table, constraint)}`,
  },

  "rename-constraint": {
    effect: () => "additive",
    apply(draft, { table: name, constraint, to }) {
      const table = tableOf(draft, name);
      const old = constraintOf(table, constraint);
      requireFreeConstraint(table, to);
      replace(draft, name, old, { ...old, name: to, implicitName: false });
      putIndexed(draft, followIndex(tableOf(draft, name), constraint, to));
      // Of a foreign key only the parent's own gets the new name (`rename_constraint_internal` of the server).
      if (old.kind === "check") changeCopies(draft, table, old, (copy) => ({ ...copy, name: to }));
      if (isKey(old)) renameAttached(draft, table, constraint, to);
    },
    invert: (_before, { table, constraint, to }) => ({
      ops: [{ kind: "rename-constraint", table, constraint: to, to: constraint }],
    }),
    describe: ({ table, constraint, to }) => `rename ${shown(table, constraint)} to ${to}`,
  },

  "validate-constraint": {
    effect: () => "additive",
    apply(draft, { table: name, constraint }) {
      const old = constraintOf(tableOf(draft, name), constraint);
      if (old.kind !== "foreign-key" && old.kind !== "check") {
        throw impossible(
          `The ${shown(name, constraint)} is always valid`,
          showName(name),
          "Only foreign keys and checks are validated: leave the op out.",
        );
      }
      replace(draft, name, old, { ...old, validated: true });
      changeCopies(draft, name, old, (copy) => ("validated" in copy ? { ...copy, validated: true } : copy));
    },
    invert(before, { table, constraint }) {
      const old = constraintOf(tableOf(before, table), constraint);
      // What a table has from its parent it cannot drop to have it again without the promise.
      if (!("validated" in old) || old.validated || old.inherited) return { ops: [] };
      return {
        ops: [
          { kind: "drop-constraint", table, constraint },
          { kind: "add-constraint", table, constraint: old },
        ],
      };
    },
    describe: ({ table, constraint }) => `validate ${shown(table, constraint)}`,
  },
} satisfies Pick<
  OpDefinitions,
  "add-constraint" | "drop-constraint" | "rename-constraint" | "validate-constraint"
>;
