import type { Answer, Preflight } from "./check.js";

/** A protected environment is never the default, or the only one, by accident. */
export function environmentCheck({ environment, isNamed, plan }: Preflight): Answer {
  const told = `${environment.name}, ${plan.target}`;
  if (isNamed || !environment.protected) return { verdict: "passed", told };
  return {
    verdict: "failed",
    told: `${environment.name} is protected, and nobody has said that it is meant`,
    remedy: `Write --env ${environment.name}, or set ALUDEL_ENV.`,
  };
}
