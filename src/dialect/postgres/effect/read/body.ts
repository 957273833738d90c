import type { Node } from "libpg-query";
import type { Act } from "../../../../effect/act.js";
import type { Parser } from "../../parser.js";
import { nodeName, valueText } from "./node.js";
import { readSingle } from "./script.js";

/** A statement in the body of a DO block or a function. */
export interface BodyStatement {
  readonly sql: string;
  /** From 1, counted from the line that the body begins in. */
  readonly line: number;
  readonly acts: readonly Act[];
  readonly conditional: boolean;
  /** An error in it is caught, so that what is there already is left. */
  readonly caught: boolean;
  /** The conditions that it stands under, outermost first; `null` for a loop and what cannot be put as one. */
  readonly under: readonly ({ readonly condition: string; readonly holds: boolean } | null)[];
}

interface Place {
  readonly line: number;
  readonly conditional: boolean;
  readonly caught: boolean;
  readonly under: BodyStatement["under"];
}

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function query(expression: unknown): string | null {
  const inner = isTree(expression) ? expression["PLpgSQL_expr"] : undefined;
  return isTree(inner) && typeof inner["query"] === "string" ? inner["query"] : null;
}

/**
 * The statements of a body in PL/pgSQL or SQL, in order; `null` for one in another language, or that does not parse. A
 * function's parameters are in its `definition`; a DO block has none.
 */
export function readBody(
  parser: Parser,
  language: string,
  body: string,
  definition: string | null,
): readonly BodyStatement[] | null {
  if (language === "sql") {
    return [
      { sql: body, line: 1, acts: readSingle(parser, body), conditional: false, caught: false, under: [] },
    ];
  }
  if (language !== "plpgsql") return null;
  let tag = "body";
  while (body.includes(`$${tag}$`)) tag += "_";
  try {
    const parsed: unknown = parser.parsePlPgSQLSync(definition ?? `DO $${tag}$${body}$${tag}$`);
    const found: BodyStatement[] = [];
    visit(parser, parsed, { line: 1, conditional: false, caught: false, under: [] }, found);
    return found;
  } catch {
    return null;
  }
}

function visit(parser: Parser, value: unknown, place: Place, into: BodyStatement[]): void {
  if (Array.isArray(value)) {
    for (const one of value) visit(parser, one, place, into);
    return;
  }
  if (!isTree(value)) return;
  for (const [key, child] of Object.entries(value)) {
    if (!isTree(child)) {
      visit(parser, child, place, into);
      continue;
    }
    const line = typeof child["lineno"] === "number" ? child["lineno"] : place.line;
    const here = { ...place, line };
    const handle = handlers[key];
    if (handle === undefined) visit(parser, child, here, into);
    else handle(parser, child, here, into);
  }
}

type Handler = (parser: Parser, tree: Tree, place: Place, into: BodyStatement[]) => void;

function statement(parser: Parser, sql: string | null, place: Place, into: BodyStatement[]): void {
  if (sql === null) return;
  into.push({ ...place, sql, acts: readSingle(parser, sql) });
}

const dynamic: Act = {
  kind: "not-analysed",
  why: "dynamic",
  reason: "the statement that EXECUTE runs is put together when it runs",
  line: null,
};

function execute(parser: Parser, expression: string | null, place: Place, into: BodyStatement[]): void {
  const sql = expression === null ? null : constantText(parser, expression);
  if (sql === null) into.push({ ...place, sql: `EXECUTE ${expression ?? ""}`, acts: [dynamic] });
  else statement(parser, sql, place, into);
}

const loop: Handler = (parser, tree, place, into) => {
  statement(parser, query(tree["query"]), place, into);
  const inside = { ...place, conditional: true, under: [...place.under, null] };
  visit(parser, tree["body"], inside, into);
};

