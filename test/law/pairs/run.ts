import type { Choices } from "./choices.js";
import type { Item } from "./item.js";
import { holds, type LawEngine, makeTarget, type Outcome, type Target } from "./law.js";
import { type Pair, pairOf, showPair } from "./pair.js";
import { shrink } from "./shrink.js";

export interface Trial {
  readonly engine: LawEngine;
  readonly generate: (choices: Choices) => readonly Item[];
  readonly seed: number;
}

/** What was reached, for tests to ask whether it was enough. */
export interface Reached {
  pairs: number;
  rows: number;
  readonly kinds: Map<string, number>;
  readonly refused: string[];
}

/** Tries pairs of one engine and seed. */
export class Trials {
  readonly reached: Reached = { pairs: 0, rows: 0, kinds: new Map(), refused: [] };
  readonly #trial: Trial;
  #target: Target | null = null;

  constructor(trial: Trial) {
    this.#trial = trial;
  }

  /** `null` when the laws hold for the pair of this number, else the counterexample, made small where that is asked for. */
  async failure(number: number, shrinks: boolean): Promise<string | null> {
    const { seed, generate } = this.#trial;
    const pair = pairOf(seed, number, generate);
    const outcome = await this.#holds(pair);
    count(outcome, this.reached);
    if (outcome.failure === null) return null;
    if (!shrinks) return tell(pair, outcome);
    const head = headOf(outcome.failure);
    const small = await shrink(pair, async (one) => headOf((await this.#holds(one)).failure ?? "") === head);
    return tell(small, await this.#holds(small));
  }

  async #holds({ from, to }: Pair): Promise<Outcome> {
    const isLast = this.#target !== null && sqlOf(this.#target.items) === sqlOf(to);
    const target = isLast && this.#target !== null ? this.#target : await makeTarget(this.#trial.engine, to);
    this.#target = target;
    return holds(this.#trial.engine, from, target);
  }
}

const sqlOf = (items: readonly Item[]) => items.map(({ sql }) => sql).join("\n");

function tell(pair: Pair, { failure, ops }: Outcome): string {
  return `${showPair(pair)}\n\n${failure}\n\nops: ${ops.join("; ")}`;
}

/** The same for the same failure: its first two lines, without names. */
function headOf(failure: string): string {
  return failure
    .split("\n")
    .slice(0, 2)
    .join("\n")
    .replace(/"[^"]*"|'[^']*'|\d+/g, "");
}

function count(outcome: Outcome, reached: Reached): void {
  reached.pairs += 1;
  reached.rows += outcome.rows;
  for (const { items, refused } of [outcome.from, outcome.to]) {
    for (const { kind } of items) reached.kinds.set(kind, (reached.kinds.get(kind) ?? 0) + 1);
    reached.refused.push(...refused);
  }
}
