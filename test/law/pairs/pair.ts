import { Choices } from "./choices.js";
import type { Item } from "./item.js";
import { withOtherNames } from "./rename.js";

/** Two schemas as SQL. */
export interface Pair {
  readonly name: string;
  readonly from: readonly Item[];
  readonly to: readonly Item[];
}

/** So many pairs lead to one and the same schema, which is then made and dumped once. */
export const groupSize = 5;

/** How many choices differ: from a few edits to other schemas altogether. */
const rates = [0.01, 0.03, 0.08, 0.2, 1] as const;

/**
 * The pair of a number under a seed: a few edits apart, or with little in common, or made out of nothing. `LAW_NAMES=0.5` gives
 * every other one schemas with other names, for `LAW_RENAMES`.
 */
export function pairOf(seed: number, number: number, generate: (choices: Choices) => readonly Item[]): Pair {
  const group = Math.floor(number / groupSize);
  const name = `${seed}:${number}`;
  const schema = `${seed}:${group} schema`;
  const about = new Choices(name);
  const rate = about.pick("rate", [...rates]);
  const to = generate(new Choices(schema));
  const from = about.chance("from nothing", 0.06) ? [] : generate(new Choices(schema, { seed: name, rate }));
  const hasOtherNames = about.chance("other names", Number(process.env["LAW_NAMES"] ?? 0));
  return { name, from: hasOtherNames ? withOtherNames(from, about) : from, to };
}

/** For a person: what differs, and what both have. */
export function showPair({ name, from, to }: Pair): string {
  const text = (items: readonly Item[]) =>
    items.map(({ id, sql, within }) => `${within === undefined ? "" : "    "}${sql}  -- ${id}`);
  const [a, b] = [text(from), text(to)];
  const lines = [
    ...a.map((line) => `${b.includes(line) ? " " : "-"} ${line}`),
    ...b.filter((line) => !a.includes(line)).map((line) => `+ ${line}`),
  ];
  return [`pair ${name}:`, ...lines].join("\n");
}
