import type { Crook } from "../../revision/graph/linear.js";

/** Why revisions do not stand in one line, as a sentence without a full stop. */
export function sentenceOf({ kind, of, at }: Crook): string {
  const listed = of.join(", ");
  switch (kind) {
    case "bases":
      return `There are ${of.length} bases: ${listed}`;
    case "heads":
      return `There are ${of.length} heads: ${listed}`;
    case "branch-point":
      return `Several revise ${at}: ${listed}`;
    case "merge-point":
      return `${at} merges ${listed}`;
    case "date":
      return `${at} was created before ${listed}, which it revises`;
  }
}
