// The laws, for as long as it takes: many more runs than `npm test` has time for, from a seed that is printed first.
// `npm run fuzz -- 12345` runs a seed again; FUZZ_SHRINK=1 makes a failure small, which takes minutes on an engine.
// `npm run fuzz -- 12345 postgres 2000 500` tries 500 pairs of schemas on PostgreSQL alone, from number 2000 on; each
// counterexample is made small (FUZZ_SHRINK=0 leaves it as it is) and printed.
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";

const [, , , only, from = "0", amount = "10000"] = process.argv;
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

/** 10,000 pairs of schemas, each of which a database is led from the one to the other of and back. */
function runPairs(dialect) {
  console.log(`pairs of schemas on ${dialect}: ${amount} from ${from} on, seed ${seed}`);
  const file = `test/law/pairs/${dialect}.test.ts`;
  const env = { ...process.env, FUZZ_PAIRS: amount, FUZZ_FROM: from, FUZZ_SEED: seed };
  return spawnSync(process.execPath, [vitest, "run", file], { env, stdio: "inherit" }).status === 0;
}

if (only !== undefined) process.exit(runPairs(only) ? 0 : 1);

const held = [
  runPairs("sqlite"),
  runPairs("postgres"),
  run(
    2_000,
    "test/law/diff",
    "test/law/rename",
    "test/law/engine",
    "test/law/postgres",
    "test/dialect/sqlite/law",
    "test/dialect/sqlite/property",
  ),
  run(20_000, "test/revision/graph/laws"),
];
process.exitCode = held.every(Boolean) ? 0 : 1;
