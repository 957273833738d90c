import { expect, test } from "vitest";
import { dividedIntoWaves } from "../../src/deploy/rollout/waves.js";

const sizes = (count: number, waves: Parameters<typeof dividedIntoWaves>[1]) =>
  dividedIntoWaves(
    Array.from({ length: count }, (_, at) => at),
    waves,
  ).map((wave) => wave.length);

test.each([
  [50, [{ count: 1 }, { percent: 10 }, { percent: 100 }], [1, 4, 45]],
  [3, [{ count: 1 }, { percent: 10 }, { percent: 100 }], [1, 1, 1]],
  [1, [{ count: 1 }, { percent: 10 }, { percent: 100 }], [1]],
  [0, [{ count: 1 }], []],
  [10, [{ count: 2 }], [10]],
  [10, [{ count: 20 }, { percent: 100 }], [10]],
  [10, [{ percent: 0.1 }, { percent: 50 }, { count: 6 }], [1, 4, 5]],
])("%i databases in waves of %j", (count, waves, expected) => {
  expect(sizes(count, waves)).toEqual(expected);
});
