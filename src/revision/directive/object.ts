import type { Op } from "../../op/op.js";
import type { DefinedName } from "../../schema/address.js";
import type { ObjectName } from "../../schema/name.js";
import { type Defined, type DefinedKind, definedKinds } from "../../schema/schema.js";
import { type NamedObjectKind, objectNamings } from "../object-naming.js";
import type { DefineOptions, NameInput, ObjectInput, ReplaceOptions, RoutineInput } from "../operations.js";
import type { SqlText } from "../sql-text.js";
import { checkName, checkOptions, checkWord, flag, mistake, toName } from "./check-input.js";
import { type Spelling, toExpression } from "./spelling.js";

const noName: ObjectName = { namespace: null, name: "" };

function knownBy(
  kind: DefinedKind,
  name: ObjectName,
  more: Partial<Pick<DefinedName, "table" | "signature">> = {},
): DefinedName {
  return { kind, ...name, table: null, signature: "", ...more };
}

function checkText(directive: string, what: string, text: unknown): string {
  if (typeof text === "string") return text;
  throw mistake(`${directive} was given ${String(text)} for ${what}`, "Give it as a string.");
}

/** A function, procedure or aggregate. */
function toRoutine(directive: string, kind: DefinedKind, input: RoutineInput): DefinedName {
  if (typeof input === "string") return knownBy(kind, toName(directive, kind, input));
  checkOptions(directive, input ?? undefined, ["schema", "name", "arguments"]);
  const { arguments: types, ...name } = input ?? {};
  return knownBy(kind, toName(directive, kind, name), {
    signature: checkText(directive, "arguments", types ?? ""),
  });
}

/** An object of any kind, by all that it may be known by. */
export function toObject(directive: string, kind: unknown, input: ObjectInput): DefinedName {
  const checked = checkWord(directive, "the kind", kind, definedKinds);
  const belongs = checked === "trigger" || checked === "trigger-state" || checked === "rule";
  const { schema, name, table, signature } = typeof input === "string" ? { name: input } : (input ?? {});
  if (typeof input !== "string") {
    checkOptions(directive, input ?? undefined, ["schema", "name", "table", "signature"]);
  }
  if (name === undefined && signature === undefined) {
    throw mistake(
      `${directive} was not told which ${checked.replaceAll("-", " ")}`,
      'Give its name, or what else it is known by: { signature: "text AS integer" }.',
    );
  }
  if (belongs && table === undefined) {
    throw mistake(
      `${directive} was not told the table of the ${checked}`,
      'Give it: { name, table: "persons" }.',
    );
  }
  const called =
    name === undefined || name === ""
      ? { ...noName, namespace: schema ?? null }
      : toName(directive, "object", { name, ...(schema === undefined ? {} : { schema }) });
  return knownBy(checked, called, {
    table: table === undefined ? null : toName(directive, "table", table),
    signature: checkText(directive, "signature", signature ?? ""),
  });
}

/** The statement as records have it: without OR REPLACE and semicolon. */
function toDefinition(spelling: Spelling, directive: string, text: SqlText): string {
  return toStatement(spelling, directive, "the statement", text).replace(
    /^CREATE\s+OR\s+REPLACE\s+/i,
    "CREATE ",
  );
}

function toStatement(spelling: Spelling, directive: string, what: string, text: SqlText): string {
  const statement = toExpression(spelling, directive, what, text).replace(/^\s+|[\s;]+$/g, "");
  if (statement !== "") return statement;
  throw mistake(`${directive} was given nothing for ${what}`, "Write the statement that makes the object.");
}

function toDefined(
  spelling: Spelling,
  directive: string,
  object: DefinedName,
  definition: SqlText,
  options: DefineOptions = {},
): Defined {
  if (options.settings !== undefined && !Array.isArray(options.settings)) {
    throw mistake(`${directive} expects its settings in a list`, "Write settings: [sql`…`].");
  }
  return {
    ...object,
    definition: toDefinition(spelling, directive, definition),
    settings: (options.settings ?? []).map((one) => toStatement(spelling, directive, "a setting", one)),
    comment: options.comment ?? null,
  };
}

interface Verbs {
  create(object: DefinedName, definition: SqlText, options?: DefineOptions): readonly Op<"create-defined">[];
  replace(
    object: DefinedName,
    definition: SqlText,
    options?: ReplaceOptions,
  ): readonly Op<"replace-defined">[];
  drop(object: DefinedName, options?: { readonly ifExists?: boolean }): readonly Op<"drop-defined">[];
}

/** What can be done to an object, in the name of a directive. */
function verbs(spelling: Spelling, directive: string): Verbs {
  return {
    create(object, definition, options) {
      checkOptions(directive, options, ["settings", "comment", "unchecked"]);
      return [
        {
          kind: "create-defined",
          object: toDefined(spelling, directive, object, definition, options),
          ...flag("unchecked", options?.unchecked),
        },
      ];
    },
    replace(object, definition, options) {
      checkOptions(directive, options, ["settings", "unchecked"]);
      return [
        {
          kind: "replace-defined",
          object: toDefined(spelling, directive, object, definition, options),
          ...flag("unchecked", options?.unchecked),
        },
      ];
    },
    drop(object, options) {
      checkOptions(directive, options, ["ifExists"]);
      return [{ kind: "drop-defined", object, ...flag("ifExists", options?.ifExists) }];
    },
  };
}

