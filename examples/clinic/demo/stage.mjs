// What the demo prints, how it runs the command line, and how it ends.
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";

const main = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

/**
 * How a command's output is shown: all of it, or its first and last lines; long lines wrapped, or cut. `exit` is the
 * exit code that is right.
 *
 * @typedef {{ first?: number, last?: number, cut?: boolean, exit?: number }} Showing
 */

/** A step that did not do what it should. */
class StepFailed extends Error {}

export function createStage() {
  const started = performance.now();
  const colours = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  const width = Math.max(60, Math.min(process.stdout.columns ?? 100, 100));
  /** @type {{ dispose: () => Promise<void> }[]} */
  const kept = [];
  /** @type {import("node:child_process").ChildProcess | null} */
  let child = null;
  let chapter = "";
  let step = "";
  let steps = 0;
  let verified = 0;
  let stopping = false;
  /** @type {Promise<void>} */
  let told = Promise.resolve();

  /** @type {(style: "bold" | "dim" | "red" | "green" | "cyan", text: string) => string} */
  const style = (name, text) => (colours ? styleText(name, text) : text);
  const print = (line = "") => {
    if (stopping) throw new StepFailed("stopped");
    process.stdout.write(`${line}\n`);
  };
  /** @type {(line: string) => string} */
  const cut = (line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line);
  /** @type {(line: string) => string} */
  const wrap = (line) => {
    const at = line.lastIndexOf(" ", width);
    return line.length <= width || at <= 4
      ? line
      : `${line.slice(0, at)}\n${wrap(`    ${line.slice(at + 1)}`)}`;
  };

  /**
   * @param {string} text
   * @param {Showing} showing
   */
  const printOutput = (text, { first, last = 0, cut: cuts = false }) => {
    const lines = text
      .replace(/\n+$/, "")
      .split("\n")
      .map((line) => (cuts ? cut(line) : wrap(line)));
    const left = first === undefined ? 0 : lines.length - first - last;
    if (first === undefined || left < 2) {
      for (const line of lines) print(line);
      return;
    }
    for (const line of lines.slice(0, first)) print(line);
    print(style("dim", `  … ${left} more lines …`));
    for (const line of lines.slice(lines.length - last)) print(line);
  };

  /** @type {(ok: boolean, what: string) => void} */
  const verify = (ok, what) => {
    if (!ok) throw new StepFailed(`it is not so that ${what}`);
    verified += 1;
    print(style("green", `  ✓ ${what}`));
  };

  /**
   * Runs the command line and gives its exit code and output. stdout and stderr go into one file: two pipes would not
   * keep their order.
   *
   * @param {string} folder
   * @param {string} url
   * @param {readonly string[]} words
   */
  const spawnAludel = async (folder, url, words) => {
    const place = await mkdtemp(join(tmpdir(), "aludel-demo-output-"));
    const file = join(place, "output");
    const output = openSync(file, "a");
    try {
      const exit = await new Promise((resolve, reject) => {
        child = spawn(process.execPath, [main, ...words], {
          cwd: folder,
          env: { ...process.env, DATABASE_URL: url, NO_COLOR: "1" },
          stdio: ["ignore", output, output],
        });
        child.on("error", reject);
        child.on("close", resolve);
      });
      return { exit, text: await readFile(file, "utf8") };
    } finally {
      child = null;
      closeSync(output);
      await rm(place, { recursive: true, force: true });
    }
  };

  /** Removes what was made, the newest first; what cannot be removed does not hide why the demo ended. */
  const clean = async () => {
    for (const one of kept.splice(0).reverse()) {
      await one
        .dispose()
        .catch((/** @type {unknown} */ error) => process.stderr.write(`could not be removed: ${error}\n`));
    }
  };

  /**
   * The story ends at its next line; one that waits for something else is not waited for.
   *
   * @param {NodeJS.Signals} signal
   */
  const stop = async (signal) => {
    if (stopping) return;
    stopping = true;
    child?.kill(signal);
    process.stdout.write(`\nstopped by ${signal}; removing temporary folders and the server\n`);
    await Promise.race([told, pause(5000)]);
    await clean();
    process.exit(signal === "SIGINT" ? 130 : 143);
  };

  return {
    /**
     * Something to be removed at the end, however that comes.
     *
     * @template {{ dispose: () => Promise<void> }} T
     * @param {T} one
     */
    keep(one) {
      kept.push(one);
      return one;
    },
    /** @param {string} title */
    chapter(title) {
      chapter = title.replace(/:.*$/, "");
      print();
      print(style("bold", `━━━ ${title} ${"━".repeat(Math.max(0, width - title.length - 5))}`));
    },
    /** @param {string} title */
    step(title) {
      step = title;
      steps += 1;
      print();
      print(style("bold", `${steps}. ${title}`));
    },
    /** @param {string} line */
    say: (line) => print(`  ${cut(line)}`),
    verify,
    /**
     * @param {string} command
     * @param {string} text
     */
    show(command, text) {
      print(style("cyan", `$ ${command}`));
      printOutput(text, { cut: true });
    },
    /**
     * Runs a command, shows it with its output, and checks its exit code.
     *
     * @param {string} folder
     * @param {string} url
     * @param {readonly string[]} words
     * @param {Showing} showing
     */
    async aludel(folder, url, words, showing = {}) {
      const line = words.map((word) => (/\s/.test(word) ? JSON.stringify(word) : word)).join(" ");
      print(style("cyan", `$ aludel ${line}`));
      const { exit, text } = await spawnAludel(folder, url, words);
      const expected = showing.exit ?? 0;
      printOutput(text, exit === expected ? showing : {});
      if (exit !== expected) throw new StepFailed(`aludel ${line} ended with ${exit} instead of ${expected}`);
      if (expected !== 0) print(style("dim", `  (exit ${exit})`));
      return text;
    },
    /** @param {() => Promise<void>} story */
    async run(story) {
      process.on("SIGINT", stop).on("SIGTERM", stop);
      /** @type {any} */
      let failure = null;
      told = story().catch((error) => {
        failure = error;
      });
      await told;
      if (stopping) return;
      await clean();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      print();
      if (failure === null) {
        print(
          style("green", `All ${steps} steps and ${verified} checks as they should be, in ${seconds} s.`),
        );
        return;
      }
      const why = failure instanceof StepFailed ? failure.message : (failure?.stack ?? String(failure));
      print(style("red", `FAILED in step ${steps} (${chapter}: ${step}): ${why}`));
      process.exitCode = 1;
    },
  };
}
