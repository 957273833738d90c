import { describe, expect, it } from "vitest";
import type { Code } from "../../../src/error/codes.js";
import { AludelError } from "../../../src/error/error.js";
import { buildGraph } from "../../../src/revision/graph/graph.js";
import type { GraphRevision } from "../../../src/revision/graph/node.js";
import { type GraphCommand, planOnGraph, planRevisions } from "../../../src/revision/graph/plan-revisions.js";
import { node } from "./node.js";
import { expectPartialOrder } from "./order-check.js";

/** aaaa → bbbb → { c1c1 [one] → d1d1, c2c2 [two] → d2d2 } */
const branches = [
  node("aaaa"),
  node("bbbb", "aaaa"),
  node("c2c2", "bbbb", { labels: ["two"] }),
  node("d2d2", "c2c2"),
  node("c1c1", "bbbb", { labels: ["one"] }),
  node("d1d1", "c1c1"),
];

/** aaaa → { b1b1, b2b2 } → mmmm → nnnn */
const merge = [
  node("aaaa"),
  node("b1b1", "aaaa"),
  node("b2b2", "aaaa"),
  node("mmmm", ["b1b1", "b2b2"]),
  node("nnnn", "mmmm"),
];

/** [A] a1a1 → a2a2 → a3a3, and [B] b1b1 → b2b2 (depends on a2a2) → b3b3 */
const dependent = [
  node("a1a1", [], { labels: ["A"] }),
  node("a2a2", "a1a1"),
  node("a3a3", "a2a2"),
  node("b1b1", [], { labels: ["B"] }),
  node("b2b2", "b1b1", { dependsOn: ["a2a2"] }),
  node("b3b3", "b2b2"),
];

/** Steps as `+id`, `-id`, `from,from>to`, in any order that the graph allows, then the rows; or a code. */
function ask(
  revisions: readonly GraphRevision[],
  command: GraphCommand,
  rows: string,
  target: string,
): string {
  const graph = buildGraph(revisions);
  const list = (text: string) => (text === "" ? [] : text.split(","));
  try {
    const targets = target.includes(",") ? list(target) : target;
    const plan = planOnGraph(graph, { rows: list(rows), command, target: targets });
    if (command !== "stamp") expectPartialOrder(revisions, plan.steps);
    const steps = plan.steps.map((step) =>
      step[0] === "stamp"
        ? `${step[1].join(",")}>${step[2].join(",")}`
        : `${step[0] === "up" ? "+" : "-"}${step[1]}`,
    );
    return `${steps.sort().join(" ")} => ${plan.rows.join(",")}`.trim();
  } catch (thrown) {
    if (thrown instanceof AludelError) return thrown.code;
    throw thrown;
  }
}

type Line = readonly [
  command: GraphCommand,
  rows: string,
  target: string,
  steps: string | Code,
  rows?: string,
];

function check(revisions: readonly GraphRevision[], lines: readonly Line[]): void {
  for (const [command, rows, target, steps, after] of lines) {
    it(`${command} at "${rows}" to "${target}"`, () => {
      const expected =
        after === undefined ? steps : `${steps.split(" ").sort().join(" ")} => ${after}`.trim();
      expect(ask(revisions, command, rows, target)).toBe(expected);
    });
  }
}

