import { AludelError } from "../../error/error.js";
import { requireSums } from "../../run/require-sums.js";
import type { Answer, Preflight } from "./check.js";

/** The files are those that were reviewed. */
export function sumsCheck({ project }: Preflight): Answer {
  if (!project.config.sum) return { verdict: "skipped", told: "the configuration keeps no aludel.sum" };
  try {
    requireSums(project);
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    const { message: told, details, remedy } = error;
    return { verdict: "failed", told, details, remedy };
  }
  const count = project.revisions.length + project.repeatables.length;
  return {
    verdict: "passed",
    told: `${count} ${count === 1 ? "file is" : "files are"} what aludel.sum says`,
  };
}
