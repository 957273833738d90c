import { AludelError } from "../error/error.js";
import { type NameKind, nameMistake, nameRemedy } from "../revision/name-rule.js";
import type { Project } from "../run/project.js";
import type { AutogenerateOptions } from "./find-change.js";

/**
 * Refuses an id or label of a new revision that the graph would not have, before a file with it is in the way of
 * every other command.
 * @throws AludelError `revision-invalid`, `revision-duplicate`, `label-duplicate`.
 */
export function requireNewNames(
  { graph, repeatables }: Pick<Project, "graph" | "repeatables">,
  { id, labels }: Pick<AutogenerateOptions, "id" | "labels">,
): void {
  if (id !== null) requireName("id", id);
  for (const label of labels) requireName("label", label);
  const same =
    id === null ? undefined : (graph.nodes.get(id) ?? repeatables.find((revision) => revision.id === id));
  if (same !== undefined) {
    throw new AludelError("revision-duplicate", `There is a revision ${id} already`, {
      remedy: "Choose another id, or leave --rev-id out for a random one.",
      where: { revision: same.id },
    });
  }
  for (const label of labels) requireFree(graph, label, id);
}

function requireName(kind: NameKind, name: string): void {
  const mistake = nameMistake(kind, name);
  if (mistake === null) return;
  throw new AludelError("revision-invalid", `The ${kind} ${JSON.stringify(name)} ${mistake}`, {
    remedy: nameRemedy[kind],
  });
}

function requireFree(graph: Project["graph"], label: string, id: string | null): void {
  const owner = graph.labels.get(label)?.revision.id;
  const taken =
    owner !== undefined
      ? `The label ${label} is on revision ${owner} already`
      : graph.nodes.has(label) || label === id
        ? `The label ${label} is also the id of a revision`
        : null;
  if (taken === null) return;
  const remedy = "Choose another label: it names one branch.";
  throw new AludelError("label-duplicate", taken, {
    remedy,
    ...(owner === undefined ? {} : { where: { revision: owner } }),
  });
}