describe("two branches", () => {
  check(branches, [
    ["upgrade", "", "head", "multiple-heads"],
    ["upgrade", "", "heads", "+aaaa +bbbb +c2c2 +d2d2 +c1c1 +d1d1", "d1d1,d2d2"],
    ["upgrade", "", "one@head", "+aaaa +bbbb +c1c1 +d1d1", "d1d1"],
    ["upgrade", "bbbb", "+1", "revision-ambiguous"],
    ["upgrade", "bbbb", "one@+1", "+c1c1", "c1c1"],
    ["upgrade", "bbbb", "two@+2", "+c2c2 +d2d2", "d2d2"],
    ["upgrade", "c1c1", "two@+1", "+c2c2", "c1c1,c2c2"],
    ["upgrade", "c1c1,c2c2", "two@+1", "+d2d2", "c1c1,d2d2"],
    ["upgrade", "c1c1,c2c2", "+1", "revision-ambiguous"],
    ["upgrade", "", "+1", "+aaaa", "aaaa"],
    ["upgrade", "", "+9", "revision-ambiguous"],
    ["upgrade", "c1c1", "+9", "target-unreachable"],
    ["upgrade", "", "base+2", "+aaaa +bbbb", "bbbb"],
    ["upgrade", "", "aaaa+1", "+aaaa +bbbb", "bbbb"],
    ["upgrade", "", "bbbb+1", "revision-ambiguous"],
    ["upgrade", "", "one@bbbb+1", "+aaaa +bbbb +c1c1", "c1c1"],
    ["upgrade", "", "d1d1+1", "target-unreachable"],
    ["upgrade", "", "d1d1-1", "+aaaa +bbbb +c1c1", "c1c1"],
    ["upgrade", "d1d1", "-1", "target-unreachable"],
    ["upgrade", "", "one@head-1", "+aaaa +bbbb +c1c1", "c1c1"],
    ["upgrade", "", "head-1", "multiple-heads"],
    ["upgrade", "", "heads-1", "multiple-heads"],
    ["upgrade", "", "one", "+aaaa +bbbb +c1c1", "c1c1"],
    ["upgrade", "", "one@heads", "+aaaa +bbbb +c1c1 +d1d1", "d1d1"],
    ["upgrade", "", "d1@head", "+aaaa +bbbb +c1c1 +d1d1", "d1d1"],
    ["upgrade", "d1d1", "aaaa", "", "d1d1"],
    ["upgrade", "d1d1", "base", "", "d1d1"],
    ["upgrade", "d1d1", "c2c2", "+c2c2", "c2c2,d1d1"],
    ["upgrade", "", "zz", "revision-unknown"],
    ["upgrade", "", "c", "revision-ambiguous"],
    ["upgrade", "", "c1", "+aaaa +bbbb +c1c1", "c1c1"],
    ["upgrade", "", "one@d2d2", "target-invalid"],
    ["upgrade", "", "nope@head", "revision-unknown"],
    ["upgrade", "", "d1d1,c1c1", "target-invalid"],
    // Alembic takes the row that comes first, and warns.
    ["downgrade", "d1d1,d2d2", "-1", "revision-ambiguous"],
    ["downgrade", "d2d2,d1d1", "-1", "revision-ambiguous"],
    ["downgrade", "d1d1,d2d2", "one@-1", "-d1d1", "c1c1,d2d2"],
    ["downgrade", "d1d1,d2d2", "one@-2", "-d1d1 -c1c1", "d2d2"],
    ["downgrade", "d1d1,d2d2", "one@-3", "-d1d1 -c1c1 -d2d2 -c2c2 -bbbb", "aaaa"],
    ["downgrade", "d1d1,d2d2", "one@-9", "target-unreachable"],
    ["downgrade", "d1d1,d2d2", "one@base", "-d1d1 -c1c1 -d2d2 -c2c2 -bbbb -aaaa", ""],
    ["downgrade", "d1d1,d2d2", "one@bbbb", "-d1d1 -c1c1", "d2d2"],
    ["downgrade", "d1d1,d2d2", "bbbb", "-d1d1 -c1c1 -d2d2 -c2c2", "bbbb"],
    ["downgrade", "d1d1,d2d2", "base", "-d1d1 -c1c1 -d2d2 -c2c2 -bbbb -aaaa", ""],
    ["downgrade", "d1d1,d2d2", "c1c1", "-d1d1", "c1c1,d2d2"],
    ["downgrade", "d1d1,d2d2", "d1d1", "", "d1d1,d2d2"],
    ["downgrade", "d1d1", "d2d2", "target-unreachable"],
    ["downgrade", "d1d1", "c2c2", "target-unreachable"],
    ["downgrade", "bbbb", "d1d1", "target-unreachable"],
    ["downgrade", "d1d1", "head", "multiple-heads"],
    ["downgrade", "d1d1", "one@head", "multiple-heads"],
    ["downgrade", "d1d1", "d1d1-1", "-d1d1", "c1c1"],
    ["downgrade", "d1d1", "c1c1+1", "", "d1d1"],
    ["downgrade", "d1d1", "base+2", "-d1d1 -c1c1", "bbbb"],
    ["downgrade", "d1d1", "base+9", "revision-ambiguous"],
    ["downgrade", "d1d1", "+1", "target-unreachable"],
    ["downgrade", "d1d1", "-9", "target-unreachable"],
    ["downgrade", "", "-1", "target-unreachable"],
    ["downgrade", "", "base", "", ""],
    ["downgrade", "", "aaaa", "target-unreachable"],
    ["downgrade", "d1d1,d2d2", "two@base+2", "-d2d2 -c2c2", "d1d1"],
    ["downgrade", "d1d1,d2d2", "c2c2@bbbb", "-d2d2 -c2c2", "d1d1"],
    ["stamp", "", "heads", ">d1d1 >d2d2", "d1d1,d2d2"],
    ["stamp", "", "head", "multiple-heads"],
    ["stamp", "d1d1", "c1c1", "d1d1>c1c1", "c1c1"],
    ["stamp", "d1d1,d2d2", "bbbb", "d1d1,d2d2>bbbb", "bbbb"],
    ["stamp", "d1d1,d2d2", "one@base", "d1d1>", "d2d2"],
    ["stamp", "d1d1,c2c2", "two@head", "c2c2>d2d2", "d1d1,d2d2"],
    ["stamp", "d1d1", "d2d2", ">d2d2", "d1d1,d2d2"],
    ["stamp", "bbbb", "d1d1,d2d2", "bbbb>d1d1 bbbb>d2d2", "d1d1,d2d2"],
    ["stamp", "d1d1", "base", "d1d1>", ""],
    // What Alembic's resolver answers, seen through a stamp of an empty table.
    ["stamp", "", "one@head", ">d1d1", "d1d1"],
    ["stamp", "", "one", ">c1c1", "c1c1"],
    ["stamp", "", "one@base", "", ""],
    ["stamp", "", "base", "", ""],
    ["stamp", "", "d1", ">d1d1", "d1d1"],
    ["stamp", "", "one@-1", ">c1c1", "c1c1"],
  ]);
});

