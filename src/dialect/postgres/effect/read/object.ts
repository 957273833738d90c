import type {
  AlterEnumStmt,
  AlterSeqStmt,
  CreatePolicyStmt,
  CreateSeqStmt,
  CreateStatsStmt,
  CreateTrigStmt,
  DefElem,
  IndexStmt,
  Node,
  ReindexStmt,
  ViewStmt,
} from "libpg-query";
import type { Act } from "../../../../effect/act.js";
import type { OwnedBy } from "../../../../effect/act-object.js";
import type { Expression } from "../../../../effect/syntax.js";
import { readIndexKey } from "./constraint.js";
import { readExpression, readOptional, readQuery } from "./expression.js";
import { definition, isOn, nameParts, optionsOf, qualified, rangeName, strings } from "./node.js";
import type { StatementText } from "./statement-text.js";

export function readCreateIndex(node: IndexStmt, text: StatementText): Act<"create-index"> {
  const elements = (nodes: readonly Node[] | undefined) =>
    (nodes ?? []).flatMap((one) => ("IndexElem" in one ? [one.IndexElem] : []));
  return {
    kind: "create-index",
    name: node.idxname ?? null,
    table: rangeName(node.relation),
    only: node.relation?.inh !== true,
    concurrently: node.concurrent ?? false,
    unique: node.unique ?? false,
    ifNotExists: node.if_not_exists ?? false,
    method: node.accessMethod ?? "btree",
    keys: elements(node.indexParams).map((element) => readIndexKey(element, text)),
    include: elements(node.indexIncludingParams).flatMap(({ name }) => (name === undefined ? [] : [name])),
    where: readOptional(node.whereClause, text),
    nullsNotDistinct: node.nulls_not_distinct ?? false,
  };
}

const reindexTargets: Readonly<Record<string, Act<"reindex">["target"]>> = {
  REINDEX_OBJECT_INDEX: "index",
  REINDEX_OBJECT_TABLE: "table",
  REINDEX_OBJECT_SCHEMA: "schema",
  REINDEX_OBJECT_SYSTEM: "system",
  REINDEX_OBJECT_DATABASE: "database",
};

export function readReindex(node: ReindexStmt): Act {
  const named = node.name === undefined ? null : { namespace: null, name: node.name };
  return {
    kind: "reindex",
    target: reindexTargets[node.kind ?? ""] ?? "database",
    name: node.relation === undefined ? named : rangeName(node.relation),
    concurrently: isOn(node.params, "concurrently"),
  };
}

export function readCreateView(node: ViewStmt): Act {
  const name = rangeName(node.view);
  return {
    kind: "create-view",
    name,
    replace: node.replace ?? false,
    temporary: node.view?.relpersistence === "t" || name.namespace === "pg_temp",
    columns: strings(node.aliases),
    query: readQuery(node.query, node.query),
  };
}

function ownedBy(option: DefElem | undefined): OwnedBy {
  const parts = nameParts(option?.arg);
  if (parts.length === 0) return null;
  if (parts.length === 1) return "none";
  return { table: qualified(parts.slice(0, -1)), column: parts.at(-1) ?? "" };
}

export function readCreateSequence(node: CreateSeqStmt): Act {
  const name = rangeName(node.sequence);
  return {
    kind: "create-sequence",
    name,
    ifNotExists: node.if_not_exists ?? false,
    temporary: node.sequence?.relpersistence === "t" || name.namespace === "pg_temp",
    ownedBy: ownedBy(definition(node.options, "owned_by")),
  };
}

export function readAlterSequence(node: AlterSeqStmt): Act {
  return {
    kind: "alter-sequence",
    name: rangeName(node.sequence),
    ifExists: node.missing_ok ?? false,
    ownedBy: ownedBy(definition(node.options, "owned_by")),
    options: optionsOf(node.options),
  };
}

export function readCreateStatistics(node: CreateStatsStmt): readonly Act[] {
  return (node.relations ?? []).flatMap((one): Act[] =>
    "RangeVar" in one
      ? [
          {
            kind: "create-statistics",
            name: node.defnames === undefined ? null : qualified(strings(node.defnames)),
            table: rangeName(one.RangeVar),
            ifNotExists: node.if_not_exists ?? false,
          },
        ]
      : [],
  );
}

/** Bits of `tgtype` in the server's catalogue. */
const events = [
  ["insert", 4],
  ["delete", 8],
  ["update", 16],
  ["truncate", 32],
] as const;

export function readCreateTrigger(node: CreateTrigStmt, text: StatementText): Act {
  const bits = node.events ?? 0;
  return {
    kind: "create-trigger",
    name: node.trigname ?? "",
    table: rangeName(node.relation),
    replace: node.replace ?? false,
    constraint: node.isconstraint ?? false,
    forEachRow: node.row ?? false,
    timing: node.timing === 2 ? "before" : node.timing === 64 ? "instead-of" : "after",
    events: events.flatMap(([event, bit]) => ((bits & bit) === 0 ? [] : [event])),
    columns: strings(node.columns),
    when: readOptional(node.whenClause, text),
    function: qualified(strings(node.funcname)),
    referenced: node.constrrel === undefined ? null : rangeName(node.constrrel),
  };
}

type PolicyParts = Pick<CreatePolicyStmt, "policy_name" | "table" | "qual" | "with_check">;

export function readPolicy(
  kind: "create-policy" | "alter-policy",
  node: PolicyParts,
  text: StatementText,
): Act {
  const expressions: Expression[] = [];
  for (const expression of [node.qual, node.with_check]) {
    if (expression !== undefined) expressions.push(readExpression(expression, text));
  }
  return { kind, name: node.policy_name ?? "", table: rangeName(node.table), expressions };
}

export function readAlterEnum(node: AlterEnumStmt): Act {
  const name = qualified(strings(node.typeName));
  if (node.oldVal !== undefined) {
    return { kind: "rename-enum-value", name, value: node.oldVal, to: node.newVal ?? "" };
  }
  return {
    kind: "add-enum-value",
    name,
    value: node.newVal ?? "",
    ifNotExists: node.skipIfNewValExists ?? false,
    neighbour: node.newValNeighbor ?? null,
    after: node.newValIsAfter ?? false,
  };
}
