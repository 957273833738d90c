import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeProject, revision, run, write } from "../testing/project.js";
import { blocksOf, readPage } from "./blocks.js";

const persons = "CREATE TABLE persons (id integer PRIMARY KEY, name text NOT NULL);";

test("the files of docs/testing.md run under their runners", async () => {
  const folder = makeProject("sqlite", "sqlite:./dev.db", {
    files: {
      "schema.sql": persons,
      "revisions/1_first.sql": revision("aaaa", null, persons, "DROP TABLE persons;"),
      "test/.keep": "",
      "vitest.config.mjs": 'export default { test: { include: ["test/*.test.ts"], testTimeout: 60_000 } };\n',
    },
  });
  for (const { words, text } of blocksOf(readPage("docs/testing.md"))) {
    const title = words.get("title");
    if (title !== undefined) write(folder, { [title]: text });
  }
  expect(readdirSync(join(folder, "test"))).toHaveLength(4);
  const vitest = await run(folder, "node_modules/vitest/vitest.mjs", "run", "--config", "vitest.config.mjs");
  expect(vitest.output).toMatch(/Tests +5 passed/);
  const node = await run(folder, "--test", "--test-reporter=tap", "test/revisions.test.mjs");
  expect(node.output).toMatch(/# pass 4/);
});
