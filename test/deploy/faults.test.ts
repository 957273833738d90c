import { expect, test } from "vitest";
import { runChosen } from "./faults/faults.mjs";

// `node scripts/faults.mjs` does the same at every boundary, and at any moment.

test("a deploy whose runner, connection and server are ended on its way has done everything once on PostgreSQL", async () => {
  const wrong = await runChosen("postgres", [
    { pattern: "^fa02 .*pg_sleep", when: "inside", kind: "server", delayMs: 5 },
    // The server has done it, and nobody has heard.
    { pattern: "^fa03 .*CREATE INDEX CONCURRENTLY", when: "after" },
    { pattern: "^fa04 .*UPDATE .people", when: "after", kind: "terminated" },
    { pattern: "^fa07 .*CREATE UNIQUE INDEX CONCURRENTLY", when: "inside" },
    { pattern: "^fa08 .*DROP INDEX CONCURRENTLY", when: "after", kind: "half" },
    { pattern: "^fa11 .*INSERT INTO ledger.*'11.2'", when: "after", kind: "cut" },
  ]);
  expect(wrong).toEqual([]);
});

test("a deploy whose runner is killed on its way has done everything once on SQLite", async () => {
  const wrong = await runChosen("sqlite", [
    { pattern: "^fa04 2 UPDATE .people", when: "inside" },
    { pattern: "^fa05 .*DROP TABLE .people", when: "after" },
    { pattern: "^fa11 .*INSERT INTO ledger.*'11.2'", when: "after" },
    { pattern: "^fa12 .*UPDATE .aludel_version", when: "before" },
  ]);
  expect(wrong).toEqual([]);
});
