import type { Code } from "../../error/codes.js";

/** Something wrong with a revision file. */
export interface Finding {
  readonly code: Code;
  /** A `warning` alone leaves the answer a yes. */
  readonly severity: "error" | "warning";
  /** A sentence without a full stop at its end. */
  readonly message: string;
  readonly remedy: string;
  /** Absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly revision: string | null;
}

/** Findings in the order in which they are told: by file, then by line. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...findings].sort(
    (a, b) =>
      order(a.file, b.file) || a.line - b.line || order(a.code, b.code) || order(a.message, b.message),
  );
}
