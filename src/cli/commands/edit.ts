import { spawn } from "node:child_process";
import { recordSum } from "../../check/record-sum.js";
import { AludelError } from "../../error/error.js";
import { readRevision } from "../../revision/read-header.js";
import { readText } from "../../revision/read-text.js";
import type { Revision } from "../../revision/revision.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { findRepeatable, readTarget } from "../target.js";

/**
 * Opens a revision's file in the user's editor and waits for it.
 *
 * What is saved is taken into `aludel.sum`, if there is one.
 *
 * @throws AludelError `question-unanswered` when no editor is known, `usage` when it fails.
 */
export async function run(context: Context, options: CommandOptions["edit"]): Promise<ExitCode> {
  const revisions = await meant(context, options.target);
  const files = revisions.map(({ file }) => file);
  if (files.length === 0) {
    throw new AludelError("revision-unknown", `There is no revision to edit at ${options.target}`, {
      remedy: "Write one with `aludel revision -m MESSAGE`, or name another: see `aludel history`.",
    });
  }
  await openEditor(files, context);
  await recordSum(await context.config(), { written: files.map(readWritten), removed: revisions });
  context.out.data({ files });
  return 0;
}

async function meant(context: Context, target: string): Promise<readonly Revision[]> {
  const repeatable = await findRepeatable(context, target);
  if (repeatable !== null) return [repeatable];
  const { history, nodes } = await readTarget(context, target);
  return nodes.flatMap(({ id }) => history.byId.get(id) ?? []);
}

function readWritten(file: string): Revision {
  return readRevision(file, readText(file));
}

async function openEditor(files: readonly string[], context: Context): Promise<void> {
  const editor = context.variables["VISUAL"] || context.variables["EDITOR"];
  if (!editor) {
    throw new AludelError("question-unanswered", "It is not known which editor to open", {
      details: files,
      remedy: "Set the variable EDITOR, for example EDITOR=vim, or open the file above yourself.",
    });
  }
  // The variable holds a command line (`code --wait`), as everywhere; the files are its arguments, never part of it.
  const [command, rest] =
    process.platform === "win32"
      ? [editor, files.map((file) => `"${file}"`)]
      : ["/bin/sh", ["-c", `${editor} "$@"`, editor, ...files]];
  const exit = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(command, rest, {
      stdio: "inherit",
      cwd: context.cwd,
      shell: process.platform === "win32",
    });
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (exit === 0) return;
  throw new AludelError("usage", `The editor ended with ${exit ?? "a signal"}: ${editor}`, {
    where: files[0] === undefined ? {} : { file: files[0] },
    remedy: "Correct the variable VISUAL or EDITOR, or open the file yourself.",
  });
}
