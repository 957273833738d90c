import type { Op } from "../../op/op.js";
import type { Partition, Partitioning } from "../../schema/schema.js";
import type { NameInput, PartitionByInput, PartitionOfInput } from "../operations.js";
import { checkName, checkOptions, checkWord, flag, mistake, toName } from "./check-input.js";
import { type Spelling, toExpression } from "./spelling.js";

export function toPartitioning(spelling: Spelling, directive: string, input: PartitionByInput): Partitioning {
  checkOptions(`${directive}, partitionBy`, input, ["strategy", "keys"]);
  return {
    strategy: checkWord(directive, "strategy", input.strategy, ["range", "list", "hash"]),
    keys: toExpression(spelling, directive, "keys", input.keys),
  };
}

export function toPartition(
  spelling: Spelling,
  directive: string,
  what: string,
  input: PartitionOfInput,
): Partition {
  checkOptions(what, input, ["table", "bounds"]);
  return {
    of: toName(directive, "partitioned table", input?.table),
    bounds: toExpression(spelling, directive, "bounds", input.bounds),
  };
}

/** Parents in order, none of them twice. */
export function toParents(directive: string, input: readonly NameInput[]) {
  if (Array.isArray(input)) return input.map((parent) => toName(directive, "parent", parent));
  throw mistake(`${directive} was given no list of tables`, 'Give the parents in a list: ["persons"].');
}

/** Directives on partitions and inheritance. */
export function partitionDirectives(spelling: Spelling) {
  return {
    attachPartition: (name: NameInput, partition: PartitionOfInput): readonly Op<"attach-partition">[] => [
      {
        kind: "attach-partition",
        name: toName("attachPartition", "table", name),
        partition: toPartition(spelling, "attachPartition", "attachPartition", partition),
      },
    ],
    detachPartition(
      name: NameInput,
      options?: { readonly concurrently?: boolean },
    ): readonly Op<"detach-partition">[] {
      checkOptions("detachPartition", options, ["concurrently"]);
      return [
        {
          kind: "detach-partition",
          name: toName("detachPartition", "table", name),
          ...flag("concurrently", options?.concurrently),
        },
      ];
    },
    setInheritance: (name: NameInput, inherits: readonly NameInput[]): readonly Op<"set-inheritance">[] => [
      {
        kind: "set-inheritance",
        name: toName("setInheritance", "table", name),
        inherits: toParents("setInheritance", inherits),
      },
    ],
    attachIndex(
      name: string,
      to: NameInput,
      options: { readonly table: NameInput },
    ): readonly Op<"attach-index">[] {
      const directive = "attachIndex";
      checkOptions(directive, options, ["table"]);
      if (options?.table === undefined) {
        throw mistake(`${directive} was not told the table`, 'Give it: { table: "events_2026" }.');
      }
      return [
        {
          kind: "attach-index",
          table: toName(directive, "table", options.table),
          index: checkName(directive, "index", name),
          to: toName(directive, "index of the partitioned table", to),
        },
      ];
    },
  };
}
