import type { Op } from "../../op/op.js";
import type { ObjectName } from "../../schema/name.js";
import type { Constraint } from "../../schema/schema.js";
import type {
  CheckInput,
  ConstraintInput,
  ExcludeInput,
  ForeignKeyInput,
  NameInput,
  PrimaryKeyInput,
  UniqueInput,
  UsingIndexInput,
} from "../operations.js";
import type { SqlText } from "../sql-text.js";
import { checkName, checkOptions, flag, mistake, toName } from "./check-input.js";
import { isList, toCheck, toExclude, toForeignKey, toPrimaryKey, toUnique } from "./constraint-record.js";
import type { Spelling } from "./spelling.js";

/**
 * The constraint normalised. A name that is the one the engine would have given anyway counts as chosen by nobody, so
 * that a name which was written into a revision only to be seen is read back as what it was.
 */
export function normalizeConstraint(
  spelling: Spelling,
  table: ObjectName,
  constraint: Constraint,
): Constraint {
  if (constraint.name === null) return spelling.normalize.constraint(table, constraint);
  const unnamed = spelling.normalize.constraint(table, { ...constraint, name: null, implicitName: true });
  const implicitName = unnamed.name === constraint.name;
  return spelling.normalize.constraint(table, { ...constraint, implicitName });
}

function toConstraint(spelling: Spelling, directive: string, input: ConstraintInput): Constraint {
  checkOptions(directive, input, ["primaryKey", "unique", "foreignKey", "check", "exclude"]);
  if ("primaryKey" in input) return toPrimaryKey(directive, null, input.primaryKey);
  if ("unique" in input) return toUnique(directive, null, input.unique);
  if ("foreignKey" in input) return toForeignKey(directive, null, input.foreignKey);
  if ("check" in input) return toCheck(spelling, directive, null, input.check);
  if ("exclude" in input) return toExclude(spelling, directive, null, input.exclude);
  throw mistake(
    `${directive} was not told which constraint`,
    'Give its name, or what it is: { unique: ["email"] }.',
  );
}

function dropped(
  spelling: Spelling,
  table: ObjectName,
  constraint: string | ConstraintInput,
): string | Constraint {
  if (typeof constraint === "string") return checkName("dropConstraint", "constraint", constraint);
  const found = spelling.normalize.constraint(table, toConstraint(spelling, "dropConstraint", constraint));
  return found.name ?? found;
}

/** The index that a key takes over, and the rest of what was said about the key. */
function withoutIndex<T extends object>(
  directive: string,
  input: readonly string[] | (T & UsingIndexInput),
): { readonly key: readonly string[] | T; readonly using: UsingIndexInput } {
  if (isList(input) || input?.usingIndex === undefined) return { key: input, using: {} };
  const { usingIndex, ...rest } = input;
  // What is left of a T and more, without the more, is a T.
  return { key: rest as unknown as T, using: { usingIndex: checkName(directive, "index", usingIndex) } };
}

/** Directives on the constraints of a table. */
export function constraintDirectives(spelling: Spelling) {
  const add = (
    directive: string,
    table: NameInput,
    constraint: Constraint,
    using: UsingIndexInput = {},
  ): readonly Op<"add-constraint">[] => {
    const name = toName(directive, "table", table);
    const normal = normalizeConstraint(spelling, name, constraint);
    return [{ kind: "add-constraint", table: name, constraint: normal, ...using }];
  };
  return {
    createPrimaryKey(
      table: NameInput,
      name: string | null,
      input: readonly string[] | (PrimaryKeyInput & UsingIndexInput),
    ) {
      const { key, using } = withoutIndex<PrimaryKeyInput>("createPrimaryKey", input);
      return add("createPrimaryKey", table, toPrimaryKey("createPrimaryKey", name, key), using);
    },
    createUniqueConstraint(
      table: NameInput,
      name: string | null,
      input: readonly string[] | (UniqueInput & UsingIndexInput),
    ) {
      const { key, using } = withoutIndex<UniqueInput>("createUniqueConstraint", input);
      return add("createUniqueConstraint", table, toUnique("createUniqueConstraint", name, key), using);
    },
    createForeignKey: (table: NameInput, name: string | null, foreignKey: ForeignKeyInput) =>
      add("createForeignKey", table, toForeignKey("createForeignKey", name, foreignKey)),
    createCheckConstraint: (table: NameInput, name: string | null, check: SqlText | CheckInput) =>
      add("createCheckConstraint", table, toCheck(spelling, "createCheckConstraint", name, check)),
    createExcludeConstraint: (table: NameInput, name: string, exclude: ExcludeInput) =>
      add("createExcludeConstraint", table, toExclude(spelling, "createExcludeConstraint", name, exclude)),
    dropConstraint(
      table: NameInput,
      constraint: string | ConstraintInput,
      options?: { readonly ifExists?: boolean },
    ): readonly Op<"drop-constraint">[] {
      checkOptions("dropConstraint", options, ["ifExists"]);
      const name = toName("dropConstraint", "table", table);
      return [
        {
          kind: "drop-constraint",
          table: name,
          constraint: dropped(spelling, name, constraint),
          ...flag("ifExists", options?.ifExists),
        },
      ];
    },
    renameConstraint(table: NameInput, name: string, to: string): readonly Op<"rename-constraint">[] {
      return [
        {
          kind: "rename-constraint",
          table: toName("renameConstraint", "table", table),
          constraint: checkName("renameConstraint", "constraint", name),
          to: checkName("renameConstraint", "new constraint", to),
        },
      ];
    },
    validateConstraint(table: NameInput, name: string): readonly Op<"validate-constraint">[] {
      return [
        {
          kind: "validate-constraint",
          table: toName("validateConstraint", "table", table),
          constraint: checkName("validateConstraint", "constraint", name),
        },
      ];
    },
  };
}
