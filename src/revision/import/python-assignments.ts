import { pythonTokens, type Token } from "./python-tokens.js";
import { unreadable } from "./unreadable.js";

/** What a module assigns to a name: a text, several in the order they are written, or `None`. */
export interface Assigned {
  readonly value: string | readonly string[] | null;
  readonly line: number;
}

/** A module as far as it is read: the text it begins with, and what it assigns to the names asked for. */
export interface Module<Name extends string> {
  readonly docstring: string;
  readonly assigned: ReadonlyMap<Name, Assigned>;
}

/**
 * Reads assignments of literals at the top level of a Python module. Nothing is run. What could give one of the names a value
 * in another way (an expression, a condition, a second assignment) is an error, never a guess.
 *
 * @throws AludelError `import-unreadable` with the line.
 */
export function readAssignments<Name extends string>(
  file: string,
  text: string,
  names: readonly Name[],
): Module<Name> {
  const assigned = new Map<Name, Assigned>();
  const statements = statementsOf(pythonTokens(file, text));
  let isInDefinition = false;
  for (const { tokens, indent } of statements) {
    const [first] = tokens;
    if (first === undefined) continue;
    if (indent === 0) isInDefinition = ["def", "class", "async", "@"].includes(first.text);
    if (isInDefinition) continue;
    const name = targetOf(tokens, names);
    if (name === undefined) continue;
    if (indent !== 0 || first.text !== name) throw notPlain(file, first, name);
    if (assigned.has(name)) {
      throw unreadable(file, first.line, `${name} is assigned a second time`, "Keep one of the assignments.");
    }
    const reader = new Literal(file, name, afterEquals(file, tokens, name));
    assigned.set(name, { value: reader.read(), line: first.line });
  }
  const [start] = statements[0]?.tokens ?? [];
  return { docstring: start?.kind === "string" ? start.text : "", assigned };
}

interface Statement {
  readonly tokens: readonly Token[];
  /** Of the line; statements that stand on one line have the same. */
  readonly indent: number;
}

function statementsOf(tokens: readonly Token[]): readonly Statement[] {
  const statements: Statement[] = [];
  let current: Token[] = [];
  let indent = 0;
  let depth = 0;
  for (const token of tokens) {
    if (token.indent !== null && current.length === 0) indent = token.indent;
    if (token.kind === "sign" && "([{".includes(token.text)) depth += 1;
    if (token.kind === "sign" && ")]}".includes(token.text)) depth -= 1;
    const isEnd = token.kind === "end" || (token.text === ";" && token.kind === "sign" && depth === 0);
    if (!isEnd) current.push(token);
    else {
      if (current.length > 0) statements.push({ tokens: current, indent });
      current = [];
    }
  }
  return statements;
}

/** The name among these that the statement gives a value to, in whatever way. */
function targetOf<Name extends string>(tokens: readonly Token[], names: readonly Name[]): Name | undefined {
  let depth = 0;
  let last = -1;
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== "sign") continue;
    if ("([{".includes(text)) depth += 1;
    if (")]}".includes(text)) depth -= 1;
    if (depth === 0 && /^(?:=|[^=!<>]=)$/.test(text)) last = at;
  }
  const imported = ["import", "from", "for", "with", "del", "global"].includes(tokens[0]?.text ?? "");
  const before = imported ? tokens : tokens.slice(0, Math.max(0, last));
  return names.find((name) => before.some(({ kind, text }) => kind === "name" && text === name));
}

function notPlain(file: string, { line }: Token, name: string): Error {
  return unreadable(
    file,
    line,
    `${name} is given a value in a way that cannot be read without running the file`,
    `Write ${name} = "…" on a line of its own, without a condition.`,
  );
}

/** The expression of `name = …` or `name: annotation = …`. */
function afterEquals(file: string, tokens: readonly Token[], name: string): readonly Token[] {
  const [first, second] = tokens;
  const at = tokens.findIndex(({ kind, text }) => kind === "sign" && text === "=");
  if (first === undefined || at < 0 || (at > 1 && second?.text !== ":")) {
    throw notPlain(file, first ?? { kind: "end", text: "", line: 1, indent: null }, name);
  }
  return tokens.slice(at + 1);
}

/** `None`, a text, or a tuple, list or set of texts. */
class Literal {
  readonly #file: string;
  readonly #name: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(file: string, name: string, tokens: readonly Token[]) {
    this.#file = file;
    this.#name = name;
    this.#tokens = tokens;
  }

  read(): Assigned["value"] {
    const value = this.#list("");
    if (this.#at < this.#tokens.length) throw this.#unexpected();
    return value;
  }

  /** Values up to the closing sign; one without a comma in round brackets, or in none, is that value itself. */
  #list(close: string): Assigned["value"] {
    const values: Assigned["value"][] = [];
    let hasComma = false;
    while (this.#at < this.#tokens.length && this.#text() !== close) {
      values.push(this.#value());
      if (this.#text() !== ",") break;
      hasComma = true;
      this.#at += 1;
    }
    if (close !== "") {
      if (this.#text() !== close) throw this.#unexpected();
      this.#at += 1;
    }
    const [only] = values;
    if (!hasComma && (close === "" || close === ")") && only !== undefined) return only;
    if (close === "" && values.length === 0) throw this.#unexpected();
    return values.map((value) => {
      if (typeof value === "string") return value;
      throw this.#unexpected();
    });
  }

  #value(): Assigned["value"] {
    const token = this.#tokens[this.#at];
    if (token?.kind === "string") {
      let text = "";
      for (let next = this.#tokens[this.#at]; next?.kind === "string"; next = this.#tokens[this.#at]) {
        text += next.text;
        this.#at += 1;
      }
      return text;
    }
    if (token === undefined) throw this.#unexpected();
    this.#at += 1;
    if (token.kind === "name" && token.text === "None") return null;
    const close = token.kind === "sign" ? { "(": ")", "[": "]", "{": "}" }[token.text] : undefined;
    if (close !== undefined) return this.#list(close);
    this.#at -= 1;
    throw this.#unexpected();
  }

  #text(): string | null {
    const token = this.#tokens[this.#at];
    return token?.kind === "sign" ? token.text : null;
  }

  #unexpected(): Error {
    const token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)];
    return unreadable(
      this.#file,
      token?.line ?? 1,
      `${this.#name} is not written as a text, a tuple or list of texts, or None`,
      `Write it out: ${this.#name} = "…". Nothing of the file is run.`,
    );
  }
}
