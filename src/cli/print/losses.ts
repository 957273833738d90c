import { versionOfServer } from "../../config/server-version.js";
import { type WayBack, wayBackOf } from "../../deploy/way-back.js";
import type { Connection } from "../../dialect/connection.js";
import { loadEngine } from "../../lint/engine.js";
import type { PlannedStep } from "../../plan/plan-steps.js";
import type { Project } from "../../run/project.js";

/** What each step of a downgrade takes away with it. */
export interface Loss {
  readonly revision: string;
  readonly wayBack: WayBack;
}

/** @throws AludelError of loading a revision. */
export async function lossesOf(
  project: Project,
  connection: Connection,
  steps: readonly PlannedStep[],
): Promise<readonly Loss[]> {
  const { analyse } = await loadEngine(project.dialect.name);
  const version = versionOfServer(connection.server.version);
  const losses: Loss[] = [];
  for (const { revision } of steps) {
    losses.push({ revision: revision.id, wayBack: await wayBackOf(project, revision, analyse, version) });
  }
  return losses;
}

/** Sentences for a person. */
export function lossText(losses: readonly Loss[]): readonly string[] {
  const lines = losses.flatMap(lostBy);
  return lines.length === 0 ? ["Nothing would be lost."] : lines;
}

function lostBy({ revision, wayBack }: Loss): readonly string[] {
  switch (wayBack.kind) {
    case "whole":
      return [];
    case "loses":
      return [`To take ${revision} back would lose ${wayBack.what.join(", ")}.`];
    case "none":
    case "unknown":
      return [`Nobody can say what would be lost by taking ${revision} back: ${wayBack.reason}.`];
  }
}