/** What stands before the statement in a call, by how a kind is known. */
interface Identities {
  readonly single: [name: string];
  readonly name: [name: NameInput];
  readonly arguments: [object: RoutineInput];
  readonly table: [name: string, table: NameInput];
}

type Namings = typeof objectNamings;
type Noun<K extends NamedObjectKind> = Namings[K]["noun"];
type Identity<K extends NamedObjectKind> = Identities[Namings[K]["by"]];
type Replaceable = {
  [K in NamedObjectKind]: Namings[K]["replaceable"] extends true ? K : never;
}[NamedObjectKind];
type DropInput<K extends NamedObjectKind> = Namings[K]["by"] extends "table"
  ? [name: string, options: { readonly table: NameInput; readonly ifExists?: boolean }]
  : [...identity: Identity<K>, options?: { readonly ifExists?: boolean }];

/** The directives of the kinds that have their own, as the table of namings says. */
type NamedDirectives = {
  readonly [K in NamedObjectKind as `create${Noun<K>}`]: (
    ...input: [...identity: Identity<K>, definition: SqlText, options?: DefineOptions]
  ) => readonly Op<"create-defined">[];
} & {
  readonly [K in Replaceable as `replace${Noun<K>}`]: (
    ...input: [...identity: Identity<K>, definition: SqlText, options?: ReplaceOptions]
  ) => readonly Op<"replace-defined">[];
} & {
  readonly [K in NamedObjectKind as `drop${Noun<K>}`]: (
    ...input: DropInput<K>
  ) => readonly Op<"drop-defined">[];
};

/** The object that a call is about, and the rest of what the call was given. */
export function namedObject(
  directive: string,
  kind: NamedObjectKind,
  input: readonly unknown[],
): readonly [DefinedName, readonly unknown[]] {
  const [first, second] = input;
  switch (objectNamings[kind].by) {
    case "single":
      return [knownBy(kind, { namespace: null, name: checkName(directive, kind, first) }), input.slice(1)];
    case "name":
      return [knownBy(kind, toName(directive, kind, first as NameInput)), input.slice(1)];
    case "arguments":
      return [toRoutine(directive, kind, first as RoutineInput), input.slice(1)];
    case "table":
      return [onTable(directive, kind, first, second as NameInput), input.slice(2)];
  }
}

/** A trigger or rule. */
function onTable(directive: string, kind: DefinedKind, name: unknown, table: NameInput): DefinedName {
  const checked = { namespace: null, name: checkName(directive, kind, name) };
  return knownBy(kind, checked, { table: toName(directive, "table", table) });
}

function droppedFromTable(
  spelling: Spelling,
  directive: string,
  kind: DefinedKind,
  [name, options]: readonly unknown[],
): readonly Op<"drop-defined">[] {
  checkOptions(directive, options, ["table", "ifExists"]);
  const { table, ifExists } = (options ?? {}) as { readonly table?: NameInput; readonly ifExists?: boolean };
  if (table === undefined) {
    throw mistake(`${directive} was not told the table`, 'Give it: { table: "persons" }.');
  }
  const object = onTable(directive, kind, name, table);
  return verbs(spelling, directive).drop(object, ifExists === undefined ? {} : { ifExists });
}

function namedDirectives(spelling: Spelling): NamedDirectives {
  const entries = Object.entries(objectNamings).flatMap(([key, naming]) => {
    const kind = key as NamedObjectKind;
    const does = (verb: "create" | "replace" | "drop") => {
      const directive = `${verb}${naming.noun}`;
      const run = verbs(spelling, directive)[verb] as (...input: readonly unknown[]) => readonly Op[];
      return [
        directive,
        (...input: readonly unknown[]) => {
          if (verb === "drop" && naming.by === "table")
            return droppedFromTable(spelling, directive, kind, input);
          const [object, rest] = namedObject(directive, kind, input);
          return run(object, ...rest);
        },
      ] as const;
    };
    return [does("create"), ...(naming.replaceable ? [does("replace")] : []), does("drop")];
  });
  // The names are made of the same table as the type; TypeScript cannot follow that through the list.
  return Object.fromEntries(entries) as unknown as NamedDirectives;
}

/** Directives on objects that are known by the statement which makes them. */
export function objectDirectives(spelling: Spelling) {
  return {
    ...namedDirectives(spelling),
    createObject: (kind: DefinedKind, object: ObjectInput, definition: SqlText, options?: DefineOptions) =>
      verbs(spelling, "createObject").create(toObject("createObject", kind, object), definition, options),
    replaceObject: (kind: DefinedKind, object: ObjectInput, definition: SqlText, options?: ReplaceOptions) =>
      verbs(spelling, "replaceObject").replace(toObject("replaceObject", kind, object), definition, options),
    dropObject: (kind: DefinedKind, object: ObjectInput, options?: { readonly ifExists?: boolean }) =>
      verbs(spelling, "dropObject").drop(toObject("dropObject", kind, object), options),
  };
}
