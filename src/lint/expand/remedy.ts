import type { Finding } from "../finding.js";
import { longFiles } from "./open-changes.js";

/** Remedies that take several deploys say what writes them. Only revisions have others beside them. */
export function withExpansion(findings: readonly Finding[]): readonly Finding[] {
  const whole = new Set(longFiles(findings).flatMap(({ file, isAll }) => (isAll ? [file] : [])));
  return findings.map((finding) => {
    if (finding.long?.mayWork !== true || finding.revision === null || finding.suppressed !== null)
      return finding;
    const more = whole.has(finding.file)
      ? "`aludel lint --fix --expand` writes the revisions for it."
      : "In a revision of its own: then `aludel lint --fix --expand` writes the revisions for it.";
    return { ...finding, remedy: `${finding.remedy} ${more}` };
  });
}
