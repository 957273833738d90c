import { describe, expect, it } from "vitest";
import { AludelError } from "../../../src/error/error.js";
import { closure, frontier } from "../../../src/revision/graph/closure.js";
import { buildGraph, isBranchPoint, isMergePoint } from "../../../src/revision/graph/graph.js";
import { labelMembers, labelsByRevision } from "../../../src/revision/graph/label.js";
import type { GraphRevision } from "../../../src/revision/graph/node.js";
import { planOnGraph } from "../../../src/revision/graph/plan-revisions.js";
import { rowChanges } from "../../../src/revision/graph/row-changes.js";
import { node } from "./node.js";

const ids = (nodes: Iterable<{ readonly id: string }>) => [...nodes].map((each) => each.id);

function failure(revisions: readonly GraphRevision[]): AludelError {
  try {
    buildGraph(revisions);
  } catch (thrown) {
    if (thrown instanceof AludelError) return thrown;
    throw thrown;
  }
  throw new Error("The graph was built");
}

/** aaaa → { b1b1, b2b2 } → mmmm, and xxxx depends on b1b1 */
const diamond = [
  node("aaaa"),
  node("b1b1", "aaaa", { labels: ["left"] }),
  node("b2b2", "aaaa"),
  node("mmmm", ["b1b1", "b2b2"]),
  node("xxxx", [], { dependsOn: ["left"] }),
];

describe("a built graph", () => {
  const graph = buildGraph(diamond);
  const at = (id: string) => {
    const found = graph.nodes.get(id);
    if (found === undefined) throw new Error(id);
    return found;
  };

  it("knows heads, bases and neighbours", () => {
    expect(ids(graph.heads)).toEqual(["mmmm", "xxxx"]);
    expect(ids(graph.bases)).toEqual(["aaaa", "xxxx"]);
    expect(ids(at("aaaa").children)).toEqual(["b1b1", "b2b2"]);
    expect(ids(at("mmmm").parents)).toEqual(["b1b1", "b2b2"]);
    expect(ids(at("b1b1").children)).toEqual(["mmmm"]);
    expect(ids(at("b1b1").requiredBy)).toEqual(["mmmm", "xxxx"]);
    expect(ids(at("xxxx").dependencies)).toEqual(["b1b1"]);
  });

  it("tells a head that another depends on from a final one", () => {
    const two = buildGraph([node("aaaa"), node("bbbb", [], { dependsOn: ["aaaa"] })]);
    expect(ids(two.heads)).toEqual(["aaaa", "bbbb"]);
    expect(ids(two.finalHeads)).toEqual(["bbbb"]);
  });

  it("knows branch points and merge points by revises alone", () => {
    expect(graph.order.filter(isBranchPoint).map((each) => each.id)).toEqual(["aaaa"]);
    expect(graph.order.filter(isMergePoint).map((each) => each.id)).toEqual(["mmmm"]);
  });

  it("closes rows and takes their frontier", () => {
    expect([...closure(graph, ["mmmm"])].sort()).toEqual(["aaaa", "b1b1", "b2b2", "mmmm"]);
    expect(frontier(graph, ["b2b2", "aaaa", "b1b1", "xxxx"])).toEqual(["b2b2", "xxxx"]);
    expect(frontier(graph, [])).toEqual([]);
    expect(() => closure(graph, ["mmm"])).toThrow(/mmm, which no revision file has/);
  });

  it("keeps an order that is topological, and mends one that is not", () => {
    expect(ids(graph.order)).toEqual(["aaaa", "b1b1", "b2b2", "mmmm", "xxxx"]);
    expect(ids(buildGraph(diamond.toReversed()).order)).toEqual(["aaaa", "b1b1", "xxxx", "b2b2", "mmmm"]);
  });

  it("is empty without revisions", () => {
    const empty = buildGraph([]);
    expect([...empty.heads, ...empty.bases, ...empty.order]).toEqual([]);
    for (const target of ["head", "heads", "base"]) {
      expect(planOnGraph(empty, { rows: [], command: "upgrade", target })).toEqual({ steps: [], rows: [] });
    }
  });
});

