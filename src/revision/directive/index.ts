import type { Op } from "../../op/op.js";
import { index as buildIndex } from "../../schema/build.js";
import type { Index } from "../../schema/schema.js";
import type { CreateIndexOptions, IndexKeyInput, NameInput } from "../operations.js";
import { checkName, checkOptions, flag, mistake, toName } from "./check-input.js";
import { toIndexKey } from "./index-key.js";
import { type Spelling, toExpression } from "./spelling.js";
import { toParameters, toStatistics } from "./storage.js";

const optionNames = [
  "unique",
  "using",
  "include",
  "where",
  "nullsNotDistinct",
  "parameters",
  "concurrently",
  "tablespace",
  "statistics",
  "only",
  "attachedTo",
  "comment",
  "ifNotExists",
];

/** Where the index is, and of what it is a part. */
function placement(
  directive: string,
  { tablespace, statistics, only, attachedTo }: CreateIndexOptions,
): Pick<Index, "tablespace" | "statistics" | "only" | "attachedTo"> {
  const targets = Object.entries(statistics ?? {});
  return {
    ...(tablespace === undefined ? {} : { tablespace: checkName(directive, "tablespace", tablespace) }),
    ...(statistics === undefined
      ? {}
      : {
          statistics: Object.fromEntries(targets.map(([key, to]) => [key, toStatistics(directive, to)])),
        }),
    ...(attachedTo === undefined ? {} : { attachedTo: toName(directive, "index", attachedTo) }),
    ...flag("only", only),
  };
}

function createIndex(
  spelling: Spelling,
  name: string,
  table: NameInput,
  keys: readonly IndexKeyInput[],
  options: CreateIndexOptions = {},
): readonly Op<"create-index">[] {
  const directive = "createIndex";
  checkOptions(directive, options, optionNames);
  if (!Array.isArray(keys) || keys.length === 0) {
    throw mistake(`${directive} was given no keys`, 'Name at least one column in a list: ["email"].');
  }
  const index = buildIndex(
    checkName(directive, "index", name),
    keys.map((key) => toIndexKey(spelling, directive, key)),
    {
      unique: options.unique ?? false,
      method: options.using ?? "btree",
      include: [...(options.include ?? [])],
      where: options.where === undefined ? null : toExpression(spelling, directive, "where", options.where),
      nullsNotDistinct: options.nullsNotDistinct ?? false,
      parameters: toParameters(directive, options.parameters),
      comment: options.comment ?? null,
      concurrently: options.concurrently ?? false,
      ...placement(directive, options),
    },
  );
  return [
    {
      kind: "create-index",
      table: toName(directive, "table", table),
      index: spelling.normalize.index(index),
      ...flag("concurrently", options.concurrently),
      ...flag("ifNotExists", options.ifNotExists),
    },
  ];
}

function tableOf(directive: string, options: { readonly table: NameInput } | undefined): NameInput {
  if (options?.table !== undefined) return options.table;
  throw mistake(`${directive} was not told the table`, 'Give it: { table: "persons" }.');
}

/** Directives on indexes. */
export function indexDirectives(spelling: Spelling) {
  return {
    createIndex: (
      name: string,
      table: NameInput,
      keys: readonly IndexKeyInput[],
      options?: CreateIndexOptions,
    ) => createIndex(spelling, name, table, keys, options),
    dropIndex(
      name: string,
      options: { readonly table: NameInput; readonly concurrently?: boolean; readonly ifExists?: boolean },
    ): readonly Op<"drop-index">[] {
      checkOptions("dropIndex", options, ["table", "concurrently", "ifExists"]);
      return [
        {
          kind: "drop-index",
          table: toName("dropIndex", "table", tableOf("dropIndex", options)),
          index: checkName("dropIndex", "index", name),
          ...flag("concurrently", options.concurrently),
          ...flag("ifExists", options.ifExists),
        },
      ];
    },
    renameIndex(
      name: string,
      to: string,
      options: { readonly table: NameInput; readonly ifExists?: boolean },
    ): readonly Op<"rename-index">[] {
      checkOptions("renameIndex", options, ["table", "ifExists"]);
      return [
        {
          kind: "rename-index",
          table: toName("renameIndex", "table", tableOf("renameIndex", options)),
          index: checkName("renameIndex", "index", name),
          to: checkName("renameIndex", "new index", to),
          ...flag("ifExists", options.ifExists),
        },
      ];
    },
  };
}
