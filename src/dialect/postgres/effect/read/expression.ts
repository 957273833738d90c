import type { A_Expr, Node } from "libpg-query";
import type { Condition, Expression, Query, TypeUse } from "../../../../effect/syntax.js";
import { collect } from "./collect.js";
import { strings, valueText } from "./node.js";
import type { StatementText } from "./statement-text.js";
import { readType } from "./type.js";

const other: Condition = { kind: "other" };

/**
 * An expression, of whose text only the beginning is known: its end is looked for when somebody asks, and then the statement's
 * text is let go. A class, because an object literal with a getter has a shape of its own each time.
 */
class ReadExpression implements Expression {
  #sql: string | (() => string);
  readonly calls: Expression["calls"];
  readonly columns: readonly string[];
  readonly condition: Condition;
  readonly reads: Expression["reads"];
  readonly constant?: string | null;
  readonly column?: string;
  readonly castTo?: TypeUse;

  constructor(node: Node, text: StatementText) {
    const found = collect(node);
    const bare = withoutCasts(node);
    const column = castCount(node) > 1 ? null : columnOf(bare);
    const { constant } = "A_Const" in bare ? { constant: valueText(bare) } : signed(bare);
    this.#sql = () => text.expression(found.first, found.last);
    this.calls = found.calls;
    this.columns = [...found.columns];
    this.condition = conditionOf(node);
    this.reads = found.reads;
    if (constant !== undefined) this.constant = constant;
    if (column !== null) this.column = column;
    if ("TypeCast" in node) this.castTo = readType(node.TypeCast.typeName);
  }

  get sql(): string {
    if (typeof this.#sql !== "string") this.#sql = this.#sql();
    return this.#sql;
  }

  toJSON(): Expression {
    return { ...this, sql: this.sql };
  }
}

export function readExpression(node: Node, text: StatementText): Expression {
  return new ReadExpression(node, text);
}

export function readOptional(node: Node | undefined, text: StatementText): Expression | null {
  return node === undefined ? null : readExpression(node, text);
}

function withoutCasts(node: Node): Node {
  let inner = node;
  for (;;) {
    if ("TypeCast" in inner && inner.TypeCast.arg) inner = inner.TypeCast.arg;
    else if ("CollateClause" in inner && inner.CollateClause.arg) inner = inner.CollateClause.arg;
    else return inner;
  }
}

function castCount(node: Node): number {
  return "TypeCast" in node && node.TypeCast.arg ? 1 + castCount(node.TypeCast.arg) : 0;
}

/** `- 1.5` of a cast constant is an operator to the parser, and a constant to everybody else. */
function signed(node: Node): { readonly constant?: string } {
  if (!("A_Expr" in node) || node.A_Expr.lexpr !== undefined || node.A_Expr.rexpr === undefined) return {};
  const operator = strings(node.A_Expr.name).at(-1);
  const inner = withoutCasts(node.A_Expr.rexpr);
  const value = "A_Const" in inner ? valueText(inner) : null;
  return (operator === "-" || operator === "+") && value !== null ? { constant: `${operator}${value}` } : {};
}

function columnOf(node: Node): string | null {
  if (!("ColumnRef" in node)) return null;
  const last = node.ColumnRef.fields?.at(-1);
  return last !== undefined && "String" in last ? (last.String.sval ?? null) : null;
}

const comparisons = new Set(["=", "<>", "<", "<=", ">", ">="] as const);
type Comparison = typeof comparisons extends Set<infer T> ? T : never;
const mirrored: Readonly<Record<Comparison, Comparison>> = {
  "=": "=",
  "<>": "<>",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

function isComparison(operator: string): operator is Comparison {
  return (comparisons as ReadonlySet<string>).has(operator);
}

export function conditionOf(node: Node): Condition {
  if ("BoolExpr" in node) {
    const of = (node.BoolExpr.args ?? []).map(conditionOf);
    const [only] = of;
    if (node.BoolExpr.boolop === "NOT_EXPR") return only === undefined ? other : { kind: "not", of: only };
    return { kind: node.BoolExpr.boolop === "OR_EXPR" ? "or" : "and", of };
  }
  if ("NullTest" in node) {
    const column = node.NullTest.arg ? columnOf(withoutCasts(node.NullTest.arg)) : null;
    if (column === null) return other;
    return { kind: node.NullTest.nulltesttype === "IS_NOT_NULL" ? "not-null" : "null", column };
  }
  if ("A_Const" in node && node.A_Const.boolval) {
    return { kind: "always", value: node.A_Const.boolval.boolval ?? false };
  }
  return "A_Expr" in node ? comparison(node.A_Expr) : other;
}

function comparison({ kind, name, lexpr, rexpr }: A_Expr): Condition {
  const operator = strings(name).at(-1) ?? "";
  if (lexpr === undefined || rexpr === undefined || !isComparison(operator)) return other;
  const [left, right] = [withoutCasts(lexpr), withoutCasts(rexpr)];
  const column = columnOf(left);
  if (kind === "AEXPR_IN" && operator === "=" && column !== null && "List" in right) {
    return among(column, right.List.items ?? []);
  }
  if (kind === "AEXPR_OP_ANY" && operator === "=" && column !== null && "A_ArrayExpr" in right) {
    return among(column, right.A_ArrayExpr.elements ?? []);
  }
  if (kind !== "AEXPR_OP") return other;
  const value = constantText(right);
  if (column !== null && value !== null) return { kind: "compare", column, operator, value };
  const [turned, first] = [columnOf(right), constantText(left)];
  return turned !== null && first !== null
    ? { kind: "compare", column: turned, operator: mirrored[operator], value: first }
    : other;
}

function constantText(node: Node): string | null {
  return "A_Const" in node ? valueText(node) : (signed(node).constant ?? null);
}

function among(column: string, items: readonly Node[]): Condition {
  const values = items.map((item) => constantText(withoutCasts(item)));
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? { kind: "among", column, values: known } : other;
}

/** True of every row: the condition that is none. */
export function isAlways(condition: Condition): boolean {
  return condition.kind === "always" && condition.value;
}

/** What a query, or a statement around one, reads and does. `select` is its outermost SELECT, where it has one. */
export function readQuery(tree: unknown, select?: Node): Query {
  const found = collect(tree);
  const outer = select !== undefined && "SelectStmt" in select ? select.SelectStmt : undefined;
  const where = outer?.whereClause;
  return {
    reads: found.reads,
    rowLocks: found.rowLocks,
    writes: found.writes,
    columns: [...found.columns],
    all: found.all,
    calls: found.calls,
    types: found.types,
    filtered: (where !== undefined && !isAlways(conditionOf(where))) || outer?.limitCount !== undefined,
    output: (outer?.targetList ?? []).flatMap((target) => {
      if (!("ResTarget" in target) || target.ResTarget.val === undefined) return [];
      const { val, name } = target.ResTarget;
      const source = columnOf(withoutCasts(val));
      return [
        {
          name: name ?? source,
          source,
          type: "TypeCast" in val ? readType(val.TypeCast.typeName) : null,
        },
      ];
    }),
  };
}
