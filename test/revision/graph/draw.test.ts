import { describe, expect, it } from "vitest";
import { dotGraph } from "../../../src/revision/graph/dot.js";
import { type DrawnRevision, drawGraph, type RevisionState } from "../../../src/revision/graph/draw.js";
import { drawingOrder } from "../../../src/revision/graph/drawing-order.js";
import { buildGraph } from "../../../src/revision/graph/graph.js";
import { mermaidGraph } from "../../../src/revision/graph/mermaid.js";
import { node } from "./node.js";

const unknown = (): RevisionState => "unknown";

/** The picture of revisions given oldest first. */
function picture(
  revisions: readonly DrawnRevision[],
  state = unknown as (id: string) => RevisionState,
): string {
  const newestFirst = buildGraph(revisions).order.map((each) => each.revision);
  return drawGraph(newestFirst.reverse(), state).join("\n");
}

/** A picture without the indentation of the test. */
function lines(text: string): string {
  const rows = text.split("\n").slice(1, -1);
  const indent = Math.min(...rows.map((row) => row.search(/\S/u)).filter((at) => at >= 0));
  return rows.map((row) => row.slice(indent)).join("\n");
}

describe("drawGraph", () => {
  it("draws nothing, one, and a chain", () => {
    expect(picture([])).toBe("");
    expect(picture([node("aaaa")])).toBe("* aaaa");
    expect(picture([node("aaaa"), node("bbbb", "aaaa")])).toBe("* bbbb\n* aaaa");
  });

  it("draws two branches, with what is applied, labels and messages", () => {
    const revisions: DrawnRevision[] = [
      node("aaaa"),
      node("bbbb", "aaaa"),
      node("c1c1", "bbbb", { labels: ["one"] }),
      node("d1d1", "c1c1"),
      node("c2c2", "bbbb", { labels: ["two", "zwei"] }),
      { ...node("d2d2", "c2c2"), message: "add\n  email " },
    ];
    expect(picture(revisions, (id) => (id < "c" ? "applied" : "pending"))).toBe(
      lines(`
        o d2d2 add email
        o c2c2 [two, zwei]
        | o d1d1
        | o c1c1 [one]
        |/
        * bbbb
        * aaaa
      `),
    );
  });

  it("draws a merge", () => {
    const merge = [node("aaaa"), node("b1", "aaaa"), node("b2", "aaaa"), node("mmmm", ["b1", "b2"])];
    expect(picture([...merge, node("nnnn", "mmmm")])).toBe(
      lines(`
        * nnnn
        * mmmm
        |\\
        | * b2
        * | b1
        |/
        * aaaa
      `),
    );
  });

  it("draws a merge of three", () => {
    expect(
      picture([
        node("aaaa"),
        node("b1", "aaaa"),
        node("b2", "aaaa"),
        node("b3", "aaaa"),
        node("m", ["b1", "b2", "b3"]),
      ]),
    ).toBe(
      lines(`
        * m
        |\\
        |\\ \\
        | | * b3
        | * | b2
        | |/
        * | b1
        |/
        * aaaa
      `),
    );
  });

  it("draws a merge with what is a lane already, on either side", () => {
    const redundant = [node("a"), node("b", "a"), node("c", ["b", "a"]), node("d", ["c", "a"])];
    expect(picture(redundant)).toBe(
      lines(`
        * d
        |\\
        * | c
        |\\|
        * | b
        |/
        * a
      `),
    );
    const left = [node("a"), node("b", "a"), node("m", ["b", "a"]), node("c", "a")];
    expect(picture(left)).toBe(
      lines(`
        * c
        | * m
        |/|
        | * b
        |/
        * a
      `),
    );
  });

  it("crosses other lanes on the way back", () => {
    const revisions = [
      node("a"),
      node("x"),
      node("y"),
      node("b", "a"),
      node("x1", "x"),
      node("y1", "y"),
      node("b2", "a"),
    ];
    expect(picture(revisions)).toBe(
      lines(`
        * b2
        | * y1
        | | * x1
        | | | * b
        | |_|/
        |/| |
        | * | y
        |  /
        | * x
        * a
      `),
    );
  });

  it("leaves out what the list does not have, and tells dependencies in words", () => {
    const shown = [node("c", "b", { dependsOn: ["z", "label"] }), node("b", "a")];
    expect(drawGraph(shown, unknown)).toEqual(["* c (depends on z, label)", "* b"]);
  });

  it("takes another text", () => {
    const text = (revision: DrawnRevision) => revision.id.toUpperCase();
    expect(drawGraph([node("aaaa")], unknown, { text })).toEqual(["* AAAA"]);
    expect(drawGraph([node("aaaa")], unknown, { symbol: (state) => `<${state}>` })).toEqual([
      "<unknown> aaaa",
    ]);
  });

  it("lets lanes go on beside a text of several lines", () => {
    const revisions = [node("a"), node("b1", "a"), node("b2", "a"), node("m", ["b1", "b2"])];
    const text = ({ id }: DrawnRevision) => `${id}\n  one\n\n  two`;
    expect(drawGraph(revisions.toReversed(), unknown, { text }).join("\n")).toBe(
      lines(`
        * m
        |\\   one
        | |
        | |   two
        | * b2
        | |   one
        | |
        | |   two
        * | b1
        | |   one
        | |
        | |   two
        |/
        * a
            one

            two
      `),
    );
  });

  it("keeps lines together in the order that is made for it", () => {
    const revisions = [
      node("a"),
      node("b1", "a"),
      node("c1", "a"),
      node("b2", "b1"),
      node("c2", "c1", { dependsOn: ["b2"] }),
      node("m", ["b2", "c2"]),
      node("z"),
    ];
    const { nodes } = buildGraph(revisions);
    const order = drawingOrder([...nodes.values()]);
    expect(order.map(({ id }) => id)).toEqual(["z", "m", "c2", "c1", "b2", "b1", "a"]);
    for (const { requires, id } of order) {
      const place = order.findIndex((one) => one.id === id);
      for (const required of requires) expect(order.indexOf(required)).toBeGreaterThan(place);
    }
    expect(drawingOrder(order.slice(2, 4)).map(({ id }) => id)).toEqual(["c2", "c1"]);
  });

  it("draws ten thousand", () => {
    const chain = Array.from({ length: 10_000 }, (_, index) =>
      node(`r${index}`, index === 0 ? [] : `r${index - 1}`),
    );
    expect(drawGraph(chain.reverse(), unknown)).toHaveLength(10_000);
  });
});

