import type { Op } from "../../op/op.js";
import type { NameInput, ViewInput } from "../operations.js";
import { checkName, checkNames, checkOptions, flag, mistake, toName } from "./check-input.js";
import { type Spelling, toExpression } from "./spelling.js";
import { toParameters } from "./table.js";

const optionNames = [
  "as",
  "columns",
  "materialized",
  "parameters",
  "withData",
  "using",
  "tablespace",
  "comment",
  "orReplace",
];

/** A view's query ends without a semicolon, however it was written. */
const withoutSemicolon = (query: string) => query.replace(/[\s;]+$/, "");

function createView(spelling: Spelling, name: NameInput, input: ViewInput): readonly Op<"create-view">[] {
  const directive = "createView";
  checkOptions(directive, input, optionNames);
  if (input.orReplace && input.materialized) {
    throw mistake("A materialised view cannot be replaced in place", "Drop it with op.dropView first.");
  }
  const view = {
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
  };
  return [
    { kind: "create-view", view: spelling.normalize.view(view), ...flag("orReplace", input.orReplace) },
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
    renameView(
      name: NameInput,
      to: string,
      options?: { readonly materialized?: boolean },
    ): readonly Op<"rename-view">[] {
      checkOptions("renameView", options, ["materialized"]);
      return [
        {
          kind: "rename-view",
          name: toName("renameView", "view", name),
          materialized: options?.materialized ?? false,
          to: checkName("renameView", "new view", to),
        },
      ];
    },
  };
}
