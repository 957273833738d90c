import { appendFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CiConfig } from "../../config/ci-config.js";
import { AludelError } from "../../error/error.js";
import type { GateFinding, Verdict } from "../../gate/check.js";
import {
  gateAnnotations,
  gateData,
  gateJunit,
  gateMarkdown,
  gateSarif,
} from "../../gate/report/gate-report.js";
import { type GateResult, runGate } from "../../gate/run-gate.js";
import type { Revision } from "../../revision/revision.js";
import { version } from "../../run/tool-version.js";
import type { Context } from "../context.js";
import { allowedByVariable } from "../drift-allowed.js";
import { lintProject } from "../lint-selection.js";
import { lintSettings, plainLint, reportOf } from "../lint-settings.js";
import type { ExitCode, GateCommandOptions, GateFormat } from "../options.js";
import { showGate } from "../print/gate.js";
import { recordedQueries } from "../recorded-queries.js";
import { writeAnswer } from "../write-answer.js";

type Options = GateCommandOptions;

/** `aludel ci`, and its parts: may what is here be merged? */
export async function run(context: Context, options: Options): Promise<ExitCode> {
  const project = await context.project();
  const { ci } = project.config;
  const result = await runGate(project, {
    base: options.base,
    checks: options.checks,
    allowEdit: options.allowEdit,
    smoke: smokeOptions(context, options, ci),
    allowedDrift: [...ci.allowedDrift, ...allowedByVariable(context.variables)],
    recorded: recordedQueries(context, options),
    openScratch: context.openScratch,
    lint: (added) => lintAdded(context, added),
    progress: (running) =>
      context.out.status(running.length === 0 ? null : `checking: ${running.join(", ")}`),
    signal: context.signal,
  });
  context.out.status(null);
  answer(context, options, result);
  if (result.checks.some(({ status }) => status === "broken")) return 2;
  return result.checks.some(({ status }) => status === "failed") ? 1 : 0;
}

/** What is given goes before what is configured; a dump is what it is restored for. */
function smokeOptions({ cwd }: Context, given: Options, ci: CiConfig) {
  const dump = given.dump === null ? ci.dump : resolve(cwd, given.dump);
  const mode = given.mode ?? (given.dump === null ? ci.smoke : "from-dump");
  if (given.dump !== null && mode !== "from-dump") {
    throw new AludelError("usage", `--dump is for --mode from-dump, and not for ${mode}`, {
      remedy: "Leave one of them out.",
    });
  }
  const maxSeconds = given.maxSeconds ?? ci.maxSeconds;
  return { mode, dump, downgrade: given.downgrade || ci.downgrade, maxSeconds };
}

async function lintAdded(context: Context, added: readonly Revision[]): Promise<Verdict> {
  if (added.length === 0) return { looked: "no new revision", skipped: "no revision is new", findings: [] };
  const settings = await lintSettings(context, { ...plainLint, targets: added.map(({ id }) => id) });
  const ids = new Set(added.map(({ id }) => id));
  const project = await context.project();
  const result = await lintProject(context, project, ({ id }) => ids.has(id), settings);
  const { findings, statements, failOn } = reportOf(result, settings);
  const order = ["error", "warning", "info"] as const;
  const worst = order.indexOf(failOn);
  return {
    looked: `${added.length} new ${added.length === 1 ? "revision" : "revisions"}, ${statements} statements`,
    skipped: null,
    findings: findings.flatMap((one): readonly GateFinding[] => {
      if (one.suppressed !== null) return [];
      // As bad as what makes the linter say no is an error here.
      const severity = order.indexOf(one.severity) <= worst ? "error" : one.severity;
      const { rule, message, remedy, range, revision } = one;
      return [
        {
          check: "lint",
          code: rule,
          severity,
          message,
          remedy,
          file: resolve(context.cwd, one.file),
          line: range.line,
          revision,
        },
      ];
    }),
  };
}

function answer(context: Context, options: Options, result: GateResult): void {
  const { out, cwd, variables, json } = context;
  const form: GateFormat = json ? "json" : options.format;
  const text = textOf(context, form, result, options.output === null);
  if (options.output !== null) writeAnswer(resolve(cwd, options.output), text);
  else if (json) out.data(gateData(result, cwd));
  else out.text(text);
  const page = variables["GITHUB_STEP_SUMMARY"];
  if (form === "github" && page) appendFileSync(page, gateMarkdown(result, cwd));
}

function textOf({ out, cwd }: Context, form: GateFormat, result: GateResult, colours: boolean): string {
  switch (form) {
    case "text":
      return showGate(result, cwd, colours ? out.style : (_, text) => text);
    case "json":
      return JSON.stringify(gateData(result, cwd), null, 2);
    case "github":
      return gateAnnotations(result, cwd);
    case "markdown":
      return gateMarkdown(result, cwd);
    case "sarif":
      return JSON.stringify(gateSarif(result, cwd, version), null, 2);
    case "junit":
      return gateJunit(result, cwd);
  }
}
