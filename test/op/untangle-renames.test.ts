import { describe, expect, test } from "vitest";
import { untangleRenames } from "../../src/op/untangle-renames.js";
import { nameKey } from "../../src/schema/name.js";

const rename = (index: string, to: string, table = "t") =>
  ({ kind: "rename-index", table: { namespace: null, name: table }, index, to }) as const;

/** What the names stand for after the renames; a name that is not free is an error. */
function result(
  names: readonly string[],
  renames: ReturnType<typeof untangleRenames>,
): ReadonlyMap<string, string> {
  const now = new Map(names.map((name) => [name, name]));
  for (const op of renames) {
    if (op.kind !== "rename-index") continue;
    expect(now.has(op.to), `${op.to} is free`).toBe(false);
    now.set(op.to, now.get(op.index) ?? "");
    now.delete(op.index);
  }
  return now;
}

describe("renames of indexes", () => {
  test("wait until the name is free", () => {
    const ops = untangleRenames([rename("a", "b"), rename("b", "c"), rename("c", "d")], () => false);
    expect(ops.map(({ to }) => to)).toEqual(["d", "c", "b"]);
  });

  test("that go round in a circle have a name between", () => {
    const taken = new Set(
      ["a", "b", "c", "d", "e", "renaming_1"].map((name) => nameKey({ namespace: null, name })),
    );
    const wanted = [
      rename("a", "b"),
      rename("b", "a", "u"),
      rename("c", "d"),
      rename("d", "e"),
      rename("e", "c"),
    ];
    const ops = untangleRenames(wanted, (key) => taken.has(key));
    expect(ops).toHaveLength(7);
    expect(Object.fromEntries(result(["a", "b", "c", "d", "e", "renaming_1"], ops))).toEqual({
      ...{ a: "b", b: "a", c: "e", d: "c", e: "d" },
      renaming_1: "renaming_1",
    });
  });
});

test("constraints of two tables may have one name, and none is lost", () => {
  const table = (name: string) => ({ namespace: null, name });
  const wanted = ["t", "u"].map(
    (name) => ({ kind: "rename-constraint", table: table(name), constraint: "a", to: "b" }) as const,
  );
  expect(untangleRenames(wanted, () => false)).toEqual(wanted);
});
