// Deploys that are ended again and again on their way, until one comes to its end; then everything is looked at.
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boundaries, isBoundary } from "./boundary.mjs";
import { openPostgres } from "./postgres.mjs";
import { ids } from "./project.mjs";
import { start } from "./runner.mjs";
import { openSqlite } from "./sqlite.mjs";
import { violations } from "./whole.mjs";

const [base, ...revisions] = ids;
const commands = { deploy: ["deploy", "--env", "production"], upgrade: ["upgrade", "--env", "production"] };

/** Of what a run that lost its connection may say. */
const expected = /error\[(connection-lost|connection-failed)\]/;

/** A generator of numbers from 0 to 1 (mulberry32): the same for the same seed. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const oneOf = (list, next) => list[Math.floor(next() * list.length)];

/** Opens an engine with the database that every chain begins with. */
async function openBase(name) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "aludel-faults-")));
  const engine = await (name === "postgres" ? openPostgres : openSqlite)(folder);
  const run = async (words, fault, applied) => {
    const began = performance.now();
    const result = await engine.run(words, { applied, fault });
    return { ...result, milliseconds: performance.now() - began };
  };
  const made = await run(["upgrade", base, "--env", "production"], null, null);
  if (made.exit !== 0) throw new Error(made.stderr);
  await engine.keep();
  const dispose = async () => {
    await engine.dispose();
    rmSync(folder, { recursive: true, force: true });
  };
  return { engine, folder, run, dispose };
}

/** The same, with what a deploy without faults makes of that database, and the boundaries that it comes by. */
export async function openFaults(name) {
  const at = await openBase(name);
  const { engine } = at;
  const whole = async (words) => {
    await engine.reset();
    const result = await at.run(words, null, base);
    if (result.exit !== 0) throw new Error(result.stderr);
    const nameOf = boundaries(base);
    return {
      ...result,
      boundaries: result.requests.map((sql) => [nameOf(sql), sql]).filter(([, sql]) => isBoundary(sql)),
    };
  };
  const upgraded = await whole(commands.upgrade);
  const deployed = await whole(commands.deploy);
  const reference = await engine.catalogue();
  const wrong = await violations(engine, reference);
  if (wrong.length > 0) throw new Error(`without any fault: ${wrong.join("; ")}`);
  const names = (one) => one.boundaries.map(([boundary]) => boundary);
  return {
    ...at,
    reference,
    /** Every boundary between the steps of the twelve, whichever command runs them. */
    steps: [...new Set(names(upgraded))].filter((one) => !one.startsWith("end ")),
    milliseconds: { upgrade: upgraded.milliseconds, deploy: deployed.milliseconds },
  };
}

const revisionOf = (boundary) => boundary.slice(0, boundary.indexOf(" "));

/** The next fault: at a boundary that no run was ended at yet, in what comes next; now and then at any moment. */
function chooseFault(at, { applied, isHalfDone, command, pending, next }) {
  const kind = oneOf(
    Object.entries(at.engine.kinds).flatMap(([name, weight]) => Array.from({ length: weight }, () => name)),
    next,
  );
  if (next() < 0.12) return { kind, boundary: "", when: "clock", delayMs: next() * at.milliseconds[command] };
  const when = oneOf(["before", "after", "inside"], next);
  const delayMs = when === "inside" ? next() ** 2 * 25 : 0;
  // Of a revision that is half done some boundaries are behind it, and nobody would come by.
  const from = ids.indexOf(applied) + (isHalfDone && next() < 0.7 ? 2 : 1);
  const isAhead = (one) => ids.indexOf(revisionOf(one)) >= from;
  const missing = [...pending].filter(isAhead);
  const ahead = missing.length > 0 ? missing : at.steps.filter(isAhead);
  const nearest = ahead.map(revisionOf).sort()[0];
  const near = ahead.filter((one) => revisionOf(one) === nearest);
  if (near.length === 0) return null;
  return { kind, boundary: oneOf(near, next), when, delayMs };
}

/** Where a database is, and whether a part of the next revision is committed. */
async function standing(engine) {
  const [{ version_num: applied }] = await engine.ask("SELECT version_num FROM aludel_version");
  const [last] = await engine.ask("SELECT result FROM aludel_run_log ORDER BY id DESC LIMIT 1");
  return { applied, isHalfDone: last.result !== "succeeded" };
}

