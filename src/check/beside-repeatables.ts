import { madeKey } from "../filter/rules.js";
import { readText } from "../revision/read-text.js";
import type { Project } from "../run/project.js";
import { touchRevision } from "./conflicts/clashes.js";

/** What cannot be made without being made anew by whoever changes it. */
const madeKinds = [
  "relation",
  "function",
  "procedure",
  "aggregate",
  "trigger",
  "event-trigger",
  "rule",
  "policy",
];

/**
 * The project, in which what repeatable revisions make is left out of models, revisions and databases: they look after it
 * themselves, and no revision of the graph may drop it or make it a second time. It is read from their texts.
 */
export async function besideRepeatables(project: Project): Promise<Project> {
  if (project.repeatables.length === 0) return project;
  const { config, dialect } = project;
  const made = new Set<string>();
  for (const revision of project.repeatables) {
    const { touch } = await touchRevision(project, revision, readText(revision.file));
    for (const { key } of touch.writes) {
      const [kind = "", namespace, name] = JSON.parse(key) as [string, string | null, string];
      if (!madeKinds.includes(kind)) continue;
      made.add(
        madeKey(kind === "relation" ? "view" : kind, { namespace, name }, dialect.can.defaultNamespace),
      );
    }
  }
  return { ...project, config: { ...config, filters: { ...config.filters, repeatable: made } } };
}
