import type { BackupTime } from "../config/backup-config.js";
import { AludelError } from "../error/error.js";
import type { Plan } from "./plan.js";
import type { SmokeResult } from "./smoke/smoke.js";
import type { WatchResult } from "./smoke/watch.js";

/** Why a deploy makes no backup, for a person; `null` where it makes one. */
export function whyNoBackup(when: BackupTime, { revisions }: Pick<Plan, "revisions">): string | null {
  if (when === "never") return "the environment asks for none (backup.when)";
  if (revisions.length === 0) return "nothing would run";
  if (when === "always" || revisions.some(({ destroys }) => destroys.length > 0)) return null;
  return "nothing is destroyed";
}

export function smokeMissing(environment: string): AludelError {
  return new AludelError("smoke-missing", `${environment} has no smoke checks`, {
    remedy: `Write what is to be asked into the configuration: environments: { ${/^\w+$/.test(environment) ? environment : JSON.stringify(environment)}: { smoke: [{ http: "https://app.example.com/health" }] } }.`,
  });
}

/** What is in the database is as it should be, and does not work. */
export function smokeFailed(environment: string, result: SmokeResult): AludelError {
  const failed = result.checks.filter(({ passed }) => !passed);
  return new AludelError(
    "smoke-failed",
    `${failed.length} of ${result.checks.length} smoke checks of ${environment} failed`,
    {
      details: failed.map(({ name, seen }) => `${name}: ${seen}.`),
      data: { smoke: result },
      remedy: "See what the checks say: the schema is as it should be.",
    },
  );
}

/** What worked before the deploy works worse after it. */
export function watchFailed(environment: string, result: WatchResult): AludelError {
  const worse = result.trends.filter((one) => one.worse !== null);
  return new AludelError(
    "watch-failed",
    `After the deploy to ${environment}, ${worse.length} of ${result.trends.length} smoke checks are worse than before`,
    {
      details: worse.map(({ name, worse: what }) => `${name}: ${what}.`),
      data: { watch: result },
      remedy: "See what the checks say: the schema is as it should be.",
    },
  );
}
