import type { Finding } from "../finding.js";
import { open, type Report, showLocks, summary } from "./report.js";

/** For a comment on a pull request, or the summary of a build. */
export function markdownReport(report: Report): string {
  const found = open(report);
  const said = summary(found);
  const suppressed = report.findings.length - found.length;
  const tail = suppressed === 0 ? "" : `\n\n${suppressed} suppressed.`;
  if (said === null) return `### Lint: nothing found\n\n${looked(report)}${tail}\n`;
  const rows = found.map(row).join("\n");
  return `### Lint: ${said}

${looked(report)}

| | where | what | instead |
| --- | --- | --- | --- |
${rows}${tail}
`;
}

function looked({ statements, sources }: Report): string {
  const files = sources.size === 1 ? "1 file" : `${sources.size} files`;
  return `${statements} ${statements === 1 ? "statement" : "statements"} in ${files}.`;
}

function row(finding: Finding): string {
  const { severity, file, range, rule, message, remedy } = finding;
  const locks = showLocks(finding)
    .map((line) => `<br>${line}`)
    .join("");
  const what = `**${rule}** ${cell(message)}${locks}`;
  return `| ${severity} | ${cell(`\`${file}:${range.line}\``)} | ${what} | ${cell(remedy)} |`;
}

const cell = (text: string): string =>
  text.replaceAll("|", "\\|").replace(/\s+/g, " ").replaceAll("<", "&lt;");
