import { readdirSync, readFileSync } from "node:fs";
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

const base = `/**
${header("make orders and customers", "aaaaaaaaaaaa", "none", " *")}
 */
import { defineRevision, t } from "aludel";

export default defineRevision({
  id: "aaaaaaaaaaaa",
  revises: null,
  async upgrade(op) {
    await op.createTable("customers", { id: t.bigint().notNull() }, { primaryKey: ["id"] });
    await op.createTable("orders", { id: t.bigint().notNull(), customer_id: t.bigint(), "Total x": t.integer() });
  },
  async downgrade(op) {
    await op.dropTable("orders");
    await op.dropTable("customers");
  },
});
`;

const code = `/**
${header("let orders be found by their customers", "bbbbbbbbbbbb", "aaaaaaaaaaaa", " *")}
 */
import { defineRevision, t } from "aludel";

const columns = ["id", "customer_id"];

export default defineRevision({
  id: "bbbbbbbbbbbb",
  revises: "aaaaaaaaaaaa",
  async upgrade(op) {
    // The reports ask for it.
    await op.createIndex("orders_customer", "orders", ["customer_id"]);
    await op.alterColumn("orders", "customer_id", { nullable: false }); // every order has one
    for (const column of columns) {
      await op.createUniqueConstraint("orders", \`orders_\${column}_key\`, [column]);
    }
    await op.addColumn("orders", "note", t.text());
  },
  async downgrade(op) {
    await op.dropColumn("orders", "note");
    for (const column of columns) await op.dropConstraint("orders", \`orders_\${column}_key\`);
    await op.alterColumn("orders", "customer_id", { nullable: true });
    await op.dropIndex("orders_customer", { table: "orders" });
  },
});
`;

const script = `${header("keep totals above zero", "cccccccccccc", "bbbbbbbbbbbb", "--")}

-- aludel:upgrade
ALTER TABLE orders
  ADD CONSTRAINT positive CHECK ("Total x" > 0); -- nothing is free
ALTER TABLE orders ADD COLUMN later integer;

-- aludel:downgrade
ALTER TABLE orders DROP COLUMN later;
ALTER TABLE orders DROP CONSTRAINT positive;
`;

function project(scratch: string): string {
  return temporaryFolder({
    "aludel.config.ts": `import { defineConfig } from "aludel";
export default defineConfig({ dialect: "postgres", revisions: "revisions", scratch: ${JSON.stringify(scratch)} });
`,
    "revisions/1_base.ts": base,
    "revisions/2_code.ts": code,
    "revisions/3_script.sql": script,
  });
}

test("revisions are rewritten in place, proved, and then have nothing to fix", async () => {
  const database = await createTestDatabase();
  try {
    const folder = project(database.url);
    const text = (name: string) => readFileSync(join(folder, "revisions", name), "utf8");
    const words = ["lint", "bbbb", "cccc", "--fix"];

    const dry = await aludel(folder, [...words, "--dry-run"]);
    expect(dry.exit).toBe(1);
    expect(dry.stdout).toContain("+-- aludel:commit");
    expect(text("2_code.ts")).toBe(code);
    expect(text("3_script.sql")).toBe(script);

    const { stdout } = await aludel(folder, [...words, "--json"]);
    const { fixed } = JSON.parse(stdout) as { fixed: { file: string; proof: string; written: boolean }[] };
    expect(fixed.map(({ file, proof, written }) => `${file} ${proof} ${written}`)).toEqual([
      "revisions/2_code.ts proved true",
      "revisions/3_script.sql proved true",
    ]);
    expect(text("2_code.ts")).toContain(`import { defineRevision, t, sql } from "aludel";`);
    expect(text("2_code.ts")).toContain(`    // The reports ask for it.
    await op.createIndex("orders_customer", "orders", ["customer_id"], { concurrently: true });
    await op.assert(
      "No row of orders has NULL in customer_id",
      sql\`SELECT "customer_id" FROM "orders" WHERE "customer_id" IS NULL\`,
    );
    await op.createCheckConstraint("orders", "orders_customer_id_filled", {
      expression: sql\`"customer_id" IS NOT NULL\`,
      notValid: true,
    });
    await op.validateConstraint("orders", "orders_customer_id_filled");
    await op.alterColumn("orders", "customer_id", { nullable: false });
    await op.dropConstraint("orders", "orders_customer_id_filled"); // every order has one
`);
    // One call is several ops here: how to write them is not ours to say.
    expect(text("2_code.ts")).toContain("await op.createUniqueConstraint(");
    expect(text("3_script.sql")).toContain(`-- aludel:assert Every row of orders passes positive
SELECT "Total x" FROM orders WHERE NOT ("Total x" > 0);
ALTER TABLE orders
  ADD CONSTRAINT positive CHECK ("Total x" > 0) NOT VALID;
-- aludel:commit
ALTER TABLE orders VALIDATE CONSTRAINT positive; -- nothing is free
-- aludel:commit
ALTER TABLE orders ADD COLUMN later integer;
`);
    expect(readdirSync(join(folder, "revisions")).sort()).toEqual(["1_base.ts", "2_code.ts", "3_script.sql"]);
    const again = JSON.parse((await aludel(folder, [...words, "--json"])).stdout) as { fixed: unknown[] };
    expect(again.fixed).toEqual([]);
  } finally {
    await database.drop();
  }
});

