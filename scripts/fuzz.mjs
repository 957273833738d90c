// The laws, for as long as it takes: many more runs than `npm test` has time for, from a seed that is printed first.
// `npm run fuzz -- 12345` runs a seed again; FUZZ_SHRINK=1 makes a failure small, which takes minutes on an engine.
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";

const seed = process.argv[2] ?? process.env.FUZZ_SEED ?? String(randomInt(2 ** 31));
const vitest = new URL("../node_modules/vitest/vitest.mjs", import.meta.url).pathname;

function run(runs, ...files) {
  const FUZZ_RUNS = process.env.FUZZ_RUNS ?? String(runs);
  console.log(`${files.join(" ")}: ${FUZZ_RUNS} runs, seed ${seed}`);
  const { status } = spawnSync(process.execPath, [vitest, "run", "--testTimeout=7200000", ...files], {
    env: { ...process.env, FUZZ_RUNS, FUZZ_SEED: seed },
    stdio: "inherit",
  });
  return status === 0;
}

const held = [
  run(2_000, "test/law", "test/dialect/sqlite/law", "test/dialect/sqlite/property"),
  run(20_000, "test/revision/graph/laws"),
];
process.exitCode = held.every(Boolean) ? 0 : 1;
