import { describe, expect, test } from "vitest";
import { unifiedDiff } from "../../../src/lint/fix/diff.js";
import { applyEdits, together } from "../../../src/lint/fix/fix.js";
import { replaceStatement } from "../../../src/lint/fix/replace-statement.js";
import { piecesOf } from "../../../src/lint/fix/subcommands.js";
import { fileText } from "../../../src/lint/place.js";

const bytes = (text: string) => Buffer.from(text);

function replaced(
  file: string,
  statement: string,
  by: readonly string[],
  options = { divided: true, isLast: false },
) {
  const source = fileText(bytes(file));
  const start = source.text.indexOf(statement);
  const edits = replaceStatement(source, { start, end: start + statement.length }, piecesOf(by), options);
  return Buffer.from(applyEdits(bytes(file), edits) ?? []).toString();
}

describe("statements in the place of one", () => {
  test("keep what stands around them, and are divided where each needs its own transaction", () => {
    expect(replaced("-- ä\n  A; -- why\nB;\n", "A", ["A1", "A2"])).toBe(
      "-- ä\n  A1;\n  -- aludel:commit\n  A2; -- why\n  -- aludel:commit\nB;\n",
    );
    expect(replaced("A; B;", "A", ["A1", "A2"])).toBe("A1;\n-- aludel:commit\nA2;\n-- aludel:commit\n B;");
    expect(replaced("A", "A", ["A1", "A2"], { divided: true, isLast: true })).toBe(
      "A1;\n-- aludel:commit\nA2",
    );
    expect(replaced("A;\nB;", "A", ["A1", "A2"], { divided: false, isLast: false })).toBe("A1;\nA2;\nB;");
    expect(replaced("A;\nB;", "A", ["A1"])).toBe("A1;\nB;");
  });

  test("leave a byte order mark and the ends of lines as they are", () => {
    expect(replaced("\uFEFF-- naïve ü\r\nA;\r\nB;\r\n", "A", ["A1", "A2"])).toBe(
      "\uFEFF-- naïve ü\r\nA1;\r\n-- aludel:commit\r\nA2;\r\n-- aludel:commit\r\nB;\r\n",
    );
  });
});

test("a file that is no UTF-8 is not touched", () => {
  expect(applyEdits(Buffer.from([0x41, 0xff, 0x42]), [])).toBeNull();
  expect(applyEdits(Buffer.from("A;", "utf16le"), [])).toBeNull();
});

test("fixes that stand in each other's way are not made together; the same edit is made once", () => {
  const fix = (title: string, ...edits: [number, number, string][]) => ({
    fix: {
      title,
      isLast: false,

      edits: edits.map(([start, end, text]) => ({ start, end, text })),
    },
  });
  const asked = [
    fix("a", [10, 20, "x"], [0, 0, "i"]),
    fix("b", [15, 25, "y"]),
    fix("c", [30, 31, "z"], [0, 0, "i"]),
  ];
  const { taken, edits } = together(asked);
  expect(taken.map((one) => one.fix.title)).toEqual(["a", "c"]);
  expect(edits.map(({ text }) => text)).toEqual(["i", "x", "z"]);
});

test("a difference is shown as diff -u shows it", () => {
  const lines = Array.from({ length: 30 }, (_, at) => `line ${at + 1}`);
  const changed = lines.toSpliced(24, 1, "other").toSpliced(4, 0, "new").join("\n");
  expect(unifiedDiff("a.sql", `${lines.join("\n")}\n`, `${changed}\n`)).toBe(
    [
      "--- a/a.sql",
      "+++ b/a.sql",
      "@@ -2,6 +2,7 @@",
      ...[" line 2", " line 3", " line 4", "+new", " line 5", " line 6", " line 7"],
      "@@ -22,7 +23,7 @@",
      ...[" line 22", " line 23", " line 24", "-line 25", "+other", " line 26", " line 27", " line 28"],
    ].join("\n"),
  );
  expect(unifiedDiff("a.sql", "same\n", "same\n")).toBe("");
});
