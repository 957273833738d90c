import { suggest } from "../error/suggest.js";
import { parseRelease } from "./release.js";

/**
 * What a revision means for code that is deployed. `expand`: it goes on · `migrate`: only rows change · `contract`: something goes
 * that it may use.
 */
export const phases = ["expand", "migrate", "contract"] as const;
export type Phase = (typeof phases)[number];

/** What a revision says of its phase itself; what it does not say is found out from its statements. */
export interface PhaseHeader {
  readonly phase?: Phase;
  /** Versions of applications that have to be everywhere before it runs: `app@1.42`. Never empty. */
  readonly waitsFor?: readonly string[];
}

/** What is wrong with what it says. */
interface PhaseMistake {
  readonly message: string;
  readonly remedy: string;
}

/** What a header says of the phase, from its texts; or why that cannot be. */
export function readPhase(
  phase: string | undefined,
  waitsFor: readonly string[] | undefined,
): PhaseHeader | PhaseMistake {
  const known = phases.find((one) => one === phase);
  if (phase !== undefined && known === undefined) {
    const near = suggest(phase, phases);
    return {
      message: `${JSON.stringify(phase)} is no phase`,
      remedy: near === null ? `The phases are ${phases.join(", ")}.` : `Did you mean "${near}"?`,
    };
  }
  const releases = waitsFor ?? [];
  const wrong = releases.find((one) => parseRelease(one) === null);
  if (wrong !== undefined) {
    return {
      message: `${JSON.stringify(wrong)} is no version of an application`,
      remedy: 'Write its name and its version: "app@1.42".',
    };
  }
  if (releases.length > 0 && known !== undefined && known !== "contract") {
    return {
      message: `A revision that waits for ${releases.join(", ")} is a contract, and not in the phase "${known}"`,
      remedy: "Take one of the two out.",
    };
  }
  return {
    ...(known === undefined ? {} : { phase: known }),
    ...(releases.length === 0 ? {} : { waitsFor: releases }),
  };
}

export function isPhaseMistake(read: PhaseHeader | PhaseMistake): read is PhaseMistake {
  return "remedy" in read;
}
