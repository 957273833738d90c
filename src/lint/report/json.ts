import { showVersion } from "../../config/server-version.js";
import type { Finding } from "../finding.js";
import { byDate } from "./obligations.js";
import { counts, isClean, open, type Report } from "./report.js";

/** The report as plain data, for `--json`. */
export function jsonReport(report: Report): unknown {
  const found = open(report);
  return {
    clean: isClean(report),
    files: report.sources.size,
    statements: report.statements,
    serverVersions: report.serverVersions.map(showVersion),
    counts: counts(found),
    findings: found.map(({ suppressed: _, ...finding }) => findingData(finding)),
    obligations: byDate(report.obligations),
    suppressed: report.findings.flatMap((one) => (one.suppressed === null ? [] : [findingData(one)])),
  };
}

function findingData({ long: _, serverVersions, ...rest }: Omit<Finding, "suppressed">): object {
  return { ...rest, serverVersions: serverVersions.map(showVersion) };
}
