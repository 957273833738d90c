import { expect, test } from "vitest";
import { type Trial, Trials } from "./run.js";

/** `npm run fuzz` asks for more, from a number on. */
const amount = process.env["FUZZ_PAIRS"];
const seed = Number(process.env["FUZZ_SEED"] ?? 20261121);
const shrinks = process.env["FUZZ_SHRINK"] !== "0" && amount !== undefined;
const every = 100;

/** The laws for so many pairs of the seed. */
export function lawOfPairs(
  name: string,
  open: () => Promise<Trial["engine"] & { close(): Promise<void> }>,
  generate: Trial["generate"],
  usual: { readonly from: number; readonly count: number },
): void {
  test(name, { timeout: 86_400_000 }, async () => {
    const engine = await open();
    const trials = new Trials({ engine, generate, seed });
    const first = Number(process.env["FUZZ_FROM"] ?? usual.from);
    const count = Number(amount ?? usual.count);
    const failures: string[] = [];
    for (let number = first; number < first + count; number += 1) {
      const failure = await trials.failure(number, shrinks);
      if (failure !== null) failures.push(failure);
      if (amount === undefined) continue;
      if (failure !== null) process.stdout.write(`${failure}\n\n`);
      if ((number + 1) % every > 0) continue;
      const { rows } = trials.reached;
      process.stdout.write(
        `${name}: seed ${seed}, pairs up to ${number}, ${rows} rows, ${failures.length} failures\n`,
      );
    }
    await engine.close();
    expect(failures.join("\n\n")).toBe("");
    if (count < 100) return;
    expect(trials.reached.rows, "rows that were to survive").toBeGreaterThan(count);
    // Generators may ask for what an engine does not know, but not for much.
    const tried = [...trials.reached.kinds.values()].reduce((sum, each) => sum + each, 0);
    expect(trials.reached.refused.length / tried, "refused by the engine").toBeLessThan(0.05);
  });
}