describe("labels", () => {
  it("cover the revision, its descendants, and its ancestors back to the branch point", () => {
    const graph = buildGraph([
      node("root"),
      node("a1a1", "root"),
      node("a2a2", "a1a1", { labels: ["api"] }),
      node("a3a3", "a2a2"),
      node("b1b1", "root"),
    ]);
    expect(ids(labelMembers(graph, "api")).sort()).toEqual(["a1a1", "a2a2", "a3a3"]);
    expect(labelsByRevision(graph).get("a1a1")).toEqual(["api"]);
    expect(labelsByRevision(graph).get("root")).toBeUndefined();
    expect(labelMembers(graph, "nothing").size).toBe(0);
  });

  it("do not reach below a merge point or a branch point that carries them", () => {
    const graph = buildGraph([
      ...diamond.slice(0, 3),
      node("mmmm", ["b1b1", "b2b2"], { labels: ["merged"] }),
      node("nnnn", "mmmm"),
      node("oooo", "mmmm"),
    ]);
    expect(ids(labelMembers(graph, "merged")).sort()).toEqual(["mmmm", "nnnn", "oooo"]);
    expect(ids(labelMembers(graph, "left")).sort()).toEqual(["b1b1", "mmmm", "nnnn", "oooo"]);
  });
});

describe("a graph that cannot be built", () => {
  it("says which revision revises itself", () => {
    const error = failure([node("aaaa", "aaaa")]);
    expect(error.code).toBe("revision-cycle");
    expect(error.message).toBe("Revision aaaa requires itself: aaaa revises aaaa");
    expect(failure([node("aaaa", [], { dependsOn: ["aaaa"] })]).message).toContain("aaaa depends on aaaa");
  });

  it("names a cycle", () => {
    const error = failure([node("zzzz"), node("aaaa", "bbbb"), node("bbbb", "aaaa")]);
    expect(error.code).toBe("revision-cycle");
    expect(error.message).toBe("Revisions go round in a circle: aaaa revises bbbb, bbbb revises aaaa");
  });

  it("names a cycle that only dependsOn closes", () => {
    const error = failure([
      node("aaaa"),
      node("bbbb", "aaaa", { dependsOn: ["cccc"] }),
      node("cccc", "bbbb"),
    ]);
    expect(error.code).toBe("revision-cycle");
    expect(error.message).toContain("bbbb depends on cccc, cccc revises bbbb");
  });

  it("finds a cycle of ten thousand without recursion", () => {
    const ring = Array.from({ length: 10_000 }, (_, index) => node(`r${index}`, `r${(index + 1) % 10_000}`));
    expect(failure(ring).message).toMatch(/r0 revises r1, .*…, .*r9999 revises r0/);
  });

  it("names the child, its file and what may have been meant", () => {
    const child: GraphRevision = { ...node("bbbb", "aaab"), file: "/revisions/bbbb.ts" };
    const error = failure([node("aaaa"), child]);
    expect(error.code).toBe("revision-parent-missing");
    expect(error.message).toBe("Revision bbbb revises aaab, which does not exist");
    expect(error.remedy).toContain("Did you mean aaaa?");
    expect(error.where).toEqual({ revision: "bbbb", file: "/revisions/bbbb.ts" });
  });

  it("knows a shortened id, and a label where an id must be", () => {
    expect(failure([node("4f2a91c04b7d"), node("bbbb", "4f2a")]).remedy).toContain("4f2a91c04b7d");
    expect(failure([node("aaaa", [], { labels: ["api"] }), node("bbbb", "api")]).message).toContain(
      "is a label",
    );
    expect(failure([node("bbbb", [], { dependsOn: ["gone"] })]).message).toBe(
      "Revision bbbb depends on gone, which does not exist",
    );
  });

  it("has two revisions of one id, with their files", () => {
    const error = failure([
      { ...node("aaaa"), file: "one.ts" },
      { ...node("aaaa"), file: "two.sql" },
    ]);
    expect(error.code).toBe("revision-duplicate");
    expect(error.message).toContain("one.ts and two.sql");
    const same = node("aaaa");
    expect(failure([same, same]).code).toBe("revision-duplicate");
  });

  it("has a label twice, or a label that is an id", () => {
    const twice = failure([node("aaaa", [], { labels: ["x"] }), node("bbbb", "aaaa", { labels: ["x"] })]);
    expect(twice.code).toBe("label-duplicate");
    expect(twice.message).toBe("The label x is on two revisions, aaaa and bbbb");
    expect(failure([node("aaaa"), node("bbbb", "aaaa", { labels: ["aaaa"] })]).code).toBe("label-duplicate");
  });

  it.each([
    "a-b",
    "a@b",
    "a+b",
    "a:b",
    "a b",
    "a/b",
    "a,b",
    'Order "x"',
    "o'x",
    "a\u0000b",
    "",
    "head",
    "base",
  ])("has the id %j", (id) => expect(failure([node(id)]).code).toBe("revision-invalid"));

  it.each([
    "a@b",
    "a+b",
    "a:b",
    "a b",
    "-a",
    "",
    "current",
    "heads",
    "a/b",
    "a-",
    ".a",
    "none",
    "x".repeat(256),
  ])("has the label %j", (label) => {
    expect(failure([node("aaaa", [], { labels: [label] })]).code).toBe("revision-invalid");
  });

  it.each(["select", "naïve_ü", "0001", "v1.2", "r".repeat(70)])("may have the id %j", (id) => {
    expect(ids(buildGraph([node(id)]).heads)).toEqual([id]);
  });

  it("says everything at once", () => {
    const error = failure([
      node("aaaa", "gone"),
      node("aaaa"),
      node("b-b"),
      node("cccc", "dddd"),
      node("dddd", "cccc"),
    ]);
    expect(error.code).toBe("revision-parent-missing");
    expect(error.details).toHaveLength(3);
    expect(error.details[0]).toContain("Two revisions have the id aaaa");
    expect(error.details[1]).toContain("b-b");
    expect(error.details[2]).toContain("cccc revises dddd");
  });
});

