import type { Op } from "../../op/op.js";
import { constraintBase } from "../../schema/build.js";
import type { ObjectName } from "../../schema/name.js";
import type {
  Check,
  Constraint,
  ConstraintBase,
  ConstraintIndex,
  Exclude,
  ForeignKey,
  ForeignKeyAction,
  PrimaryKey,
  Unique,
} from "../../schema/schema.js";
import type {
  CheckInput,
  ConstraintIndexInput,
  ConstraintInput,
  ExcludeInput,
  ForeignKeyInput,
  NameInput,
  PrimaryKeyInput,
  UniqueInput,
  UsingIndexInput,
} from "../operations.js";
import { isSqlText, type SqlText } from "../sql-text.js";
import { checkName, checkNames, checkOptions, checkWord, flag, mistake, toName } from "./check-input.js";
import { toIndexKey } from "./index-key.js";
import { type Spelling, toExpression } from "./spelling.js";
import { toParameters } from "./storage.js";

const actions: readonly ForeignKeyAction[] = ["no action", "restrict", "cascade", "set null", "set default"];
const conflicts = ["rollback", "fail", "ignore", "replace"] as const;
const deferrals = ["immediate", "deferrable", "deferred"] as const;

const deferralOf = (directive: string, deferral: (typeof deferrals)[number] | undefined) =>
  checkWord(directive, "deferral", deferral ?? "immediate", deferrals);

const keyNames = ["onConflict", "orderings", "withoutOverlaps", "index", "inherited", "comment"];

const isList = (input: unknown): input is readonly string[] => Array.isArray(input);

/** What every constraint has; a name that is `null` is left to the engine. */
function baseOf(
  directive: string,
  name: string | null,
  input: { readonly comment?: string; readonly inherited?: boolean },
): ConstraintBase {
  const base = constraintBase(name === null ? null : checkName(directive, "constraint", name));
  return { ...base, comment: input.comment ?? null, ...flag("inherited", input.inherited) };
}

function indexProperty(
  directive: string,
  index: ConstraintIndexInput | undefined,
): { readonly index?: ConstraintIndex } {
  if (index === undefined) return {};
  checkOptions(`${directive}, index`, index, ["parameters", "tablespace", "attachedTo"]);
  const { parameters, tablespace, attachedTo } = index;
  return {
    index: {
      ...(parameters === undefined ? {} : { parameters: toParameters(directive, parameters) }),
      ...(tablespace === undefined ? {} : { tablespace: checkName(directive, "tablespace", tablespace) }),
      ...(attachedTo === undefined ? {} : { attachedTo: toName(directive, "constraint", attachedTo) }),
    },
  };
}

/** The columns that a foreign key sets on delete, where these are not all. */
function setColumnsOf(directive: string, input: ForeignKeyInput): Pick<ForeignKey, "setColumns"> {
  if (input.setColumns === undefined) return {};
  const setColumns = checkNames(directive, "column", input.setColumns);
  const other = setColumns.find((name) => !input.columns.includes(name));
  if (other === undefined) return { setColumns };
  throw mistake(
    `${directive} sets "${other}" on delete, which is not a column of the foreign key`,
    `Name some of its columns: ${input.columns.map((name) => `"${name}"`).join(", ")}.`,
  );
}

type KeyProperty = "onConflict" | "orderings" | "withoutOverlaps" | "index";

/** The properties of a key that an engine has of its own, where they are given. */
function keyProperties(
  directive: string,
  { onConflict, orderings, withoutOverlaps, index, columns }: Pick<PrimaryKeyInput, KeyProperty | "columns">,
): Pick<PrimaryKey, KeyProperty> {
  if (orderings !== undefined && orderings.length !== columns.length) {
    throw mistake(
      `${directive} has ${orderings.length} orderings for ${columns.length} columns`,
      "Give one each.",
    );
  }
  return {
    ...(onConflict === undefined
      ? {}
      : { onConflict: checkWord(directive, "onConflict", onConflict, conflicts) }),
    ...(orderings === undefined
      ? {}
      : { orderings: orderings.map(({ order, collation }) => ({ order, collation: collation ?? null })) }),
    ...flag("withoutOverlaps", withoutOverlaps),
    ...indexProperty(directive, index),
  };
}

export function toPrimaryKey(
  directive: string,
  name: string | null,
  input: readonly string[] | PrimaryKeyInput,
): PrimaryKey {
  const key: PrimaryKeyInput = isList(input) ? { columns: input } : input;
  checkOptions(directive, key, ["name", "columns", "include", "deferral", "autoincrement", ...keyNames]);
  return {
    kind: "primary-key",
    ...baseOf(directive, name, key),
    columns: checkNames(directive, "column", key.columns),
    include: [...(key.include ?? [])],
    deferral: deferralOf(directive, key.deferral),
    autoincrement: key.autoincrement ?? false,
    ...keyProperties(directive, key),
  };
}

