import type * as Acorn from "acorn";

/** Thrown where only running the code would tell what it says. */
export class NeedsRunning extends Error {
  readonly line: number | null;

  constructor(what: string, node: Acorn.Node | null) {
    super(what);
    this.line = node?.loc?.start.line ?? null;
  }
}

/** What names stand for at a place of the code. */
export interface Scope {
  readonly names: Map<string, unknown>;
  readonly outer: Scope | null;
  /** Top-level constants that nobody has asked for yet. */
  readonly constants: ReadonlyMap<string, Acorn.Expression>;
}

/**
 * Objects whose methods may be called, because they are Aludel's own and do nothing but note what they are told: `op`, `t` and
 * what comes from them.
 */
export type Own = WeakSet<object>;

/** Makes a function of Aludel's own out of one in the code, by going over its statements when it is called. */
export type MakeFunction = (
  node: Acorn.ArrowFunctionExpression | Acorn.FunctionExpression,
  scope: Scope,
) => unknown;

export interface Evaluation {
  readonly own: Own;
  readonly makeFunction: MakeFunction;
}

export function lookUp(evaluation: Evaluation, name: string, scope: Scope, node: Acorn.Node): unknown {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    if (at.names.has(name)) return at.names.get(name);
    const constant = at.constants.get(name);
    if (constant === undefined) continue;
    const value = evaluate(evaluation, constant, at);
    at.names.set(name, value);
    return value;
  }
  if (name === "undefined") return undefined;
  throw new NeedsRunning(`${name} comes from elsewhere`, node);
}

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** Methods of texts and lists that change nothing. */
const harmless: Readonly<Record<string, readonly string[]>> = {
  string: ["trim", "toLowerCase", "toUpperCase"],
  list: ["join", "concat"],
};

/**
 * The value of an expression that is written out: texts, numbers, lists, objects, constants of the file, and calls of what is
 * Aludel's own. No code of the file is run.
 * @throws NeedsRunning for anything else.
 */
export function evaluate(evaluation: Evaluation, node: Acorn.Node, scope: Scope): unknown {
  const value = (one: Acorn.Node) => evaluate(evaluation, one, scope);
  switch (node.type) {
    case "Literal": {
      const literal = node as Acorn.Literal;
      if (literal.regex !== undefined && literal.regex !== null) break;
      return literal.bigint != null ? BigInt(literal.bigint) : literal.value;
    }
    case "TemplateLiteral": {
      const { quasis, expressions } = node as Acorn.TemplateLiteral;
      return quasis
        .map(
          ({ value: { cooked } }, at) =>
            `${cooked ?? ""}${at < expressions.length ? plainText(value(expressions[at] as Acorn.Node), node) : ""}`,
        )
        .join("");
    }
    case "Identifier":
      return lookUp(evaluation, (node as Acorn.Identifier).name, scope, node);
    case "ArrayExpression":
      return (node as Acorn.ArrayExpression).elements.flatMap((element) => {
        if (element === null) throw new NeedsRunning("a list has a hole", node);
        if (element.type !== "SpreadElement") return [value(element)];
        const spread = value(element.argument);
        if (!Array.isArray(spread)) throw new NeedsRunning("something is spread that is no list", element);
        return spread as unknown[];
      });
    case "ObjectExpression":
      return objectOf(evaluation, node as Acorn.ObjectExpression, scope);
    case "UnaryExpression": {
      const { operator, argument } = node as Acorn.UnaryExpression;
      const operand = value(argument);
      if (operator === "-" && (typeof operand === "number" || typeof operand === "bigint")) return -operand;
      if (operator === "!") return !operand;
      break;
    }
    case "BinaryExpression": {
      const { operator, left, right } = node as Acorn.BinaryExpression;
      if (left.type === "PrivateIdentifier") break;
      const [a, b] = [value(left), value(right)];
      if (operator === "+" && typeof a === "string" && typeof b === "string") return a + b;
      if (operator === "===") return a === b;
      if (operator === "!==") return a !== b;
      break;
    }
    case "ConditionalExpression": {
      const { test, consequent, alternate } = node as Acorn.ConditionalExpression;
      return value(value(test) ? consequent : alternate);
    }
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return evaluation.makeFunction(node as Acorn.ArrowFunctionExpression, scope);
    case "AwaitExpression":
      return value((node as Acorn.AwaitExpression).argument);
    case "ParenthesizedExpression":
      return value((node as Acorn.ParenthesizedExpression).expression);
    case "MemberExpression":
      return memberOf(evaluation, node as Acorn.MemberExpression, scope).member;
    case "TaggedTemplateExpression":
      return taggedText(evaluation, node as Acorn.TaggedTemplateExpression, scope);
    case "CallExpression":
      return callOf(evaluation, node as Acorn.CallExpression, scope);
  }
  throw new NeedsRunning("it computes something", node);
}

function plainText(value: unknown, node: Acorn.Node): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint")
    return String(value);
  throw new NeedsRunning("a text holds something that is no text", node);
}

