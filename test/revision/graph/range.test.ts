import { describe, expect, it } from "vitest";
import { AludelError } from "../../../src/error/error.js";
import { buildGraph } from "../../../src/revision/graph/graph.js";
import type { GraphRevision } from "../../../src/revision/graph/node.js";
import { historyRange } from "../../../src/revision/graph/range.js";
import { node } from "./node.js";

const chain = [node("aaaa"), node("bbbb", "aaaa"), node("cccc", "bbbb"), node("dddd", "cccc")];

/** aaaa → bbbb → { c1c1 [one] → d1d1, c2c2 [two] → d2d2 } */
const branches = [
  node("aaaa"),
  node("bbbb", "aaaa"),
  node("c1c1", "bbbb", { labels: ["one"] }),
  node("d1d1", "c1c1"),
  node("c2c2", "bbbb", { labels: ["two"] }),
  node("d2d2", "c2c2"),
];

/** [A] a1a1 → a2a2, and b1b1 → b2b2 (depends on a1a1) */
const dependent = [
  node("a1a1", [], { labels: ["A"] }),
  node("a2a2", "a1a1"),
  node("b1b1"),
  node("b2b2", "b1b1", { dependsOn: ["a1a1"] }),
];

function ask(revisions: readonly GraphRevision[], range: string, rows = ""): string {
  try {
    const found = historyRange(buildGraph(revisions), range, rows === "" ? [] : rows.split(","));
    return found.map((each) => each.id).join(" ");
  } catch (thrown) {
    if (thrown instanceof AludelError) return thrown.code;
    throw thrown;
  }
}

describe("a chain", () => {
  it.each([
    [":", "", "dddd cccc bbbb aaaa"],
    ["base:heads", "", "dddd cccc bbbb aaaa"],
    ["base:head", "", "dddd cccc bbbb aaaa"],
    ["bbbb:cccc", "", "cccc bbbb"],
    ["bbb:ccc", "", "cccc bbbb"],
    ["bbbb:bbbb", "", "bbbb"],
    ["cccc:", "", "dddd cccc"],
    [":bbbb", "", "bbbb aaaa"],
    [" bbbb : cccc ", "", "cccc bbbb"],
    ["bbbb:+1", "", "cccc bbbb"],
    ["bbbb:+9", "", "dddd cccc bbbb"],
    ["base:+2", "", "bbbb aaaa"],
    ["-1:", "", "dddd cccc"],
    ["-9:", "", "dddd cccc bbbb aaaa"],
    ["-1:current", "cccc", "cccc bbbb"],
    ["-1:bbbb", "", "bbbb aaaa"],
    ["dddd-2:", "", "dddd cccc bbbb"],
    ["head-1:head", "", "dddd cccc"],
    ["base+1:bbbb", "", "bbbb aaaa"],
    ["aaaa+1:dddd-1", "", "cccc bbbb"],
    ["current:", "bbbb", "dddd cccc bbbb"],
    [":current", "bbbb", "bbbb aaaa"],
    ["current:current", "bbbb", "bbbb"],
    ["current:+1", "bbbb", "cccc bbbb"],
    ["current:", "", "dddd cccc bbbb aaaa"],
    [":current", "", ""],
    ["cccc:bbbb", "", "target-unreachable"],
    ["bbbb:base", "", "target-unreachable"],
    ["bbbb:-1", "", "target-unreachable"],
    ["+1:dddd", "", "target-unreachable"],
    ["gone:", "", "revision-unknown"],
    [":", "gone", "database-revision-unknown"],
    ["bbbb", "", "target-invalid"],
    ["a:b:c", "", "target-invalid"],
    ["", "", "target-invalid"],
  ])("%j at %j is %s", (range, rows, expected) => expect(ask(chain, range, rows)).toBe(expected));
});

describe("branches", () => {
  it.each([
    ["bbbb:", "", "d2d2 c2c2 d1d1 c1c1 bbbb"],
    ["c1c1:", "", "d1d1 c1c1"],
    ["bbbb:one@head", "", "d1d1 c1c1 bbbb"],
    ["one:", "", "d1d1 c1c1"],
    ["one@base:", "", "d1d1 c1c1 bbbb aaaa"],
    [":head", "", "multiple-heads"],
    ["bbbb:+1", "", "revision-ambiguous"],
    ["bbbb:one@+1", "", "c1c1 bbbb"],
    ["-1:", "", "d2d2 c2c2 d1d1 c1c1"],
    ["one@-1:", "", "d1d1 c1c1"],
    ["c1c1:d2d2", "", "target-unreachable"],
    ["current:", "c1c1,c2c2", "d2d2 c2c2 d1d1 c1c1"],
    ["current:+1", "c1c1,c2c2", "target-unreachable"],
    [":current", "c1c1,d2d2", "d2d2 c2c2 c1c1 bbbb aaaa"],
  ])("%j at %j is %s", (range, rows, expected) => expect(ask(branches, range, rows)).toBe(expected));
});

describe("depends-on", () => {
  it.each([
    [":b2b2", "b2b2 b1b1 a1a1"],
    ["b1b1:b2b2", "b2b2 b1b1"],
    // a1a1 is required by b2b2, but revises does not lead from one to the other.
    ["a1a1:b2b2", "a1a1"],
    ["a1a1:", "a2a2 a1a1"],
  ])("%j is %s", (range, expected) => expect(ask(dependent, range)).toBe(expected));
});
