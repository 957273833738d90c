#!/usr/bin/env node
import { runCommandLine } from "./command-line.js";
import { abortOnSignals } from "./signals.js";

// A reader that has seen enough (`aludel history | head`) is no error, and must not stop a run halfway.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

// stdout is for the answer alone: what a user's models or revisions print while they run goes to stderr.
const { stdout, stderr } = process;
const answers = {
  write: stdout.write.bind(stdout),
  get isTTY() {
    return stdout.isTTY;
  },
  get columns() {
    return stdout.columns;
  },
};
stdout.write = stderr.write.bind(stderr);

const exit = await runCommandLine(process.argv.slice(2), {
  cwd: process.cwd(),
  variables: process.env,
  stdin: process.stdin,
  stdout: answers,
  stderr: process.stderr,
  signal: abortOnSignals(process),
});

// The user's own modules may keep the process alive (a pool of connections), so it is ended, after all is written.
process.exitCode = exit;
await Promise.all(
  [answers, stderr].map((stream) => new Promise((done) => stream.write("", () => done(undefined)))),
);
process.exit(exit);
