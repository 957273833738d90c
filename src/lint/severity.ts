/** How bad it is, worst first. `off`: the rule is not asked. */
export const severities = ["error", "warning", "info", "off"] as const;

export type Severity = (typeof severities)[number];

/** Of a finding: a rule that is off finds nothing. */
export type FoundSeverity = Exclude<Severity, "off">;

/** True when `severity` is as bad as `least`, or worse. */
export function isAsBadAs(severity: FoundSeverity, least: FoundSeverity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(least);
}
