import type {
  ClusterStmt,
  CopyStmt,
  DeleteStmt,
  InsertStmt,
  LockStmt,
  MergeStmt,
  Node,
  TruncateStmt,
  UpdateStmt,
  VacuumStmt,
} from "libpg-query";
import type { Act } from "../../../../effect/act.js";
import { type LockMode, lockModes } from "../../../../effect/lock.js";
import type { ObjectName } from "../../../../schema/name.js";
import { readExpression, readOptional, readQuery } from "./expression.js";
import { isOn, rangeName, strings } from "./node.js";
import type { StatementText } from "./statement-text.js";

function ranges(nodes: readonly Node[] | undefined): readonly ObjectName[] {
  return (nodes ?? []).flatMap((node) => ("RangeVar" in node ? [rangeName(node.RangeVar)] : []));
}

function targetNames(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => ("ResTarget" in node ? [node.ResTarget.name ?? ""] : []));
}

export function readInsert(node: InsertStmt): Act {
  const { relation, ...rest } = node;
  const select =
    node.selectStmt !== undefined && "SelectStmt" in node.selectStmt ? node.selectStmt.SelectStmt : undefined;
  const action = node.onConflictClause?.action;
  return {
    kind: "insert",
    table: rangeName(relation),
    columns: targetNames(node.cols),
    rows: select === undefined ? 0 : (select.valuesLists?.length ?? null),
    onConflict:
      action === "ONCONFLICT_NOTHING" ? "nothing" : action === "ONCONFLICT_UPDATE" ? "update" : null,
    query: readQuery(rest, node.selectStmt),
  };
}

export function readUpdate(node: UpdateStmt, text: StatementText): Act {
  const { relation, ...rest } = node;
  const targets = node.targetList ?? [];
  return {
    kind: "update",
    table: rangeName(relation),
    columns: targetNames(targets),
    values: targets.flatMap((one) =>
      "ResTarget" in one && one.ResTarget.val !== undefined ? [readExpression(one.ResTarget.val, text)] : [],
    ),
    where: readOptional(node.whereClause, text),
    query: readQuery(rest),
  };
}

export function readDelete(node: DeleteStmt, text: StatementText): Act {
  const { relation, ...rest } = node;
  return {
    kind: "delete",
    table: rangeName(relation),
    where: readOptional(node.whereClause, text),
    query: readQuery(rest),
  };
}

export function readMerge(node: MergeStmt): Act {
  const { relation, ...rest } = node;
  return { kind: "merge", table: rangeName(relation), query: readQuery(rest) };
}

export function readCopy(node: CopyStmt): Act {
  return {
    kind: "copy",
    table: node.relation === undefined ? null : rangeName(node.relation),
    columns: strings(node.attlist),
    direction: node.is_from ? "from" : "to",
    query: node.query === undefined ? null : readQuery(node.query, node.query),
    rows: null,
  };
}

export function readTruncate(node: TruncateStmt): Act {
  const relations = node.relations ?? [];
  return {
    kind: "truncate",
    tables: ranges(relations),
    only: relations.some((one) => "RangeVar" in one && one.RangeVar.inh !== true),
    cascade: node.behavior === "DROP_CASCADE",
    restartIdentity: node.restart_seqs ?? false,
  };
}

export function readLock(node: LockStmt): Act {
  // The server counts its modes from 1, weakest first.
  const mode: LockMode = lockModes[(node.mode ?? lockModes.length) - 1] ?? "ACCESS EXCLUSIVE";
  const relations = node.relations ?? [];
  return {
    kind: "lock-table",
    tables: ranges(relations),
    only: relations.some((one) => "RangeVar" in one && one.RangeVar.inh !== true),
    mode,
    nowait: node.nowait ?? false,
  };
}

export function readVacuum(node: VacuumStmt): Act {
  const tables = (node.rels ?? []).flatMap((one) =>
    "VacuumRelation" in one ? [rangeName(one.VacuumRelation.relation)] : [],
  );
  if (!node.is_vacuumcmd) return { kind: "analyze", tables };
  return {
    kind: "vacuum",
    tables,
    full: isOn(node.options, "full"),
    analyze: isOn(node.options, "analyze"),
  };
}

export function readCluster(node: ClusterStmt): Act {
  return {
    kind: "cluster",
    table: node.relation === undefined ? null : rangeName(node.relation),
    index: node.indexname ?? null,
  };
}
