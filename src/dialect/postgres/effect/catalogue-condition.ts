import type { Node, SelectStmt } from "libpg-query";
import type { Condition } from "../../../effect/syntax.js";
import type { Relation, World } from "../../../effect/world.js";
import type { Parser } from "../parser.js";
import { conditionOf } from "./read/expression.js";
import { nameParts, rangeName, strings } from "./read/node.js";

/** A row of a catalogue, of which only these columns are known. */
type Row = Readonly<Record<string, string>>;

function tables(world: World, of: (relation: Relation) => readonly Row[]): readonly Row[] {
  return [...world.relations.values()].flatMap(of);
}

const isTable = ({ kind }: Relation) =>
  kind === "table" || kind === "partitioned-table" || kind === "foreign-table";

/** What the catalogues that scripts ask before they make something would say. */
const catalogues: Readonly<Record<string, (world: World) => readonly Row[]>> = {
  pg_type: (world) => [...world.types.values()].map(({ name }) => ({ typname: name })),
  pg_class: (world) => tables(world, ({ name }) => [{ relname: name }]),
  pg_tables: (world) =>
    tables(world, (one) => (isTable(one) ? [{ tablename: one.name, schemaname: one.namespace }] : [])),
  pg_indexes: (world) =>
    tables(world, (one) =>
      one.index === null
        ? []
        : [
            {
              indexname: one.name,
              schemaname: one.namespace,
              tablename: world.relations.get(one.index.table)?.name ?? "",
            },
          ],
    ),
  pg_views: (world) =>
    tables(world, (one) => (one.kind === "view" ? [{ viewname: one.name, schemaname: one.namespace }] : [])),
  pg_constraint: (world) =>
    tables(world, ({ name, constraints }) =>
      [...constraints.keys()].map((conname) => ({ conname, conrelid: name })),
    ),
  pg_attribute: (world) =>
    tables(world, ({ name, columns }) =>
      [...columns.keys()].map((attname) => ({ attname, attrelid: name, attisdropped: "false" })),
    ),
  pg_extension: (world) => [...world.extensions].map((extname) => ({ extname })),
  pg_namespace: (world) => [...world.schemas.keys()].map((nspname) => ({ nspname })),
  pg_proc: (world) => [...world.functions.values()].flat().map(({ name }) => ({ proname: name })),
  pg_trigger: (world) =>
    tables(world, ({ name, triggers }) => [...triggers.keys()].map((tgname) => ({ tgname, tgrelid: name }))),
  pg_policies: (world) =>
    tables(world, ({ name, namespace, policies }) =>
      [...policies].map((policyname) => ({ policyname, tablename: name, schemaname: namespace })),
    ),
  "information_schema.tables": (world) =>
    tables(world, (one) =>
      isTable(one) || one.kind === "view" ? [{ table_name: one.name, table_schema: one.namespace }] : [],
    ),
  "information_schema.schemata": (world) => [...world.schemas.keys()].map((name) => ({ schema_name: name })),
  "information_schema.columns": (world) =>
    tables(world, (one) =>
      [...one.columns.keys()].map((column) => ({
        column_name: column,
        table_name: one.name,
        table_schema: one.namespace,
      })),
    ),
  "information_schema.table_constraints": (world) =>
    tables(world, (one) =>
      [...one.constraints.keys()].map((name) => ({
        constraint_name: name,
        table_name: one.name,
        table_schema: one.namespace,
        constraint_schema: one.namespace,
      })),
    ),
};

/**
 * Whether a condition on the catalogues holds: `NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood')`. `null` for
 * every other condition, and where not everything is known that was there before.
 */
export function evaluate(parser: Parser, condition: string, world: World): boolean | null {
  if (!/exists/i.test(condition) || !world.complete) return null;
  try {
    const [first] = parser.parseSync(`SELECT ${condition}`).stmts ?? [];
    const select =
      first?.stmt !== undefined && "SelectStmt" in first.stmt ? first.stmt.SelectStmt : undefined;
    const [target] = select?.targetList ?? [];
    return target !== undefined && "ResTarget" in target && target.ResTarget.val
      ? truth(target.ResTarget.val, world)
      : null;
  } catch {
    return null;
  }
}

