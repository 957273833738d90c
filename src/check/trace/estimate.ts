import type { Measured } from "../../dialect/tracer.js";
import type { Estimate, GivenRows, TracedRun, TracedStatement } from "./traced.js";

/** Under this many rows a statement is measured with all of them. */
export const mostRows = 100_000;

/** How many rows the first and the second run get for so many that are asked for. */
export function sizesFor(asked: number): readonly [number, number] {
  if (asked <= mostRows) return [asked, asked];
  return [mostRows / 4, mostRows];
}

/**
 * The second of two runs of the same revisions, with what each statement would take with as many rows as were asked for:
 * what it took with the most rows that were made, and for every row more what a row more cost between the two.
 */
export function withEstimates(
  few: readonly TracedRun[],
  many: readonly TracedRun[],
  rows: readonly GivenRows[],
): readonly TracedRun[] {
  return many.map((run, at) => ({
    ...run,
    statements: run.statements.map((statement, number) => {
      const other = few[at]?.statements[number]?.measured ?? null;
      return { ...statement, estimated: estimateOf(other, statement, rows) };
    }),
  }));
}

function estimateOf(
  few: Measured | null,
  { measured: many }: TracedStatement,
  rows: readonly GivenRows[],
): Estimate | null {
  if (few === null || many === null) return null;
  const touched = tablesWithWork(many);
  const sizes = rows.filter(
    ({ table, made: [first, second], asked }) => asked > second && second > first && touched.has(table),
  );
  const [size] = [...sizes].sort((a, b) => b.asked - a.asked);
  if (size === undefined) return null;
  const [first, second] = size.made;
  const further = (a: number, b: number) =>
    b + (Math.max(0, b - a) / (second - first)) * (size.asked - second);
  return {
    durationMs: further(few.durationMs, many.durationMs),
    walBytes:
      few.walBytes === null || many.walBytes === null
        ? null
        : Math.round(further(few.walBytes, many.walBytes)),
  };
}

/** Those whose every row the statement handles. */
function tablesWithWork(measured: Measured): ReadonlySet<string> {
  const { rewrites, scans, indexBuilds, foreignKeyChecks, reads } = measured;
  return new Set([...rewrites, ...scans, ...indexBuilds, ...foreignKeyChecks, ...(reads ?? [])]);
}