describe("a merge", () => {
  check(merge, [
    ["upgrade", "", "head", "+aaaa +b2b2 +b1b1 +mmmm +nnnn", "nnnn"],
    ["upgrade", "b1b1", "head", "+b2b2 +mmmm +nnnn", "nnnn"],
    ["upgrade", "b1b1,b2b2", "head", "+mmmm +nnnn", "nnnn"],
    ["downgrade", "nnnn", "-1", "-nnnn", "mmmm"],
    ["downgrade", "mmmm", "-1", "revision-ambiguous"],
    ["downgrade", "mmmm", "b1b1", "-mmmm", "b1b1,b2b2"],
    ["downgrade", "nnnn", "b1b1", "-nnnn -mmmm", "b1b1,b2b2"],
    ["downgrade", "nnnn", "aaaa", "-nnnn -mmmm -b1b1 -b2b2", "aaaa"],
    ["downgrade", "nnnn", "-2", "revision-ambiguous"],
    ["stamp", "nnnn", "b1b1", "nnnn>b1b1", "b1b1"],
    ["stamp", "b1b1", "mmmm", "b1b1>mmmm", "mmmm"],
  ]);
});

describe("depends-on", () => {
  check(dependent, [
    ["upgrade", "", "B@head", "+a1a1 +a2a2 +b1b1 +b2b2 +b3b3", "b3b3"],
    ["upgrade", "a1a1", "heads", "+a2a2 +a3a3 +b1b1 +b2b2 +b3b3", "a3a3,b3b3"],
    ["upgrade", "b3b3", "heads", "+a3a3", "a3a3,b3b3"],
    ["upgrade", "b3b3", "A@head", "+a3a3", "a3a3,b3b3"],
    ["upgrade", "b3b3", "A@+1", "+a3a3", "a3a3,b3b3"],
    ["downgrade", "b3b3", "B@base", "-b3b3 -b2b2 -b1b1", "a2a2"],
    ["downgrade", "b3b3", "A@base", "-b3b3 -b2b2 -a2a2 -a1a1", "b1b1"],
    ["downgrade", "b3b3,a3a3", "a2a2", "-a3a3", "b3b3"],
    ["downgrade", "b3b3,a3a3", "A@-1", "-a3a3", "b3b3"],
    ["downgrade", "b3b3", "A@-1", "-b3b3 -b2b2 -a2a2", "a1a1,b1b1"],
    ["downgrade", "b3b3", "a1a1", "-b3b3 -b2b2 -a2a2", "a1a1,b1b1"],
    ["downgrade", "b3b3,a3a3", "b1b1", "-b3b3 -b2b2", "a3a3,b1b1"],
    ["downgrade", "b3b3", "b1b1", "-b3b3 -b2b2", "a2a2,b1b1"],
    ["stamp", "b3b3", "a1a1", "b3b3>a1a1", "a1a1"],
    ["stamp", "", "heads", ">b3b3 >a3a3", "a3a3,b3b3"],
  ]);
});