test("edits are with the findings, in bytes, without --fix", async () => {
  const sql = "-- naïve ü\r\nCREATE INDEX x ON orders (a);\r\n";
  const folder = temporaryFolder({ "a.sql": sql });
  const { stdout } = await aludel(folder, ["lint", "--json", "--no-transaction", "--from-file", "a.sql"]);
  interface Found {
    readonly rule: string;
    readonly fix: { title: string; edits: { start: number; end: number; text: string }[] } | null;
  }
  const { findings } = JSON.parse(stdout) as { findings: Found[] };
  const { fix } = findings.find(({ rule }) => rule === "index-not-concurrent") ?? { fix: null };
  const [edit] = fix?.edits ?? [];
  expect(fix?.title).toBe("Build the index CONCURRENTLY");
  expect(Buffer.from(sql).subarray(edit?.start, edit?.end).toString()).toBe("CREATE INDEX x ON orders (a)");
  expect(edit?.text).toBe("CREATE INDEX CONCURRENTLY x ON orders (a)");
});

test("of a file that its tool runs in a transaction only that is fixed which can be in one", async () => {
  const folder = temporaryFolder({
    "a.sql": "CREATE INDEX x ON orders (a);\nALTER TABLE orders ADD CHECK (a > 0);\n",
  });
  await aludel(folder, ["lint", "--fix", "--from-file", "a.sql"]);
  expect(readFileSync(join(folder, "a.sql"), "utf8")).toBe(
    "SET lock_timeout = '5s';\nCREATE INDEX x ON orders (a);\nALTER TABLE orders ADD CHECK (a > 0);\n",
  );
});

test("what cannot be together is said", async () => {
  const folder = temporaryFolder({ "a.sql": "" });
  for (const words of [
    ["--dry-run"],
    ["--fix", "--all"],
    ["--fix", "--format", "sarif"],
    ["--fix", "--write-baseline"],
  ])
    expect((await aludel(folder, ["lint", "--from-file", "a.sql", ...words])).exit).toBe(2);
});

test("a file of goose gets no block that goose would cut at its semicolons", async () => {
  const sql = [
    "-- +goose NO TRANSACTION",
    "-- +goose Up",
    "ALTER TABLE persons ADD COLUMN token uuid DEFAULT gen_random_uuid();",
    "CREATE INDEX by_name ON persons (name);",
  ];
  const folder = temporaryFolder({
    "1.sql": "CREATE TABLE persons (name text);\n",
    "2.sql": `${sql.join("\n")}\n`,
  });
  await aludel(folder, ["lint", "--fix", "--from-file", "1.sql", "2.sql"]);
  const fixed = readFileSync(join(folder, "2.sql"), "utf8");
  expect(fixed).toContain(sql[2]);
  expect(fixed).toContain("CREATE INDEX CONCURRENTLY by_name ON persons (name);");
});
