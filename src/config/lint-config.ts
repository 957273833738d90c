/** How bad a finding of a rule is. */
export const lintSeverities = ["error", "warning", "info", "off"] as const;
export type LintSeverity = (typeof lintSeverities)[number];

/** What `aludel lint` is configured with, complete. */
export interface LintConfig {
  /** By rule or group of rules. */
  readonly rules: Readonly<Record<string, LintSeverity>>;
  /** The same for some files: globs, relative to the folder of the configuration. Later ones win. */
  readonly overrides: readonly {
    readonly files: readonly string[];
    readonly rules: Readonly<Record<string, LintSeverity>>;
  }[];
  /** Versions of the servers that the revisions run on, 16 or 3035 for SQLite 3.35; empty where nobody says any. */
  readonly serverVersions: readonly number[];
  /** Findings as bad as this, or worse, make the answer a no. */
  readonly failOn: "error" | "warning" | "info";
  /** Whether the ways back are looked at, too. */
  readonly downgrades: boolean;
  /** File of the findings that were there when linting began; absolute. */
  readonly baseline: string | null;
  /** File with the sizes of tables; absolute. */
  readonly stats: string | null;
  /** A table with fewer rows is small: nobody notices that it is locked. */
  readonly smallTableRows: number;
  /** Days until what a revision has left to be done is due. */
  readonly obligationDays: number;
}

export const lintDefaults: LintConfig = {
  rules: {},
  overrides: [],
  serverVersions: [],
  failOn: "warning",
  downgrades: true,
  baseline: null,
  stats: null,
  smallTableRows: 10_000,
  obligationDays: 30,
};