describe("where Alembic crashes or guesses", () => {
  describe("id+N past a head", () => {
    check(branches, [
      ["upgrade", "", "c1c1+2", "target-unreachable"],
      ["upgrade", "", "one@head+1", "multiple-heads"],
      ["downgrade", "d1d1", "c1c1+2", "target-unreachable"],
    ]);
    check(merge, [["upgrade", "", "head+1", "target-unreachable"]]);
  });
  describe("id-N down to the base and past it", () => {
    check(branches, [
      ["upgrade", "", "aaaa-1", "", ""],
      ["upgrade", "", "aaaa-2", "target-unreachable"],
      ["upgrade", "", "base-1", "target-unreachable"],
      ["downgrade", "d1d1", "base-1", "target-unreachable"],
    ]);
  });
  describe("label@-N of an inactive branch", () => {
    check(branches, [
      ["downgrade", "", "one@-1", "target-unreachable"],
      ["downgrade", "d1d1", "two@-1", "target-unreachable"],
    ]);
    check(dependent, [["downgrade", "a3a3", "B@-1", "target-unreachable"]]);
  });
  describe("label@-N with several rows on the branch", () => {
    check(
      [node("aaaa", [], { labels: ["all"] }), node("b1b1", "aaaa"), node("b2b2", "aaaa")],
      [["downgrade", "b1b1,b2b2", "all@-1", "revision-ambiguous"]],
    );
  });
  describe("relative stamp", () => {
    check(branches, [
      ["stamp", "d1d1", "-1", "target-invalid"],
      ["stamp", "d1d1", "+1", "target-invalid"],
      ["stamp", "", "+1", "target-invalid"],
      ["stamp", "", "c1c1+1", "target-invalid"],
      ["stamp", "", "one@head-1", "target-invalid"],
      ["stamp", "", "-1", ">c1c1 >c2c2", "c1c1,c2c2"],
      // Two heads, one revision three below both: Alembic stamps it twice and crashes.
      ["stamp", "", "-2", ">bbbb", "bbbb"],
      ["stamp", "", "-4", "", ""],
    ]);
  });
  describe("redundant edges", () => {
    const redundant = [
      node("aaaa"),
      node("bbbb", "aaaa"),
      node("cccc", ["bbbb", "aaaa"]),
      node("dddd", "cccc", { dependsOn: ["aaaa", "bbbb"] }),
    ];
    check(redundant, [
      ["upgrade", "", "head", "+aaaa +bbbb +cccc +dddd", "dddd"],
      ["downgrade", "dddd", "cccc", "-dddd", "cccc"],
      ["downgrade", "dddd", "bbbb", "-dddd -cccc", "bbbb"],
      ["downgrade", "cccc", "base", "-cccc -bbbb -aaaa", ""],
    ]);
  });
  describe("a missing parent, or what is depended on", () => {
    const orphans = [node("aaaa"), node("bbbb", "gone"), node("cccc", "aaaa", { dependsOn: ["nothing"] })];
    it.each<[GraphCommand, string]>([
      ["upgrade", "head"],
      ["upgrade", "aaaa"],
      ["downgrade", "base"],
      ["stamp", "bbbb"],
    ])("%s to %s says which revision names it, and runs nothing", (command, target) => {
      expect(() => buildGraph(orphans)).toThrow(expect.objectContaining({ code: "revision-parent-missing" }));
      expect(() => planRevisions({ revisions: orphans, rows: ["bbbb"], command, target })).toThrow(
        /bbbb revises gone, which does not exist/,
      );
    });
  });
  describe("rows of which one is below another", () => {
    check(branches, [
      ["upgrade", "aaaa,bbbb", "heads", "version-table-invalid"],
      ["downgrade", "d1d1,bbbb", "aaaa", "-d1d1 -c1c1 -bbbb", "aaaa"],
      // The way out: saying which it is.
      ["stamp", "aaaa,d1d1", "d1d1", "aaaa>d1d1", "d1d1"],
      ["stamp", "aaaa,d1d1", "c1c1", "aaaa,d1d1>c1c1", "c1c1"],
    ]);
  });
  describe("a stamp that would forget another branch", () => {
    check(branches, [["stamp", "c1c1,d2d2", "heads", "c1c1>d1d1", "d1d1,d2d2"]]);
  });
  describe("a label that is not there, or not on the way", () => {
    check(branches, [
      ["upgrade", "", "nope@base", "revision-unknown"],
      ["downgrade", "d1d1", "nope@base", "revision-unknown"],
      ["downgrade", "d1d1", "two@c1c1", "target-invalid"],
    ]);
    check(
      [node("aaaa", [], { labels: ["low"] }), node("b1b1", "aaaa"), node("b2b2", "aaaa")],
      [["downgrade", "b1b1,b2b2", "low@aaaa", "target-unreachable"]],
    );
  });
  describe("several targets", () => {
    check(branches, [
      ["upgrade", "", "c1c1,c2c2", "+aaaa +bbbb +c1c1 +c2c2", "c1c1,c2c2"],
      ["upgrade", "", "c1c1,one", "+aaaa +bbbb +c1c1", "c1c1"],
      ["upgrade", "", "c1c1,+1", "target-invalid"],
      ["downgrade", "d1d1", "c1c1,bbbb", "target-invalid"],
      ["stamp", "", "d1d1,c1c1", "target-invalid"],
      ["stamp", "d1d1", "base,d1d1", "", "d1d1"],
    ]);
  });
  describe("rows that no file has", () => {
    check(branches, [
      ["upgrade", "gone", "heads", "database-revision-unknown"],
      ["downgrade", "d1d1,gone", "base", "database-revision-unknown"],
      ["stamp", "gone", "heads", "database-revision-unknown"],
      // A row is an id, never the beginning of one.
      ["upgrade", "d1d", "heads", "database-revision-unknown"],
    ]);
  });
});

