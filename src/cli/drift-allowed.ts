import type { AllowedDrift } from "../config/ci-config.js";
import { AludelError } from "../error/error.js";

/** What the variable allows: `ALUDEL_DRIFT_ALLOWLIST="column users.legacy=dropped next week, …"` */
export function allowedByVariable(variables: NodeJS.ProcessEnv): readonly AllowedDrift[] {
  const text = variables["ALUDEL_DRIFT_ALLOWLIST"]?.trim();
  if (!text) return [];
  return text.split(",").map((token) => {
    const [match = "", reason = ""] = token.split("=").map((part) => part.trim());
    if (match !== "" && reason !== "") return { match, reason };
    throw new AludelError("usage", `"${token.trim()}" in ALUDEL_DRIFT_ALLOWLIST has no reason`, {
      remedy:
        'Write what the line has in it, and why: ALUDEL_DRIFT_ALLOWLIST="column users.legacy=goes in June".',
    });
  });
}
