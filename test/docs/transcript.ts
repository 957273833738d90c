/** A command of a `sh` block, and what the page shows of its output. */
export interface Shown {
  readonly command: string;
  /** `# exit 1` after the command; else 0. */
  readonly exit: number;
  /** Lines; `…` stands for any. None: the output is not shown. */
  readonly output: readonly string[];
  readonly line: number;
}

/** The commands of a block: lines that begin with `$ `, each with the lines up to the next. */
export function commandsOf(text: string, firstLine: number): readonly Shown[] {
  const shown: { command: string; exit: number; output: string[]; line: number }[] = [];
  for (const [index, line] of text.replace(/\n$/, "").split("\n").entries()) {
    const command = /^\$ (.*?)(?:\s+# exit (\d))?$/.exec(line);
    if (command === null) shown.at(-1)?.output.push(line);
    else {
      shown.push({
        command: command[1] ?? "",
        exit: Number(command[2] ?? 0),
        output: [],
        line: firstLine + index,
      });
    }
  }
  return shown;
}

const durations = /\b\d+(?:\.\d+)? (?:ms|s)\b/g;
const versions = /\bSQLite \d+\.\d+\.\d+\b/g;
const moments = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z\b/g;

/**
 * Makes what differs from run to run alike: times, versions, and ids, which become `id1`, `id2` … in the order in
 * which this function first sees them, so that an id must still be the same wherever it is the same in the page.
 */
export function createPlain(): (text: string) => string {
  const ids = new Map<string, string>();
  const number = (id: string) => {
    const known = ids.get(id) ?? `id${ids.size + 1}`;
    ids.set(id, known);
    return known;
  };
  return (text) =>
    text
      .replace(durations, "TIME")
      .replace(versions, "SQLite VERSION")
      .replace(moments, "MOMENT")
      .replace(/\b\d{14}(?=_)/g, "STAMP")
      .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{12}\b/g, number);
}

/** True when `actual` is what is shown; a line `…` stands for any number of lines. */
export function fits(shown: readonly string[], actual: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return actual.length === 0;
  if (first === "…") {
    for (let skip = 0; skip <= actual.length; skip += 1) if (fits(rest, actual.slice(skip))) return true;
    return false;
  }
  return actual[0] === first && fits(rest, actual.slice(1));
}