describe("current", () => {
  check(branches, [
    ["upgrade", "d1d1", "current", "", "d1d1"],
    ["upgrade", "bbbb", "one@current+1", "+c1c1", "c1c1"],
    ["upgrade", "aaaa", "current+1", "+bbbb", "bbbb"],
    ["downgrade", "d1d1", "current-1", "-d1d1", "c1c1"],
    ["downgrade", "d1d1", "current", "", "d1d1"],
    ["stamp", "d1d1,d2d2", "current", "", "d1d1,d2d2"],
  ]);
});

describe("what is written wrong", () => {
  check(branches, [
    ["upgrade", "", "", "target-invalid"],
    ["upgrade", "", "   ", "target-invalid"],
    ["upgrade", "", "@head", "target-invalid"],
    ["upgrade", "", "one@", "target-invalid"],
    ["upgrade", "", "one@two@head", "target-invalid"],
    ["upgrade", "", "head@one", "target-invalid"],
    ["upgrade", "", "a:b", "target-invalid"],
    ["upgrade", "", "aaaa+", "target-invalid"],
    ["upgrade", "", "aaaa-", "target-invalid"],
    ["upgrade", "", "aaaa++1", "target-invalid"],
    ["upgrade", "", "aaaa bbbb", "target-invalid"],
    ["upgrade", "", "+99999999999999999999", "target-invalid"],
    ["upgrade", "", "-0", "target-unreachable"],
    ["downgrade", "aaaa", "+0", "target-unreachable"],
  ]);
  it("an empty list is no target, and no stamp of base either", () => {
    for (const command of ["upgrade", "downgrade", "stamp"] as const) {
      expect(() => planOnGraph(buildGraph(branches), { rows: ["d1d1"], command, target: [] })).toThrow(
        "no target",
      );
    }
  });
});

