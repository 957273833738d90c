// A deploy of twelve revisions whose runner, connection or server is ended at every boundary between its steps and inside them:
// `node scripts/faults.mjs [ENGINE] [COUNT] [SEED] [FROM]`. ENGINE is `postgres`, `sqlite` or `both`; COUNT of each; FROM is the revision
// (`fa01` to `fa12`) from which on boundaries are sought. Needs the built dist/.
// Then twenty runners start at once.
import { openFaults, runAtOnce, runFaults } from "../test/deploy/faults/faults.mjs";

const [, , chosen = "both", count = "250", seed = String(Date.now() % 1e9), from = "fa01"] = process.argv;
const runners = 20;

/** How many there are of each. */
function tally(values) {
  const counts = new Map();
  for (const one of values) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].map(([value, number]) => `${number} ${value}`).join(", ");
}

async function run(name) {
  const began = performance.now();
  const whole = await openFaults(name);
  const at = { ...whole, steps: whole.steps.filter((boundary) => boundary >= from) };
  const wrong = [];
  try {
    const tell = (one, kills) => {
      const verdict = one.wrong.length === 0 ? "whole" : "WRONG";
      console.error(
        `${name} ${one.command} seed ${one.seed}: ${one.faults.length} kills, ${verdict} (${kills} of ${count})`,
      );
      if (one.wrong.length === 0) return;
      wrong.push(one.seed);
      for (const { kind, when, delayMs, boundary } of one.faults)
        console.error(`  ${kind} ${when} ${Math.round(delayMs)} ms: ${boundary.slice(0, 140)}`);
      for (const sentence of one.wrong) console.error(`  * ${sentence}`);
    };
    const { faults, missed, chains } = await runFaults(at, {
      count: Number(count),
      seed: Number(seed),
      tell,
    });
    for (const boundary of missed.slice(0, 40)) console.error(`  not reached: ${boundary.slice(0, 140)}`);
    const reached = at.steps.length - missed.length;
    const atOnce = [];
    for (const command of ["upgrade", "deploy"]) {
      const found = await runAtOnce(at, { count: runners, command });
      for (const sentence of found) console.error(`  * ${runners} at once, ${command}: ${sentence}`);
      atOnce.push(`${command} ${found.length === 0 ? "one worked" : "WRONG"}`);
      if (found.length > 0) wrong.push(`${runners} at once`);
    }
    console.log(
      `${name}: ${faults.length} kills in ${chains.length} deploys (${tally(faults.map(({ kind }) => kind))}; ` +
        `${tally(faults.map(({ when }) => when))}), ${reached} of ${at.steps.length} boundaries, ${runners} at once: ${atOnce.join(", ")}; ` +
        `${wrong.length === 0 ? "no violation" : `violations: ${wrong.join(", ")}`}; seed ${seed}, ${Math.round((performance.now() - began) / 1000)} s`,
    );
  } finally {
    await at.dispose();
  }
  return wrong.length === 0;
}

const names = chosen === "both" ? ["sqlite", "postgres"] : [chosen];
const held = [];
for (const name of names) held.push(await run(name));
process.exit(held.every(Boolean) ? 0 : 1);