const handlers: Readonly<Record<string, Handler>> = {
  PLpgSQL_stmt_execsql: (parser, tree, place, into) => statement(parser, query(tree["sqlstmt"]), place, into),
  PLpgSQL_stmt_perform: (parser, tree, place, into) => statement(parser, query(tree["expr"]), place, into),
  PLpgSQL_stmt_call: (parser, tree, place, into) => statement(parser, query(tree["expr"]), place, into),
  PLpgSQL_stmt_dynexecute: (parser, tree, place, into) => execute(parser, query(tree["query"]), place, into),
  PLpgSQL_stmt_dynfors: (parser, tree, place, into) => {
    execute(parser, query(tree["query"]), place, into);
    visit(parser, tree["body"], { ...place, conditional: true, under: [...place.under, null] }, into);
  },
  PLpgSQL_stmt_fors: loop,
  PLpgSQL_stmt_fori: loop,
  PLpgSQL_stmt_forc: loop,
  PLpgSQL_stmt_foreach_a: loop,
  PLpgSQL_stmt_loop: loop,
  PLpgSQL_stmt_while: loop,
  PLpgSQL_stmt_commit: (_parser, _tree, place, into) => {
    into.push({ ...place, sql: "COMMIT", acts: [{ kind: "commit", chain: false }] });
  },
  PLpgSQL_stmt_rollback: (_parser, _tree, place, into) => {
    into.push({ ...place, sql: "ROLLBACK", acts: [{ kind: "rollback", chain: false }] });
  },
  PLpgSQL_stmt_if: branches,
  PLpgSQL_stmt_case: (parser, tree, place, into) => {
    visit(
      parser,
      [tree["case_when_list"], tree["else_stmts"]],
      { ...place, conditional: true, under: [...place.under, null] },
      into,
    );
  },
  PLpgSQL_stmt_block: (parser, tree, place, into) => {
    const handler = tree["exceptions"];
    visit(parser, tree["body"], handler === undefined ? place : { ...place, caught: true }, into);
    visit(parser, handler, { ...place, conditional: true, under: [...place.under, null] }, into);
  },
};

function branches(parser: Parser, tree: Tree, place: Place, into: BodyStatement[]): void {
  const condition = query(tree["cond"]);
  const under = (holds: boolean): Place => ({
    ...place,
    conditional: true,
    under: [...place.under, condition === null ? null : { condition, holds }],
  });
  visit(parser, tree["then_body"], under(true), into);
  const elsewhere = tree["elsif_list"];
  if (elsewhere !== undefined)
    visit(parser, elsewhere, { ...under(false), under: [...place.under, null] }, into);
  visit(
    parser,
    tree["else_body"],
    elsewhere === undefined ? under(false) : { ...under(false), under: [...place.under, null] },
    into,
  );
}

/** The text that an expression of constants has: `'a' || 'b'`, `format('… %I', 'x')`; `null` for any other. */
function constantText(parser: Parser, expression: string): string | null {
  try {
    const [first] = parser.parseSync(`SELECT ${expression}`).stmts ?? [];
    const select =
      first?.stmt !== undefined && "SelectStmt" in first.stmt ? first.stmt.SelectStmt : undefined;
    const [target] = select?.targetList ?? [];
    return target !== undefined && "ResTarget" in target && target.ResTarget.val
      ? fold(target.ResTarget.val)
      : null;
  } catch {
    return null;
  }
}

function fold(node: Node): string | null {
  if ("A_Const" in node) return valueText(node);
  if ("TypeCast" in node && node.TypeCast.arg) return fold(node.TypeCast.arg);
  if ("A_Expr" in node) {
    const operator = node.A_Expr.name?.[0];
    const isJoin = operator !== undefined && "String" in operator && operator.String.sval === "||";
    if (!isJoin || !node.A_Expr.lexpr || !node.A_Expr.rexpr) return null;
    const [left, right] = [fold(node.A_Expr.lexpr), fold(node.A_Expr.rexpr)];
    return left === null || right === null ? null : left + right;
  }
  return "FuncCall" in node ? foldCall(node.FuncCall.funcname, node.FuncCall.args ?? []) : null;
}

function foldCall(name: readonly Node[] | undefined, args: readonly Node[]): string | null {
  const called = nodeName({ List: { items: [...(name ?? [])] } }).name;
  const values = args.map(fold);
  const [first, ...rest] = values;
  if (first === null || first === undefined || values.includes(null)) return null;
  const identifier = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const constant = (text: string) => `'${text.replaceAll("'", "''")}'`;
  if (called === "quote_ident") return identifier(first);
  if (called === "quote_literal") return constant(first);
  if (called === "concat") return values.join("");
  if (called !== "format") return null;
  let at = 0;
  return first.replaceAll(/%(?:([sIL])|%)/g, (found, kind: string | undefined) => {
    if (kind === undefined) return "%";
    const value = rest[at++] ?? "";
    if (kind === "s") return value;
    return kind === "I" ? identifier(value) : kind === "L" ? constant(value) : found;
  });
}
