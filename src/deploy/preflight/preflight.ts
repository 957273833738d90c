import { selectionOf } from "../../config/environment.js";
import { AludelError } from "../../error/error.js";
import { backfillsCheck } from "./backfills.js";
import { type Check, type Checked, type Preflight, type PreflightCheck, preflightChecks } from "./check.js";
import { contractCheck } from "./contract.js";
import { driftCheck } from "./drift.js";
import { dumpsCheck } from "./dumps.js";
import { environmentCheck } from "./environment.js";
import { gitCheck } from "./git.js";
import { privilegesCheck } from "./privileges.js";
import { readsCheck } from "./reads.js";
import { requiresCheck } from "./requires.js";
import { roomCheck } from "./room.js";
import { serverCheck } from "./server.js";
import { sessionsCheck } from "./sessions.js";
import { sumsCheck } from "./sums.js";
import { transactionsCheck } from "./transactions.js";

const checks: Readonly<Record<PreflightCheck, Check>> = {
  environment: environmentCheck,
  git: gitCheck,
  sums: sumsCheck,
  server: serverCheck,
  sessions: sessionsCheck,
  privileges: privilegesCheck,
  drift: driftCheck,
  contract: contractCheck,
  backfills: backfillsCheck,
  reads: readsCheck,
  room: roomCheck,
  transactions: transactionsCheck,
  dumps: dumpsCheck,
  requires: requiresCheck,
};

/** Looks at everything, and tells all of it: what fails does not keep the rest from being looked at. */
export async function runPreflight(
  at: Preflight,
  tell: (checked: Checked) => void,
  names: readonly PreflightCheck[] = preflightChecks,
): Promise<readonly Checked[]> {
  const found: Checked[] = [];
  for (const name of names) {
    const checked: Checked = { name, ...(await answerOf(checks[name], at)) };
    found.push(checked);
    tell(checked);
  }
  return found;
}

/** Where there was no answer, it is not yes. Without a connection nobody answers anything more. */
async function answerOf(check: Check, at: Preflight) {
  try {
    return await check(at);
  } catch (error) {
    if (!(error instanceof AludelError) || error.code === "connection-lost") throw error;
    return {
      verdict: "failed" as const,
      told: `Nobody could say: ${error.message}`,
      details: error.details,
      remedy: error.remedy,
    };
  }
}

/** @throws AludelError `preflight-failed` with what every check found; where one alone has failed, perhaps with the code of that. */
export function requirePassed(checked: readonly Checked[], { plan }: Pick<Preflight, "plan">): void {
  const failed = checked.filter(({ verdict }) => verdict === "failed");
  const [first] = failed;
  if (first === undefined) return;
  throw new AludelError(
    failed.length === 1 ? (first.code ?? "preflight-failed") : "preflight-failed",
    failed.length === 1
      ? `${plan.environment} is not to be deployed to now: ${first.told}`
      : `${plan.environment} is not to be deployed to now, for ${failed.length} reasons`,
    {
      details:
        failed.length === 1 ? (first.details ?? []) : failed.map(({ name, told }) => `${name}: ${told}.`),
      data: { environment: plan.environment, checks: checked },
      remedy: `Nothing was changed. ${failed.length === 1 ? (first.remedy ?? "") : `Each check says what to do; then: aludel deploy ${selectionOf(plan.environment)}`}`,
    },
  );
}
