import type { Finding } from "../finding.js";
import { isAsBadAs } from "../severity.js";
import { open, type Report, wholeMessage } from "./report.js";
import { xmlText } from "./xml.js";

/** JUnit's XML: a suite a file, a test a finding; a file in which nothing was found is a test that passes. */
export function junitReport(report: Report): string {
  const found = open(report);
  const suites = [...report.sources.keys()].map((file) =>
    suite(
      file,
      found.filter((finding) => finding.file === file),
      report,
    ),
  );
  const failures = found.filter(({ severity }) => isAsBadAs(severity, report.failOn)).length;
  const tests = suites.reduce((sum, one) => sum + one.tests, 0);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="aludel lint" tests="${tests}" failures="${failures}" errors="0">
${suites.map(({ xml }) => xml).join("\n")}
</testsuites>
`;
}

function suite(file: string, findings: readonly Finding[], { failOn }: Report) {
  const name = xmlText(file);
  const failures = findings.filter(({ severity }) => isAsBadAs(severity, failOn)).length;
  const cases =
    findings.length === 0
      ? [`    <testcase classname="${name}" name="nothing found"/>`]
      : findings.map((finding) => testCase(finding, isAsBadAs(finding.severity, failOn)));
  const head = `  <testsuite name="${name}" tests="${cases.length}" failures="${failures}" errors="0">`;
  return { tests: cases.length, xml: [head, ...cases, "  </testsuite>"].join("\n") };
}

function testCase(finding: Finding, fails: boolean): string {
  const { rule, file, range, severity } = finding;
  const name = xmlText(`${rule} at line ${range.line}`);
  const text = xmlText(`${file}:${range.line}:${range.column} ${severity}: ${wholeMessage(finding)}`);
  const inside = fails
    ? `<failure type="${xmlText(rule)}" message="${xmlText(finding.message)}">${text}</failure>`
    : `<system-out>${text}</system-out>`;
  return `    <testcase classname="${xmlText(file)}" name="${name}">${inside}</testcase>`;
}
