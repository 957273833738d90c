import { open, type Report, wholeMessage } from "./report.js";
import { xmlText } from "./xml.js";

/** Checkstyle's XML, which most servers of builds read. */
export function checkstyleReport(report: Report): string {
  const found = open(report);
  const files = [...report.sources.keys()].map((file) => {
    const errors = found
      .filter((finding) => finding.file === file)
      .map((finding) => {
        const { range, severity, rule } = finding;
        const place = `line="${range.line}" column="${range.column}"`;
        const message = xmlText(wholeMessage(finding));
        return `    <error ${place} severity="${severity}" message="${message}" source="aludel.${rule}"/>`;
      });
    return [`  <file name="${xmlText(file)}">`, ...errors, "  </file>"].join("\n");
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
${files.join("\n")}
</checkstyle>
`;
}
