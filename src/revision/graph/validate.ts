import { AludelError, type Where } from "../../error/error.js";
import { suggest } from "../../error/suggest.js";
import { type NameKind, nameMistake, nameRemedy } from "../name-rule.js";
import type { GraphRevision } from "./node.js";
import type { Problem } from "./problem.js";

/** Each name once. Nearly every list has one name or none, and ten thousand sets take their time. */
export function unique(names: readonly string[]): readonly string[] {
  return names.length < 2 ? names : [...new Set(names)];
}

type Names = ReadonlyMap<string, { readonly revision: GraphRevision }>;

/** Everything that can be said before edges are followed: odd names, names twice, and edges to nothing. */
export function validateRevisions(
  revisions: readonly GraphRevision[],
  nodes: Names,
  labels: Names,
): Problem[] {
  const problems: Problem[] = [];
  const hasTwice = nodes.size < revisions.length;
  const seen = new Set<string>();
  // To look for what was meant takes time in proportion to all names: where all is wrong, the first ones must do.
  let suggestions = 20;
  const nearest = (name: string, among: Iterable<string>) => (suggestions-- > 0 ? nearId(name, among) : null);
  for (const revision of revisions) {
    const idProblem = nameProblem("id", revision.id);
    if (idProblem !== null) problems.push({ ...idProblem, where: whereIs(revision), property: "id" });
    const first = nodes.get(revision.id)?.revision;
    if (first !== undefined && hasTwice && seen.has(revision.id))
      problems.push(duplicateProblem(first, revision));
    else {
      if (revision.labels.length > 0) problems.push(...labelProblems(revision, nodes, labels));
      if (!hasAll(revision, nodes)) problems.push(...edgeProblems(revision, nodes, labels, nearest));
    }
    if (hasTwice) seen.add(revision.id);
  }
  return problems;
}

/** True for nearly every revision: what it revises is there, and it depends on nothing else. */
function hasAll({ revises, dependsOn }: GraphRevision, nodes: Names): boolean {
  return dependsOn.length === 0 && revises.every((parent) => nodes.has(parent));
}

/** Throws the first problem with the others as its details; does nothing when there is none. */
export function throwProblems(problems: readonly Problem[]): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  throw new AludelError(first.code, first.message, {
    remedy: first.remedy,
    where: first.where,
    details: others.map((problem) => `${problem.message}. ${problem.remedy}`),
    data: { problems },
  });
}

function whereIs(revision: GraphRevision): Where {
  return { revision: revision.id, ...(revision.file === undefined ? {} : { file: revision.file }) };
}

function nameProblem(kind: NameKind, name: string): Omit<Problem, "where"> | null {
  const mistake = nameMistake(kind, name);
  if (mistake === null) return null;
  const message = `The ${kind} ${JSON.stringify(name)} ${mistake}`;
  return { code: "revision-invalid", message, remedy: nameRemedy[kind] };
}

function duplicateProblem(first: GraphRevision, second: GraphRevision): Problem {
  const files = [first.file, second.file].filter((file) => file !== undefined);
  return {
    code: "revision-duplicate",
    message: `Two revisions have the id ${second.id}${files.length > 0 ? `: ${files.join(" and ")}` : ""}`,
    remedy: "Give one of them a new id, and change revises and dependsOn of the revisions that mean it.",
    where: whereIs(second),
    property: "id",
  };
}

function labelProblems(revision: GraphRevision, nodes: Names, labels: Names): Problem[] {
  const problems: Problem[] = [];
  for (const label of unique(revision.labels)) {
    const odd = nameProblem("label", label);
    if (odd !== null) problems.push({ ...odd, where: whereIs(revision), property: "labels", name: label });
    const owner = labels.get(label)?.revision;
    const taken =
      owner !== undefined && owner.id !== revision.id
        ? `The label ${label} is on two revisions, ${owner.id} and ${revision.id}`
        : nodes.has(label)
          ? `The label ${label} of ${revision.id} is also the id of a revision`
          : null;
    if (taken !== null) {
      const remedy = "Take the label off one, or rename it: a label names one branch.";
      const where = whereIs(revision);
      problems.push({
        code: "label-duplicate",
        message: taken,
        remedy,
        where,
        property: "labels",
        name: label,
      });
    }
  }
  return problems;
}

type Nearest = (name: string, among: Iterable<string>) => string | null;

function edgeProblems(revision: GraphRevision, nodes: Names, labels: Names, nearest: Nearest): Problem[] {
  const problems: Problem[] = [];
  for (const parent of unique(revision.revises)) {
    if (!nodes.has(parent))
      problems.push(missingProblem(revision, "revises", parent, nodes, labels, nearest));
  }
  for (const name of unique(revision.dependsOn)) {
    if (!nodes.has(name) && !labels.has(name)) {
      problems.push(missingProblem(revision, "depends on", name, nodes, labels, nearest));
    }
  }
  return problems;
}

function missingProblem(
  revision: GraphRevision,
  verb: "revises" | "depends on",
  name: string,
  nodes: Names,
  labels: Names,
  nearest: Nearest,
): Problem {
  const labelled = labels.get(name)?.revision.id;
  const near =
    labelled ?? nearest(name, nodes.keys()) ?? (verb === "revises" ? null : suggest(name, labels.keys()));
  const property = verb === "revises" ? "revises" : "dependsOn";
  return {
    code: "revision-parent-missing",
    message: `Revision ${revision.id} ${verb} ${name}, which ${labelled === undefined ? "does not exist" : "is a label, not an id"}`,
    remedy:
      near === null
        ? `Bring the file of ${name} back, or change ${property} to a revision that exists.`
        : `Did you mean ${near}? Change ${property}, or bring the file of ${name} back.`,
    where: whereIs(revision),
    property,
    name,
  };
}

/** The id that begins with the name or with which the name begins, else the nearest by spelling. */
function nearId(name: string, ids: Iterable<string>): string | null {
  const all = [...ids];
  const prefixed = all.filter(
    (id) => name.length > 3 && id.length > 3 && (id.startsWith(name) || name.startsWith(id)),
  );
  return prefixed.length === 1 ? (prefixed[0] ?? null) : suggest(name, all);
}
