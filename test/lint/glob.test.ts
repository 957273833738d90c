import { expect, test } from "vitest";
import { globPattern } from "../../src/lint/glob.js";

test.each([
  ["revisions/**", "revisions/a/b.ts", true],
  ["revisions/*.ts", "revisions/a/b.ts", false],
  ["revisions/*.ts", "revisions/b.ts", true],
  ["**/*.sql", "b.sql", true],
  ["**/*.sql", "a/b.sql", true],
  ["*.sql", "a/b.sql", true],
  ["legacy", "db/legacy/b.sql", true],
  ["./db/legacy/", "db/legacy/b.sql", true],
  ["db/{a,b}/?.sql", "db/b/1.sql", true],
  ["db/{a,b}/?.sql", "db/c/1.sql", false],
  ["a+b(c)/$d.sql", "a+b(c)/$d.sql", true],
  ["a.sql", "axsql", false],
])("%s and %s: %s", (pattern, path, expected) => {
  expect(globPattern([pattern])(path)).toBe(expected);
});

test("! takes out", () => {
  const matches = globPattern(["db/**", "!db/new/**"]);
  expect([matches("db/a.sql"), matches("db/new/a.sql")]).toEqual([true, false]);
});
