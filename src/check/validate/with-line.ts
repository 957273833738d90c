import { AludelError } from "../../error/error.js";
import type { Problem } from "../../revision/graph/problem.js";
import { findLine } from "./find-line.js";

/** An error of a graph, which knows files only by their names, with the line that its first problem is on. */
export function withLine(error: unknown): unknown {
  if (!(error instanceof AludelError)) return error;
  const [first] = (error.data["problems"] as readonly Problem[] | undefined) ?? [];
  if (first?.where.file === undefined || first.property === undefined) return error;
  return error.at({ line: findLine(first.where.file, first.property, first.name) });
}
