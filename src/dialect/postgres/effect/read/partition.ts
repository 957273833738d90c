import type { Node, PartitionBoundSpec, PartitionSpec } from "libpg-query";
import type { BoundValue, PartitionBound, PartitionKey } from "../../../../effect/syntax.js";
import { valueText } from "./node.js";

function boundValue(node: Node): BoundValue {
  if ("ColumnRef" in node) {
    const [only] = node.ColumnRef.fields ?? [];
    const word = only !== undefined && "String" in only ? only.String.sval?.toLowerCase() : undefined;
    if (word === "minvalue") return "minimum";
    return word === "maxvalue" ? "maximum" : "unknown";
  }
  if ("TypeCast" in node && node.TypeCast.arg) return boundValue(node.TypeCast.arg);
  return "A_Const" in node ? { value: valueText(node) } : "unknown";
}

export function readBound(spec: PartitionBoundSpec | undefined): PartitionBound {
  if (spec === undefined || spec.is_default) return { kind: "default" };
  if (spec.strategy === "h") {
    return { kind: "hash", modulus: spec.modulus ?? 0, remainder: spec.remainder ?? 0 };
  }
  if (spec.strategy === "l") return { kind: "list", values: (spec.listdatums ?? []).map(boundValue) };
  return {
    kind: "range",
    from: (spec.lowerdatums ?? []).map(boundValue),
    to: (spec.upperdatums ?? []).map(boundValue),
  };
}

const strategies: Readonly<Record<string, PartitionKey["strategy"]>> = {
  PARTITION_STRATEGY_LIST: "list",
  PARTITION_STRATEGY_RANGE: "range",
  PARTITION_STRATEGY_HASH: "hash",
};

export function readPartitionKey(spec: PartitionSpec | undefined): PartitionKey | null {
  if (spec === undefined) return null;
  return {
    strategy: strategies[spec.strategy ?? ""] ?? "range",
    columns: (spec.partParams ?? []).map((node) =>
      "PartitionElem" in node ? (node.PartitionElem.name ?? null) : null,
    ),
  };
}