export function toUnique(
  directive: string,
  name: string | null,
  input: readonly string[] | UniqueInput,
): Unique {
  const unique: UniqueInput = isList(input) ? { columns: input } : input;
  checkOptions(directive, unique, ["columns", "include", "nullsNotDistinct", "deferral", ...keyNames]);
  return {
    kind: "unique",
    ...baseOf(directive, name, unique),
    columns: checkNames(directive, "column", unique.columns),
    include: [...(unique.include ?? [])],
    nullsNotDistinct: unique.nullsNotDistinct ?? false,
    deferral: deferralOf(directive, unique.deferral),
    ...keyProperties(directive, unique),
  };
}

const foreignKeyNames = [
  "columns",
  "references",
  "onDelete",
  "onUpdate",
  "match",
  "deferral",
  "notValid",
  "setColumns",
  "notEnforced",
  "period",
  "inherited",
  "comment",
];

/** The columns on both sides, as many here as there. */
function foreignKeyColumns(
  directive: string,
  input: ForeignKeyInput,
): { readonly columns: readonly string[]; readonly target: readonly string[] } {
  const columns = checkNames(directive, "column", input.columns);
  // No columns are the primary key of the other table.
  const toKey = input.references?.columns?.length === 0;
  const target = toKey ? [] : checkNames(`${directive}, references`, "column", input.references?.columns);
  if (toKey || columns.length === target.length) return { columns, target };
  throw mistake(
    `${directive} points ${columns.length} columns at ${target.length}`,
    "Name as many referenced columns as referencing ones, in the same order.",
  );
}

export function toForeignKey(directive: string, name: string | null, input: ForeignKeyInput): ForeignKey {
  checkOptions(directive, input, foreignKeyNames);
  checkOptions(`${directive}, references`, input.references, ["table", "columns"]);
  const { columns, target } = foreignKeyColumns(directive, input);
  return {
    kind: "foreign-key",
    ...baseOf(directive, name, input),
    columns,
    references: { table: toName(directive, "referenced table", input.references.table), columns: target },
    onDelete: checkWord(directive, "onDelete", input.onDelete ?? "no action", actions),
    onUpdate: checkWord(directive, "onUpdate", input.onUpdate ?? "no action", actions),
    match: checkWord(directive, "match", input.match ?? "simple", ["simple", "full"]),
    deferral: deferralOf(directive, input.deferral),
    validated: input.notValid !== true,
    ...setColumnsOf(directive, input),
    ...(input.notEnforced === true ? { enforced: false } : {}),
    ...flag("period", input.period),
  };
}

export function toCheck(
  spelling: Spelling,
  directive: string,
  name: string | null,
  input: SqlText | CheckInput,
): Check {
  // A plain string is most often a forgotten sql`…`, which is said where the expression is read.
  const check: CheckInput = isSqlText(input) || typeof input === "string" ? { expression: input } : input;
  checkOptions(directive, check, [
    "expression",
    "noInherit",
    "notValid",
    "notEnforced",
    "inherited",
    "comment",
  ]);
  return {
    kind: "check",
    ...baseOf(directive, name, check),
    expression: toExpression(spelling, directive, "the check", check?.expression),
    noInherit: check.noInherit ?? false,
    validated: check.notValid !== true,
    ...(check.notEnforced === true ? { enforced: false } : {}),
  };
}

export function toExclude(
  spelling: Spelling,
  directive: string,
  name: string | null,
  input: ExcludeInput,
): Exclude {
  checkOptions(directive, input, [
    "using",
    "elements",
    "where",
    "deferral",
    "include",
    "index",
    "inherited",
    "comment",
  ]);
  if (!Array.isArray(input.elements) || input.elements.length === 0) {
    throw mistake(`${directive} was given no elements`, 'Give at least one: { key: "period", with: "&&" }.');
  }
  return {
    kind: "exclude",
    ...baseOf(directive, name, input),
    method: input.using ?? "gist",
    elements: input.elements.map((element) => ({
      key: toIndexKey(spelling, directive, element.key),
      operator: checkName(directive, "operator", element.with),
    })),
    where: input.where === undefined ? null : toExpression(spelling, directive, "where", input.where),
    deferral: deferralOf(directive, input.deferral),
    ...(input.include === undefined ? {} : { include: [...input.include] }),
    ...indexProperty(directive, input.index),
  };
}

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
