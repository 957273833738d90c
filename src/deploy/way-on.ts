import { selectionOf } from "../config/environment.js";
import { AludelError } from "../error/error.js";
import type { Part } from "./deploy-log.js";
import type { Plan, PlannedRevision } from "./plan.js";

/** What is right after a deploy that failed. */
export type WayOn =
  /** Nothing was changed. */
  | { readonly kind: "nothing" }
  /** What was deployed before goes on with the new schema. */
  | { readonly kind: "application" }
  | { readonly kind: "downgrade"; readonly target: string; readonly command: string }
  /** `command` is `null` where there is no backup. */
  | { readonly kind: "restore"; readonly why: readonly string[]; readonly command: string | null };

/** Where a database stands after a deploy that failed. */
export interface Standing {
  /** Of those of the plan, what has run. */
  readonly applied: readonly PlannedRevision[];
  /** The revision of which only a part has run; `unknown` where the database could not be asked. */
  readonly halfDone: string | null | "unknown";
  /** The line that restores the backup. */
  readonly restore: string | null;
}

/** Which of the ways is right: the first of them that loses nothing, and the backup where none does. */
export function wayOn(plan: Plan, protects: boolean, { applied, halfDone, restore }: Standing): WayOn {
  if (applied.length === 0 && halfDone === null) return { kind: "nothing" };
  const whole = halfDone === null;
  const isAdditive = applied.every(({ destroys, breaks }) => destroys.length + breaks.length === 0);
  if (isAdditive && whole) return { kind: "application" };
  const [target = "base", second] = plan.rows;
  if (whole && second === undefined && comesBackWhole(applied)) {
    const confirm = protects ? ` --confirm ${plan.environment}` : "";
    const command = `aludel downgrade ${target} ${selectionOf(plan.environment)}${confirm}`;
    return { kind: "downgrade", target, command };
  }
  return { kind: "restore", why: applied.flatMap(lossOf), command: restore };
}

/** Taking these back loses nothing, and brings everything back: what an upgrade has destroyed no downgrade makes again. */
export function comesBackWhole(applied: readonly PlannedRevision[]): boolean {
  return applied.every(({ wayBack, destroys }) => wayBack.kind === "whole" && destroys.length === 0);
}

function lossOf({ revision, wayBack, destroys }: PlannedRevision): readonly string[] {
  const gone = destroys.map(({ message }) => `${revision.id} has destroyed something: ${message}.`);
  return [...gone, ...lostBy({ revision, wayBack })];
}

function lostBy({ revision, wayBack }: Pick<PlannedRevision, "revision" | "wayBack">): readonly string[] {
  switch (wayBack.kind) {
    case "whole":
      return [];
    case "loses":
      return [`To take ${revision.id} back would lose ${wayBack.what.join(", ")}.`];
    case "none":
    case "unknown":
      return [`${revision.id}: ${wayBack.reason}.`];
  }
}

/** Sentences for a person, the command to run among them. */
export function showWayOn(way: WayOn): readonly string[] {
  switch (way.kind) {
    case "nothing":
      return ["This deploy has not changed the database."];
    case "application":
      return [
        "The way back: roll the application back. What was added to the schema is in nobody's way, and can stay.",
      ];
    case "downgrade":
      return [`The way back, which loses nothing: ${way.command}`];
    case "restore":
      return [
        ...way.why,
        way.command === null
          ? "The way back is a backup, and this deploy made none."
          : `The way back is the backup: ${way.command}`,
      ];
  }
}

/** The error of a part with where things stand, and how to go on. */
export function withStanding(
  error: AludelError,
  part: Part,
  told: {
    readonly standing: Standing;
    readonly way: WayOn;
    readonly environment: string;
    readonly undone: boolean;
  },
): AludelError {
  const { standing, way, environment, undone } = told;
  const applied = standing.applied.map(({ revision }) => revision.id);
  const details = [
    ...error.details,
    `The deploy stopped in its part "${part}".`,
    ...(applied.length === 0
      ? []
      : [`Applied by this deploy${undone ? ", and taken back" : ""}: ${applied.join(", ")}.`]),
    ...(standing.halfDone === null
      ? []
      : [
          standing.halfDone === "unknown"
            ? "Whether a revision is half done could not be asked."
            : `Half done: ${standing.halfDone}. The next deploy goes on in the middle of it.`,
        ]),
    ...(undone ? ["The database is where it was before."] : showWayOn(way)),
  ];
  return new AludelError(error.code, error.message, {
    where: error.where,
    cause: error.cause,
    details,
    data: { ...error.data, part, applied, halfDone: standing.halfDone, wayBack: way, takenBack: undone },
    remedy: withNext(error.remedy, `aludel deploy ${selectionOf(environment)}`),
  });
}

/** What stopped speaks of the upgrade that it was in; who deploys goes on with the deploy. */
function withNext(remedy: string, line: string): string {
  const upgrade = "`aludel upgrade`";
  return remedy.includes(upgrade) ? remedy.replaceAll(upgrade, `\`${line}\``) : `${remedy} To go on: ${line}`;
}
