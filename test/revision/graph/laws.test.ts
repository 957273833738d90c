import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AludelError } from "../../../src/error/error.js";
import { closure, frontier } from "../../../src/revision/graph/closure.js";
import { drawGraph } from "../../../src/revision/graph/draw.js";
import { buildGraph, type Graph } from "../../../src/revision/graph/graph.js";
import { planOnGraph, type RevisionStep } from "../../../src/revision/graph/plan-revisions.js";
import { historyRange } from "../../../src/revision/graph/range.js";
import { rowChanges } from "../../../src/revision/graph/row-changes.js";
import { expectPartialOrder } from "./order-check.js";
import { anyRevisions } from "./random.js";

/** `npm run fuzz` asks for more. */
const numRuns = Number(process.env["FUZZ_RUNS"] ?? 1_000);

const revisions = anyRevisions(60);
/** Fractions of the graph's size, to pick revisions with. */
const picks = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 4 });
const pickOne = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

function pick(graph: Graph, fractions: readonly number[]): readonly string[] {
  return fractions.flatMap((fraction) => graph.order[Math.floor(fraction * graph.order.length)]?.id ?? []);
}

/** Rows as a run would have left them after applying what was picked. */
function pickRows(graph: Graph, fractions: readonly number[]): readonly string[] {
  return frontier(graph, closure(graph, pick(graph, fractions)));
}

function applySteps(applied: ReadonlySet<string>, steps: readonly RevisionStep[]): Set<string> {
  const after = new Set(applied);
  for (const [kind, id] of steps) {
    if (kind === "up") after.add(id);
    else if (kind === "down") after.delete(id);
  }
  return after;
}

function law(name: string, property: fc.IProperty<unknown>): void {
  it(name, () => fc.assert(property, { numRuns }));
}

describe("laws of the graph", () => {
  law(
    "the order is topological and has every revision once",
    fc.property(revisions, (nodes) => {
      const { order } = buildGraph(nodes);
      expect(order).toHaveLength(nodes.length);
      expectPartialOrder(
        nodes,
        order.map((each) => ["up", each.id]),
      );
      expect(buildGraph(order.map((each) => each.revision)).order.map((each) => each.id)).toEqual(
        order.map((each) => each.id),
      );
    }),
  );

  law(
    "an upgrade runs what is missing, once, in order, and its rows are the frontier of the closure",
    fc.property(revisions, picks, pickOne, (nodes, applied, wanted) => {
      const graph = buildGraph(nodes);
      const rows = pickRows(graph, applied);
      const [target] = pick(graph, [wanted]);
      if (target === undefined) return;
      const plan = planOnGraph(graph, { rows, command: "upgrade", target });
      expectPartialOrder(nodes, plan.steps);
      const before = closure(graph, rows);
      const after = closure(graph, [...rows, target]);
      expect(plan.steps.every((step) => step[0] === "up" && !before.has(step[1]))).toBe(true);
      expect(applySteps(before, plan.steps)).toEqual(after);
      expect(plan.rows).toEqual(frontier(graph, after));
    }),
  );

  law(
    "a downgrade leaves a closed set below the target, and its rows are its frontier",
    fc.property(revisions, picks, pickOne, (nodes, applied, wanted) => {
      const graph = buildGraph(nodes);
      const rows = pickRows(graph, applied);
      const [target] = pick(graph, [wanted]);
      if (target === undefined) return;
      const before = closure(graph, rows);
      try {
        const plan = planOnGraph(graph, { rows, command: "downgrade", target });
        expectPartialOrder(nodes, plan.steps);
        const after = applySteps(before, plan.steps);
        expect(closure(graph, after)).toEqual(after);
        expect(after.has(target)).toBe(true);
        expect(graph.nodes.get(target)?.children.some((child) => after.has(child.id))).toBe(false);
        expect(plan.rows).toEqual(frontier(graph, after));
      } catch (thrown) {
        if (!(thrown instanceof AludelError)) throw thrown;
        expect(thrown.code).toBe("target-unreachable");
        const children = graph.nodes.get(target)?.children ?? [];
        expect(rows.includes(target) || children.some((child) => before.has(child.id))).toBe(false);
      }
    }),
  );

  law(
    "up to heads and down to base is nothing, each revision once",
    fc.property(revisions, picks, (nodes, applied) => {
      const graph = buildGraph(nodes);
      const rows = pickRows(graph, applied);
      const up = planOnGraph(graph, { rows, command: "upgrade", target: "heads" });
      expect(up.rows).toEqual(graph.finalHeads.map((head) => head.id).sort());
      const down = planOnGraph(graph, { rows: up.rows, command: "downgrade", target: "base" });
      expect(down.rows).toEqual([]);
      expect(down.steps).toHaveLength(nodes.length);
      expectPartialOrder(nodes, down.steps);
    }),
  );

  law(
    "the changes of single steps add up to the plan's rows, and every state between is a frontier",
    fc.property(revisions, picks, fc.constantFrom("heads", "base"), (nodes, applied, target) => {
      const graph = buildGraph(nodes);
      const rows = pickRows(graph, applied);
      const command = target === "heads" ? "upgrade" : "downgrade";
      const plan = planOnGraph(graph, { rows, command, target });
      let known: ReadonlySet<string> = closure(graph, rows);
      const shown = new Set(rows);
      for (const [index, change] of rowChanges(graph, rows, plan.steps).entries()) {
        for (const row of change.delete) expect(shown.delete(row)).toBe(true);
        for (const row of change.insert) expect(shown.has(row)).toBe(false);
        for (const row of change.insert) shown.add(row);
        known = applySteps(known, plan.steps.slice(index, index + 1));
        expect([...shown].sort()).toEqual(frontier(graph, known));
      }
      expect([...shown].sort()).toEqual(plan.rows);
    }),
  );

  law(
    "a stamp leaves its target as a row, no row below another, and rows of other branches alone",
    fc.property(revisions, picks, pickOne, (nodes, applied, wanted) => {
      const graph = buildGraph(nodes);
      const rows = pickRows(graph, applied);
      const [target] = pick(graph, [wanted]);
      if (target === undefined) return;
      const plan = planOnGraph(graph, { rows, command: "stamp", target });
      expect(plan.rows).toContain(target);
      expect(frontier(graph, closure(graph, plan.rows))).toEqual(plan.rows);
      const below = closure(graph, [target]);
      for (const row of rows) {
        if (!below.has(row) && !closure(graph, [row]).has(target)) expect(plan.rows).toContain(row);
      }
    }),
  );

  law(
    "the whole history is the order backwards, and every part of it can be drawn",
    fc.property(revisions, pickOne, (nodes, wanted) => {
      const graph = buildGraph(nodes);
      const all = historyRange(graph, ":", []);
      expect(all).toEqual(graph.order.toReversed());
      const [from] = pick(graph, [wanted]);
      for (const shown of [all, from === undefined ? [] : historyRange(graph, `${from}:`, [])]) {
        const lines = drawGraph(
          shown.map((each) => each.revision),
          () => "applied",
        );
        expect(lines.filter((line) => line.includes("*"))).toHaveLength(shown.length);
      }
    }),
  );
});
