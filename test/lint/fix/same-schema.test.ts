import { describe, expect, test } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import { inspectPostgres } from "../../../src/dialect/postgres/inspect/inspect.js";
import { postgres } from "../../../src/dialect/postgres/postgres.js";
import { loadEngine } from "../../../src/lint/engine.js";
import type { Finding } from "../../../src/lint/finding.js";
import { fixInRounds, type Texts } from "../../../src/lint/fix/rounds.js";
import { lintFiles } from "../../../src/lint/lint.js";
import { fileText, textOf } from "../../../src/lint/place.js";
import { prepareSql } from "../../../src/lint/prepare-sql.js";
import { rules } from "../../../src/lint/rules/all.js";
import { everyNamespace, onServer } from "../../dialect/postgres/database.js";

const database = `
CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE products (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint NOT NULL, customer_id bigint, number text, "Total ""x""" integer, "naïve ü" text);
INSERT INTO orders SELECT n, NULL, n, n, '' FROM generate_series(1, 50) n;
UPDATE orders SET customer_id = 1;
INSERT INTO customers VALUES (1);
CREATE TABLE "Lines ""x""" (
  customer bigint REFERENCES customers,
  product bigint CONSTRAINT "of ü" REFERENCES products,
  up bigint UNIQUE REFERENCES "Lines ""x""" (up)
);
CREATE INDEX orders_number ON orders (number);
CREATE INDEX "Orders, both" ON orders (number, id);
CREATE MATERIALIZED VIEW totals AS SELECT customer_id, count(*) FROM orders GROUP BY customer_id;
CREATE UNIQUE INDEX totals_key ON totals (customer_id);
`;

/** By rule, what its fix is tried on. */
const samples: Readonly<Record<string, readonly string[]>> = {
  "index-not-concurrent": [
    "CREATE INDEX orders_customer ON orders (customer_id);",
    `create unique index -- odd
  "Customer ""of"" x" on public.orders using btree (lower("naïve ü"), id desc nulls last) include (number) where id > 3;`,
    'CREATE INDEX IF NOT EXISTS made ON orders ("Total ""x""");',
  ],
  "drop-index-not-concurrent": [
    "DROP INDEX orders_number;",
    'DROP INDEX IF EXISTS public.orders_number, "Orders, both";',
    "DROP INDEX IF EXISTS orders_number RESTRICT",
  ],
  "check-without-not-valid": [
    `ALTER TABLE orders ADD CONSTRAINT "Positive ü" CHECK ("Total ""x""" > 0);`,
    "ALTER TABLE public.orders ADD CHECK (number <> '' AND id > 0);",
    `ALTER TABLE IF EXISTS ONLY public . orders -- the big one
  ADD COLUMN "a, b" numeric(10, 2) DEFAULT 1, -- new, of course
  /* ; , */ ADD CONSTRAINT "Positive, ü" CHECK (id > 0 AND number <> ', ADD CHECK (id > 0' AND id = ANY (ARRAY[id, 1])), -- nothing is free
  -- for later
  ADD "second" text, ADD CHECK (id > 0), DROP COLUMN "naïve ü";`,
  ],
  "foreign-key-without-not-valid": [
    "ALTER TABLE orders ADD CONSTRAINT of FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE;",
    "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers DEFERRABLE INITIALLY DEFERRED;",
    "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers, ADD FOREIGN KEY (id) REFERENCES customers (id) NOT VALID;",
  ],
  "set-not-null": [
    "ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL;",
    'ALTER TABLE public.orders ALTER "naïve ü" SET NOT NULL;',
    "ALTER TABLE orders ADD CONSTRAINT has_customer NOT NULL customer_id;",
    'ALTER TABLE orders ALTER customer_id SET NOT NULL, ALTER "naïve ü" SET NOT NULL, ADD COLUMN note text;',
  ],
  "add-unique-constraint": [
    "ALTER TABLE orders ADD CONSTRAINT one_number UNIQUE (number);",
    'ALTER TABLE orders ADD UNIQUE NULLS NOT DISTINCT (number, "Total ""x""") INCLUDE (id) DEFERRABLE INITIALLY DEFERRED;',
    "ALTER TABLE orders ADD CONSTRAINT one UNIQUE (number) INCLUDE (id) WITH (fillfactor = 70, deduplicate_items = off) USING INDEX TABLESPACE pg_default DEFERRABLE;",
    'ALTER TABLE orders ADD note text, ADD UNIQUE (number), ALTER "Total ""x""" TYPE bigint, ADD CONSTRAINT "Both, of x" UNIQUE (number, id);',
  ],
  "add-primary-key": [
    "ALTER TABLE orders ADD PRIMARY KEY (id);",
    "ALTER TABLE orders ADD CONSTRAINT key PRIMARY KEY (id) INCLUDE (number) DEFERRABLE;",
    "ALTER TABLE orders ADD PRIMARY KEY (id) WITH (fillfactor=80), ADD COLUMN note text;",
  ],
  "volatile-default": [
    "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();",
    'ALTER TABLE orders ADD "Token x" uuid NOT NULL DEFAULT gen_random_uuid();',
    "ALTER TABLE orders ADD COLUMN code text COLLATE \"C\" DEFAULT (random()::text || 'x') NOT NULL;",
    "ALTER TABLE orders ADD CHECK (token IS NOT NULL OR id > 0), ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid(), DROP COLUMN number;",
  ],
  "reindex-not-concurrent": ["REINDEX TABLE orders;", "REINDEX INDEX orders_number;"],
  "refresh-not-concurrent": ["REFRESH MATERIALIZED VIEW totals;"],
  "locks-other-table": ['DROP TABLE "Lines ""x""";', 'DROP TABLE IF EXISTS public."Lines ""x""" RESTRICT;'],
  "missing-lock-timeout": ["-- why\nALTER TABLE orders ADD COLUMN note text;"],
  "missing-statement-timeout": ["ALTER TABLE orders ADD COLUMN note text;"],
};