const nasty: DrawnRevision[] = [
  {
    ...node("cccc", "bbbb", { labels: ["two"], dependsOn: ["one", "bbbb"] }),
    message: 'say "hi" <b>&\\n#1\n`x`',
  },
  node("b1b1", "bbbb", { labels: ["one"] }),
  node("bbbb", "gone"),
];
const state = (id: string): RevisionState =>
  id === "bbbb" ? "applied" : id === "cccc" ? "pending" : "unknown";

describe("mermaidGraph", () => {
  it("writes nodes with safe names and escaped labels, and every edge once", () => {
    expect(mermaidGraph(nasty, state)).toBe(
      `${lines(`
        flowchart BT
          r0["cccc<br/>#91;two#93;<br/>say #34;hi#34; #60;b#62;#38;#92;n#35;1 #96;x#96;"]:::pending
          r1["b1b1<br/>#91;one#93;"]
          r2["bbbb"]:::applied
          r2 --> r0
          r1 -.-> r0
          r2 --> r1
          classDef applied fill:#d5f0d8,stroke:#2e7d32,color:#000
          classDef pending stroke-dasharray:4 3
      `)}\n`,
    );
  });

  it("is never broken by an id that is a word of Mermaid", () => {
    expect(mermaidGraph([node("end")])).toContain('r0["end"]');
  });
});

describe("dotGraph", () => {
  it("writes quoted ids and labels, and every edge once", () => {
    expect(dotGraph(nasty, state)).toBe(
      `${lines(`
        digraph revisions {
          rankdir=BT;
          node [shape=box, fontname=monospace];
          "cccc" [label="cccc\\n[two]\\nsay \\"hi\\" <b>&\\\\n#1 \`x\`", style=dashed];
          "b1b1" [label="b1b1\\n[one]"];
          "bbbb" [label="bbbb", style=filled, fillcolor="#d5f0d8"];
          "bbbb" -> "cccc";
          "b1b1" -> "cccc" [style=dashed];
          "bbbb" -> "b1b1";
        }
      `)}\n`,
    );
  });

  it("writes a graph without revisions", () => {
    expect(dotGraph([])).toMatch(/^digraph revisions \{[^"]*\}\n$/u);
  });
});
