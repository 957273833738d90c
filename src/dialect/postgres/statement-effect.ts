import type { DefElem, DoStmt, Node, SelectStmt } from "libpg-query";
import type { Statement } from "../dialect.js";

type Effect = Statement["effect"];

/** Statements that leave the schema as it is. */
const data = new Set([
  ...["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt", "TruncateStmt"],
  ...[
    "VariableSetStmt",
    "VariableShowStmt",
    "AlterSystemStmt",
    "ConstraintsSetStmt",
    "DiscardStmt",
    "LoadStmt",
  ],
  ...[
    "LockStmt",
    "VacuumStmt",
    "ClusterStmt",
    "ReindexStmt",
    "RepackStmt",
    "RefreshMatViewStmt",
    "CheckPointStmt",
  ],
  ...["ExplainStmt", "PrepareStmt", "ExecuteStmt", "DeallocateStmt"],
  ...["DeclareCursorStmt", "FetchStmt", "ClosePortalStmt", "ListenStmt", "UnlistenStmt", "NotifyStmt"],
]);

/** Statements that change the schema and whose names do not say so by their first word. */
const definition = new Set([
  ...["IndexStmt", "ViewStmt", "RuleStmt", "RenameStmt", "DefineStmt", "CompositeTypeStmt", "CommentStmt"],
  ...["SecLabelStmt", "GrantStmt", "GrantRoleStmt", "ReassignOwnedStmt", "ImportForeignSchemaStmt"],
]);

/** `SELECT … INTO` makes a table; with UNION the INTO is in the leftmost part. */
function selectsInto(select: SelectStmt): boolean {
  return select.intoClause !== undefined || (select.larg !== undefined && selectsInto(select.larg));
}

/** The value of a Boolean option: `(x)`, `(x true)`, `(x = off)`; `undefined` when it is not there. */
function option(options: readonly Node[] | undefined, name: string): boolean | undefined {
  const found = options
    ?.map((node) => ("DefElem" in node ? (node.DefElem as DefElem) : undefined))
    .findLast((element) => element?.defname === name);
  if (found === undefined) return undefined;
  const value = found.arg;
  if (value === undefined) return true;
  if ("String" in value) return !/^(false|off|no|0|none)$/i.test(value.String.sval ?? "");
  if ("Boolean" in value) return value.Boolean.boolval === true;
  if ("Integer" in value) return (value.Integer.ival ?? 0) !== 0;
  return true;
}

/** A block that commits in its middle: it may do so only where nobody has begun a transaction around it. */
function commits({ args }: DoStmt): boolean {
  const body = args
    ?.map((node) => ("DefElem" in node ? node.DefElem : {}))
    .find((one) => one.defname === "as");
  const text = body?.arg !== undefined && "String" in body.arg ? (body.arg.String.sval ?? "") : "";
  const code = text.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, " ");
  return /\b(?:COMMIT|ROLLBACK)\s*(?:AND\b|;)/i.test(code);
}

/**
 * What a statement does, by its syntax alone: a SELECT is `data` even when a function in it changes the schema.
 * Temporary tables are tables.
 */
export function effectOf(node: Node): Effect {
  const [kind = ""] = Object.keys(node);
  if (kind === "TransactionStmt") return "transaction";
  if ("SelectStmt" in node) return selectsInto(node.SelectStmt) ? "definition" : "data";
  if ("ExplainStmt" in node) {
    // EXPLAIN ANALYZE runs it.
    const { query, options } = node.ExplainStmt;
    return option(options, "analyze") && query ? effectOf(query) : "data";
  }
  if (data.has(kind)) return "data";
  return definition.has(kind) || /^(Create|Alter|Drop)/.test(kind) ? "definition" : "unknown";
}

/** CREATE SUBSCRIPTION makes a replication slot unless told not to; that cannot be rolled back. */
function createsSlot(options: readonly Node[] | undefined): boolean {
  return option(options, "create_slot") ?? option(options, "connect") ?? true;
}

function subscriptionIsTransactional(
  kind: string | undefined,
  options: readonly Node[] | undefined,
): boolean {
  switch (kind) {
    case "ALTER_SUBSCRIPTION_REFRESH":
    case "ALTER_SUBSCRIPTION_REFRESH_PUBLICATION":
      return false;
    case "ALTER_SUBSCRIPTION_SET_PUBLICATION":
    case "ALTER_SUBSCRIPTION_ADD_PUBLICATION":
    case "ALTER_SUBSCRIPTION_DROP_PUBLICATION":
      return option(options, "refresh") === false;
    case "ALTER_SUBSCRIPTION_OPTIONS":
      return option(options, "failover") === undefined && option(options, "two_phase") === undefined;
    default:
      return true;
  }
}

/**
 * False for what the server refuses in a transaction block (`PreventInTransactionBlock` in its source; the manual says
 * it on the page of each command). DROP SUBSCRIPTION and REINDEX of a partitioned table depend on the object: the first
 * is taken to be refused, the second not. ALTER TYPE … ADD VALUE is allowed, though the value cannot be used before the
 * commit.
 */
export function isTransactional(node: Node): boolean {
  if ("IndexStmt" in node) return !node.IndexStmt.concurrent;
  if ("DropStmt" in node) return !node.DropStmt.concurrent;
  if ("ReindexStmt" in node) {
    const { kind, params } = node.ReindexStmt;
    const whole = kind !== "REINDEX_OBJECT_INDEX" && kind !== "REINDEX_OBJECT_TABLE";
    return !whole && option(params, "concurrently") !== true;
  }
  if ("VacuumStmt" in node) return !node.VacuumStmt.is_vacuumcmd;
  if ("ClusterStmt" in node) return node.ClusterStmt.relation !== undefined;
  if ("AlterTableStmt" in node) {
    return !node.AlterTableStmt.cmds?.some((command) => {
      const change = "AlterTableCmd" in command ? command.AlterTableCmd.def : undefined;
      return change !== undefined && "PartitionCmd" in change && change.PartitionCmd.concurrent === true;
    });
  }
  if ("AlterDatabaseStmt" in node) return option(node.AlterDatabaseStmt.options, "tablespace") === undefined;
  if ("CreateSubscriptionStmt" in node) return !createsSlot(node.CreateSubscriptionStmt.options);
  if ("AlterSubscriptionStmt" in node) {
    const { kind, options } = node.AlterSubscriptionStmt;
    return subscriptionIsTransactional(kind, options);
  }
  if ("DoStmt" in node) return !commits(node.DoStmt);
  if ("DiscardStmt" in node) return node.DiscardStmt.target !== "DISCARD_ALL";
  if ("TransactionStmt" in node) return !/_PREPARED$/.test(node.TransactionStmt.kind ?? "");
  const never = [
    ...["CreatedbStmt", "DropdbStmt", "AlterSystemStmt", "CreateTableSpaceStmt", "DropTableSpaceStmt"],
    ...["DropSubscriptionStmt", "RepackStmt"],
  ];
  return !never.some((kind) => kind in node);
}