function keyOf(evaluation: Evaluation, key: Acorn.Node, computed: boolean, scope: Scope): string {
  if (!computed && key.type === "Identifier") return (key as Acorn.Identifier).name;
  return plainText(evaluate(evaluation, key, scope), key);
}

function objectOf(evaluation: Evaluation, node: Acorn.ObjectExpression, scope: Scope): object {
  const entries: (readonly [string, unknown])[] = [];
  for (const property of node.properties) {
    if (property.type === "SpreadElement") {
      const spread = evaluate(evaluation, property.argument, scope);
      if (!isObject(spread) || evaluation.own.has(spread))
        throw new NeedsRunning("something is spread that is no object", property);
      entries.push(...Object.entries(spread));
    } else if (property.kind === "init") {
      const key = keyOf(evaluation, property.key, property.computed, scope);
      entries.push([key, evaluate(evaluation, property.value, scope)]);
    } else throw new NeedsRunning("an object has a getter", property);
  }
  // Of properties with one name the last counts, and none of them is the prototype.
  return Object.fromEntries(entries);
}

function memberOf(
  evaluation: Evaluation,
  node: Acorn.MemberExpression,
  scope: Scope,
): { readonly owner: unknown; readonly name: string; readonly member: unknown } {
  if (node.object.type === "Super" || node.property.type === "PrivateIdentifier")
    throw new NeedsRunning("it computes something", node);
  const owner = evaluate(evaluation, node.object, scope);
  const key = node.computed ? evaluate(evaluation, node.property, scope) : undefined;
  const name = node.computed ? plainText(key, node) : (node.property as Acorn.Identifier).name;
  if (typeof owner === "string" || Array.isArray(owner)) {
    if (name === "length") return { owner, name, member: owner.length };
    const index = Array.isArray(owner) && typeof key === "number";
    return { owner, name, member: index ? (owner as unknown[])[key as number] : undefined };
  }
  if (!isObject(owner)) throw new NeedsRunning(`${name} is asked of nothing`, node);
  const isOwn = evaluation.own.has(owner);
  // Only what was written down: not what every object has from its prototype.
  if (!isOwn && !Object.hasOwn(owner, name)) return { owner, name, member: undefined };
  const member: unknown = Reflect.get(owner, name);
  if (isOwn && (typeof member === "object" || typeof member === "function") && member !== null)
    return { owner, name, member: isPlainData(member) ? member : undefined };
  return { owner, name, member };
}

const isPlainData = (member: object): boolean => typeof member !== "function";

function taggedText(evaluation: Evaluation, node: Acorn.TaggedTemplateExpression, scope: Scope): unknown {
  const tag = evaluate(evaluation, node.tag, scope);
  if (typeof tag !== "function" || !evaluation.own.has(tag))
    throw new NeedsRunning("a text has a tag of the file's own", node);
  const { quasis, expressions } = node.quasi;
  const cooked = quasis.map(({ value }) => value.cooked ?? "");
  const strings = Object.assign(cooked, { raw: quasis.map(({ value }) => value.raw) });
  const made: unknown = tag(strings, ...expressions.map((one) => evaluate(evaluation, one, scope)));
  if (isObject(made)) evaluation.own.add(made);
  return made;
}

function callOf(evaluation: Evaluation, node: Acorn.CallExpression, scope: Scope): unknown {
  const { callee, optional } = node;
  if (optional || callee.type === "Super") throw new NeedsRunning("it computes something", node);
  const input = () =>
    evaluate(
      evaluation,
      { ...node, type: "ArrayExpression", elements: node.arguments } as never,
      scope,
    ) as unknown[];
  if (callee.type !== "MemberExpression") {
    const called = callee.type === "Identifier" ? (callee as Acorn.Identifier).name : "something";
    const found = evaluate(evaluation, callee, scope);
    if (typeof found !== "function" || !evaluation.own.has(found))
      throw new NeedsRunning(`it calls ${called}`, node);
    return kept(evaluation, found(...input()));
  }
  const { owner, name } = memberOf(evaluation, callee, scope);
  const kind = typeof owner === "string" ? "string" : Array.isArray(owner) ? "list" : null;
  if (kind !== null && harmless[kind]?.includes(name)) {
    return (Reflect.get(owner as object, name) as (...given: unknown[]) => unknown).apply(owner, input());
  }
  if (!isObject(owner) || !evaluation.own.has(owner)) throw new NeedsRunning(`it calls ${name}`, node);
  if (name === "query") throw new NeedsRunning("what it does depends on what the database answers", node);
  const method: unknown = Reflect.get(owner, name);
  if (typeof method !== "function" || name === "constructor")
    throw new NeedsRunning(`it calls ${name}`, node);
  return kept(evaluation, method.apply(owner, input()));
}

/** What Aludel's own calls give is its own, too. */
function kept(evaluation: Evaluation, value: unknown): unknown {
  if (isObject(value)) evaluation.own.add(value);
  return value;
}
