import type { Op } from "../../op/op.js";
import type { View, ViewColumnProperties } from "../../schema/schema.js";
import type { NameInput, ViewColumnInput, ViewInput } from "../operations.js";
import { checkName, checkNames, checkOptions, flag, mistake, toName, toPairs } from "./check-input.js";
import { type Spelling, toDefault, toExpression } from "./spelling.js";
import { toParameters, toStorage } from "./storage.js";
import { toPhysicalOrder } from "./table.js";

const optionNames = [
  "as",
  "columns",
  "materialized",
  "parameters",
  "withData",
  "using",
  "tablespace",
  "comment",
  "columnProperties",
  "replicaIdentity",
  "clusterOn",
  "orReplace",
  "ifNotExists",
];

/** A view's query ends without a semicolon, however it was written. */
const withoutSemicolon = (query: string) => query.replace(/[\s;]+$/, "");

function toColumnProperties(
  spelling: Spelling,
  directive: string,
  input: ViewColumnInput,
): ViewColumnProperties {
  checkOptions(`${directive}, column`, input, ["default", "comment", "storage"]);
  const expression = input.default === undefined ? null : toDefault(spelling, directive, input.default);
  return {
    ...(expression === null ? {} : { default: expression }),
    ...(input.comment === undefined ? {} : { comment: input.comment }),
    ...(input.storage === undefined ? {} : { storage: toStorage(directive, input.storage) }),
  };
}

function columnProperties(
  spelling: Spelling,
  directive: string,
  { columnProperties: given }: ViewInput,
): Pick<View, "columnProperties"> {
  if (given === undefined) return {};
  const pairs = toPairs(directive, "column", given, '{ total: { comment: "with tax" } }');
  return {
    columnProperties: Object.fromEntries(
      pairs.map(([name, input]) => [name, toColumnProperties(spelling, directive, input)]),
    ),
  };
}

function createView(spelling: Spelling, name: NameInput, input: ViewInput): readonly Op<"create-view">[] {
  const directive = "createView";
  checkOptions(directive, input, optionNames);
  if (input.orReplace && input.ifNotExists) {
    throw mistake(
      `${directive} was told to replace the view and to leave it as it is`,
      "Give one of orReplace and ifNotExists.",
    );
  }
  if (input.orReplace && input.materialized) {
    throw mistake("A materialised view cannot be replaced in place", "Drop it with op.dropView first.");
  }
  const order = toPhysicalOrder(directive, input);
  const view: View = {
    ...toName(directive, "view", name),
    materialized: input.materialized ?? false,
    definition: withoutSemicolon(toExpression(spelling, directive, "as", input.as)),
    parameters: toParameters(directive, input.parameters),
    withData: input.withData ?? true,
    method: input.using ?? null,
    tablespace: input.tablespace ?? null,
    indexes: [],
    comment: input.comment ?? null,
    ...(input.columns === undefined ? {} : { columns: checkNames(directive, "column", input.columns) }),
    ...columnProperties(spelling, directive, input),
    ...(Object.keys(order).length === 0 ? {} : { options: order }),
  };
  return [
    {
      kind: "create-view",
      view: spelling.normalize.view(view),
      ...flag("orReplace", input.orReplace),
      ...flag("ifNotExists", input.ifNotExists),
    },
  ];
}

type Options = { readonly materialized?: boolean; readonly ifExists?: boolean };

/** Directives on views. */
export function viewDirectives(spelling: Spelling) {
  return {
    createView: (name: NameInput, view: ViewInput) => createView(spelling, name, view),
    dropView(name: NameInput, options?: Options): readonly Op<"drop-view">[] {
      checkOptions("dropView", options, ["materialized", "ifExists"]);
      return [
        {
          kind: "drop-view",
          name: toName("dropView", "view", name),
          materialized: options?.materialized ?? false,
          ...flag("ifExists", options?.ifExists),
        },
      ];
    },
    alterViewColumn(
      name: NameInput,
      column: string,
      properties: ViewColumnInput | null,
      options?: { readonly materialized?: boolean },
    ): readonly Op<"alter-view-column">[] {
      const directive = "alterViewColumn";
      checkOptions(directive, options, ["materialized"]);
      if (properties === undefined) {
        throw mistake(
          `${directive} was given nothing to set`,
          "Give default, comment or storage, or null to take all away.",
        );
      }
      return [
        {
          kind: "alter-view-column",
          name: toName(directive, "view", name),
          materialized: options?.materialized ?? false,
          column: checkName(directive, "column", column),
          properties: properties === null ? null : toColumnProperties(spelling, directive, properties),
        },
      ];
    },
    renameView(name: NameInput, to: string, options?: Options): readonly Op<"rename-view">[] {
      checkOptions("renameView", options, ["materialized", "ifExists"]);
      return [
        {
          kind: "rename-view",
          name: toName("renameView", "view", name),
          materialized: options?.materialized ?? false,
          to: checkName("renameView", "new view", to),
          ...flag("ifExists", options?.ifExists),
        },
      ];
    },
  };
}
