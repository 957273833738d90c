import { byDate } from "./obligations.js";
import { counts, isClean, open, type Report } from "./report.js";

/** The report as plain data, for `--json`. */
export function jsonReport(report: Report): unknown {
  const found = open(report);
  return {
    clean: isClean(report),
    files: report.sources.size,
    statements: report.statements,
    serverVersions: report.serverVersions,
    counts: counts(found),
    findings: found.map(({ suppressed: _, long: __, ...finding }) => finding),
    obligations: byDate(report.obligations),
    suppressed: report.findings.flatMap(({ long: _, ...one }) => (one.suppressed === null ? [] : [one])),
  };
}
