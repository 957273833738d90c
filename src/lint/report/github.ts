import type { Finding } from "../finding.js";
import type { FoundSeverity } from "../severity.js";
import { open, type Report, wholeMessage } from "./report.js";

const commands = { error: "error", warning: "warning", info: "notice" } as const;

/** Workflow commands of GitHub Actions, which become annotations of the lines. */
export function githubReport(report: Report): string {
  return open(report).map(annotation).join("\n");
}

function annotation(finding: Finding): string {
  const { severity, file, rule, title, range } = finding;
  // Columns are taken only within one line.
  const isOneLine = range.line === range.endLine;
  const properties: readonly (readonly [string, string])[] = [
    ["file", file],
    ["line", String(range.line)],
    ["endLine", String(range.endLine)],
    ...(isOneLine
      ? ([
          ["col", String(range.column)],
          ["endColumn", String(range.endColumn)],
        ] as const)
      : []),
    ["title", `${rule}: ${title}`],
  ];
  return workflowCommand(severity, properties, wholeMessage(finding));
}

/** A workflow command of GitHub Actions: the annotation of a line. */
export function workflowCommand(
  severity: FoundSeverity,
  properties: readonly (readonly [name: string, value: string])[],
  text: string,
): string {
  const shown = properties.map(([name, value]) => `${name}=${escapeProperty(value)}`).join(",");
  return `::${commands[severity]} ${shown}::${escapeText(text)}`;
}

function escapeText(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
