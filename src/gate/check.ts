import type { Code } from "../error/codes.js";
import type { AludelError } from "../error/error.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import type { Base } from "./base.js";
import type { RevisionTime } from "./smoke/revision-time.js";

/** The checks of the gate, in the order in which they are told. */
export const checkNames = [
  "heads",
  "validate",
  "unchanged",
  "guard",
  "pr-count",
  "lint",
  "smoke",
  "drift",
  "compat",
] as const;
export type CheckName = (typeof checkNames)[number];

/** Something that is in the way of a merge, or that somebody should know. */
export interface GateFinding {
  readonly check: CheckName;
  /** What it is, for programs: a code of an error, or a rule of the linter. */
  readonly code: Code | (string & {});
  /** A `warning` or an `info` alone leaves the answer a yes. */
  readonly severity: "error" | "warning" | "info";
  /** A sentence without a full stop at its end. */
  readonly message: string;
  readonly remedy: string;
  /** Absolute path; `null` where it is about no file. */
  readonly file: string | null;
  /** From 1; `null` where it is about the whole file. */
  readonly line: number | null;
  readonly revision: string | null;
}

/** What a revision was refused with, as a finding of the check that ran it. */
export function errorFinding(check: CheckName, error: AludelError): GateFinding {
  const { code, message, remedy, where } = error;
  const { file = null, line = null, revision = null } = where;
  return { check, code, severity: "error", message, remedy, file, line, revision };
}

/** What a check has found. */
export interface Verdict {
  /** What was looked at, so that a yes means something: `2 new revisions, 14 statements`. */
  readonly looked: string;
  /** Why there was nothing to be done; `null` when it was done. */
  readonly skipped: string | null;
  readonly findings: readonly GateFinding[];
  /** How long each revision took, where some ran. */
  readonly times?: readonly RevisionTime[];
}

export interface CheckResult extends Verdict {
  readonly check: CheckName;
  readonly status: "passed" | "failed" | "skipped" | "broken";
  /** Why there is no answer; only of a broken one. */
  readonly error: unknown;
  readonly milliseconds: number;
}

/** What a change is held against, and with. */
export interface Gate {
  readonly project: Project;
  readonly base: Base;
  /** Revisions that the base does not have, parents first; repeatable ones that it has otherwise, too. */
  readonly added: readonly Revision[];
  readonly signal: AbortSignal;
}

/** True when nothing in it is an error. */
export function holds({ findings }: Pick<Verdict, "findings">): boolean {
  return findings.every(({ severity }) => severity !== "error");
}