async function fixed(rule: string, sql: string, serverVersion: number) {
  const engine = await loadEngine("postgres");
  const lint = async (texts: Texts): Promise<readonly Finding[]> => {
    const { findings } = await lintFiles(
      engine,
      [
        prepareSql("1.sql", textOf(database), { linted: false }),
        prepareSql("2.sql", fileText(texts.get("2.sql") ?? Buffer.from(sql)), { linted: true }),
      ],
      {
        rules,
        severityOf: (one) => (one.id === rule ? (one.severity === "off" ? "warning" : null) : "off"),
        serverVersions: [serverVersion],
        inTransaction: false,
        sizes: null,
        smallTableRows: 0,
      },
    );
    return findings;
  };
  const findings = await lint(new Map());
  expect(findings.map((one) => one.rule)).toContain(rule);
  const rounds = await fixInRounds({ findings, read: () => Buffer.from(sql), lint });
  expect(rounds.refused).toEqual([]);
  return { text: Buffer.from(rounds.texts.get("2.sql") ?? []).toString(), left: rounds.findings };
}

async function schemaAfter(sql: string): Promise<unknown> {
  return onServer(async (connection: Connection) => {
    await connection.run(database);
    for (const statement of await postgres.splitScript(sql)) await connection.run(statement.sql);
    // Values of the columns themselves are random; whether there are any is not.
    const rows = await connection.query(
      "SELECT key, count(*) FILTER (WHERE value = 'null') AS missing FROM orders, jsonb_each(to_jsonb(orders)) GROUP BY key ORDER BY key",
    );
    const { dependencies: _, tables, ...schema } = await inspectPostgres(connection, everyNamespace);
    const byName = [...tables.values()].map((table) => ({
      ...table,
      // The order in which they were made.
      indexes: table.indexes.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    }));
    return { schema, tables: byName, rows };
  });
}

/**
 * Whose fix divides a transaction, which is Aludel's to divide in revisions alone, or adds to the schema:
 * test/cli/lint-fix-transactions.test.ts and lint-fix-index.test.ts.
 */
const ofRevisions = [
  "foreign-key-without-index",
  "validate-in-same-transaction",
  "wide-lock-window",
  "work-while-locked",
];

test("every rule that has a fix is tried here", () => {
  const fixable = rules.filter(({ fix }) => fix !== undefined).map(({ id }) => id);
  expect([...Object.keys(samples), ...ofRevisions].sort()).toEqual([...fixable].sort());
});

describe.each(Object.entries(samples))("%s", (rule, texts) => {
  test.each(texts)("%s", async (sql) => {
    const { text, left } = await fixed(rule, sql, 18);
    expect(text).not.toBe(sql);
    // Each of the foreign keys still locks the other table, one at a time: that is to know.
    expect(left.filter((one) => one.rule === rule && one.severity !== "info")).toEqual([]);
    expect(await schemaAfter(text)).toEqual(await schemaAfter(sql));
  });
});

test("what older servers do not have is written in another way", async () => {
  const sql = "ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL;";
  const { text } = await fixed("set-not-null", sql, 15);
  expect(text).toContain("CHECK (customer_id IS NOT NULL) NOT VALID");
  expect(await schemaAfter(text)).toEqual(await schemaAfter(sql));
});