describe("names with a hyphen and other letters", () => {
  const revisions = [
    node("aaaa", [], { labels: ["release-2"] }),
    node("naïve_ü", "aaaa", { labels: ["zweig-α"] }),
    node("cc", "naïve_ü"),
  ];
  check(revisions, [
    ["upgrade", "", "release-2", "+aaaa", "aaaa"],
    ["upgrade", "", "release-2+1", "+aaaa +naïve_ü", "naïve_ü"],
    ["upgrade", "", "release-2@head", "+aaaa +naïve_ü +cc", "cc"],
    ["upgrade", "aaaa", "zweig-α@+1", "+naïve_ü", "naïve_ü"],
    ["upgrade", "", "naï", "+aaaa +naïve_ü", "naïve_ü"],
    // Names under four letters are found whole only.
    ["upgrade", "", "c", "revision-unknown"],
    ["upgrade", "", "cc", "+aaaa +naïve_ü +cc", "cc"],
  ]);
});

describe("errors name what would work", () => {
  const remedy = (rows: string[], target: string, command: GraphCommand = "upgrade"): string => {
    try {
      planOnGraph(buildGraph(branches), { rows, command, target });
    } catch (thrown) {
      if (thrown instanceof AludelError) return `${thrown.message} | ${thrown.remedy}`;
    }
    return "no error";
  };

  it.each([
    [[], "head", /d2d2 or d1d1.*two@head or one@head/],
    [["bbbb"], "+1", /c2c2 and c1c1.*c2c2@\+1/],
    [["c1c1", "c2c2"], "+1", /c1c1 or c2c2.*c1c1@\+1 or c2c2@\+1/],
    [[], "oen@head", /Did you mean one\?/],
    [[], "aaab", /Did you mean aaaa\?/],
    [[], "heds", /Did you mean heads\?/],
    [[], "c", /c2c2, c1c1/],
    [["c1c1"], "+9", /\+1 at the most, or write d1d1/],
    [[], "one@d2d2", /d2d2 is not on the branch one/],
    [["aaab"], "heads", /aaaa is the same revision/],
  ])("at %j to %j", (rows, target, expected) => {
    expect(remedy(rows, target)).toMatch(expected);
  });

  it("every branch that it offers is one that works", () => {
    const offered = /take|(\S+@head)/g;
    for (const target of remedy([], "head")
      .match(offered)
      ?.filter((word) => word.includes("@")) ?? []) {
      expect(remedy([], target)).toBe("no error");
    }
    expect(remedy(["d1d1", "d2d2"], "-1", "downgrade")).toContain("d1d1@-1 or d2d2@-1");
    expect(remedy(["d1d1", "d2d2"], "d2d2@-1", "downgrade")).toBe("no error");
  });
});
