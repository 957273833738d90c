import type * as Acorn from "acorn";
import { messageOf } from "../../error/error.js";
import type { Op } from "../../op/op.js";
import { t } from "../../revision/column-builder.js";
import { createOperations } from "../../revision/create-operations.js";
import type { Spelling } from "../../revision/directive/spelling.js";
import {
  constantsOf,
  defaultExport,
  definitionOf,
  parseProgram,
  propertyName,
  resolve,
} from "../../revision/parse-header.js";
import type { Revision } from "../../revision/revision.js";
import { readSqlRevision } from "../../revision/sql-file.js";
import { sql } from "../../revision/sql-text.js";
import { type Evaluation, evaluate, NeedsRunning, type Scope } from "./expression.js";

/** What a revision does on its way up, or why that cannot be read. */
export type ReadOps = { readonly ops: readonly Op[] } | { readonly unreadable: string };

/**
 * Reads the operations of a revision's way up from its text. Nothing of the file is run: its calls of `op` are found in the
 * parsed text, with arguments that are written out there. Whatever only running would tell makes it unreadable.
 */
export async function readOps(
  revision: Pick<Revision, "file" | "format">,
  text: string,
  options: { readonly dialect: Spelling; readonly arguments: Readonly<Record<string, string>> },
): Promise<ReadOps> {
  try {
    if (revision.format === "sql") {
      const { upgrade } = readSqlRevision(revision.file, text);
      return { ops: typeof upgrade === "string" ? [] : [{ kind: "execute", sql: upgrade.text }] };
    }
    return { ops: await scriptOps(revision.file, text, options) };
  } catch (error) {
    if (error instanceof NeedsRunning) {
      return { unreadable: error.line === null ? error.message : `${error.message}, line ${error.line}` };
    }
    return { unreadable: messageOf(error) };
  }
}

async function scriptOps(
  file: string,
  text: string,
  options: { readonly dialect: Spelling; readonly arguments: Readonly<Record<string, string>> },
): Promise<readonly Op[]> {
  const { program } = parseProgram(file, text.replace(/^\uFEFF/, " "));
  const exported = defaultExport(program);
  if (exported === null) throw new NeedsRunning("it exports nothing by default", null);
  const constants = constantsOf(program);
  const upgrade = upgradeOf(definitionOf(file, exported, constants), constants);
  const ops: Op[] = [];
  const { op, settle } = createOperations({
    dialect: options.dialect,
    arguments: options.arguments,
    async perform(one) {
      ops.push(one);
    },
    query: () => Promise.reject(new NeedsRunning("it asks the database", null)),
  });
  const own = new WeakSet<object>([op, t, sql]);
  const evaluation: Evaluation = { own, makeFunction: (node, scope) => functionOf(evaluation, node, scope) };
  const scope: Scope = {
    names: importedNames(program),
    outer: null,
    constants: mayChange(program) ? new Map() : constants,
  };
  let thrown: unknown = null;
  try {
    bindAndWalk(evaluation, upgrade, scope, [op]);
  } catch (error) {
    thrown = error;
  }
  // Also after a failure: what was called before is on its way.
  await settle();
  if (thrown !== null) throw thrown;
  return ops;
}

const declarations: readonly string[] = [
  "ImportDeclaration",
  "VariableDeclaration",
  "FunctionDeclaration",
  "ClassDeclaration",
  "ExportNamedDeclaration",
  "ExportDefaultDeclaration",
];

/** True when something at the top level is done, which could make a list or an object another than is written there. */
function mayChange(program: Acorn.Program): boolean {
  return program.body.some((statement) => !declarations.includes(statement.type) && !isExport(statement));
}

/** `module.exports = …`, `"use strict"` */
function isExport(node: Acorn.Statement | Acorn.ModuleDeclaration): boolean {
  if (node.type !== "ExpressionStatement") return false;
  const { expression } = node;
  if (expression.type === "Literal") return true;
  if (expression.type !== "AssignmentExpression" || expression.left.type !== "MemberExpression") return false;
  const { object } = expression.left;
  return object.type === "Identifier" && (object.name === "module" || object.name === "exports");
}

type FunctionNode = Acorn.ArrowFunctionExpression | Acorn.FunctionExpression;

function upgradeOf(definition: Acorn.ObjectExpression, constants: Scope["constants"]): FunctionNode {
  for (const property of definition.properties) {
    if (property.type === "SpreadElement" || propertyName(property) !== "upgrade") continue;
    const value = resolve(property.value, constants);
    if (value.type === "FunctionExpression" || value.type === "ArrowFunctionExpression")
      return value as FunctionNode;
  }
  throw new NeedsRunning("its upgrade is not written out there", definition);
}

