import type { CommentTarget } from "../../../op/op.js";
import { indexComment } from "../../../schema/index-comment.js";
import { nameKey, type ObjectName } from "../../../schema/name.js";
import type { Constraint, Table } from "../../../schema/schema.js";
import type { CompileContext } from "../../dialect.js";
import { step } from "../../step.js";
import { quoteIdentifier, quoteName, quoteString } from "../quote.js";
import type { Group } from "./contract.js";
import { definedTarget } from "./defined-target.js";

/** COMMENT ON, without a semicolon. `null` takes the comment away. */
export function commentStatement(what: string, comment: string | null): string {
  return `COMMENT ON ${what} IS ${comment === null ? "NULL" : quoteString(comment)}`;
}

/** The comments that a table brings along: its own and those of its columns and constraints. */
export function tableComments(table: Table): readonly string[] {
  const name = quoteName(table);
  const statements: string[] = [];
  if (table.comment !== null) statements.push(commentStatement(`TABLE ${name}`, table.comment));
  for (const { name: column, comment } of table.columns) {
    if (comment !== null) statements.push(commentStatement(columnTarget(table, column), comment));
  }
  return [...statements, ...table.constraints.flatMap((constraint) => constraintComments(table, constraint))];
}

/** The comments that a constraint brings along: its own, and that on the index under it. */
export function constraintComments(table: ObjectName, constraint: Constraint): readonly string[] {
  const { name, comment } = constraint;
  if (name === null) return [];
  const ofIndex = indexComment(constraint);
  return [
    ...(comment === null ? [] : [commentStatement(constraintTarget(table, name), comment)]),
    ...(ofIndex === null ? [] : [commentStatement(indexTarget(table, name), ofIndex)]),
  ];
}

export function columnTarget(table: ObjectName, column: string): string {
  return `COLUMN ${quoteName(table)}.${quoteIdentifier(column)}`;
}

export function constraintTarget(table: ObjectName, constraint: string): string {
  return `CONSTRAINT ${quoteIdentifier(constraint)} ON ${quoteName(table)}`;
}

export function domainCheckTarget(domain: ObjectName, check: string): string {
  return `CONSTRAINT ${quoteIdentifier(check)} ON DOMAIN ${quoteName(domain)}`;
}

export function indexTarget(table: ObjectName, index: string): string {
  return `INDEX ${quoteName({ namespace: table.namespace, name: index })}`;
}

export function policyTarget(table: ObjectName, policy: string): string {
  return `POLICY ${quoteIdentifier(policy)} ON ${quoteName(table)}`;
}

function targetText(target: CommentTarget, context: CompileContext): string {
  switch (target.on) {
    case "table":
      return `TABLE ${quoteName(target.name)}`;
    case "view": {
      const materialized = context.before.views.get(nameKey(target.name))?.materialized === true;
      return `${materialized ? "MATERIALIZED VIEW" : "VIEW"} ${quoteName(target.name)}`;
    }
    case "enum":
      return `TYPE ${quoteName(target.name)}`;
    case "sequence":
      return `SEQUENCE ${quoteName(target.name)}`;
    case "namespace":
      return `SCHEMA ${quoteIdentifier(target.name)}`;
    case "extension":
      return `EXTENSION ${quoteIdentifier(target.name)}`;
    case "domain":
      return `DOMAIN ${quoteName(target.name)}`;
    case "composite":
      return `TYPE ${quoteName(target.name)}`;
    case "domain-check":
      return domainCheckTarget(target.table, target.name);
    case "defined":
      return definedTarget(target.object);
    case "column":
    case "attribute":
      return columnTarget(target.table, target.name);
    case "constraint":
      return constraintTarget(target.table, target.name);
    case "index":
      return indexTarget(target.table, target.name);
    case "policy":
      return policyTarget(target.table, target.name);
  }
}

export const compileComment: Group<"set-comment"> = {
  "set-comment": (op, context) => [step(commentStatement(targetText(op.target, context), op.comment), op)],
};