describe("rows after every step", () => {
  const changes = (
    rows: readonly string[],
    command: "upgrade" | "downgrade" | "stamp",
    target: string | string[],
  ) => {
    const graph = buildGraph(diamond);
    const { steps } = planOnGraph(graph, { rows, command, target });
    return rowChanges(graph, rows, steps).map(
      (each) => `-${each.delete.join(",")} +${each.insert.join(",")}`,
    );
  };

  it("go up through a branch and a merge", () => {
    expect(changes([], "upgrade", "mmmm")).toEqual(["- +aaaa", "-aaaa +b1b1", "- +b2b2", "-b1b1,b2b2 +mmmm"]);
  });

  it("go down the same way", () => {
    expect(changes(["mmmm"], "downgrade", "base")).toEqual([
      "-mmmm +b1b1,b2b2",
      "-b2b2 +",
      "-b1b1 +aaaa",
      "-aaaa +",
    ]);
  });

  it("leave what another still stands for", () => {
    expect(changes(["b2b2", "xxxx"], "downgrade", "aaaa")).toEqual(["-xxxx +b1b1", "-b2b2 +", "-b1b1 +aaaa"]);
  });

  it("stamp one row into two", () => {
    expect(changes(["aaaa"], "stamp", ["b1b1", "b2b2"])).toEqual(["-aaaa +b1b1", "- +b2b2"]);
  });
});

describe("ten thousand revisions", () => {
  const chain = Array.from({ length: 10_000 }, (_, index) =>
    node(
      `r${index}`,
      index === 0 ? [] : `r${index - 1}`,
      index % 100 === 0 ? { labels: [`label${index}`] } : {},
    ),
  );

  it("are built and planned, whatever order they come in", () => {
    buildGraph(chain);
    const graph = buildGraph(chain.toReversed());
    const plan = planOnGraph(graph, { rows: ["r10"], command: "upgrade", target: "head" });
    const changes = rowChanges(graph, ["r10"], plan.steps);
    const down = planOnGraph(graph, { rows: ["r9999"], command: "downgrade", target: "-9999" });
    expect(changes.at(-1)).toEqual({ delete: ["r9998"], insert: ["r9999"] });
    expect(plan.steps).toHaveLength(9_989);
    expect(down.rows).toEqual(["r0"]);
  });

  it("may all revise one", () => {
    const star = [node("root"), ...Array.from({ length: 10_000 }, (_, index) => node(`s${index}`, "root"))];
    const graph = buildGraph(star);
    const up = planOnGraph(graph, { rows: [], command: "upgrade", target: "heads" });
    const down = planOnGraph(graph, { rows: up.rows, command: "downgrade", target: "base" });
    expect(rowChanges(graph, up.rows, down.steps).at(-1)).toEqual({ delete: ["root"], insert: [] });
    expect(down.rows).toEqual([]);
    expect(() => planOnGraph(graph, { rows: [], command: "upgrade", target: "head" })).toThrow(/9995 others/);
  });
});
