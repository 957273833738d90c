import type { Op } from "../../op/op.js";
import type { NameInput } from "../operations.js";
import { checkName, checkOptions, flag, mistake, toName } from "./check-input.js";

function toValues(directive: string, values: readonly string[]): readonly string[] {
  if (!Array.isArray(values)) {
    throw mistake(`${directive} was given no values`, 'Give them in a list: ["happy", "sad"].');
  }
  const seen = new Set<unknown>();
  for (const value of values) {
    if (typeof value !== "string") {
      throw mistake(`${directive} was given ${String(value)} as a value`, "Values of an enum are strings.");
    }
    if (seen.has(value)) throw mistake(`${directive} was given the value "${value}" twice`, "Give it once.");
    seen.add(value);
  }
  return [...values];
}

function toValue(directive: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw mistake(`${directive} was given ${String(value)} as a value`, "Values of an enum are strings.");
}

const at = (directive: string, name: NameInput) => toName(directive, "enum", name);

type Position = { readonly before?: string; readonly after?: string; readonly ifNotExists?: boolean };

function addEnumValue(
  name: NameInput,
  value: string,
  options: Position = {},
): readonly Op<"add-enum-value">[] {
  const directive = "addEnumValue";
  checkOptions(directive, options, ["before", "after", "ifNotExists"]);
  const { before, after } = options;
  if (before !== undefined && after !== undefined) {
    throw mistake(
      `${directive} was given both "before" and "after"`,
      "Give one of them, or neither for the end.",
    );
  }
  const position = before !== undefined ? { before } : after !== undefined ? { after } : null;
  return [
    {
      kind: "add-enum-value",
      name: at(directive, name),
      value: toValue(directive, value),
      ...(position === null ? {} : { position }),
      ...flag("ifNotExists", options.ifNotExists),
    },
  ];
}

function replaceEnumValues(
  name: NameInput,
  values: readonly string[],
  options: { readonly mapping?: Readonly<Record<string, string>> } = {},
): readonly Op<"replace-enum-values">[] {
  const directive = "replaceEnumValues";
  checkOptions(directive, options, ["mapping"]);
  const to = toValues(directive, values);
  for (const [from, target] of Object.entries(options.mapping ?? {})) {
    if (to.includes(target)) continue;
    throw mistake(
      `${directive} maps "${from}" to "${target}", which is not among the new values`,
      `Map it to one of ${to.map((value) => `"${value}"`).join(", ")}.`,
    );
  }
  return [
    {
      kind: "replace-enum-values",
      name: at(directive, name),
      values: to,
      ...(options.mapping === undefined ? {} : { mapping: { ...options.mapping } }),
    },
  ];
}

/** Directives on enums. */
export const enumDirectives = {
  createEnum(
    name: NameInput,
    values: readonly string[],
    options?: { readonly comment?: string },
  ): readonly Op<"create-enum">[] {
    checkOptions("createEnum", options, ["comment"]);
    return [
      {
        kind: "create-enum",
        enum: {
          ...at("createEnum", name),
          values: toValues("createEnum", values),
          comment: options?.comment ?? null,
        },
      },
    ];
  },
  dropEnum(name: NameInput, options?: { readonly ifExists?: boolean }): readonly Op<"drop-enum">[] {
    checkOptions("dropEnum", options, ["ifExists"]);
    return [{ kind: "drop-enum", name: at("dropEnum", name), ...flag("ifExists", options?.ifExists) }];
  },
  renameEnum: (name: NameInput, to: string): readonly Op<"rename-enum">[] => [
    { kind: "rename-enum", name: at("renameEnum", name), to: checkName("renameEnum", "new enum", to) },
  ],
  addEnumValue,
  renameEnumValue: (name: NameInput, from: string, to: string): readonly Op<"rename-enum-value">[] => [
    {
      kind: "rename-enum-value",
      name: at("renameEnumValue", name),
      from: toValue("renameEnumValue", from),
      to: toValue("renameEnumValue", to),
    },
  ],
  replaceEnumValues,
};
