import { without } from "./item.js";
import type { Pair } from "./pair.js";

/**
 * The smallest pair that still fails, of those that come by taking items away, from both sides where both have them.
 * `fails` says why, in words that begin alike for one and the same failure.
 */
export async function shrink(pair: Pair, fails: (pair: Pair) => Promise<boolean>): Promise<Pair> {
  let smallest = pair;
  for (let again = true; again; ) {
    again = false;
    const ids = [...new Set([...smallest.to, ...smallest.from].map(({ id }) => id))].reverse();
    for (const id of ids) {
      for (const candidate of smaller(smallest, id)) {
        if (!(await fails(candidate))) continue;
        smallest = candidate;
        again = true;
        break;
      }
    }
  }
  return smallest;
}

function smaller(pair: Pair, id: string): readonly Pair[] {
  const from = without(pair.from, id);
  const to = without(pair.to, id);
  const fromIsLess = from.length < pair.from.length;
  const toIsLess = to.length < pair.to.length;
  return [
    ...(fromIsLess || toIsLess ? [{ ...pair, from, to }] : []),
    ...(fromIsLess && toIsLess
      ? [
          { ...pair, from },
          { ...pair, to },
        ]
      : []),
  ];
}
