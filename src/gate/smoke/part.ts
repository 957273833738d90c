import type { Revision } from "../../revision/revision.js";
import type { GateFinding } from "../check.js";
import type { RevisionTime } from "./revision-time.js";

/** What was found in one mode. */
export interface SmokePart {
  /** Without the times. */
  readonly looked: string;
  readonly findings: readonly GateFinding[];
  readonly times: readonly RevisionTime[];
}

/** The place of a finding that is about a whole revision. */
export function placed(revision: Revision | undefined) {
  const file = revision?.file ?? null;
  return { check: "smoke", file, line: file === null ? null : 1, revision: revision?.id ?? null } as const;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;
const sum = (times: readonly RevisionTime[]): number =>
  times.reduce((all, { milliseconds }) => all + milliseconds, 0);
const shown = 4;

/** `4f2a91c04b7e 2.1 s, …`; of many only the slowest. */
export function showTimes(times: readonly RevisionTime[]): string {
  const list = (some: readonly RevisionTime[]) =>
    some
      .map(({ revision, direction, milliseconds }) => {
        const way = direction === "downgrade" ? " down" : "";
        return `${revision}${way} ${seconds(milliseconds)}`;
      })
      .join(", ");
  if (times.length <= shown) return list(times);
  const slowest = times.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, 3);
  return `${seconds(sum(times))}, the slowest ${list(slowest)}`;
}

/** A finding where the revisions took longer than they may. */
export function tooSlow(
  { times }: SmokePart,
  maxSeconds: number | null,
  revisions: readonly Revision[],
): readonly GateFinding[] {
  if (maxSeconds === null || sum(times) <= maxSeconds * 1_000) return [];
  const [slowest] = times.toSorted((a, b) => b.milliseconds - a.milliseconds);
  const way = slowest?.mode === "upgrade-from-previous" ? " up, down and up again" : "";
  return [
    {
      ...placed(revisions.find(({ id }) => id === slowest?.revision)),
      code: "too-slow",
      severity: "error",
      message: `The revisions took ${seconds(sum(times))}${way}; ${maxSeconds} s are the most. The slowest is ${slowest?.revision}`,
      remedy: "Find out what takes so long: aludel trace. Or allow more: maxSeconds.",
    },
  ];
}
