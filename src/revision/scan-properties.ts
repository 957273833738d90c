/** A property of a revision, as far as its text says: a function or a name for one is `given`. */
export interface Property {
  readonly name: string;
  readonly value: "given" | "nothing" | { readonly text: string };
}

/** They, where the export begins, and where the bracket is that ends the object. */
export interface ScannedProperties {
  readonly properties: readonly Property[];
  readonly start: number;
  readonly end: number;
}

const opening = /^export default defineRevision\(\{/m;
const space = /\s+/y;
const comment = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/y;
const key = /(?:async\s+)?(?:([A-Za-z_$][\w$]*)|"([^"\\\n]*)"|'([^'\\\n]*)')\s*(?=[(:])/y;
const text = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y;
const wholeText = /:\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')\s*(?=[,}])/y;
const callable = /:\s*(?:async\b|function\b|\(|[A-Za-z_$][\w$]*\s*=>)/y;
const templateText = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;
const plain = /[^\s"'`/(){}[\],]+/y;

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "${": "}" };

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

/** Where the part of a template up to its end or to its next hole ends; `null` when there is no end. */
function templatePart(source: string, from: number): { readonly at: number; readonly hole: boolean } | null {
  const end = from + (matchAt(templateText, source, from)?.[0].length ?? 0);
  if (source[end] === "`") return { at: end + 1, hole: false };
  return source.startsWith("${", end) ? { at: end + 2, hole: true } : null;
}

/** The property that begins here, and where its value begins. Whatever else may stand there is `null`. */
function propertyAt(source: string, at: number): { readonly property: Property; readonly at: number } | null {
  const found = matchAt(key, source, at);
  if (found === null) return null;
  const name = found[1] ?? found[2] ?? found[3] ?? "";
  const end = at + found[0].length;
  if (source[end] === "(") return { property: { name, value: "given" }, at: end };
  const written = matchAt(wholeText, source, end)?.[1];
  if (written !== undefined)
    return { property: { name, value: { text: written.slice(1, -1) } }, at: end + 1 };
  const isKnown = name === "upgrade" || name === "downgrade";
  if (isKnown && matchAt(callable, source, end) === null) return null;
  return { property: { name, value: "given" }, at: end + 1 };
}

/**
 * The properties of the object that `export default defineRevision({ … })` is called with, found by going over
 * its brackets and quotes. `null` for what that is not enough for (a regular expression, a division, a spread, a
 * value that is neither function nor text): the file is then parsed.
 */
export function scanProperties(source: string): ScannedProperties | null {
  const start = opening.exec(source);
  if (start === null) return null;
  const properties: Property[] = [];
  const open: string[] = [];
  let expected = true;
  let at = start.index + start[0].length;
  while (at < source.length) {
    const skipped = matchAt(space, source, at) ?? matchAt(comment, source, at);
    if (skipped !== null) {
      at += skipped[0].length;
      continue;
    }
    const sign = source[at] ?? "";
    if (sign === "}" && open.length === 0) return { properties, start: start.index, end: at };
    if (expected) {
      const found = propertyAt(source, at);
      if (found === null) return null;
      properties.push(found.property);
      at = found.at;
      expected = false;
    } else if (sign === '"' || sign === "'") {
      const found = matchAt(text, source, at);
      if (found === null) return null;
      at += found[0].length;
    } else if (sign === "`" || (sign === "}" && open.at(-1) === "${")) {
      if (sign === "}") open.pop();
      const part = templatePart(source, at + 1);
      if (part === null) return null;
      if (part.hole) open.push("${");
      at = part.at;
    } else if (sign === "(" || sign === "[" || sign === "{") {
      open.push(sign);
      at++;
    } else if (sign === ")" || sign === "]" || sign === "}") {
      if (closing[open.pop() ?? ""] !== sign) return null;
      at++;
    } else if (sign === "/") return null;
    else if (sign === ",") {
      expected = open.length === 0;
      at++;
    } else at += matchAt(plain, source, at)?.[0].length ?? 1;
  }
  return null;
}
