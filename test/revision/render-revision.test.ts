import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadDialect } from "../../src/dialect/registry.js";
import type { Op } from "../../src/op/op.js";
import { renderRevision } from "../../src/revision/write/render-revision.js";
import { column, index, indexKey, table } from "../../src/schema/build.js";
import { arbitraryOps } from "./sample-ops.js";

const postgres = await loadDialect("postgres");
const sqlite = await loadDialect("sqlite");

const content = {
  id: "4f2a91c04b7d",
  revises: ["9c1d0b7e55aa"],
  dependsOn: [],
  labels: [],
  message: "add email to persons",
  createdAt: new Date("2026-11-21T05:30:00Z"),
};
const persons = { namespace: null, name: "persons" };
const type = (text: string) => postgres.parseType(text);

test("a revision as a person would have written it", () => {
  const upgrade: readonly Op[] = [
    { kind: "create-enum", enum: { namespace: null, name: "mood", values: ["happy", "sad"], comment: null } },
    {
      kind: "create-table",
      table: postgres.normalize.table(
        table("orders", {
          columns: [
            column("id", type("bigint"), { nullable: false }),
            column("mood", type("mood"), { nullable: false, default: "'happy'" }),
            column("total", type("numeric(10,2)"), { default: "0" }),
            column("made_at", type("timestamptz"), { default: "now()" }),
          ],
          constraints: [
            {
              kind: "primary-key",
              name: null,
              implicitName: true,
              comment: null,
              columns: ["id"],
              include: [],
              deferral: "immediate",
              autoincrement: false,
            },
          ],
        }),
      ),
    },
    { kind: "add-column", table: persons, column: column("email", type("varchar(255)")) },
    {
      kind: "create-index",
      table: persons,
      index: index("ix_persons_email", [indexKey({ expression: "lower(email)" })], { unique: true }),
    },
    { kind: "drop-column", table: persons, column: "mail" },
  ];
  const downgrade: readonly Op[] = [
    { kind: "drop-index", table: persons, index: "ix_persons_email" },
    { kind: "drop-column", table: persons, column: "email" },
    { kind: "drop-table", name: { namespace: null, name: "orders" } },
    { kind: "drop-enum", name: { namespace: null, name: "mood" } },
  ];
  const loses = ["the values of persons.mail"];
  expect(renderRevision({ ...content, upgrade, downgrade, loses, dialect: postgres })).toBe(`/**
 * add email to persons
 *
 * Revision: 4f2a91c04b7d
 * Revises: 9c1d0b7e55aa
 * Created: 2026-11-21T05:30:00Z
 */
import { defineRevision, sql, t } from "aludel";

export default defineRevision({
  id: "4f2a91c04b7d",
  revises: "9c1d0b7e55aa",
  async upgrade(op) {
    await op.createEnum("mood", ["happy", "sad"]);

    await op.createTable(
      "orders",
      {
        id: t.bigint().notNull(),
        mood: t.enum("mood").notNull().default("happy"),
        total: t.numeric(10, 2).default(0),
        made_at: t.timestamptz().default(sql\`now()\`),
      },
      { primaryKey: ["id"] },
    );

    await op.addColumn("persons", "email", t.varchar(255));

    // Blocks writes to persons until the index is built; { concurrently: true } does not.
    await op.createIndex("ix_persons_email", "persons", [sql\`lower(email)\`], { unique: true });

    // Loses the values of persons.mail.
    await op.dropColumn("persons", "mail");
  },
  async downgrade(op) {
    // Does not bring back the values of persons.mail.

    await op.dropIndex("ix_persons_email", { table: "persons" });
    await op.dropColumn("persons", "email");

    await op.dropTable("orders");

    await op.dropEnum("mood");
  },
});
`);
});

test("nothing to do, a merge, and no way back", () => {
  const empty = renderRevision({ ...content, upgrade: [], downgrade: [], dialect: postgres });
  expect(empty).toContain('import { defineRevision } from "aludel";');
  expect(empty).toContain("// Write what changes");
  const merge = renderRevision({
    ...content,
    revises: ["a", "b"],
    upgrade: [],
    downgrade: [],
    dialect: sqlite,
  });
  expect(merge).toContain('revises: ["a", "b"],\n  async upgrade() {},\n  async downgrade() {},');
  const stuck = renderRevision({ ...content, upgrade: [], downgrade: "it's gone", dialect: sqlite });
  expect(stuck).toContain(`  downgrade: "it's gone",\n});`);
});

test("an engine that has no other way of building an index gets no remark about it", () => {
  const made: Op = { kind: "create-index", table: persons, index: index("i", [indexKey({ column: "a" })]) };
  expect(renderRevision({ ...content, upgrade: [made], downgrade: [], dialect: sqlite })).not.toContain(
    "Blocks",
  );
});

test("what is written is TypeScript without an error, for every kind of op", { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "aludel-tsc-"));
  for (const dialect of [postgres, sqlite]) {
    for (const [kind, arbitrary] of Object.entries(arbitraryOps(dialect)) as [string, fc.Arbitrary<Op>][]) {
      const upgrade = fc.sample(arbitrary, { numRuns: 12, seed: 7 });
      const text = renderRevision({ ...content, upgrade, downgrade: [], dialect });
      writeFileSync(join(folder, `${dialect.name}-${kind}.ts`), text);
    }
  }
  const options = {
    compilerOptions: {
      target: "es2023",
      module: "preserve",
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      exactOptionalPropertyTypes: true,
      noUnusedLocals: true,
      types: ["node"],
      typeRoots: [resolve("node_modules/@types")],
      paths: { aludel: [resolve("src/index.ts")] },
    },
    include: ["*.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
  try {
    execFileSync(process.execPath, [resolve("node_modules/typescript/bin/tsc"), "-p", folder], {
      encoding: "utf8",
    });
  } catch (thrown) {
    expect((thrown as { stdout: string }).stdout).toBe("");
    throw thrown;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
