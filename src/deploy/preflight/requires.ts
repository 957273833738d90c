import type { Answer, Preflight } from "./check.js";

/** What is deployed here was deployed where it has to be before, and its smoke checks passed there. */
export function requiresCheck({ plan, required, environment }: Preflight): Answer {
  if (environment.requires.length === 0) {
    return { verdict: "skipped", told: "the environment requires no other one" };
  }
  if (plan.revisions.length === 0) return { verdict: "skipped", told: "nothing would run" };
  const details: string[] = [];
  const remedies = new Set<string>();
  for (const { environment: other, from, proven } of required) {
    if (!("get" in proven)) {
      details.push(`${other}: ${proven.unknown}`);
      remedies.add(proven.remedy);
      continue;
    }
    const before = details.length;
    for (const { revision } of plan.revisions) {
      const checksum = proven.get(revision.id);
      if (checksum === revision.checksum) continue;
      details.push(
        checksum === undefined
          ? `${other} (${from}): ${revision.id} ${revision.message} was not deployed there with smoke checks that passed`
          : `${other} (${from}): ${revision.id} ${revision.message} has another text there`,
      );
    }
    if (details.length > before) remedies.add(`Deploy it there first: \`aludel deploy --env ${other}\`.`);
  }
  const names = required.map(({ environment: other, from }) => `${other} (${from})`).join(", ");
  if (details.length === 0) {
    return {
      verdict: "passed",
      told: `${names}: what would run is deployed there, and its smoke checks passed`,
    };
  }
  return {
    verdict: "failed",
    told: `What would run is not what ${environment.requires.join(", ")} has`,
    details,
    remedy: [...remedies].join(" "),
  };
}
