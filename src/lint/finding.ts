import type { LongChange } from "../dialect/expansion.js";
import type { LockMode } from "../effect/lock.js";
import type { Fix } from "./fix/fix.js";
import type { Range } from "./place.js";
import type { Precheck } from "./precheck.js";
import type { RuleGroup } from "./rule.js";
import type { FoundSeverity } from "./severity.js";

/** Why a finding is not reported as one. It stays in the outputs that have a place for it. */
export interface Suppressed {
  /** `size`: the tables are small. */
  readonly by: "comment" | "tag" | "baseline" | "size";
  readonly reason: string | null;
  /** Line of the comment. */
  readonly line: number | null;
}

/** A lock of the statement that a finding is about. */
export interface FoundLock {
  /** `schema.table`. */
  readonly relation: string;
  readonly mode: LockMode;
  readonly blocks: "reads and writes" | "writes" | "nothing";
}

export interface FoundLong {
  readonly change: LongChange;
  /** Of how many acts it is one, and how many the way of the revision has. */
  readonly acts: number;
  readonly actsOfUnit: number;
  /** False where it is known that no revisions can be written of it. */
  readonly mayWork: boolean;
}

/** What a rule says about a place in a file. */
export interface Finding {
  readonly rule: string;
  readonly title: string;
  readonly group: RuleGroup;
  readonly severity: FoundSeverity;
  /** A sentence without a full stop at its end. */
  readonly message: string;
  readonly remedy: string;
  /** SQL to write instead. */
  readonly instead: readonly string[];
  /** What the rows can be asked before it runs: it fails where there is a row. `null` where there is no such question. */
  readonly precheck: Precheck | null;
  /** The rewrite that `--fix` makes; `null` where there is none that is mechanical. */
  readonly fix: Fix | null;
  /** The change that takes several deploys; `null` for others. */
  readonly long: FoundLong | null;
  /** What it is about, as people write it. */
  readonly object: string | null;
  /** Relative to the folder that the linter was called in, with `/`. */
  readonly file: string;
  readonly range: Range;
  readonly revision: string | null;
  readonly direction: "upgrade" | "downgrade";
  /** The statement, of those of its unit, from 0; `null` when it is about the whole. */
  readonly statement: number | null;
  readonly sql: string | null;
  readonly locks: readonly FoundLock[];
  readonly work: {
    readonly rewrites: readonly string[];
    readonly scans: readonly string[];
    readonly indexBuilds: readonly string[];
    readonly foreignKeyChecks: readonly string[];
  };
  /** Major versions of the server on which it is so, of those that were asked about. */
  readonly serverVersions: readonly number[];
  /** The same as long as the statement says the same, wherever in the file it stands. */
  readonly fingerprint: string;
  readonly suppressed: Suppressed | null;
}

/** Findings in the order in which they are told: by file, by place, by rule. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...findings].sort(
    (a, b) =>
      order(a.file, b.file) ||
      a.range.startByte - b.range.startByte ||
      order(a.rule, b.rule) ||
      order(a.message, b.message),
  );
}
