import { describe, expect, test } from "vitest";
import { createOutput } from "../../src/cli/output.js";
import { bar, reportRun, showDuration } from "../../src/cli/print/progress.js";
import { table } from "../../src/cli/print/table.js";
import type { Terminal } from "../../src/cli/terminal.js";
import type { Revision } from "../../src/revision/revision.js";

const url = "postgres://app:s%40cret@localhost/shop";

function output(options: { json?: boolean; quiet?: boolean; tty?: boolean } = {}) {
  const written: string[] = [];
  const stream = (name: string) => ({
    isTTY: options.tty ?? false,
    columns: 40,
    write: (text: string) => written.push(`${name}:${text}`),
  });
  const terminal: Terminal = {
    cwd: "/",
    variables: {},
    stdin: process.stdin,
    stdout: stream("out"),
    stderr: stream("err"),
    signal: new AbortController().signal,
  };
  const { json = false, quiet = false } = options;
  const out = createOutput(terminal, { json, quiet, colour: true, secrets: () => [url], log: null });
  return { out, written };
}

describe("output", () => {
  test("is data on stdout and talk on stderr", () => {
    const { out, written } = output();
    out.data({ a: 1 });
    out.text("line");
    out.text("script;\n");
    out.text("");
    out.talk("by the way");
    expect(written).toEqual(["out:line\n", "out:script;\n", "err:by the way\n"]);
  });

  test("is one JSON document with --json, whatever is in it", () => {
    const { out, written } = output({ json: true });
    out.text("not this");
    out.data({ big: 2n ** 63n, at: new Date(0), map: new Map([["k", new Set([1])]]), none: undefined });
    expect(JSON.parse(written.join("").slice("out:".length))).toEqual({
      big: "9223372036854775808",
      at: "1970-01-01T00:00:00.000Z",
      map: { k: [1] },
    });
  });

  test("--quiet takes talk away, not warnings", () => {
    const { out, written } = output({ quiet: true, tty: true });
    out.talk("by the way");
    out.status("working");
    out.warn("mind this");
    expect(written).toEqual(["err:mind this\n"]);
  });

  test("has no password of the database in use, and leaves the user's own SQL as it is", () => {
    const { out, written } = output();
    const sql = "UPDATE a SET url = 'https://x:y@z' WHERE password = 'q';";
    out.text(sql);
    out.text(`-- ${url}`);
    out.talk(`${url} and postgres://other:word@h/d`);
    expect(written).toEqual([
      `out:${sql}\n`,
      "out:-- postgres://app:***@localhost/shop\n",
      "err:postgres://app:***@localhost/shop and postgres://other:***@h/d\n",
    ]);
  });

  test("a status line is taken away before anything else is written, and put back", () => {
    const { out, written } = output({ tty: true });
    out.status("one");
    out.talk("said");
    out.status(null);
    out.status(null);
    expect(written).toEqual([
      "err:\r\u001b[Kone",
      "err:\r\u001b[K",
      "err:said\n",
      "err:one",
      "err:\r\u001b[K",
    ]);
  });

  test("a status line is never wider than the terminal, and not written to a file", () => {
    const { out, written } = output({ tty: true });
    out.status("x".repeat(100));
    expect(written.join("").replaceAll(/[^x]/g, "")).toHaveLength(39);
    const file = output();
    file.out.status("working");
    expect(file.written).toEqual([]);
  });
});

test("a run is told as lines where there is no terminal", () => {
  const { out, written } = output();
  const report = reportRun({ out, log: null });
  const revision = { id: "aaaa", message: "first" } as Revision;
  report({ kind: "planned", total: 1 });
  report({ kind: "revision-started", revision, direction: "upgrade", position: 1, total: 1 });
  report({ kind: "resumed", revision, statementsDone: 1 });
  const cost = { lockWaitMs: 0, gaveWay: 0, rowsChanged: 0 };
  report({
    kind: "revision-finished",
    revision,
    direction: "upgrade",
    durationMs: 12.3,
    statements: 1,
    cost,
  });
  expect(written).toEqual([
    "err:aaaa: goes on after 1 statement of an earlier run\n",
    "err:upgrade aaaa first (12 ms)\n",
  ]);
});

test("the bar", () => {
  expect(bar(0, 12, "x")).toBe("[                    ]  0/12 x");
  expect(bar(6, 12, "x")).toBe("[##########          ]  6/12 x");
  expect(bar(12, 12, "x")).toBe("[####################] 12/12 x");
  expect(bar(0, 0, "x")).toBe("[                    ] 0/0 x");
});

test.each([
  [0.4, "0 ms"],
  [999.4, "999 ms"],
  [999.6, "1.0 s"],
  [59_960, "1 min 0 s"],
  [125_000, "2 min 5 s"],
])("a duration of %d ms is %s", (milliseconds, expected) => {
  expect(showDuration(milliseconds)).toBe(expected);
});

test("a table's columns are as wide as what a person sees of them", () => {
  expect(
    table([
      ["naïve ü", "1"],
      ["\u001b[33mid\u001b[39m", "2"],
      ["😀", ""],
    ]),
  ).toBe(["naïve ü  1", "\u001b[33mid\u001b[39m       2", "😀"].join("\n"));
  expect(table([])).toBe("");
});
