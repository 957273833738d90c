import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const header = (message: string, id: string, revises: string, sign: string) =>
  `${message}\n\nRevision: ${id}\nRevises: ${revises}\nCreated: 2026-01-01T00:00:00Z`
    .split("\n")
    .map((line) => `${sign} ${line}`.trimEnd())
    .join("\n");

const base = `${header("make tables", "aaaaaaaaaaaa", "none", "--")}

-- aludel:upgrade
CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id bigint, "Total x" integer);
INSERT INTO orders SELECT n, NULL, n FROM generate_series(1, 20) n;

-- aludel:downgrade
DROP TABLE orders;
DROP TABLE customers;
`;

const script = `${header("several subcommands and tables", "bbbbbbbbbbbb", "aaaaaaaaaaaa", "--")}

-- aludel:upgrade
ALTER TABLE orders -- the big one
  ADD COLUMN state text, -- new
  ADD CONSTRAINT "Positive, ü" CHECK ("Total x" > 0), -- nothing is free
  ADD COLUMN later text;
-- customers get one, too
ALTER TABLE customers ADD COLUMN state text;
UPDATE customers SET state = 'open' WHERE state IS NULL;

-- aludel:downgrade
ALTER TABLE customers DROP COLUMN state;
ALTER TABLE orders DROP COLUMN state, DROP COLUMN later, DROP CONSTRAINT "Positive, ü";
`;

const code = `/**
${header("several calls", "cccccccccccc", "bbbbbbbbbbbb", " *")}
 */
import { defineRevision, sql, t } from "aludel";

export default defineRevision({
  id: "cccccccccccc",
  revises: "bbbbbbbbbbbb",
  async upgrade(op) {
    await op.addColumn("orders", "note", t.text());
    // They have remarks.
    await op.addColumn("customers", "note", t.text());
    await op.execute('ALTER TABLE orders ADD CONSTRAINT c1 CHECK ("Total x" > 0)');
    await op.execute(\`
      ALTER TABLE orders
        ADD CONSTRAINT c2 CHECK (id > 0);
      ALTER TABLE orders
        ADD CONSTRAINT c3 CHECK (id > 0),
        ADD COLUMN more text;
    \`);
    await op.batchAlterTable("orders", (table) => {
      table.createCheckConstraint("c4", sql\`id > 0\`);
      table.addColumn("last", t.text());
    });
  },
  async downgrade(op) {
    await op.execute("ALTER TABLE orders DROP COLUMN last, DROP COLUMN more, DROP COLUMN note");
    for (const name of ["c1", "c2", "c3", "c4"]) await op.dropConstraint("orders", name);
    await op.dropColumn("customers", "note");
  },
});
`;

