import { type DumpEntry, type DumpOptions, dumpEntries } from "./entries.js";

/** An object that two dumps do not have in common. */
export interface DumpDifference {
  readonly kind: "missing" | "added" | "different";
  readonly type: string;
  readonly namespace: string | null;
  readonly name: string;
  /** Lines of the expected dump begin with `- `, lines of the actual one with `+ `. */
  readonly lines: readonly string[];
}

function keyOf({ type, namespace, name }: DumpEntry): string {
  return JSON.stringify([type, namespace, name]);
}

function byKey(entries: readonly DumpEntry[]): Map<string, DumpEntry[]> {
  const found = new Map<string, DumpEntry[]>();
  for (const entry of entries) {
    const same = found.get(keyOf(entry));
    if (same) same.push(entry);
    else found.set(keyOf(entry), [entry]);
  }
  return found;
}

/** What is in the first and has no equal in the second, each entry of which is the equal of one only. */
function without(entries: readonly DumpEntry[], others: readonly DumpEntry[]): DumpEntry[] {
  const texts = others.map((entry) => entry.text);
  return entries.filter((entry) => {
    const at = texts.indexOf(entry.text);
    if (at >= 0) texts.splice(at, 1);
    return at < 0;
  });
}

/** For each pair of places, how many lines the rests of both texts have in common, in order. */
function commonLengths(expected: readonly string[], actual: readonly string[]): Uint32Array[] {
  const lengths = Array.from({ length: expected.length + 1 }, () => new Uint32Array(actual.length + 1));
  for (let i = expected.length - 1; i >= 0; i--) {
    for (let j = actual.length - 1; j >= 0; j--) {
      const row = lengths[i] ?? new Uint32Array();
      const below = lengths[i + 1] ?? new Uint32Array();
      row[j] = expected[i] === actual[j] ? 1 + (below[j + 1] ?? 0) : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

/** The lines in which two texts differ, in order, without those that they share. */
export function differingLines(expected: string, actual: string): string[] {
  const left = expected.split("\n");
  const right = actual.split("\n");
  while (left.length > 0 && right.length > 0 && left[0] === right[0]) {
    left.shift();
    right.shift();
  }
  while (left.length > 0 && right.length > 0 && left.at(-1) === right.at(-1)) {
    left.pop();
    right.pop();
  }
  const common = commonLengths(left, right);
  const lines: string[] = [];
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      i++;
      j++;
    } else if (
      j >= right.length ||
      (i < left.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))
    ) {
      lines.push(`- ${left[i++]}`);
    } else lines.push(`+ ${right[j++]}`);
  }
  return lines;
}

function difference(
  kind: DumpDifference["kind"],
  entry: DumpEntry,
  lines: readonly string[],
): DumpDifference {
  const { type, namespace, name } = entry;
  return { kind, type, namespace, name, lines };
}

/** The entries of one headline, of both dumps: usually one and one. */
function differencesOf(expected: readonly DumpEntry[], actual: readonly DumpEntry[]): DumpDifference[] {
  const gone = without(expected, actual);
  const come = without(actual, expected);
  const changed = Math.min(gone.length, come.length);
  return [
    ...gone
      .slice(0, changed)
      .map((entry, index) =>
        difference("different", entry, differingLines(entry.text, come[index]?.text ?? "")),
      ),
    ...gone.slice(changed).map((entry) => difference("missing", entry, prefixed("- ", entry.text))),
    ...come.slice(changed).map((entry) => difference("added", entry, prefixed("+ ", entry.text))),
  ];
}

function prefixed(prefix: string, text: string): string[] {
  return text.split("\n").map((line) => prefix + line);
}

/**
 * In what two dumps of `pg_dump --schema-only --no-owner --no-privileges` describe other schemas: nothing when they
 * have the same objects, in whatever order. The order inside an object (a table's columns) counts.
 */
export function dumpDifferences(
  expected: string,
  actual: string,
  options: DumpOptions = {},
): DumpDifference[] {
  const left = byKey(dumpEntries(expected, options));
  const right = byKey(dumpEntries(actual, options));
  const keys = new Set([...left.keys(), ...right.keys()]);
  return [...keys].flatMap((key) => differencesOf(left.get(key) ?? [], right.get(key) ?? []));
}

/** For a person: what differs, one object after the other; an empty text when nothing does. */
export function describeDumpDifferences(differences: readonly DumpDifference[]): string {
  return differences
    .map(({ kind, type, namespace, name, lines }) => {
      const where = namespace === null ? "" : ` (${namespace})`;
      return [`${kind}: ${type} ${name}${where}`, ...lines.map((line) => `  ${line}`)].join("\n");
    })
    .join("\n\n");
}
