import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const header = (id: string, revises: string, sign: string) =>
  `keys\n\nRevision: ${id}\nRevises: ${revises}\nCreated: 2026-01-01T00:00:00Z`
    .split("\n")
    .map((line) => `${sign} ${line}`.trimEnd())
    .join("\n");

const base = `${header("aaaaaaaaaaaa", "none", "--")}

-- aludel:upgrade
CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id bigint, "Second ""x""" bigint);
CREATE TABLE taken (id integer PRIMARY KEY);
CREATE INDEX orders_customer_id_idx ON taken (id);

-- aludel:downgrade
DROP TABLE taken;
DROP TABLE orders;
DROP TABLE customers;
`;

const script = `${header("bbbbbbbbbbbb", "aaaaaaaaaaaa", "--")}

-- aludel:upgrade
ALTER TABLE public.orders ADD CONSTRAINT "of ü" FOREIGN KEY ("Second ""x""") REFERENCES customers NOT VALID;
ALTER TABLE orders ADD COLUMN third bigint REFERENCES customers;
CREATE TABLE lines (id integer PRIMARY KEY, order_id integer REFERENCES orders);

-- aludel:downgrade
DROP TABLE lines;
ALTER TABLE orders DROP COLUMN third;
ALTER TABLE orders DROP CONSTRAINT "of ü" -- it was never valid
`;

const code = `/**
${header("cccccccccccc", "bbbbbbbbbbbb", " *")}
 */
import { defineRevision } from "aludel";

export default defineRevision({
  id: "cccccccccccc",
  revises: "bbbbbbbbbbbb",
  async upgrade(op) {
    // Every order has one.
    await op.createForeignKey("orders", "customer", {
      columns: ["customer_id"],
      references: { table: "customers", columns: ["id"] },
      notValid: true,
    });
  },
  async downgrade(op) {
    await op.dropConstraint("orders", "customer"); // gone
  },
});
`;

const models = `import { bigint, integer, pgTable } from "drizzle-orm/pg-core";
export const orders = pgTable("orders", {
  id: integer().primaryKey(),
  customerId: bigint("customer_id", { mode: "number" }),
});
`;

test("a foreign key gets its index, the way back drops it, and the models are spoken of", async () => {
  const database = await createTestDatabase();
  try {
    const folder = temporaryFolder({
      "aludel.config.ts": `import { defineConfig } from "aludel";
export default defineConfig({
  dialect: "postgres", revisions: "revisions", schema: "models.ts", scratch: ${JSON.stringify(database.url)},
});
`,
      "models.ts": models,
      "revisions/1_base.sql": base,
      "revisions/2_script.sql": script,
      "revisions/3_code.ts": code,
    });
    const { stdout } = await aludel(folder, [
      ...["lint", "bbbb", "cccc", "--fix", "--json"],
      ...["--rule", "wide-lock-window=off", "--rule", "never-validated=off"],
    ]);
    const { fixed } = JSON.parse(stdout) as { fixed: { file: string; proof: string; notes: string[] }[] };
    expect(fixed.map(({ proof }) => proof)).toEqual(["proved", "proved"]);
    expect(fixed.flatMap(({ notes }) => notes.map((note) => note.replace(/.*: /, "")))).toEqual([
      `index("orders_Second \\"x\\"_idx").on(table["Second \\"x\\""])`,
      `index("orders_third_idx").on(table.third)`,
      `index("lines_order_id_idx").on(table.order_id)`,
      `index("orders_customer_id_idx1").on(table.customerId)`,
    ]);
    const text = (name: string) => readFileSync(join(folder, "revisions", name), "utf8");
    expect(text("2_script.sql")).toContain(`
CREATE INDEX CONCURRENTLY "orders_Second ""x""_idx" ON public.orders ("Second ""x""");
ALTER TABLE public.orders ADD CONSTRAINT "of ü" FOREIGN KEY ("Second ""x""") REFERENCES customers NOT VALID;
ALTER TABLE orders ADD COLUMN third bigint REFERENCES customers;
CREATE INDEX CONCURRENTLY orders_third_idx ON orders (third);
CREATE TABLE lines (id integer PRIMARY KEY, order_id integer REFERENCES orders);
CREATE INDEX lines_order_id_idx ON lines (order_id);

-- aludel:downgrade
DROP TABLE lines;
ALTER TABLE orders DROP COLUMN third;
ALTER TABLE orders DROP CONSTRAINT "of ü";
DROP INDEX CONCURRENTLY "public"."orders_Second ""x""_idx" -- it was never valid
`);
    expect(text("3_code.ts")).toContain(`
    // Every order has one.
    await op.createIndex("orders_customer_id_idx1", "orders", ["customer_id"], {
      concurrently: true,
    });
    await op.createForeignKey("orders", "customer", {`);
    expect(text("3_code.ts")).toContain(`
    await op.dropConstraint("orders", "customer"); // gone
    await op.dropIndex("orders_customer_id_idx1", { table: "orders", concurrently: true });
  },`);
  } finally {
    await database.drop();
  }
});
