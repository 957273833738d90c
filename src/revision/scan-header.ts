import { type Header, headerMistake, readComments } from "./header.js";
import { isPhaseMistake, readPhase } from "./phase.js";

// The shape that Aludel writes, in one pattern: thousands of files are read at the start of nearly every command.
const canonical = new RegExp(
  [
    String.raw`\s*(\/\*(?:[^*]|\*(?!\/))*\*\/)\s*`,
    String.raw`(?:import \{[^{}]*\} from ["']aludel["'];?\s*)?`,
    String.raw`export default defineRevision\(\{\s*`,
    String.raw`id: "(\w+)",\s*revises: (null|"\w+"|\[\s*(?:"\w+",?\s*)*\]),\s*`,
    String.raw`(?:dependsOn: ("[\w.-]+"|\[\s*(?:"[\w.-]+",?\s*)*\]),\s*)?`,
    String.raw`(?:labels: ("[\w.-]+"|\[\s*(?:"[\w.-]+",?\s*)*\]),\s*)?`,
    String.raw`(?:async )?(?:upgrade|downgrade)\(`,
  ].join(""),
  "y",
);
const canonicalComment =
  /^\/\*\*\r?\n \* (?!\w+: )(.+?)\r?\n \*\r?\n(?: \* (?:Revision|Revises|Depends-On|Labels): .*\n)* \* Created: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\r?\n \*\/$/;
const names = /[\w.-]+/g;
const ending = /\}\s*\)\s*;?\s*$/;

const space = /\s*/y;
const comment = /\/\*[\s\S]*?\*\/|\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*/y;
const importStatement =
  /import\s*(?:type\s)?\s*(?:[\w$]+\s*,?\s*)?(?:\{[^{}]*\}|\*\s*as\s+[\w$]+)?\s*(?:from\s*)?(?:"[^"\n]*"|'[^'\n]*')[ \t]*;?/y;
const opening = /export\s+default\s+defineRevision\s*\(\s*\{/y;
const key = /(id|revises|dependsOn|labels|phase|waitsFor)\s*:\s*/y;
const string = /"([^"\\\n]*)"|'([^'\\\n]*)'/y;
const nothing = /null\b/y;
const comma = /\s*,/y;
const functions = /(?:async\s+)?(?:upgrade|downgrade)\s*[(:]/y;

type Metadata = Partial<Record<string, readonly string[]>>;

/** A position in a text, moved by patterns. */
class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found !== null) this.at = pattern.lastIndex;
    return found;
  }

  /** Skips white space and comments, and gives the comments. */
  comments(): readonly string[] {
    const found: string[] = [];
    for (;;) {
      this.take(space);
      const one = this.text.charCodeAt(this.at) === 47 ? this.take(comment) : null;
      if (one === null) return found;
      found.push(one[0]);
    }
  }
}

function scanValue(scanner: Scanner): readonly string[] | null {
  const single = scanner.take(string);
  if (single !== null) return [single[1] ?? single[2] ?? ""];
  if (scanner.take(nothing) !== null) return [];
  if (scanner.text[scanner.at] !== "[") return null;
  scanner.at++;
  const values: string[] = [];
  for (;;) {
    scanner.comments();
    if (scanner.text[scanner.at] === "]") {
      scanner.at++;
      return values;
    }
    const value = scanner.take(string);
    if (value === null) return null;
    values.push(value[1] ?? value[2] ?? "");
    if (scanner.take(comma) === null && !/\s*\]/y.test(scanner.text.slice(scanner.at, scanner.at + 200)))
      return null;
  }
}

function scanProperties(scanner: Scanner): Metadata | null {
  const metadata: Metadata = {};
  for (;;) {
    scanner.comments();
    const name = scanner.take(key)?.[1];
    if (name === undefined) return scanner.take(functions) === null ? null : metadata;
    const isList = scanner.text[scanner.at] === "[";
    const values = scanValue(scanner);
    if (values === null || ((name === "id" || name === "phase") && isList) || metadata[name] !== undefined)
      return null;
    metadata[name] = values;
    if (scanner.take(comma) === null) return null;
  }
}

/**
 * True when something further down could still change what was read: then the file is parsed in full. A second `id`
 * is not looked for, because many tables have a column of that name; loading the file finds it.
 */
function mayChange(text: string, from: number): boolean {
  return ["labels", "dependsOn", "revises", "repeatable", "phase:", "waitsFor", "..."].some((sign) =>
    text.includes(sign, from),
  );
}

/**
 * Reads the header of a TypeScript revision in the shape that Aludel writes. `null` where the file has another shape
 * or a mistake: the file is then parsed in full, which also finds out where a mistake is.
 */
export function scanHeader(text: string): Header | null {
  // A file that was cut off may still have its whole header.
  if (!ending.test(text.slice(-40))) return null;
  return scanCanonical(text) ?? scanAnyOrder(text);
}

function scanCanonical(text: string): Header | null {
  canonical.lastIndex = 0;
  const found = canonical.exec(text);
  if (found === null) return null;
  const [, comment = "", id = "", parents = "", dependsOn, labels] = found;
  if (mayChange(text, canonical.lastIndex)) return null;
  const about = readCanonicalComment(comment);
  const header: Header = {
    id,
    revises: namesOf(parents),
    dependsOn: dependsOn === undefined ? [] : namesOf(dependsOn),
    labels: labels === undefined ? [] : namesOf(labels),
    message: about.message,
    createdAt: about.createdAt,
  };
  return headerMistake(header) === null ? header : null;
}

/** The names of `null`, `"one"` or `["one", "two"]`; the pattern has made sure that only names are between quotes. */
function namesOf(list: string): readonly string[] {
  if (list === "null") return [];
  return list.startsWith("[") ? (list.match(names) ?? []) : [list.slice(1, -1)];
}

function readCanonicalComment(comment: string): Pick<Header, "message" | "createdAt"> {
  const found = canonicalComment.exec(comment);
  if (found === null) return readComments([comment]);
  return { message: (found[1] ?? "").trim(), createdAt: new Date(found[2] ?? "") };
}

function scanAnyOrder(text: string): Header | null {
  const scanner = new Scanner(text);
  const comments: string[] = [];
  do {
    comments.push(...scanner.comments());
  } while (scanner.take(importStatement) !== null);
  if (scanner.take(opening) === null) return null;
  const metadata = scanProperties(scanner);
  if (metadata === null) return null;
  if (mayChange(text, scanner.at)) return null;
  const { id, revises, dependsOn = [], labels = [], phase, waitsFor } = metadata;
  const only = id?.[0];
  if (only === undefined || revises === undefined) return null;
  const phased = readPhase(phase?.[0], waitsFor);
  if (isPhaseMistake(phased)) return null;
  const header = { id: only, revises, dependsOn, labels, ...phased };
  return headerMistake(header) === null ? { ...header, ...readComments(comments) } : null;
}
