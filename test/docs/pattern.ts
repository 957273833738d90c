/** A kind of text that differs from run to run. Where it is a name, one of the page is always the same one of the run. */
interface Kind {
  readonly pattern: string;
  readonly isName: boolean;
}

const kinds: readonly Kind[] = [
  { pattern: String.raw`\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z`, isName: false },
  { pattern: String.raw`\b\d+(?:\.\d+)? (?:ms|s|min)\b`, isName: false },
  { pattern: String.raw`\b\d[\d.,]* (?:B|[kKMG]i?B|bytes)\b`, isName: false },
  { pattern: String.raw`(?<=\b(?:PostgreSQL|SQLite|pg_dump) )\d+(?:\.\d+)*\b`, isName: false },
  // Who ran it: a line of a history.
  { pattern: String.raw`(?<=(?:ms|s) +)[\w.-]+@[\w.-]+`, isName: false },
  { pattern: String.raw`(?<=\bprocess )\d+\b`, isName: false },
  { pattern: String.raw`(?<!\d)\d{8}T\d{6}Z`, isName: true },
  { pattern: String.raw`\b\d{14}(?=_)`, isName: true },
  { pattern: String.raw`\b\d{18,20}\b`, isName: true },
  { pattern: String.raw`(?<![0-9a-z])(?=[0-9a-f]*\d)[0-9a-f]{12,64}(?![0-9a-z])`, isName: true },
];

const any = "…";
const volatile = new RegExp(kinds.map(({ pattern }) => `(${pattern})`).join("|"), "g");

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** As a pattern; how far columns are apart depends on what is in them. */
const quoted = (text: string) =>
  text
    .split(any)
    .map((part) => escaped(part).replace(/ {2,}/g, " +"))
    .join(".*");

/**
 * Holds what a page shows against what a run gives: `…` in a line is any text, a line `…` any lines, and what differs from run to
 * run is the same kind of thing in both. Learns which name of the run a name of the page is, and it stays that one.
 */
export class Names {
  readonly #ofRun = new Map<string, string>();
  readonly #ofPage = new Map<string, string>();

  /** The text of the page as it has to be for this run. */
  toRun(text: string): string {
    return replaced(text, this.#ofRun);
  }

  /** The text of the run as the page has it, as far as is known. */
  toPage(text: string): string {
    return replaced(text, this.#ofPage);
  }

  learn(page: string, run: string): void {
    this.#ofRun.set(page, run);
    this.#ofPage.set(run, page);
  }

  /** True when the lines of the run are what the page shows. */
  fits(shown: readonly string[], actual: readonly string[]): boolean {
    const pairs = this.#pairs(shown, actual);
    for (const [page, run] of pairs ?? []) this.learn(page, run);
    return pairs !== null;
  }

  #pairs(shown: readonly string[], actual: readonly string[]): readonly (readonly [string, string])[] | null {
    const [first, ...rest] = shown;
    if (first === undefined) return actual.length === 0 ? [] : null;
    if (first === any) {
      for (let skip = 0; skip <= actual.length; skip += 1) {
        const found = this.#pairs(rest, actual.slice(skip));
        if (found !== null) return found;
      }
      return null;
    }
    const own = actual[0] === undefined ? null : this.#pairsOfLine(first, actual[0]);
    const others = own === null ? null : this.#pairs(rest, actual.slice(1));
    return own === null || others === null ? null : [...own, ...others];
  }

  #pairsOfLine(shown: string, actual: string): readonly (readonly [string, string])[] | null {
    const names: string[] = [];
    let pattern = "";
    let end = 0;
    for (const match of shown.matchAll(volatile)) {
      const kind = kinds[match.slice(1).findIndex((group) => group !== undefined)];
      if (kind === undefined) continue;
      pattern += quoted(shown.slice(end, match.index));
      pattern += kind.isName ? `(${kind.pattern})` : `(?:${kind.pattern})`;
      if (kind.isName) names.push(match[0]);
      end = match.index + match[0].length;
    }
    const found = new RegExp(`^${pattern}${quoted(shown.slice(end))}$`).exec(actual);
    if (found === null) return null;
    const pairs = names.map((name, place) => [name, found[place + 1] ?? ""] as const);
    return pairs.every(([page, run]) => (this.#ofRun.get(page) ?? run) === run) ? pairs : null;
  }
}

function replaced(text: string, names: ReadonlyMap<string, string>): string {
  const longestFirst = [...names.keys()].sort((one, other) => other.length - one.length);
  if (longestFirst.length === 0) return text;
  const all = longestFirst.map(escaped).join("|");
  return text.replace(new RegExp(all, "g"), (name) => names.get(name) ?? name);
}
