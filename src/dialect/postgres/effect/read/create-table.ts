import type { CreateStmt, CreateTableAsStmt, IntoClause, Node, TableLikeClause } from "libpg-query";
import type { Act } from "../../../../effect/act.js";
import type { LikePart } from "../../../../effect/act-table.js";
import type { ColumnDefinition, ConstraintDefinition } from "../../../../effect/syntax.js";
import type { ObjectName } from "../../../../schema/name.js";
import { readColumn } from "./column.js";
import { readConstraint } from "./constraint.js";
import { readQuery } from "./expression.js";
import { optionsOf, rangeName, strings, typeNameOf } from "./node.js";
import { readBound, readPartitionKey } from "./partition.js";
import type { StatementText } from "./statement-text.js";

/** Bits of `TableLikeOption`. */
const likeBits: readonly (readonly [LikePart, number])[] = [
  ["comments", 1],
  ["compression", 2],
  ["constraints", 4],
  ["defaults", 8],
  ["generated", 16],
  ["identity", 32],
  ["indexes", 64],
  ["statistics", 128],
  ["storage", 256],
];
const allBits = 0x7fffffff;

function likeParts(bits: number): readonly LikePart[] {
  if (bits === allBits) return ["all"];
  return likeBits.flatMap(([part, bit]) => ((bits & bit) === 0 ? [] : [part]));
}

function readLike(node: TableLikeClause) {
  return { source: rangeName(node.relation), including: likeParts(node.options ?? 0) };
}

/** Names in `pg_temp` are temporary without the word. */
function isTemporary(persistence: string | undefined, { namespace }: ObjectName): boolean {
  return persistence === "t" || namespace === "pg_temp";
}

function ranges(nodes: readonly Node[] | undefined): readonly ObjectName[] {
  return (nodes ?? []).flatMap((node) => ("RangeVar" in node ? [rangeName(node.RangeVar)] : []));
}

export function readCreateTable(node: CreateStmt, text: StatementText, foreign = false): Act<"create-table"> {
  const columns: ColumnDefinition[] = [];
  const constraints: ConstraintDefinition[] = [];
  const likes: ReturnType<typeof readLike>[] = [];
  for (const element of node.tableElts ?? []) {
    if ("ColumnDef" in element) columns.push(readColumn(element.ColumnDef, text));
    if ("TableLikeClause" in element) likes.push(readLike(element.TableLikeClause));
    const constraint = "Constraint" in element ? readConstraint(element.Constraint, text) : null;
    if (constraint !== null) constraints.push(constraint);
  }
  const name = rangeName(node.relation);
  const parents = ranges(node.inhRelations);
  const [parent] = parents;
  const isPartition = node.partbound !== undefined && parent !== undefined;
  return {
    kind: "create-table",
    name,
    ifNotExists: node.if_not_exists ?? false,
    temporary: isTemporary(node.relation?.relpersistence, name),
    unlogged: node.relation?.relpersistence === "u",
    foreign,
    columns,
    constraints,
    likes,
    inherits: isPartition ? [] : parents,
    partitionOf: isPartition ? { parent, bound: readBound(node.partbound) } : null,
    partitionBy: readPartitionKey(node.partspec),
    ofType: node.ofTypename === undefined ? null : typeNameOf(node.ofTypename),
    options: optionsOf(node.options),
  };
}

function readInto(
  into: IntoClause | undefined,
  query: Node | undefined,
  rest: { readonly materialized: boolean; readonly ifNotExists: boolean },
): Act<"create-table-as"> {
  const name = rangeName(into?.rel);
  return {
    kind: "create-table-as",
    name,
    temporary: isTemporary(into?.rel?.relpersistence, name),
    unlogged: into?.rel?.relpersistence === "u",
    withData: into?.skipData !== true,
    columns: strings(into?.colNames),
    query: readQuery(query, query),
    ...rest,
  };
}

export function readCreateTableAs(node: CreateTableAsStmt): Act<"create-table-as"> {
  return readInto(node.into, node.query, {
    materialized: node.objtype === "OBJECT_MATVIEW",
    ifNotExists: node.if_not_exists ?? false,
  });
}

/** SELECT INTO; with UNION the INTO is in the leftmost part. `null` for any other SELECT. */
export function readSelectInto(node: Node): Act<"create-table-as"> | null {
  if (!("SelectStmt" in node)) return null;
  let leftmost = node.SelectStmt;
  while (leftmost.larg !== undefined) leftmost = leftmost.larg;
  const { intoClause, ...rest } = leftmost;
  if (intoClause === undefined) return null;
  const query: Node = leftmost === node.SelectStmt ? { SelectStmt: rest } : node;
  const act = readInto(intoClause, query, { materialized: false, ifNotExists: false });
  const own = act.name;
  const reads = act.query.reads.filter((name) => name.name !== own.name || name.namespace !== own.namespace);
  return { ...act, query: { ...act.query, reads } };
}
