import { constraintBase } from "../../schema/build.js";
import type {
  Check,
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
  ExcludeInput,
  ForeignKeyInput,
  PrimaryKeyInput,
  UniqueInput,
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

/** True for a list of columns alone. */
export const isList = (input: unknown): input is readonly string[] => Array.isArray(input);

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
  checkOptions(`${directive}, index`, index, ["parameters", "tablespace", "attachedTo", "comment"]);
  const { parameters, tablespace, attachedTo, comment } = index;
  return {
    index: {
      ...(parameters === undefined ? {} : { parameters: toParameters(directive, parameters) }),
      ...(tablespace === undefined ? {} : { tablespace: checkName(directive, "tablespace", tablespace) }),
      ...(attachedTo === undefined ? {} : { attachedTo: toName(directive, "constraint", attachedTo) }),
      ...(comment === undefined ? {} : { comment }),
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

/** A primary key as it is asked for; a name that is `null` is left to the engine. */
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
