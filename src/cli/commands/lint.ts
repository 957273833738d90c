import { appendFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { AludelError } from "../../error/error.js";
import { suggest } from "../../error/suggest.js";
import { showBaseline } from "../../lint/baseline.js";
import { explainRule, listRules } from "../../lint/report/explain.js";
import { markdownReport } from "../../lint/report/markdown.js";
import { showObligations } from "../../lint/report/obligations.js";
import { isClean, open, type Report, summary } from "../../lint/report/report.js";
import { terminalParts } from "../../lint/report/terminal.js";
import { rules } from "../../lint/rules/all.js";
import type { Context } from "../context.js";
import { lintFilesAsked, lintRevisionsAsked } from "../lint-selection.js";
import { type LintSettings, lintSettings, reportOf } from "../lint-settings.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { formatReport, reportData } from "../print/lint.js";
import { count } from "../print/progress.js";
import { writeAnswer } from "../write-answer.js";

type Options = CommandOptions["lint"];

/**
 * `aludel lint`: what would the revisions do to a database in use? Asks none, and runs nothing but what the revisions'
 * own functions ask for.
 */
export async function run(context: Context, options: Options): Promise<ExitCode> {
  if (options.explain !== null) return explain(context, options.explain);
  if (options.writeStats !== null) return writeStats(context, options.stats, options.writeStats);
  const settings = await lintSettings(context, options);
  if (options.fix || options.expand || options.dryRun) {
    const { fixAsked } = await import("../lint-fix.js");
    return fixAsked(context, options, settings);
  }
  const result =
    options.files === null
      ? await lintRevisionsAsked(context, options, settings)
      : await lintFilesAsked(context, options, options.files, settings);
  const report = reportOf(result, settings);
  if (options.writeBaseline !== null) return writeBaseline(context, options.writeBaseline, report, settings);
  return answer(context, options, report);
}

function answer({ out, cwd, variables, json }: Context, options: Options, report: Report): ExitCode {
  const form = json ? "json" : options.format;
  const paint = options.output === null ? out.style : (_: unknown, text: string) => text;
  const data = reportData(report, form);
  if (options.output !== null) {
    writeAnswer(
      resolve(cwd, options.output),
      data === null ? formatReport(report, form, paint) : toText(data),
    );
  } else if (json) out.data(data);
  else if (form === "text") {
    for (const part of terminalParts(report, out.style)) out.text(part);
    if (options.all || options.obligations) out.text(showObligations(report.obligations, out.style));
  } else out.text(data === null ? formatReport(report, form, paint) : toText(data));
  const page = variables["GITHUB_STEP_SUMMARY"];
  if (form === "github" && page) appendFileSync(page, markdownReport(report));
  const found = open(report);
  const suppressed = report.findings.length - found.length;
  const looked = `${count(report.statements, "statement")} in ${count(report.sources.size, "file")}`;
  if (options.obligations) {
    const { obligations } = report;
    const late = obligations.filter(({ overdueDays }) => overdueDays !== null).length;
    out.talk(
      obligations.length === 0
        ? `${looked}: nothing is left to be done`
        : `${looked}: ${obligations.length} left to be done, ${late === 0 ? "none" : late} of them past the date`,
    );
    return isClean(report) ? 0 : 1;
  }
  const parts = [
    summary(found) ?? "nothing found",
    ...(suppressed === 0 ? [] : [`${suppressed} suppressed`]),
  ];
  if (report.sources.size > 0) out.talk(`${looked}: ${parts.join(", ")}`);
  return isClean(report) ? 0 : 1;
}

const toText = (data: unknown): string => JSON.stringify(data, null, 2);

function writeBaseline(
  { out, cwd }: Context,
  asked: string | true,
  report: Report,
  settings: LintSettings,
): ExitCode {
  const file = asked === true ? settings.config.baseline : resolve(cwd, asked);
  if (file === null) {
    throw new AludelError("usage", "It is not said which file the findings are to be written into", {
      remedy:
        'Name it, --write-baseline lint-baseline.json, or configure it: lint: { baseline: "lint-baseline.json" }.',
    });
  }
  writeAnswer(file, showBaseline(report.findings));
  const known = report.findings.filter(
    ({ suppressed }) => suppressed === null || suppressed.by === "baseline",
  );
  out.data({ baseline: relative(cwd, file), findings: known.length });
  out.talk(`wrote ${count(known.length, "finding")} to ${relative(cwd, file)}`);
  return 0;
}

async function writeStats(context: Context, stats: string | null, file: string): Promise<ExitCode> {
  const { isLive, liveSizes, writeSizes } = await import("../live-stats.js");
  if (stats === null || !isLive(stats)) {
    throw new AludelError("usage", "--write-stats writes what a database says, and none is named", {
      remedy: "Name it: --stats env:production --write-stats table-sizes.json, or --stats with a URL.",
    });
  }
  const sizes = await liveSizes(context, stats);
  writeSizes(context, file, sizes);
  context.out.data({ stats: file, tables: sizes.length });
  context.out.talk(`wrote the sizes of ${count(sizes.length, "table")} to ${file}`);
  return 0;
}

function explain({ out }: Context, asked: string | true): ExitCode {
  if (asked === true) {
    out.data({ rules: rules.map(({ id, title, severity, group }) => ({ id, title, severity, group })) });
    out.text(listRules(rules, out.style));
    return 0;
  }
  const rule = rules.find(({ id }) => id === asked);
  if (rule === undefined) {
    const meant = suggest(
      asked,
      rules.map(({ id }) => id),
    );
    throw new AludelError("usage", `There is no lint rule ${asked}`, {
      remedy: meant === null ? "`aludel lint --explain` lists them." : `Did you mean ${meant}?`,
    });
  }
  const { id, title, why, remedy, severity, group, dialects, bad, good, aliases } = rule;
  out.data({ id, title, why, remedy, severity, group, dialects, bad, good, aliases });
  out.text(explainRule(rule, out.style));
  return 0;
}
