import { open, type Report, wholeMessage } from "./report.js";

const severities = { error: "major", warning: "minor", info: "info" } as const;

/** GitLab's Code Quality, which is a part of Code Climate's format. */
export function gitlabReport(report: Report): unknown {
  return open(report).map((finding) => ({
    type: "issue",
    check_name: finding.rule,
    description: wholeMessage(finding),
    categories: ["Bug Risk"],
    severity: severities[finding.severity],
    fingerprint: finding.fingerprint,
    location: { path: finding.file, lines: { begin: finding.range.line, end: finding.range.endLine } },
  }));
}