/** What `import { sql, t as types } from "aludel"` gives names to. */
function importedNames(program: Acorn.Program): Map<string, unknown> {
  const known: Readonly<Record<string, unknown>> = { sql, t };
  const names = new Map<string, unknown>();
  for (const statement of program.body) {
    if (statement.type !== "ImportDeclaration" || statement.source.value !== "aludel") continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type !== "ImportSpecifier" || specifier.imported.type !== "Identifier") continue;
      const { name } = specifier.imported;
      if (Object.hasOwn(known, name)) names.set(specifier.local.name, known[name]);
    }
  }
  return names;
}

/** A function that is handed to `op.autocommit` or `op.batchAlterTable`, which calls it. */
function functionOf(evaluation: Evaluation, node: FunctionNode, scope: Scope): unknown {
  const made = (...given: unknown[]) => {
    for (const one of given) if (typeof one === "object" && one !== null) evaluation.own.add(one);
    bindAndWalk(evaluation, node, scope, given);
  };
  return made;
}

function bindAndWalk(
  evaluation: Evaluation,
  node: FunctionNode,
  outer: Scope,
  given: readonly unknown[],
): void {
  if (node.generator) throw new NeedsRunning("it is a generator", node);
  const scope: Scope = { names: new Map(), outer, constants: new Map() };
  for (const [at, parameter] of node.params.entries()) bind(scope, parameter, given[at]);
  if (node.body.type === "BlockStatement") walk(evaluation, node.body.body, scope);
  else evaluate(evaluation, node.body, scope);
}

function bind(scope: Scope, pattern: Acorn.Node, value: unknown): void {
  if (pattern.type === "Identifier") {
    scope.names.set((pattern as Acorn.Identifier).name, value);
    return;
  }
  if (pattern.type === "ArrayPattern" && Array.isArray(value)) {
    for (const [at, part] of (pattern as Acorn.ArrayPattern).elements.entries()) {
      if (part !== null) bind(scope, part, value[at]);
    }
    return;
  }
  throw new NeedsRunning("it takes a value apart", pattern);
}

const inner = (scope: Scope): Scope => ({ names: new Map(), outer: scope, constants: new Map() });

/** True when a `return` ended it. */
function walk(evaluation: Evaluation, statements: readonly Acorn.Node[], scope: Scope): boolean {
  return statements.some((statement) => step(evaluation, statement, scope));
}

function step(evaluation: Evaluation, node: Acorn.Node, scope: Scope): boolean {
  switch (node.type) {
    case "EmptyStatement":
      return false;
    case "ExpressionStatement":
      evaluate(evaluation, (node as Acorn.ExpressionStatement).expression, scope);
      return false;
    case "ReturnStatement": {
      const { argument } = node as Acorn.ReturnStatement;
      if (argument != null) evaluate(evaluation, argument, scope);
      return true;
    }
    case "BlockStatement":
      return walk(evaluation, (node as Acorn.BlockStatement).body, inner(scope));
    case "VariableDeclaration": {
      const { kind, declarations } = node as Acorn.VariableDeclaration;
      if (kind !== "const") throw new NeedsRunning("it has a variable", node);
      for (const { id, init } of declarations)
        bind(scope, id, init == null ? undefined : evaluate(evaluation, init, scope));
      return false;
    }
    case "IfStatement": {
      const { test, consequent, alternate } = node as Acorn.IfStatement;
      const chosen = evaluate(evaluation, test, scope) ? consequent : alternate;
      return chosen == null ? false : step(evaluation, chosen, inner(scope));
    }
    case "ForOfStatement":
      return loop(evaluation, node as Acorn.ForOfStatement, scope);
  }
  throw new NeedsRunning("it does something that is no operation", node);
}

function loop(evaluation: Evaluation, node: Acorn.ForOfStatement, scope: Scope): boolean {
  const { left, right, body, await: waits } = node;
  const values = evaluate(evaluation, right, scope);
  if (waits || !Array.isArray(values) || left.type !== "VariableDeclaration" || left.kind !== "const")
    throw new NeedsRunning("it repeats something", node);
  for (const value of values as unknown[]) {
    const each = inner(scope);
    bind(each, left.declarations[0]?.id ?? node, value);
    if (step(evaluation, body, each)) return true;
  }
  return false;
}
