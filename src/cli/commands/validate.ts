import { relative } from "node:path";
import { writeSum } from "../../check/record-sum.js";
import type { Finding } from "../../check/validate/finding.js";
import { type ValidateOptions, validate } from "../../check/validate/validate.js";
import { AludelError } from "../../error/error.js";
import { apart } from "../../revision/repeatable.js";
import { byFolder, sumFileOf } from "../../revision/sum.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import type { Output } from "../output.js";
import { count } from "../print/progress.js";

/** `aludel validate [--fix-sum]`: is every revision file what it should be? Runs none of them, asks no database. */
export async function run(context: Context, options: CommandOptions["validate"]): Promise<ExitCode> {
  const { out, cwd } = context;
  const config = await context.config();
  const { fileName, sum, history } = config;
  const asked = { folders: config.revisionFolders, fileName, sum, history };
  if (options.fixSum) fixSum(context, asked);
  const { revisions, files, findings } = validate(asked);
  const errors = findings.filter(({ severity }) => severity === "error").length;
  out.data({ valid: errors === 0, files, revisions: revisions.length, findings });
  out.text(findings.map((finding) => showFinding(finding, out, cwd)).join("\n"));
  const warnings = findings.length - errors;
  const found = [
    ...(errors > 0 ? [count(errors, "error")] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
  ];
  out.talk(`${count(files, "file")}: ${found.length === 0 ? "nothing is wrong" : found.join(", ")}`);
  return errors === 0 ? 0 : 1;
}

/** Only when all files can be read: a sum without one of them would say that it went. */
function fixSum({ out, cwd }: Context, asked: ValidateOptions): void {
  if (!asked.sum) {
    throw new AludelError("usage", "The configuration does not ask for an aludel.sum", {
      remedy: "Set `sum: true` in the configuration first.",
    });
  }
  const { revisions, files } = validate({ ...asked, sum: false });
  const isWhole = revisions.length === files && new Set(revisions.map(({ id }) => id)).size === files;
  if (!isWhole) {
    out.warn("aludel.sum was not written, because not every file is a revision with an id of its own:");
    return;
  }
  for (const [folder, own] of byFolder(asked.folders, apart(revisions).revisions)) {
    writeSum(folder, own);
    out.talk(`wrote ${relative(cwd, sumFileOf(folder))}`);
  }
}

function showFinding(finding: Finding, out: Output, cwd: string): string {
  const { severity, code, message, remedy, file, line } = finding;
  const sign = out.style(severity === "error" ? "red" : "yellow", `${severity}[${code}]`);
  return `${relative(cwd, file)}:${line} ${sign} ${message}\n  ${out.style("cyan", "→")} ${remedy}`;
}
