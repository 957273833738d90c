import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readStats } from "../../src/lint/stats.js";
import { temporaryFolder } from "../temporary-folder.js";

function statsOf(text: string) {
  const file = join(temporaryFolder(), "stats.json");
  writeFileSync(file, text);
  return Object.fromEntries(readStats(file));
}

describe("sizes of tables", () => {
  test.each([
    ['{ "public.a": 200, "b": 3, "c": { "rows": 5 }, "d": -1 }'],
    [
      '[{ "schema": "public", "table": "a", "rows": "200" }, { "table": "b", "rows": 3 }, { "table": "c", "rows": 5 }, { "table": "d", "rows": -1 }]',
    ],
  ])("%s", (text) => {
    expect(statsOf(text)).toEqual({
      "public.a": 200,
      "public.b": 3,
      "public.c": 5,
      "public.d": Number.POSITIVE_INFINITY,
    });
  });

  test.each(["", "null", "7", '{ "a": "many" }', '[{ "rows": 1 }]', '{ "a": null }'])("not %j", (text) => {
    expect(() => statsOf(text)).toThrow(expect.objectContaining({ code: "usage" }));
  });
});