function truth(node: Node, world: World): boolean | null {
  if ("BoolExpr" in node) {
    const values = (node.BoolExpr.args ?? []).map((one) => truth(one, world));
    if (node.BoolExpr.boolop === "NOT_EXPR")
      return values[0] === null || values[0] === undefined ? null : !values[0];
    const isOr = node.BoolExpr.boolop === "OR_EXPR";
    if (values.includes(isOr)) return isOr;
    return values.includes(null) ? null : !isOr;
  }
  if (!("SubLink" in node) || node.SubLink.subLinkType !== "EXISTS_SUBLINK") return null;
  const inner = node.SubLink.subselect;
  return inner !== undefined && "SelectStmt" in inner ? exists(inner.SelectStmt, world) : null;
}

function exists(select: SelectStmt, world: World): boolean | null {
  const [from, second] = select.fromClause ?? [];
  if (
    from === undefined ||
    second !== undefined ||
    !("RangeVar" in from) ||
    select.whereClause === undefined
  ) {
    return null;
  }
  const { namespace, name } = rangeName(from.RangeVar);
  const key = namespace === "information_schema" ? `information_schema.${name}` : name;
  const rows = Object.hasOwn(catalogues, key) ? catalogues[key]?.(world) : undefined;
  if (rows === undefined) return null;
  let isMaybe = false;
  for (const row of rows) {
    const value = holds(select.whereClause, row);
    if (value === true) return true;
    if (value === null) isMaybe = true;
  }
  return isMaybe ? null : false;
}

/** Of a row; `null` when it has to do with what is not known. */
function holds(node: Node, row: Row): boolean | null {
  if ("BoolExpr" in node && node.BoolExpr.boolop === "AND_EXPR") {
    const values = (node.BoolExpr.args ?? []).map((one) => holds(one, row));
    if (values.includes(false)) return false;
    return values.includes(null) ? null : true;
  }
  if ("BoolExpr" in node && node.BoolExpr.boolop === "NOT_EXPR") {
    const [inner] = node.BoolExpr.args ?? [];
    const value = inner === undefined ? null : holds(inner, row);
    return value === null ? null : !value;
  }
  if ("ColumnRef" in node) {
    const value = row[nameParts(node.ColumnRef.fields?.at(-1)).at(-1) ?? ""];
    return value === undefined ? null : value === "true";
  }
  // The schema that is asked for by a function is the first one in the search path.
  if ("A_Expr" in node && callsSchema(node.A_Expr.rexpr)) return true;
  return holdsCondition(conditionOf(node), row);
}

function callsSchema(node: Node | undefined): boolean {
  if (node === undefined) return false;
  if ("FuncCall" in node) return /^current_schemas?$/.test(strings(node.FuncCall.funcname).at(-1) ?? "");
  return "SQLValueFunction" in node && node.SQLValueFunction.op === "SVFOP_CURRENT_SCHEMA";
}

/** The name of a table as `'s."T"'::regclass` has it. */
function bareName(text: string): string {
  const last = text.split(".").at(-1) ?? "";
  return last.startsWith('"') ? last.slice(1, -1) : last.toLowerCase();
}

function holdsCondition(condition: Condition, row: Row): boolean | null {
  if (condition.kind !== "compare" && condition.kind !== "among") return null;
  const value = row[condition.column];
  if (value === undefined) return null;
  if (condition.kind === "compare" && condition.column.endsWith("relid")) {
    return condition.operator === "=" ? value === bareName(condition.value) : null;
  }
  if (condition.kind === "among") return condition.values.includes(value);
  if (condition.operator === "=") return value === condition.value;
  return condition.operator === "<>" ? value !== condition.value : null;
}
