import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { on } from "../run/project.js";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const head = (message: string, id: string, revises: string) =>
  `-- ${message}\n--\n-- Revision: ${id}\n-- Revises: ${revises}\n-- Created: 2026-01-01T00:00:00Z\n\n-- aludel:upgrade\n`;

const base = `${head("make orders", "aaaaaaaaaaaa", "none")}CREATE TYPE mood AS ENUM ('glad', 'so-so');
CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (
  id bigint PRIMARY KEY, customer_id bigint, number text, total bigint, "Note ""x""" varchar(20), mood mood,
  room integer);

-- aludel:downgrade
DROP TABLE orders, customers;
DROP TYPE mood;
`;

/** What fails where a row is in its way, with such a row. */
const cases: readonly (readonly [rule: string, statement: string, row: string])[] = [
  ["unique-over-existing-rows", "CREATE UNIQUE INDEX CONCURRENTLY one ON orders (number)", "number"],
  ["unique-over-existing-rows", "CREATE UNIQUE INDEX CONCURRENTLY one ON orders (lower(number))", "number"],
  ["unique-over-existing-rows", "ALTER TABLE orders ADD CONSTRAINT one UNIQUE (number)", "number"],
  ["add-required-column", "ALTER TABLE orders ADD COLUMN code text NOT NULL", "id = "],
  ["not-null-over-nulls", "ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL", "customer_id"],
  ["constraint-over-existing-rows", "ALTER TABLE orders ADD CONSTRAINT big CHECK (total > 5)", "total"],
  [
    "constraint-over-existing-rows",
    "ALTER TABLE orders ADD CONSTRAINT theirs FOREIGN KEY (room) REFERENCES customers",
    "room",
  ],
  ["constraint-over-existing-rows", "ALTER TABLE orders ADD CONSTRAINT alone EXCLUDE (room WITH =)", "room"],
  ["narrowing-type-change", 'ALTER TABLE orders ALTER COLUMN "Note ""x""" TYPE varchar(2)', "Note"],
  ["narrowing-type-change", "ALTER TABLE orders ALTER COLUMN total TYPE smallint", "total"],
];

const rows = `INSERT INTO orders (id, number, total, room, "Note ""x""") VALUES
  (1, 'x', 70000, 9, 'too long'), (2, 'x', 1, 9, 'short'), (3, NULL, NULL, NULL, NULL), (4, NULL, NULL, NULL, NULL)`;

test.each(cases)("%s: %s", { timeout: 60_000 }, async (rule, statement, shown) => {
  const [database, scratch] = [await createTestDatabase(), await createTestDatabase()];
  try {
    const folder = temporaryFolder({
      "aludel.config.ts": `import { defineConfig } from "aludel";
export default defineConfig({ dialect: "postgres", revisions: "revisions", scratch: ${JSON.stringify(scratch.url)},
  environments: { default: { url: ${JSON.stringify(database.url)} } } });
`,
      "revisions/1_base.sql": base,
      "revisions/2_next.sql": `${head("let orders be right", "bbbbbbbbbbbb", "aaaaaaaaaaaa")}-- why it is so
${statement};

-- aludel:downgrade none: nothing can bring it back
`,
    });
    await aludel(folder, ["upgrade", "aaaa"]);
    await on(database.url, folder, (connection) => connection.run(rows));

    const found = JSON.parse((await aludel(folder, ["lint", "bbbb", "--json"])).stdout) as {
      findings: { rule: string; precheck: { sql: string; expect: string } | null; fix: unknown }[];
    };
    const own = found.findings.find((one) => one.rule === rule);
    expect(own?.precheck).toMatchObject({ expect: "no rows" });
    expect(own?.fix).not.toBeNull();

    const { stdout } = await aludel(folder, [
      "lint",
      "bbbb",
      "--fix",
      "--json",
      "--rule",
      "missing-lock-timeout=off",
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ fixed: [{ written: true, proof: "proved" }] });
    const text = readFileSync(join(folder, "revisions/2_next.sql"), "utf8");
    const [, assertion] = /(-- aludel:assert [^\n]+\nSELECT [^\n]+;\n)-- why it is so/.exec(text) ?? [];
    expect(assertion, text).toBeDefined();

    const failed = await aludel(folder, ["upgrade"]);
    expect(failed.stderr).toContain("error[assertion-failed]");
    expect(failed.stderr).toContain("Nothing of revision bbbbbbbbbbbb is applied");
    expect(failed.stderr).toContain(shown);
    await on(database.url, folder, (connection) => connection.run("DELETE FROM orders"));
    expect(await aludel(folder, ["upgrade"])).toMatchObject({ exit: 0 });
  } finally {
    await database.drop();
    await scratch.drop();
  }
});
