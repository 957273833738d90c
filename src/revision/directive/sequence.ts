import type { Op } from "../../op/op.js";
import type { Sequence } from "../../schema/schema.js";
import { columnSpec, type TypeBuilder, t } from "../column-builder.js";
import type { NameInput, SequenceInput } from "../operations.js";
import { checkName, checkOptions, flag, toName } from "./check-input.js";
import { type Spelling, sequenceOptionNames, toSequenceOptions, toType } from "./spelling.js";

type Input = SequenceInput & {
  readonly type?: TypeBuilder;
  readonly ownedBy?: { readonly table: NameInput; readonly column: string };
  readonly unlogged?: boolean;
  readonly comment?: string;
};

function toSequence(spelling: Spelling, directive: string, name: NameInput, input: Input): Sequence {
  const { ownedBy } = input;
  checkOptions(`${directive}, ownedBy`, ownedBy, ["table", "column"]);
  return spelling.normalize.sequence({
    ...toName(directive, "sequence", name),
    type: toType(spelling, directive, columnSpec(input.type ?? t.bigint()).type),
    options: toSequenceOptions(directive, input),
    ownedBy:
      ownedBy === undefined
        ? null
        : {
            table: toName(directive, "table", ownedBy.table),
            column: checkName(directive, "column", ownedBy.column),
          },
    comment: input.comment ?? null,
    ...flag("unlogged", input.unlogged),
  });
}

/** Directives on sequences. */
export function sequenceDirectives(spelling: Spelling) {
  return {
    createSequence(
      name: NameInput,
      options: Input & { readonly ifNotExists?: boolean } = {},
    ): readonly Op<"create-sequence">[] {
      const known = [...sequenceOptionNames, "type", "ownedBy", "unlogged", "comment", "ifNotExists"];
      checkOptions("createSequence", options, known);
      return [
        {
          kind: "create-sequence",
          sequence: toSequence(spelling, "createSequence", name, options),
          ...flag("ifNotExists", options.ifNotExists),
        },
      ];
    },
    alterSequence(name: NameInput, options: Omit<Input, "comment">): readonly Op<"alter-sequence">[] {
      checkOptions("alterSequence", options, [...sequenceOptionNames, "type", "ownedBy", "unlogged"]);
      return [{ kind: "alter-sequence", sequence: toSequence(spelling, "alterSequence", name, options) }];
    },
    dropSequence(name: NameInput, options?: { readonly ifExists?: boolean }): readonly Op<"drop-sequence">[] {
      checkOptions("dropSequence", options, ["ifExists"]);
      return [
        {
          kind: "drop-sequence",
          name: toName("dropSequence", "sequence", name),
          ...flag("ifExists", options?.ifExists),
        },
      ];
    },
    renameSequence(
      name: NameInput,
      to: string,
      options?: { readonly ifExists?: boolean },
    ): readonly Op<"rename-sequence">[] {
      checkOptions("renameSequence", options, ["ifExists"]);
      return [
        {
          kind: "rename-sequence",
          name: toName("renameSequence", "sequence", name),
          to: checkName("renameSequence", "new sequence", to),
          ...flag("ifExists", options?.ifExists),
        },
      ];
    },
  };
}
