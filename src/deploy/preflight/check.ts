import type { AllowedDrift } from "../../config/ci-config.js";
import type { Environment } from "../../config/config.js";
import type { Connection } from "../../dialect/connection.js";
import type { Scratch } from "../../dialect/dialect.js";
import type { Code } from "../../error/codes.js";
import type { Release } from "../../revision/release.js";
import type { Project } from "../../run/project.js";
import type { Plan } from "../plan.js";

/** What a deploy looks at before it changes anything, in the order in which it is told. */
export const preflightChecks = [
  "environment",
  "git",
  "sums",
  "server",
  "sessions",
  "privileges",
  "drift",
  "contract",
  "backfills",
  "reads",
  "room",
  "transactions",
  "dumps",
  "requires",
] as const;

export type PreflightCheck = (typeof preflightChecks)[number];

/** Those that say whether a contract may run. */
export const contractChecks: readonly PreflightCheck[] = ["contract", "backfills", "reads"];

/** `warning`: the server does not tell enough to say more. It does not stop a deploy. */
export type Verdict = "passed" | "failed" | "warning" | "skipped";

/** What one check found. */
export interface Answer {
  readonly verdict: Verdict;
  /** What it looked at and what is there, a sentence without its full stop. */
  readonly told: string;
  /** What else there is to know, a line each. */
  readonly details?: readonly string[];
  /** What to do about it; of one that failed or warns. */
  readonly remedy?: string;
  /** The code of the error where nothing else failed; absent: `preflight-failed`. */
  readonly code?: Code;
}

/** What the checks look at. None of them changes anything. */
export interface Preflight {
  readonly project: Project;
  readonly environment: Environment;
  /** Somebody said which environment is meant. */
  readonly isNamed: boolean;
  /** A session that only reads. */
  readonly connection: Connection;
  readonly plan: Plan;
  /** What `swapsSessions` found; asked before the session was made one that only reads. */
  readonly swapped: string | null;
  readonly allowedDrift: readonly AllowedDrift[];
  readonly openScratch: () => Promise<Scratch>;
  /** What environments that have to be ahead of this one say of a revision. */
  readonly required: readonly Required[];
  /** Versions of applications that the one who deploys says are everywhere. */
  readonly confirmed: readonly Release[];
  /** What would go may still be read. */
  readonly allowReads: boolean;
  readonly signal: AbortSignal;
}

/** What another environment, or its receipt, says. */
export interface Required {
  readonly environment: string;
  /** Where that is known from: `its database`, `receipt staging.json`. */
  readonly from: string;
  /** The checksums of the revisions that were deployed there with smoke checks that passed; a sentence where nobody could say. */
  readonly proven: ReadonlyMap<string, string> | { readonly unknown: string; readonly remedy: string };
}

export type Check = (at: Preflight) => Answer | Promise<Answer>;

/** What was found, by the name of its check. */
export interface Checked extends Answer {
  readonly name: PreflightCheck;
}
