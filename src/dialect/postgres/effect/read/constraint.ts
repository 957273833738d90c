import type { Constraint, IndexElem, Node } from "libpg-query";
import type {
  ConstraintDefinition,
  IndexKey,
  KeyDefinition,
  ReferentialAction,
} from "../../../../effect/syntax.js";
import type { ObjectName } from "../../../../schema/name.js";
import { readExpression, readOptional } from "./expression.js";
import { qualified, rangeName, strings } from "./node.js";
import type { StatementText } from "./statement-text.js";

const actions: Readonly<Record<string, ReferentialAction>> = {
  a: "no-action",
  r: "restrict",
  c: "cascade",
  n: "set-null",
  d: "set-default",
};

function listName(nodes: readonly Node[] | undefined): ObjectName | null {
  return nodes === undefined || nodes.length === 0 ? null : qualified(strings(nodes));
}

export function readIndexKey(element: IndexElem, text: StatementText): IndexKey {
  return {
    column: element.name ?? null,
    expression: readOptional(element.expr, text),
    collation: listName(element.collation),
    operatorClass: listName(element.opclass),
    descending: element.ordering === "SORTBY_DESC",
    nullsFirst:
      element.nulls_ordering === "SORTBY_NULLS_FIRST"
        ? true
        : element.nulls_ordering === "SORTBY_NULLS_LAST"
          ? false
          : null,
  };
}

/** What a column's constraint is about when it stands at the column. */
type At = string | null;

function parts(node: Constraint) {
  return {
    name: node.conname ?? null,
    notValid: node.skip_validation ?? false,
    // Only checks and foreign keys can be anything else; the parser says it of these alone.
    enforced:
      node.contype === "CONSTR_CHECK" || node.contype === "CONSTR_FOREIGN"
        ? (node.is_enforced ?? false)
        : true,
    deferrable: node.deferrable ?? false,
    initiallyDeferred: node.initdeferred ?? false,
    noInherit: node.is_no_inherit ?? false,
  };
}

function readKey(node: Constraint, column: At): KeyDefinition {
  const own = column === null || node.indexname !== undefined ? [] : [column];
  return {
    ...parts(node),
    kind: node.contype === "CONSTR_PRIMARY" ? "primary-key" : "unique",
    columns: node.keys === undefined ? own : strings(node.keys),
    include: strings(node.including),
    nullsNotDistinct: node.nulls_not_distinct ?? false,
    withoutOverlaps: node.without_overlaps ?? false,
    usingIndex: node.indexname ?? null,
  };
}

/** `null` for what is no constraint of its own: NULL, DEFAULT, GENERATED, DEFERRABLE … */
export function readConstraint(
  node: Constraint,
  text: StatementText,
  column: At = null,
): ConstraintDefinition | null {
  switch (node.contype) {
    case "CONSTR_CHECK":
      return node.raw_expr === undefined
        ? null
        : { ...parts(node), kind: "check", expression: readExpression(node.raw_expr, text) };
    case "CONSTR_NOTNULL":
      return { ...parts(node), kind: "not-null", column: strings(node.keys)[0] ?? column ?? "" };
    case "CONSTR_PRIMARY":
    case "CONSTR_UNIQUE":
      return readKey(node, column);
    case "CONSTR_FOREIGN":
      return {
        ...parts(node),
        kind: "foreign-key",
        columns: node.fk_attrs === undefined && column !== null ? [column] : strings(node.fk_attrs),
        target: rangeName(node.pktable),
        targetColumns: strings(node.pk_attrs),
        onUpdate: actions[node.fk_upd_action ?? ""] ?? null,
        onDelete: actions[node.fk_del_action ?? ""] ?? null,
        matchFull: node.fk_matchtype === "f",
      };
    case "CONSTR_EXCLUSION":
      return readExclusion(node, text);
    default:
      return null;
  }
}

function readExclusion(node: Constraint, text: StatementText): ConstraintDefinition {
  return {
    ...parts(node),
    kind: "exclude",
    method: node.access_method ?? "btree",
    elements: (node.exclusions ?? []).flatMap((pair) => {
      const [key, operator] = "List" in pair ? (pair.List.items ?? []) : [];
      if (key === undefined || !("IndexElem" in key)) return [];
      const name = operator !== undefined && "List" in operator ? strings(operator.List.items) : [];
      return [{ key: readIndexKey(key.IndexElem, text), operator: name.at(-1) ?? "" }];
    }),
    where: readOptional(node.where_clause, text),
  };
}
