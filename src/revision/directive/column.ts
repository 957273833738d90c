import type { ColumnChanges, Op } from "../../op/op.js";
import { column } from "../../schema/build.js";
import type { ObjectName } from "../../schema/name.js";
import type { Column } from "../../schema/schema.js";
import { type ColumnBuilder, type ColumnSpec, columnSpec } from "../column-builder.js";
import type { AlterColumnInput, NameInput, NotNullInput } from "../operations.js";
import { checkName, checkOptions, checkWord, flag, mistake, toName } from "./check-input.js";
import {
  type Spelling,
  sequenceOptionNames,
  toDefault,
  toExpression,
  toOnlySequenceOptions,
  toPlainType,
  toSequenceOptions,
  toType,
} from "./spelling.js";
import { toOwnSequence, toStorage } from "./storage.js";

function columnDefault(spelling: Spelling, directive: string, spec: ColumnSpec): string | null {
  const given = spec.default;
  if (given === undefined) return null;
  if ("sql" in given) return toDefault(spelling, directive, given.sql);
  if (spec.type.dimensions > 0 && Array.isArray(given.value)) {
    throw mistake(
      `${directive} was given a list as the default of an array`,
      'Write the array as the engine does: .default("{}").',
    );
  }
  // Beside what `ValueInput` lists, the builder's types admit JSON and bytes, which the dialect writes as literals.
  return toDefault(spelling, directive, given.value as string);
}

const conflicts = ["rollback", "fail", "ignore", "replace"] as const;

function toNotNull(directive: string, input: NotNullInput): NonNullable<Column["notNull"]> {
  checkOptions(`${directive}, notNull`, input, ["name", "onConflict", "noInherit", "notValid"]);
  return {
    name: input.name ?? null,
    onConflict:
      input.onConflict === undefined ? null : checkWord(directive, "onConflict", input.onConflict, conflicts),
    ...flag("noInherit", input.noInherit),
    ...flag("notValid", input.notValid),
  };
}

/** The column that a builder describes, normalised. */
export function toColumn(
  spelling: Spelling,
  directive: string,
  name: string,
  builder: ColumnBuilder,
): Column {
  checkName(directive, "column", name);
  const spec = columnSpec(builder);
  const { identity, generated, collation, ownSequence } = spec;
  const own = ownSequence === undefined ? {} : { own: toOwnSequence(spelling, directive, ownSequence) };
  return spelling.normalize.column(
    column(name, toType(spelling, directive, spec.type), {
      nullable: spec.nullable,
      default: columnDefault(spelling, directive, spec),
      identity: identity
        ? {
            generation: identity.generation,
            sequence: toOnlySequenceOptions(`${directive}, identity`, identity.sequence),
            ...own,
          }
        : null,
      generated: generated
        ? {
            expression: toExpression(spelling, directive, "generatedAs", generated.as),
            storage: generated.storage,
          }
        : null,
      collation: collation === undefined ? null : toName(directive, "collation", collation),
      comment: spec.comment ?? null,
      ...(spec.notNull === undefined ? {} : { notNull: toNotNull(directive, spec.notNull) }),
      ...(spec.storage === undefined ? {} : { storage: toStorage(directive, spec.storage) }),
      ...(identity === undefined ? own : {}),
      ...flag("inherited", spec.inherited),
    }),
  );
}

function typeChange(spelling: Spelling, directive: string, input: AlterColumnInput): ColumnChanges {
  if (input.type === undefined) {
    if (input.using === undefined) return {};
    throw mistake(
      `${directive} was given "using" without "type"`,
      "Give the new type as well: `using` says how old values become values of it.",
    );
  }
  const type = toPlainType(spelling, directive, input.type);
  if (input.using === undefined) return { type };
  return { type, using: toExpression(spelling, directive, "using", input.using) };
}

function identityChange(
  spelling: Spelling,
  directive: string,
  identity: AlterColumnInput["identity"],
): ColumnChanges {
  if (identity === undefined) return {};
  if (identity === null) return { identity: null };
  checkOptions(`${directive}, identity`, identity, ["generation", "ownSequence", ...sequenceOptionNames]);
  const generation = checkWord(directive, "identity", identity.generation, ["always", "by-default"]);
  const { ownSequence } = identity;
  return {
    identity: {
      generation,
      sequence: toSequenceOptions(directive, identity),
      ...(ownSequence === undefined ? {} : { own: toOwnSequence(spelling, directive, ownSequence) }),
    },
  };
}

