import { selectionOf } from "../../config/environment.js";
import { awaited, confirmationOf, readSources } from "../contract/confirmations.js";
import { phaseOf } from "../phase.js";
import type { Answer, Preflight } from "./check.js";

/** What takes something away runs when the version of the application that no longer needs it is everywhere. */
export async function contractCheck(at: Preflight): Promise<Answer> {
  const { plan, environment } = at;
  const contracts = plan.revisions.filter((one) => phaseOf(one) === "contract");
  if (contracts.length === 0) return { verdict: "skipped", told: "no contract would run" };
  if (plan.rows.length === 0) {
    return { verdict: "skipped", told: "the database has no revision yet, and nothing uses what would go" };
  }
  const silent = contracts.filter(({ revision }) => revision.waitsFor === undefined);
  const refused = environment.contract === "refuse" ? silent : [];
  const releases = awaited(plan.revisions);
  const sources = await readSources(at.project, at.connection, environment.versions, at.confirmed, at.signal);
  const known = releases.map((release) => confirmationOf(release, sources));
  const missing = known.filter(({ confirmed }) => !confirmed);
  const details = [
    ...missing.map(({ told }) => told),
    ...refused.map(({ revision }) => `${revision.id} ${revision.message}: it does not say what it waits for`),
  ];
  if (details.length === 0) {
    const told = known.map((one) => one.told);
    if (silent.length > 0)
      told.push(`${silent.map(({ revision }) => revision.id).join(", ")} waits for nothing`);
    return { verdict: "passed", told: told.join("; ") };
  }
  const waiting = contracts.map(({ revision }) => revision.id).join(", ");
  return {
    verdict: "failed",
    code: "contract-unconfirmed",
    told:
      missing.length === 0
        ? `${waiting} takes something away, and does not say what it waits for`
        : `${waiting} waits for ${missing.map(({ release }) => `${release.application}@${release.version}`).join(", ")}`,
    details,
    remedy: remedyOf(at, missing[0]?.release ?? null),
  };
}

function remedyOf(
  { plan, environment }: Preflight,
  release: { application: string; version: string } | null,
): string {
  const { name } = environment;
  const first = plan.revisions[0];
  const before =
    first === undefined || phaseOf(first) === "contract"
      ? ""
      : ` What comes before it can run now: aludel deploy ${selectionOf(name)} --phase expand.`;
  if (release === null) {
    return `Let the revision say it (waitsFor: "app@1.42"), or set \`environments.${name}.contract\` to "ask".${before}`;
  }
  return `When it runs everywhere: aludel confirm ${release.application}@${release.version} ${selectionOf(name)}${before}`;
}
