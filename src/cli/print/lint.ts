import { checkstyleReport } from "../../lint/report/checkstyle.js";
import { githubReport } from "../../lint/report/github.js";
import { gitlabReport } from "../../lint/report/gitlab.js";
import { jsonReport } from "../../lint/report/json.js";
import { junitReport } from "../../lint/report/junit.js";
import { markdownReport } from "../../lint/report/markdown.js";
import type { Report } from "../../lint/report/report.js";
import { sarifReport } from "../../lint/report/sarif.js";
import { type Style, terminalReport } from "../../lint/report/terminal.js";
import type { LintFormat } from "../options.js";

type Paint = (style: Style, text: string) => string;

const texts: { readonly [F in LintFormat]?: (report: Report, paint: Paint) => string } = {
  text: terminalReport,
  github: githubReport,
  markdown: markdownReport,
  junit: junitReport,
  checkstyle: checkstyleReport,
};

const documents: { readonly [F in LintFormat]?: (report: Report) => unknown } = {
  json: jsonReport,
  sarif: sarifReport,
  gitlab: gitlabReport,
};

/** The answer in a form that is text. */
export function formatReport(report: Report, format: LintFormat, paint: Paint): string {
  return texts[format]?.(report, paint) ?? "";
}

/** The answer in a form that is JSON; `null` for one that is text. */
export function reportData(report: Report, format: LintFormat): unknown {
  return documents[format]?.(report) ?? null;
}