function generatedChange(
  spelling: Spelling,
  directive: string,
  generated: AlterColumnInput["generated"],
): ColumnChanges {
  if (generated === undefined) return {};
  if (generated === null) return { generated: null };
  checkOptions(`${directive}, generated`, generated, ["as", "storage"]);
  const expression = toExpression(spelling, directive, "generated", generated.as);
  return { generated: { expression, storage: generated.storage ?? "stored" } };
}

const changeNames = [
  "rename",
  "type",
  "using",
  "nullable",
  "default",
  "identity",
  "generated",
  "collation",
  "notNull",
  "storage",
  "ownSequence",
  "comment",
] as const;

function toChanges(spelling: Spelling, directive: string, input: AlterColumnInput): ColumnChanges {
  const { collation, notNull, storage, ownSequence } = input;
  return {
    ...typeChange(spelling, directive, input),
    ...(input.nullable === undefined ? {} : { nullable: input.nullable }),
    ...(input.default === undefined ? {} : { default: toDefault(spelling, directive, input.default) }),
    ...identityChange(spelling, directive, input.identity),
    ...generatedChange(spelling, directive, input.generated),
    ...(collation === undefined
      ? {}
      : { collation: collation === null ? null : toName(directive, "collation", collation) }),
    ...(notNull === undefined ? {} : { notNull: notNull === null ? null : toNotNull(directive, notNull) }),
    ...(storage === undefined ? {} : { storage: storage === null ? null : toStorage(directive, storage) }),
    ...(ownSequence === undefined
      ? {}
      : { own: ownSequence === null ? null : toOwnSequence(spelling, directive, ownSequence) }),
  };
}

function alterColumn(
  spelling: Spelling,
  table: ObjectName,
  name: string,
  input: AlterColumnInput,
): readonly Op<"alter-column" | "rename-column" | "set-comment">[] {
  const directive = "alterColumn";
  checkName(directive, "column", name);
  checkOptions(directive, input, changeNames);
  if (!changeNames.some((key) => input?.[key] !== undefined)) {
    throw mistake(
      `${directive} was given nothing to change`,
      `Give at least one of ${changeNames.join(", ")}.`,
    );
  }
  const changes = toChanges(spelling, directive, input);
  const ops: Op<"alter-column" | "rename-column" | "set-comment">[] = [];
  if (Object.keys(changes).length > 0) ops.push({ kind: "alter-column", table, column: name, changes });
  if (input.rename !== undefined) {
    checkName(directive, "column", input.rename);
    ops.push({ kind: "rename-column", table, column: name, to: input.rename });
  }
  if (input.comment !== undefined) {
    const target = { on: "column", table, name: input.rename ?? name } as const;
    ops.push({ kind: "set-comment", target, comment: input.comment });
  }
  return ops;
}

/** Directives on the columns of a table. */
export function columnDirectives(spelling: Spelling) {
  const at = (directive: string, table: NameInput) => toName(directive, "table", table);
  return {
    addColumn(
      table: NameInput,
      name: string,
      definition: ColumnBuilder,
      options?: { readonly ifNotExists?: boolean },
    ): readonly Op<"add-column">[] {
      checkOptions("addColumn", options, ["ifNotExists"]);
      return [
        {
          kind: "add-column",
          table: at("addColumn", table),
          column: toColumn(spelling, "addColumn", name, definition),
          ...flag("ifNotExists", options?.ifNotExists),
        },
      ];
    },
    dropColumn(
      table: NameInput,
      name: string,
      options?: { readonly ifExists?: boolean },
    ): readonly Op<"drop-column">[] {
      checkOptions("dropColumn", options, ["ifExists"]);
      return [
        {
          kind: "drop-column",
          table: at("dropColumn", table),
          column: checkName("dropColumn", "column", name),
          ...flag("ifExists", options?.ifExists),
        },
      ];
    },
    renameColumn(table: NameInput, name: string, to: string): readonly Op<"rename-column">[] {
      return [
        {
          kind: "rename-column",
          table: at("renameColumn", table),
          column: checkName("renameColumn", "column", name),
          to: checkName("renameColumn", "new column", to),
        },
      ];
    },
    alterColumn: (table: NameInput, name: string, changes: AlterColumnInput) =>
      alterColumn(spelling, at("alterColumn", table), name, changes),
  };
}
