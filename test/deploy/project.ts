import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Engine, type RevisionText, revisions, type TestProject, testProject } from "../run/project.js";

export const first: RevisionText = {
  id: "aaaa",
  up: 'await op.createTable("persons", { id: t.integer().notNull(), name: t.text() }, { primaryKey: ["id"] });',
  down: 'await op.dropTable("persons");',
};

export const index: RevisionText = {
  id: "bbbb",
  revises: "aaaa",
  message: "an index",
  up: 'await op.createIndex("ix_name", "persons", ["name"]);',
  down: 'await op.dropIndex("ix_name", { table: "persons" });',
};

/** A project whose one environment is `production`, at its first revision, with settings of its own. */
export async function deployProject(
  engine: Engine,
  more: readonly RevisionText[],
  settings: object = {},
): Promise<TestProject> {
  const project = await testProject(engine, revisions(first, ...more));
  configure(project, settings);
  const { exit, stderr } = await project.run("upgrade aaaa");
  if (exit !== 0) throw new Error(stderr);
  return project;
}

/** Writes the configuration anew. */
export function configure(project: TestProject, settings: object, more: object = {}): void {
  const production = { url: project.url, preflight: { git: false }, ...settings };
  const config = { environments: { production }, ...more };
  writeFileSync(join(project.folder, "aludel.config.json"), JSON.stringify(config));
}

export interface Found {
  readonly name: string;
  readonly verdict: string;
  readonly told: string;
  readonly details?: readonly string[];
}

/** What the checks of a preflight say; nothing may have been changed by it. */
export async function preflight(project: TestProject, options = ""): Promise<Record<string, Found>> {
  const before = await project.rows();
  const { answer } = await project.json(`deploy --only preflight --env production${options}`);
  const checks = answer["checks"] as readonly Found[] | undefined;
  if (checks === undefined) throw new Error(JSON.stringify(answer));
  const after = await project.rows();
  if (before.join() !== after.join()) throw new Error("the preflight has changed the database");
  return Object.fromEntries(checks.map((one) => [one.name, one]));
}

/** Deploys, and expects to be refused before anything was changed. */
export async function refused(project: TestProject, line = "deploy --env production") {
  const before = await project.rows();
  const { exit, answer } = await project.json(line);
  const after = await project.rows();
  if (before.join() !== after.join()) throw new Error("a deploy that was refused has changed the database");
  return { exit, error: answer["error"] as { code: string; message: string; data: Record<string, unknown> } };
}
