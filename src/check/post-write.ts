import { spawnSync } from "node:child_process";
import { AludelError } from "../error/error.js";

/**
 * Runs the user's own commands on a revision file that was just written (a formatter). `{file}` in a command stands
 * for the file; without it the file is put at the end.
 * @throws AludelError `post-write-failed`: the file stays as the command left it.
 */
export function runPostWrite(commands: readonly string[], file: string, root: string): void {
  for (const command of commands) {
    const quoted = JSON.stringify(file);
    const line = command.includes("{file}")
      ? command.replaceAll("{file}", () => quoted)
      : `${command} ${quoted}`;
    const result = spawnSync(line, { shell: true, cwd: root, encoding: "utf8" });
    if (result.status === 0) continue;
    throw new AludelError(
      "post-write-failed",
      `The command \`${command}\` failed on the new revision (exit ${result.status})`,
      {
        where: { file },
        details: `${result.stdout}${result.stderr}`
          .split("\n")
          .filter((text) => text.trim() !== "")
          .slice(-10),
        remedy: "The revision is written. Mend the command in `postWrite`, or run it by hand.",
      },
    );
  }
}
