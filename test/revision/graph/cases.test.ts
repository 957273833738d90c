import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AludelError } from "../../../src/error/error.js";
import { type GraphCommand, planRevisions } from "../../../src/revision/graph/plan-revisions.js";
import type { RevisionNode } from "../../../src/revision/revision.js";
import { expectPartialOrder } from "./order-check.js";

interface Case {
  readonly revisions: readonly RevisionNode[];
  readonly rows: readonly string[];
  readonly command: GraphCommand;
  readonly target: string;
  readonly expect:
    | { readonly error: string }
    | {
        readonly steps: readonly (readonly [string, ...unknown[]])[];
        readonly rows: readonly string[];
        /** Alembic answers and warns: it took the row that the database returned first. */
        readonly warning?: string;
      };
}

const cases: readonly Case[] = readFileSync(new URL("./cases.jsonl", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line): Case => JSON.parse(line));

/**
 * Where Alembic leaves rows that no run could have written, ours are the right ones: it keeps a revision beside one
 * that already stands for it (67, 387), and `stamp heads` forgets a head that is a row already (96).
 */
const rightRows: ReadonlyMap<number, readonly string[]> = new Map([
  [67, ["r002"]],
  [96, ["r004", "r005", "r006"]],
  [387, ["r003"]],
]);

function plan(each: Case) {
  try {
    return planRevisions(each);
  } catch (thrown) {
    if (thrown instanceof AludelError) return thrown;
    throw thrown;
  }
}

describe("600 random graphs, as Alembic answers them", () => {
  it("has all cases", () => expect(cases).toHaveLength(600));

  it.each(cases.map((each, index) => [index, each.command, each.target, each] as const))(
    "%i: %s %s",
    (index, command, __, each) => {
      const answer = plan(each);
      if ("error" in each.expect) {
        expect(answer).toBeInstanceOf(AludelError);
        return;
      }
      if (each.expect.warning !== undefined) {
        expect(answer).toMatchObject({ code: "revision-ambiguous" });
        return;
      }
      if (answer instanceof AludelError) throw answer;
      const right = rightRows.get(index);
      if (right !== undefined) {
        expect(right).not.toEqual(each.expect.rows);
        expect(answer.rows).toEqual(right);
        return;
      }
      expect(answer.rows).toEqual([...each.expect.rows].sort());
      expect(new Set(answer.steps.map((step) => JSON.stringify(step)))).toEqual(
        new Set(each.expect.steps.map((step) => JSON.stringify(step))),
      );
      if (command !== "stamp") expectPartialOrder(each.revisions, answer.steps);
    },
  );
});
