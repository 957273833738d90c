import { describe, expect, test } from "vitest";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { t } from "../../src/revision/column-builder.js";
import { createOperations } from "../../src/revision/create-operations.js";
import { aludel } from "../cli/run.js";
import { temporaryFolder } from "../temporary-folder.js";
import { blocksOf, readPage } from "./blocks.js";

const page = readPage("docs/operations.md");
const examples = blocksOf(page).filter(({ words }) => words.has("op"));

/** All examples of an engine as one revision, each in a block of its own. */
function revisionOf(engine: "postgres" | "sqlite"): string {
  const own = examples.filter(({ words }) => words.has("sqlite") === (engine === "sqlite"));
  const body = own.map(({ text, line }) => `    { // docs/operations.md:${line}\n${text}    }\n`).join("");
  return `import { defineRevision, sql, t } from "aludel";
export default defineRevision({
  id: "d0c5",
  revises: null,
  async upgrade(op) {
${body}  },
  downgrade: "an example",
});
`;
}

describe("docs/operations.md", () => {
  test("has every operation and every type", () => {
    const { op } = createOperations({
      dialect: postgres,
      arguments: {},
      perform: async () => undefined,
      query: async () => [],
    });
    expect(Object.keys(op).filter((name) => !page.includes(`op.${name}`))).toEqual([]);
    expect(Object.keys(t).filter((name) => !page.includes(`t.${name}(`))).toEqual([]);
  });

  test.each([
    ["postgres", "pglite:"],
    ["sqlite", "sqlite::memory:"],
  ] as const)("its examples run in order on %s", { timeout: 120_000 }, async (engine, url) => {
    const folder = temporaryFolder({
      "aludel.config.ts": 'import { defineConfig } from "aludel";\nexport default defineConfig({});\n',
      "package.json": '{ "type": "module" }',
      "revisions/1_examples.ts": revisionOf(engine),
    });
    const { exit, stderr } = await aludel(folder, ["upgrade", "--url", url, "-x", "city=Bern"]);
    expect(stderr).toMatch(/^upgrade d0c5 /m);
    expect(exit).toBe(0);
  });
});
