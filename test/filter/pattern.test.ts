import { describe, expect, test } from "vitest";
import { decide, fitsName, readPattern } from "../../src/filter/pattern.js";

function fits(text: string, namespace: string | null, name: string): boolean {
  const pattern = readPattern(text, 2);
  if (pattern === null) throw new Error(`${text} is no pattern`);
  return fitsName(pattern, { namespace, name }, "public");
}

describe("a pattern", () => {
  test.each([
    ["legacy_*", null, "legacy_", true],
    ["legacy_*", null, "legacy_x.y", true],
    ["legacy_*", null, "old_legacy_x", false],
    ["legacy_*", "audit", "legacy_x", false],
    ["public.legacy_*", null, "legacy_x", true],
    ["*.legacy_*", "audit", "legacy_x", true],
    ["*.legacy_*", null, "legacy_x", true],
    ["audit.*", "audit", "x", true],
    ["audit.*", null, "x", false],
    ["?at", null, "cat", true],
    ["?at", null, "at", false],
    ['"Order ""x"".y*"', null, 'Order "x".y*', true],
    ['"a*"', null, "ab", false],
    ['"a.b".c', "a.b", "c", true],
    ["a+b(c)[d]{e}|f^g$", null, "a+b(c)[d]{e}|f^g$", true],
    ["na?ve ü", null, "naïve ü", true],
    ["📦?", null, "📦🎁", true],
    ["a\\b", null, "a\\b", true],
    ["x", null, "x\n", false],
  ] as const)("%s fits %s %s: %s", (text, namespace, name, expected) => {
    expect(fits(text, namespace, name)).toBe(expected);
  });

  test.each(["", "!", "a.", ".a", "a..b", "a.b.c", '"a', '"a"b', "a b.c.d"])("%s is none", (text) => {
    expect(readPattern(text, 2)).toBeNull();
  });

  test("a schema is one name", () => {
    expect(readPattern("a.b", 1)).toBeNull();
    expect(readPattern('"a.b"', 1)?.name.test("a.b")).toBe(true);
  });

  test("the last that fits decides", () => {
    const patterns = ["tenant_*", "!tenant_demo", "!x"].flatMap((text) => readPattern(text, 1) ?? []);
    const decided = (name: string) => decide(patterns, (one) => one.name.test(name));
    expect(["tenant_1", "tenant_demo", "x", "y"].map(decided)).toEqual([true, false, false, null]);
  });
});
