#!/usr/bin/env node
import { runCommandLine } from "./command-line.js";
import { abortOnSignals } from "./signals.js";

// A reader that has seen enough (`aludel history | head`) is no error, and must not stop a run halfway.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const exit = await runCommandLine(process.argv.slice(2), {
  cwd: process.cwd(),
  variables: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: abortOnSignals(process),
});

// The user's own modules may keep the process alive (a pool of connections), so it is ended, after all is written.
process.exitCode = exit;
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))),
);
process.exit(exit);
