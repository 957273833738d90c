import { expect, test } from "vitest";
import { judgeHints } from "../../src/check/hints.js";
import { type Hint, hintsIn, readHints } from "../../src/check/read-hints.js";
import { parseRename } from "../../src/diff/place.js";
import { column, table } from "../../src/schema/build.js";
import type { Schema } from "../../src/schema/schema.js";
import { integer, schemaOf } from "../op/model.js";
import { temporaryFolder } from "../temporary-folder.js";

test("hints stand in every kind of comment, and know their line", () => {
  const text = `// aludel: rename persons.name:persons.full_name
export const a = 1; // aludel: rename "a b".c:"a b"."d:e"
  /* aludel: rename x:y */ more();
/**
 * aludel: rename one:two
 */
-- aludel: rename column mood.a:mood.b
const s = "aludel: rename no:comment";
// about aludel: rename nothing
`;
  expect(hintsIn(text, "f").map(({ rename, line }) => [line, rename.from, rename.to])).toEqual([
    [1, "persons.name", "persons.full_name"],
    [2, '"a b".c', '"a b"."d:e"'],
    [3, "x", "y"],
    [5, "one", "two"],
    [7, "mood.a", "mood.b"],
  ]);
});

test.each([["renam a:b"], ["rename"], ["rename a"], ["rename a:"], [""]])(
  "a hint that says %j is not passed over",
  (said) => {
    expect(() => hintsIn(`\n// aludel: ${said}`, "/f.ts")).toThrow(
      expect.objectContaining({ code: "models-unreadable", where: { file: "/f.ts", line: 2 } }),
    );
  },
);

test("files that the models import are looked into", async () => {
  const folder = temporaryFolder({
    "index.ts": 'export * from "./db/users.js";\nimport "./orders";',
    "db/users.ts": 'import { x } from "../index.js"; // aludel: rename a:b',
    "orders/index.ts": "// aludel: rename c:d",
    "other.ts": "// aludel: rename e:f",
  });
  const hints = await readHints([`${folder}/index.ts`]);
  expect(hints.map(({ text }) => text)).toEqual(["a:b", "c:d"]);
});

function having(...columns: string[]): Schema {
  return schemaOf({ tables: [table("t", { columns: columns.map((name) => column(name, integer)) })] });
}

function hint(text: string): Hint {
  return { rename: parseRename(text), text, file: "/models.ts", line: 3 };
}

test("a hint is needed as long as the old name is there and the new one is not", () => {
  const nobody = { renames: [], drops: [] };
  const one = hint("t.a:t.b");
  const judge = (from: Schema, to: Schema, hints = [one], decided: typeof nobody | object = {}) =>
    judgeHints(from, to, hints, { ...nobody, ...decided });
  expect(judge(having("a"), having("b"))).toEqual({ needed: [one], spent: [] });
  expect(judge(having("b"), having("b"))).toEqual({ needed: [], spent: [one] });
  expect(judge(having("a", "b"), having("a", "b"))).toEqual({ needed: [], spent: [one] });
  expect(judge(having("a"), having("a", "b"))).toEqual({ needed: [one], spent: [] });
  const next = hint("t.b:t.c");
  expect(judge(having("a", "b"), having("b", "c"), [one, next])).toEqual({ needed: [one, next], spent: [] });
  const other = { renames: [parseRename("t.a:t.x")] };
  expect(judge(having("a"), having("b", "x"), [one], other)).toEqual({ needed: [], spent: [] });
  expect(judge(having("a"), having("b"), [one], { drops: ["t.a"] })).toEqual({ needed: [], spent: [] });
  expect(() => judge(having("a"), having("c"))).toThrow(
    expect.objectContaining({ code: "models-invalid", where: { file: "/models.ts", line: 3 } }),
  );
});
