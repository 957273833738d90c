// The command of an operator in a process of its own.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

/** Longer than any run may take on a slow machine. */
const patienceMs = 120_000;

/**
 * Starts `aludel` with these words. `lines` is given what comes through its fourth file, line by line.
 */
export function start(folder, words, { node = [], environment = {}, lines = null } = {}) {
  const child = spawn(process.execPath, [...node, main, ...words], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe", ...(lines === null ? [] : ["pipe"])],
  });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (data) => (text.stdout += data));
  child.stderr.on("data", (data) => (text.stderr += data));
  if (lines !== null) {
    let rest = "";
    child.stdio[3].on("data", (data) => {
      const all = (rest + data).split("\n");
      rest = all.pop() ?? "";
      for (const line of all) lines(line);
    });
  }
  let hangs = false;
  const timer = setTimeout(() => {
    hangs = true;
    child.kill("SIGKILL");
  }, patienceMs);
  const ended = new Promise((resolve) =>
    child.on("close", (exit, signal) => {
      clearTimeout(timer);
      resolve({ exit, signal, hangs, ...text });
    }),
  );
  return { kill: () => child.kill("SIGKILL"), ended };
}
