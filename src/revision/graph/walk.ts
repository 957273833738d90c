import { AludelError } from "../../error/error.js";
import type { Graph } from "./graph.js";
import type { GraphNode } from "./node.js";
import { type Branch, list } from "./resolve.js";
import type { Target } from "./target.js";

/** A revision, or `null` for the base below all revisions. */
export type Place = GraphNode | null;

/** Where a walk ended, and how many of its steps it could not take. */
export interface Walked {
  readonly place: Place;
  readonly missing: number;
}

/**
 * Goes up (or, with negative steps, down) along `revises` from a place; upwards only along the branch, where there
 * is one. Throws `revision-ambiguous` where there are several ways and `target-unreachable` where there is none.
 */
export function walk(graph: Graph, start: Place, target: Target, branch: Branch | null): Place {
  const walked = tryWalk(graph, start, target, branch);
  if (walked.missing > 0) throw tooFar(target, walked);
  return walked.place;
}

/** The same, but ends with the history instead of throwing `target-unreachable`. */
export function tryWalk(graph: Graph, start: Place, target: Target, branch: Branch | null): Walked {
  const steps = target.steps ?? 0;
  let place = start;
  for (let missing = Math.abs(steps); missing > 0; missing--) {
    const ways: readonly Place[] = steps > 0 ? waysUp(graph, place, branch) : waysDown(place);
    const [way] = ways;
    if (way === undefined) return { place, missing };
    if (ways.length > 1) throw ambiguousWalk(target, place, ways);
    place = way;
  }
  return { place, missing: 0 };
}

function waysUp(graph: Graph, place: Place, branch: Branch | null): readonly GraphNode[] {
  const ways = place === null ? graph.bases : place.children;
  return branch === null ? ways : ways.filter((node) => branch.members.has(node));
}

function waysDown(place: Place): readonly Place[] {
  if (place === null) return [];
  return place.parents.length === 0 ? [null] : place.parents;
}

/** The name of a place in a message. */
export function placeName(place: Place): string {
  return place === null ? "base" : place.id;
}

/** The number of steps as a person writes it. */
function stepsName(steps: number): string {
  return steps > 0 ? `+${steps}` : String(steps);
}

function tooFar(target: Target, { place, missing }: Walked): AludelError {
  const steps = target.steps ?? 0;
  const taken = Math.abs(steps) - missing;
  return new AludelError(
    "target-unreachable",
    `${target.text} goes further than the history: nothing is ${steps > 0 ? "above" : "below"} ${placeName(place)}`,
    {
      remedy:
        taken === 0
          ? `Choose another target: ${placeName(place)} is the end of its line.`
          : `Count ${stepsName(Math.sign(steps) * taken)} at the most, or write ${placeName(place)}.`,
    },
  );
}

function ambiguousWalk(target: Target, place: Place, ways: readonly Place[]): AludelError {
  const nodes = ways.flatMap((way) => way ?? []);
  const direction = (target.steps ?? 0) > 0 ? "above" : "below";
  return new AludelError(
    "revision-ambiguous",
    `${target.text} has several ways: ${direction} ${placeName(place)} are ${list(nodes)}`,
    {
      remedy:
        direction === "above"
          ? `Write the id you mean, or count along a branch: ${nodes[0]?.id ?? "label"}@${stepsName(target.steps ?? 1)}.`
          : `Write the id you mean: ${list(nodes, "or")}.`,
      data: { choices: nodes.map((node) => node.id) },
    },
  );
}
