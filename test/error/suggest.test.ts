import { describe, expect, it } from "vitest";
import { editDistance, suggest } from "../../src/error/suggest.js";

describe("editDistance", () => {
  it.each([
    ["", "", 0],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["ab", "ba", 1],
    ["same", "same", 0],
    ["naïve", "naive", 1],
  ])("%j to %j is %i", (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
    expect(editDistance(to, from)).toBe(distance);
  });
});

describe("suggest", () => {
  it("finds the nearest word, whatever its case", () => {
    expect(suggest("Biling", ["users", "billing", "bilge"])).toBe("billing");
    expect(suggest("HEAD", ["heads", "head"])).toBe("head");
  });

  it("says nothing rather than something far away", () => {
    expect(suggest("zebra", ["billing", "users"])).toBeNull();
    expect(suggest("x", [])).toBeNull();
    expect(suggest("", ["billing"])).toBeNull();
  });

  it("takes the first of several that are equally near", () => {
    expect(suggest("cat", ["car", "can"])).toBe("car");
  });
});
