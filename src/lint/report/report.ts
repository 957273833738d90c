import type { Finding } from "../finding.js";
import type { Obligation } from "../obligation/obligation.js";
import type { FileText } from "../place.js";
import type { Rule } from "../rule.js";
import { type FoundSeverity, isAsBadAs } from "../severity.js";

/** All that outputs are made of. */
export interface Report {
  /** In order; also those that are suppressed. */
  readonly findings: readonly Finding[];
  /** Files that were linted, by the name they are shown under. */
  readonly sources: ReadonlyMap<string, FileText>;
  readonly rules: readonly Rule[];
  /** Statements that were looked at. */
  readonly statements: number;
  readonly serverVersions: readonly number[];
  /** What the linted files have left to be done. */
  readonly obligations: readonly Obligation[];
  /** As bad as this, or worse, makes the answer a no. */
  readonly failOn: FoundSeverity;
  /** Of the tool. */
  readonly version: string;
}

export function open({ findings }: Pick<Report, "findings">): readonly Finding[] {
  return findings.filter(({ suppressed }) => suppressed === null);
}

export function isClean(report: Pick<Report, "findings" | "failOn">): boolean {
  return !open(report).some(({ severity }) => isAsBadAs(severity, report.failOn));
}

/** How many findings there are of each severity. */
export function counts(findings: readonly Finding[]): Readonly<Record<FoundSeverity, number>> {
  const count = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) count[severity] += 1;
  return count;
}

/** `2 errors, 1 warning`; `null` when there is nothing. */
export function summary(findings: readonly Finding[]): string | null {
  const { error, warning, info } = counts(findings);
  const parts = [
    ...(error === 0 ? [] : [`${error} ${error === 1 ? "error" : "errors"}`]),
    ...(warning === 0 ? [] : [`${warning} ${warning === 1 ? "warning" : "warnings"}`]),
    ...(info === 0 ? [] : [`${info} to know`]),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}

/** The message with what is to be done, for outputs that have one text. */
export function wholeMessage({ message, remedy }: Finding): string {
  return `${message}. ${remedy}`;
}

/** `reads and writes wait`, for the locks that anybody feels. */
export function showLocks({ locks }: Finding): readonly string[] {
  return locks
    .filter(({ blocks }) => blocks !== "nothing")
    .map(({ relation, mode, blocks }) => `${mode} on ${relation}: ${blocks} wait`);
}
