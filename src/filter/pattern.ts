import type { ObjectName } from "../schema/name.js";

/** A pattern for names, read. `negated`: `!` in front takes names out again. */
export interface Pattern {
  readonly text: string;
  readonly negated: boolean;
  /** What the namespace must look like; `null` is the default namespace. Not used for patterns of one name. */
  readonly namespace: RegExp | null;
  readonly name: RegExp;
}

const part = /"(?:[^"]|"")*"|[^".]+/y;

/**
 * Reads `audit`, `legacy_*`, `audit.*`, `*.temp_?`, `"Order.x"`, `!users`: `*` stands for any characters, `?` for one,
 * neither for a dot between two names; what is in double quotes stands for itself.
 *
 * @returns `null` for text that is no pattern: more names than `most`, an empty one, an open quote.
 */
export function readPattern(text: string, most: 1 | 2): Pattern | null {
  const negated = text.startsWith("!");
  const parts: RegExp[] = [];
  let at = negated ? 1 : 0;
  for (;;) {
    part.lastIndex = at;
    const [found] = part.exec(text) ?? [];
    if (found === undefined) return null;
    parts.push(expressionOf(found));
    at += found.length;
    if (at === text.length) break;
    if (text[at] !== ".") return null;
    at += 1;
  }
  const name = parts.at(-1);
  if (name === undefined || parts.length > most) return null;
  return { text, negated, namespace: parts.length === 2 ? (parts[0] ?? null) : null, name };
}

function expressionOf(text: string): RegExp {
  const literal = text.startsWith('"');
  const body = literal ? text.slice(1, -1).replaceAll('""', '"') : text;
  const escaped = body.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  const source = literal ? escaped : escaped.replaceAll("\\*", ".*").replaceAll("\\?", ".");
  return new RegExp(`^${source}$`, "su");
}

/** `true` or `false` from the last pattern that fits, `null` when none does. */
export function decide(patterns: readonly Pattern[], fits: (pattern: Pattern) => boolean): boolean | null {
  const last = patterns.findLast(fits);
  return last === undefined ? null : !last.negated;
}

/** The pattern fits an object's name. A pattern without a namespace fits in the default one only. */
export function fitsName(pattern: Pattern, object: ObjectName, defaultNamespace: string | null): boolean {
  if (!pattern.name.test(object.name)) return false;
  const namespace = object.namespace ?? defaultNamespace;
  if (pattern.namespace !== null) return pattern.namespace.test(namespace ?? "");
  return namespace === defaultNamespace;
}
