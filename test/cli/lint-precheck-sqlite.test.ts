import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { on } from "../run/project.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const head = (id: string, revises: string) =>
  `-- let orders be right\n--\n-- Revision: ${id}\n-- Revises: ${revises}\n-- Created: 2026-01-01T00:00:00Z\n\n-- aludel:upgrade\n`;

const rebuild = (
  columns: string,
) => `CREATE TABLE anew (id INTEGER PRIMARY KEY, number TEXT, note TEXT${columns});
INSERT INTO anew (id, number, note) SELECT id, number, note FROM orders;
DROP TABLE orders;
ALTER TABLE anew RENAME TO orders`;

/** What fails where a row is in its way, and the question that is asked before. */
const cases: readonly (readonly [rule: string, statements: string, question: string])[] = [
  [
    "unique-over-existing-rows",
    "CREATE UNIQUE INDEX one ON orders (number)",
    "-- aludel:assert No two rows of orders have the same (number)",
  ],
  [
    "add-column-refused",
    "ALTER TABLE orders ADD COLUMN code TEXT NOT NULL",
    '-- aludel:assert orders has no row\nSELECT "id" FROM orders LIMIT 1;',
  ],
  [
    "rebuild-copies-null",
    rebuild(" NOT NULL"),
    "-- aludel:assert No row of orders has NULL in note\nSELECT id, note FROM orders WHERE note IS NULL;",
  ],
  ["rebuild-copies-null", rebuild(", code TEXT NOT NULL"), "-- aludel:assert orders has no row"],
];

test.each(cases)("%s: %s", async (rule, statements, question) => {
  const folder = temporaryFolder({
    "aludel.config.json": JSON.stringify({
      dialect: "sqlite",
      revisions: "revisions",
      environments: { default: { url: "file:./live.db" } },
    }),
    "revisions/1.sql": `${head("aaaaaaaaaaaa", "none")}CREATE TABLE orders (id INTEGER PRIMARY KEY, number TEXT, note TEXT);\n
-- aludel:downgrade\nDROP TABLE orders;\n`,
    "revisions/2.sql": `${head("bbbbbbbbbbbb", "aaaaaaaaaaaa")}${statements};\n\n-- aludel:downgrade none: nothing can bring it back\n`,
  });
  const file = `file:${join(folder, "live.db")}`;
  await aludel(folder, ["upgrade", "aaaa"]);
  await on(file, folder, (connection) => connection.run("INSERT INTO orders (number) VALUES ('x'), ('x')"));
  const { stdout } = await aludel(folder, ["lint", "bbbb", "--fix", "--json"]);
  const { findings } = JSON.parse(stdout) as { findings: readonly { rule: string }[] };
  expect(findings.map((one) => one.rule)).not.toContain(rule);
  expect(readFileSync(join(folder, "revisions/2.sql"), "utf8")).toContain(question);

  const failed = await aludel(folder, ["upgrade"]);
  expect(failed.stderr).toContain("error[assertion-failed]");
  await on(file, folder, (connection) => connection.run("DELETE FROM orders"));
  expect(await aludel(folder, ["upgrade"])).toMatchObject({ exit: 0 });
});
