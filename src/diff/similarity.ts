/** Words of a name: `fullName`, `full_name` and `full name` have two. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** Number of characters to insert, delete or replace (Levenshtein). */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let place = 1; place <= b.length; place += 1) {
      const replaced = (previous[place - 1] ?? 0) + (a[row - 1] === b[place - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[place] ?? 0) + 1, (current[place - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** How alike two names are, from 0 to 1: by their words, or by their letters, whichever says more. */
export function similarity(a: string, b: string): number {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const [plainA, plainB] = [left.join(""), right.join("")];
  if (plainA === plainB) return 1;
  const common = left.filter((word) => right.includes(word)).length;
  const byWords = (2 * common) / (left.length + right.length || 1);
  const longest = Math.max(plainA.length, plainB.length, 1);
  return Math.max(byWords, 1 - distance(plainA, plainB) / longest);
}
