// Times whole processes: several runs after a warm-up, in turn with the others of the same table, and takes medians.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const memoryHook = new URL("./memory-hook.mjs", import.meta.url).href;

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * One contender: `command` is run as a process; `before` prepares each run and is not timed; `expect` is the exit
 * code, anything else fails the benchmark.
 *
 * @typedef {{ name: string, command: string[], cwd?: string, env?: Record<string, string>, expect?: number,
 *   before?: () => void | Promise<void> }} Contender
 */

/** @param {Contender} contender @param {Record<string, string>} extra */
function run(contender, extra = {}) {
  const [program, ...rest] = contender.command;
  const started = performance.now();
  const result = spawnSync(program, rest, {
    cwd: contender.cwd,
    env: { ...process.env, NO_COLOR: "1", ...contender.env, ...extra },
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 30,
  });
  const milliseconds = performance.now() - started;
  if (result.status !== (contender.expect ?? 0)) {
    throw new Error(
      `${contender.name}: exit ${result.status ?? result.signal}\n${contender.command.join(" ")}\n${String(result.stderr).slice(-2000)}\n${String(result.stdout).slice(-2000)}`,
    );
  }
  return milliseconds;
}

/** Runs a command that prepares something; throws unless it exits 0. */
export function must(command, cwd, env = {}) {
  const result = spawnSync(command[0], command.slice(1), {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 1 << 30,
  });
  if (result.status !== 0) throw new Error(`${command.join(" ")}\n${result.stderr}${result.stdout}`);
}

/**
 * Peak resident memory in MB and processor time in milliseconds; in runs of their own, because the hook costs time. The least
 * processor time of all runs, since other work on the machine only adds to it.
 */
async function resources(contender, runs) {
  let memory = 0;
  let processor = Number.POSITIVE_INFINITY;
  for (let at = 0; at < runs; at++) {
    const used = await resourcesOnce(contender);
    if (used === null) return { memory: null, processor: null };
    memory = Math.max(memory, used.memory);
    processor = Math.min(processor, used.processor);
  }
  return { memory: Math.round(memory), processor };
}

async function resourcesOnce(contender) {
  const folder = mkdtempSync(join(tmpdir(), "aludel-bench-memory-"));
  const file = join(folder, "peak");
  try {
    await contender.before?.();
    run(contender, { NODE_OPTIONS: `--import=${memoryHook}`, ALUDEL_BENCH_MEMORY: file });
    const [kilobytes, microseconds] = readFileSync(file, "utf8").split(" ").map(Number);
    return { memory: kilobytes / 1024, processor: microseconds / 1000 };
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Times the contenders in turn (A B C A B C …), so that a machine that slows down slows all of them down.
 *
 * @param {Contender[]} contenders
 * @param {{ runs?: number, processorRuns?: number }} options `processorRuns`: how often the processor time is taken; else it
 *   is not told.
 */
export async function race(contenders, { runs = 7, processorRuns = 0 } = {}) {
  const times = contenders.map(() => /** @type {number[]} */ ([]));
  for (let round = -1; round < runs; round++) {
    for (const [position, contender] of contenders.entries()) {
      await contender.before?.();
      const milliseconds = run(contender);
      if (round >= 0) times[position].push(milliseconds);
    }
  }
  const results = [];
  for (const [position, contender] of contenders.entries()) {
    const { memory, processor } = await resources(contender, Math.max(1, processorRuns));
    results.push({
      name: contender.name,
      median: median(times[position]),
      min: Math.min(...times[position]),
      max: Math.max(...times[position]),
      memory,
      processor: processorRuns > 0 ? processor : null,
    });
  }
  return results;
}
