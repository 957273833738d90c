import type { FuncCall, Node, RangeVar, TypeName } from "libpg-query";
import type { Call, Query, TypeUse } from "../../../../effect/syntax.js";
import type { ObjectName } from "../../../../schema/name.js";
import { qualified, rangeName, strings, valueText } from "./node.js";
import { readType } from "./type.js";

/** All that stands anywhere in a tree. */
export interface Collected {
  readonly reads: ObjectName[];
  readonly rowLocks: ObjectName[];
  readonly writes: { readonly relation: ObjectName; readonly kind: Query["writes"][number]["kind"] }[];
  readonly columns: Set<string>;
  all: boolean;
  readonly calls: Call[];
  readonly types: TypeUse[];
  /** Positions of the first and the last node, in bytes of the text; -1 without any. */
  first: number;
  last: number;
}

const writing = {
  InsertStmt: "insert",
  UpdateStmt: "update",
  DeleteStmt: "delete",
  MergeStmt: "merge",
} as const;

function isWriting(key: string): key is keyof typeof writing {
  return Object.hasOwn(writing, key);
}

type Scope = ReadonlySet<string>;
const noScope: Scope = new Set();

/** Gathers from a tree, or a list of them. Names of WITH are no relations where they are in scope. */
export function collect(...trees: readonly unknown[]): Collected {
  const into: Collected = {
    reads: [],
    rowLocks: [],
    writes: [],
    columns: new Set(),
    all: false,
    calls: [],
    types: [],
    first: -1,
    last: -1,
  };
  for (const tree of trees) walk(tree, noScope, into);
  return into;
}

function walk(tree: unknown, scope: Scope, into: Collected): void {
  if (Array.isArray(tree)) {
    for (const one of tree) walk(one, scope, into);
    return;
  }
  if (typeof tree !== "object" || tree === null) return;
  const inner = "withClause" in tree ? withNames(tree.withClause, scope) : scope;
  for (const key in tree) visit(key, (tree as Record<string, unknown>)[key], inner, into, tree);
}

function withNames(clause: unknown, scope: Scope): Scope {
  const ctes = (clause as { ctes?: readonly Node[] } | undefined)?.ctes ?? [];
  const names = ctes.flatMap((cte) => ("CommonTableExpr" in cte ? [cte.CommonTableExpr.ctename ?? ""] : []));
  return new Set([...scope, ...names]);
}

function visit(key: string, value: unknown, scope: Scope, into: Collected, owner: object): void {
  switch (key) {
    case "location":
      note(value, into);
      return;
    case "RangeVar":
      readRelation(value as RangeVar, scope, into);
      return;
    case "ColumnRef":
      readColumn(value as { fields?: Node[]; location?: number }, into);
      return;
    case "FuncCall":
      into.calls.push(callOf(value as FuncCall));
      break;
    case "typeName":
      into.types.push(readType(value as TypeName));
      break;
    case "lockingClause":
      lockRows(value as readonly Node[], owner, scope, into);
      return;
    default:
  }
  if (isWriting(key)) {
    const { relation, ...rest } = value as { relation?: RangeVar };
    into.writes.push({ relation: rangeName(relation), kind: writing[key] });
    note(relation?.location, into);
    walk(rest, scope, into);
    return;
  }
  walk(value, scope, into);
}

function note(location: unknown, into: Collected): void {
  if (typeof location !== "number" || location < 0) return;
  if (into.first < 0 || location < into.first) into.first = location;
  if (location > into.last) into.last = location;
}

function readRelation(range: RangeVar, scope: Scope, into: Collected): void {
  note(range.location, into);
  const name = rangeName(range);
  if (name.namespace !== null || !scope.has(name.name)) into.reads.push(name);
}

function readColumn({ fields, location }: { fields?: Node[]; location?: number }, into: Collected): void {
  note(location, into);
  const last = fields?.at(-1);
  if (last === undefined) return;
  if ("A_Star" in last) into.all = true;
  if ("String" in last) into.columns.add(last.String.sval ?? "");
}

function callOf({ funcname, args }: FuncCall): Call {
  return {
    name: qualified(strings(funcname)),
    arguments: args?.length ?? 0,
    texts: (args ?? []).map(valueText),
  };
}

function lockRows(clauses: readonly Node[], owner: object, scope: Scope, into: Collected): void {
  for (const clause of clauses) {
    if (!("LockingClause" in clause)) continue;
    const named = clause.LockingClause.lockedRels;
    const from = (owner as { fromClause?: readonly Node[] }).fromClause ?? [];
    const names = collect(from).reads.filter(({ namespace, name }) => namespace !== null || !scope.has(name));
    const aliases = new Set((named ?? []).map((node) => ("RangeVar" in node ? node.RangeVar.relname : "")));
    // FOR UPDATE OF names aliases; which relation one is of does not matter when there is but one.
    into.rowLocks.push(
      ...(named === undefined || names.length === 1 ? names : names.filter(({ name }) => aliases.has(name))),
    );
  }
}
