import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AludelError } from "../../../src/error/error.js";
import { drawGraph } from "../../../src/revision/graph/draw.js";
import { buildGraph } from "../../../src/revision/graph/graph.js";
import { type GraphCommand, planOnGraph } from "../../../src/revision/graph/plan-revisions.js";
import { node } from "./node.js";

const page = readFileSync(new URL("../../../docs/revisions.md", import.meta.url), "utf8");

const graph = buildGraph([
  node("aaaa"),
  node("bbbb", "aaaa"),
  node("c1c1", "bbbb", { labels: ["one"] }),
  node("d1d1", "c1c1"),
  node("c2c2", "bbbb", { labels: ["two"] }),
  node("d2d2", "c2c2"),
]);

const list = (text: string) => text.split(",").flatMap((word) => word.trim() || []);
const show = (words: readonly string[]) => (words.length === 0 ? "nothing" : [...words].sort().join(", "));

/** A plan in the words of the page. */
function describePlan(command: GraphCommand, rows: string, target: string): readonly [string, string] {
  try {
    const plan = planOnGraph(graph, { rows: list(rows), command, target });
    const stamps = plan.steps.flatMap((step) =>
      step[0] === "stamp" ? `stamp ${show(step[1])} as ${show(step[2])}` : [],
    );
    const ran = plan.steps.flatMap((step) => (step[0] === "stamp" ? [] : step[1]));
    const runs = ran.length > 0 ? [`${command === "upgrade" ? "up" : "down"} ${show(ran)}`] : [];
    return [[...runs, ...stamps].join("; ") || "nothing", plan.rows.join(", ")];
  } catch (thrown) {
    if (thrown instanceof AludelError) return [`error: ${thrown.code}`, ""];
    throw thrown;
  }
}

describe("docs/revisions.md", () => {
  const examples = page
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter((cells) => cells.length === 7 && /^(upgrade|downgrade|stamp)$/u.test(cells[1] ?? ""));

  it("has examples", () => expect(examples.length).toBeGreaterThan(20));

  it.each(examples)("%s%s at %s to %s", (_, command, rows = "", target = "", happens = "", after = "") => {
    const [steps, left] = describePlan(command as GraphCommand, rows, target.replaceAll("`", ""));
    const [verb = "", ...ids] = happens.split(" ");
    const expected = verb === "up" || verb === "down" ? `${verb} ${show(list(ids.join(" ")))}` : happens;
    expect(steps).toBe(expected);
    expect(left).toBe(after);
  });

  it("draws the graph as it is drawn", () => {
    const newestFirst = graph.order.map((each) => each.revision).reverse();
    expect(page).toContain(`\`\`\`\n${drawGraph(newestFirst, () => "pending").join("\n")}\n\`\`\``);
  });
});
