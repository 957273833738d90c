import type { Op } from "../../op/op.js";
import type { NameInput, PolicyInput } from "../operations.js";
import { checkName, checkNames, checkOptions, checkWord, flag, mistake, toName } from "./check-input.js";
import { type Spelling, toExpression } from "./spelling.js";

const commands = ["all", "select", "insert", "update", "delete"] as const;

function createPolicy(
  spelling: Spelling,
  name: string,
  table: NameInput,
  input: PolicyInput,
): readonly Op<"create-policy">[] {
  const directive = "createPolicy";
  checkOptions(directive, input, ["permissive", "for", "to", "using", "check", "comment"]);
  const policy = {
    name: checkName(directive, "policy", name),
    permissive: input.permissive ?? true,
    command: checkWord(directive, "for", input.for ?? "all", commands),
    roles: input.to === undefined ? ["public"] : checkNames(directive, "role", input.to),
    using: input.using === undefined ? null : toExpression(spelling, directive, "using", input.using),
    check: input.check === undefined ? null : toExpression(spelling, directive, "check", input.check),
    comment: input.comment ?? null,
  };
  return [
    {
      kind: "create-policy",
      table: toName(directive, "table", table),
      policy: spelling.normalize.policy(policy),
    },
  ];
}

/** Directives on row security policies. */
export function policyDirectives(spelling: Spelling) {
  return {
    createPolicy: (name: string, table: NameInput, policy: PolicyInput) =>
      createPolicy(spelling, name, table, policy),
    dropPolicy(
      name: string,
      options: { readonly table: NameInput; readonly ifExists?: boolean },
    ): readonly Op<"drop-policy">[] {
      checkOptions("dropPolicy", options, ["table", "ifExists"]);
      if (options?.table === undefined) {
        throw mistake("dropPolicy was not told the table", 'Give it: { table: "persons" }.');
      }
      return [
        {
          kind: "drop-policy",
          table: toName("dropPolicy", "table", options.table),
          policy: checkName("dropPolicy", "policy", name),
          ...flag("ifExists", options.ifExists),
        },
      ];
    },
  };
}
