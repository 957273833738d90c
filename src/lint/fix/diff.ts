/** Lines of context around a change. */
const around = 3;
/** More lines than this on either side are shown as taken out and put in. */
const most = 2000;

type Line = readonly [sign: " " | "-" | "+", text: string];

/** What differs between two texts, in the form that `diff -u` and `git apply` have. Empty when nothing does. */
export function unifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return "";
  const lines = linesOf(before, after);
  const hunks: string[] = [];
  let [from, to] = [1, 1];
  for (const range of rangesOf(lines)) {
    // Between two hunks both texts are the same.
    from += range.start - range.skipped;
    to += range.start - range.skipped;
    const shown = lines.slice(range.start, range.end);
    const old = shown.filter(([sign]) => sign !== "+").length;
    const fresh = shown.filter(([sign]) => sign !== "-").length;
    hunks.push(`@@ -${from},${old} +${to},${fresh} @@`, ...shown.map(([sign, text]) => sign + text));
    [from, to] = [from + old, to + fresh];
  }
  return [`--- a/${file}`, `+++ b/${file}`, ...hunks].join("\n");
}

interface LineRange {
  /** Where the one before ended. */
  readonly skipped: number;
  readonly start: number;
  readonly end: number;
}

function rangesOf(lines: readonly Line[]): readonly LineRange[] {
  const ranges: { skipped: number; start: number; end: number }[] = [];
  for (const [at, [sign]] of lines.entries()) {
    if (sign === " ") continue;
    const last = ranges.at(-1);
    const end = Math.min(lines.length, at + 1 + around);
    if (last !== undefined && at - around <= last.end) last.end = end;
    else ranges.push({ skipped: last?.end ?? 0, start: Math.max(last?.end ?? 0, at - around), end });
  }
  return ranges;
}

function linesOf(before: string, after: string): readonly Line[] {
  const [a, b] = [before.replace(/\n$/, "").split("\n"), after.replace(/\n$/, "").split("\n")];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const same = (text: string): Line => [" ", text];
  return [
    ...a.slice(0, head).map(same),
    ...changed(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ];
}

/** By the longest common subsequence. */
function changed(a: readonly string[], b: readonly string[]): readonly Line[] {
  if (a.length > most || b.length > most) {
    return [...a.map((text): Line => ["-", text]), ...b.map((text): Line => ["+", text])];
  }
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [from, to] = [a[i], b[j]];
    if (from !== undefined && from === to) {
      lines.push([" ", from]);
      [i, j] = [i + 1, j + 1];
    } else if (from !== undefined && (to === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(["-", from]);
      i += 1;
    } else if (to !== undefined) {
      lines.push(["+", to]);
      j += 1;
    }
  }
  return lines;
}