/**
 * One database from its base to the end of the deploy, its runs ended at most `most` times. Gives every fault, and what is not
 * as it should be.
 */
async function chain(at, { seed, most, pending }) {
  const next = random(seed);
  const { engine } = at;
  const command = next() < 0.35 ? "deploy" : "upgrade";
  const told = { seed, command, faults: [], wrong: [] };
  await engine.reset();
  for (;;) {
    const { applied, isHalfDone } = await standing(engine);
    const chosen = { applied, isHalfDone, command, pending, next };
    const fault = told.faults.length < most ? chooseFault(at, chosen) : null;
    const result = await at.run(commands[command], fault, applied);
    if (result.hit !== null) {
      pending.delete(result.hit);
      told.faults.push({ ...fault, boundary: result.hit, applied });
    }
    if (result.hangs) told.wrong.push("a run hangs");
    const isHit = result.hit !== null && result.exit !== 0;
    if (isHit && result.signal === null && !expected.test(result.stderr)) {
      told.wrong.push(`a run that was hit says: ${result.stderr}`);
    }
    if (!isHit && result.exit !== 0) told.wrong.push(`a run failed: ${result.stderr}`);
    if (result.exit === 0 && (result.hit === null || command === "upgrade")) break;
    if (told.wrong.length > 0) return told;
  }
  // Whoever only upgraded lets a deploy look at it, which finds nothing to do.
  const last = await at.run(commands.deploy, null, revisions.at(-1));
  if (last.exit !== 0) told.wrong.push(`the last deploy failed: ${last.stderr}`);
  told.wrong.push(...(await violations(engine, at.reference)));
  return told;
}

/** Ends `count` runs. `tell` is given each chain when it has come to its end. */
export async function runFaults(at, { count, seed, most = 14, tell = () => undefined }) {
  const pending = new Set(at.steps);
  const chains = [];
  for (let kills = 0; kills < count; ) {
    const one = await chain(at, { seed: seed + chains.length, most: Math.min(most, count - kills), pending });
    chains.push(one);
    kills += one.faults.length;
    tell(one, kills);
  }
  return { chains, faults: chains.flatMap(({ faults }) => faults), missed: [...pending] };
}

/** Upgrades one database whose runs are ended at these places, one after the other. Gives what is not as it should be. */
export async function runChosen(name, faults) {
  const at = await openBase(name);
  const wrong = [];
  try {
    await at.engine.reset();
    for (const fault of faults) {
      const { applied } = await standing(at.engine);
      const { hit, exit, stderr } = await at.run(
        commands.upgrade,
        { delayMs: 0, kind: "runner", ...fault },
        applied,
      );
      if (hit === null || exit === 0) wrong.push(`no run ended at ${fault.pattern}: ${stderr}`);
    }
    const last = await at.run(commands.deploy, null, (await standing(at.engine)).applied);
    if (last.exit !== 0) wrong.push(`the last deploy failed: ${last.stderr}`);
    return [...wrong, ...(await violations(at.engine, null))];
  } finally {
    await at.dispose();
  }
}

/** As many runners at once. Gives what is not as it should be. */
export async function runAtOnce(at, { count, command }) {
  await at.engine.reset();
  const words = [...commands[command], "--lock-timeout", "300s"];
  const results = await Promise.all(Array.from({ length: count }, () => start(at.folder, words).ended));
  const wrong = results.filter(({ exit }) => exit !== 0).map(({ stderr }) => `a runner failed: ${stderr}`);
  const did = (text) => results.filter(({ stdout }) => stdout.includes(text)).length;
  const [worked, idle] = [
    did("12 revisions in "),
    did(command === "deploy" ? "nothing to do" : "Nothing to do"),
  ];
  if (worked !== 1 || idle !== count - 1) wrong.push(`${worked} worked, ${idle} found nothing to do`);
  const last = await at.run(commands.deploy, null, revisions.at(-1));
  if (last.exit !== 0) wrong.push(`the last deploy failed: ${last.stderr}`);
  return [...wrong, ...(await violations(at.engine, at.reference))];
}