test("a transaction is divided between tables, and statements of several subcommands and texts of several statements are split", async () => {
  const database = await createTestDatabase();
  try {
    const folder = temporaryFolder({
      "aludel.config.ts": `import { defineConfig } from "aludel";
export default defineConfig({ dialect: "postgres", revisions: "revisions", scratch: ${JSON.stringify(database.url)} });
`,
      "revisions/1_base.sql": base,
      "revisions/2_script.sql": script,
      "revisions/3_code.ts": code,
    });
    const { stdout } = await aludel(folder, [
      "lint",
      "bbbb",
      "cccc",
      "--fix",
      "--json",
      "--rule",
      "constraint-over-existing-rows=off",
    ]);
    const { fixed, findings } = JSON.parse(stdout) as {
      fixed: { file: string; proof: string; fixes: { rule: string }[] }[];
      findings: { rule: string }[];
    };
    expect(fixed.map(({ file, proof }) => `${file} ${proof}`)).toEqual([
      "revisions/2_script.sql proved",
      "revisions/3_code.ts proved",
    ]);
    expect([...new Set(fixed.flatMap(({ fixes }) => fixes.map(({ rule }) => rule)))].sort()).toEqual([
      "check-without-not-valid",
      "wide-lock-window",
      "work-while-locked",
    ]);
    expect(findings).toEqual([]);
    const text = (name: string) => readFileSync(join(folder, "revisions", name), "utf8");
    expect(text("2_script.sql")).toContain(`
-- aludel:upgrade
-- the big one
ALTER TABLE orders
  ADD COLUMN state text, -- new
  ADD COLUMN later text;
ALTER TABLE orders ADD CONSTRAINT "Positive, ü" CHECK ("Total x" > 0) NOT VALID; -- nothing is free
-- aludel:commit
ALTER TABLE orders VALIDATE CONSTRAINT "Positive, ü";
-- aludel:commit
-- customers get one, too
ALTER TABLE customers ADD COLUMN state text;
-- aludel:commit
UPDATE customers SET state = 'open' WHERE state IS NULL;

-- aludel:downgrade
ALTER TABLE customers DROP COLUMN state;
-- aludel:commit
ALTER TABLE orders DROP`);
    expect(text("3_code.ts")).toContain(`
    await op.addColumn("orders", "note", t.text());
    await op.commit();
    // They have remarks.
    await op.addColumn("customers", "note", t.text());
    await op.commit();
    await op.execute(\`ALTER TABLE orders ADD CONSTRAINT c1 CHECK ("Total x" > 0) NOT VALID;
    -- aludel:commit
    ALTER TABLE orders VALIDATE CONSTRAINT c1
    -- aludel:commit
    \`);
    await op.execute(\`
      ALTER TABLE orders
        ADD CONSTRAINT c2 CHECK (id > 0) NOT VALID;
      -- aludel:commit
      ALTER TABLE orders VALIDATE CONSTRAINT c2;
      -- aludel:commit
      ALTER TABLE orders ADD COLUMN more text;
      ALTER TABLE orders ADD CONSTRAINT c3 CHECK (id > 0) NOT VALID;
      -- aludel:commit
      ALTER TABLE orders VALIDATE CONSTRAINT c3;
      -- aludel:commit
    \`);
    await op.createCheckConstraint("orders", "c4", { expression: sql\`id > 0\`, notValid: true });
    await op.addColumn("orders", "last", t.text());
    await op.validateConstraint("orders", "c4");
  },`);
  } finally {
    await database.drop();
  }
});

test("the rows are not asked while a table is locked", async () => {
  const database = await createTestDatabase();
  try {
    const folder = temporaryFolder({
      "aludel.config.ts": `import { defineConfig } from "aludel";
export default defineConfig({ dialect: "postgres", revisions: "revisions", scratch: ${JSON.stringify(database.url)} });
`,
      "revisions/1_base.sql": base.replace(/INSERT .*\n/, ""),
      "revisions/2_script.sql": `${header("orders have a state and a total", "bbbbbbbbbbbb", "aaaaaaaaaaaa", "--")}

-- aludel:upgrade
ALTER TABLE orders ADD COLUMN state text;
-- all have one by now
ALTER TABLE orders ALTER COLUMN "Total x" SET NOT NULL;

-- aludel:downgrade none: it is only a test
`,
      "revisions/3_code.ts": `/**
${header("orders have a note and a customer", "cccccccccccc", "bbbbbbbbbbbb", " *")}
 */
import { defineRevision, t } from "aludel";

export default defineRevision({
  id: "cccccccccccc",
  revises: "bbbbbbbbbbbb",
  async upgrade(op) {
    await op.addColumn("orders", "note", t.text());
    await op.alterColumn("orders", "customer_id", { nullable: false });
  },
  downgrade: "it is only a test",
});
`,
    });
    const { stdout } = await aludel(folder, ["lint", "bbbb", "cccc", "--fix", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      fixed: [{ proof: "proved" }, { proof: "proved" }],
      findings: [],
    });
    const text = (name: string) => readFileSync(join(folder, "revisions", name), "utf8");
    expect(text("2_script.sql")).toContain(`ALTER TABLE orders ADD COLUMN state text;
-- aludel:commit
-- aludel:assert No row of orders has NULL in Total x
`);
    expect(text("3_code.ts")).toMatch(
      /await op\.addColumn\(.*\n {4}await op\.commit\(\);\n {4}await op\.assert\(/,
    );
  } finally {
    await database.drop();
  }
});
