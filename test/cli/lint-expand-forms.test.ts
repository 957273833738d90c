import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const header = (id: string, revises: string, sign: string) =>
  `make orders anew\n\nRevision: ${id}\nRevises: ${revises}\nCreated: 2026-01-01T00:00:00Z`
    .split("\n")
    .map((line) => `${sign} ${line}`.trimEnd())
    .join("\n");

const revision = (id: string, revises: string, up: string, down: string) =>
  `${header(id, revises, "--")}\n\n-- aludel:upgrade\n${up}\n\n-- aludel:downgrade${down}\n`;

const files = {
  "revisions/1.sql": revision(
    "aaaaaaaaaaaa",
    "none",
    "CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL);",
    "\nDROP TABLE orders;",
  ),
  "revisions/2.ts": `/**
${header("bbbbbbbbbbbb", "aaaaaaaaaaaa", " *")}
 */
import { defineRevision } from "aludel";

export default defineRevision({
  id: "bbbbbbbbbbbb",
  revises: "aaaaaaaaaaaa",
  async upgrade(op) {
    await op.renameTable("orders", "purchases");
  },
  async downgrade(op) {
    await op.renameTable("purchases", "orders");
  },
});
`,
  "revisions/3.sql": revision(
    "cccccccccccc",
    "bbbbbbbbbbbb",
    "ALTER TABLE public.purchases DROP COLUMN note;",
    " none: the notes are gone",
  ),
  "revisions/4.sql": revision(
    "dddddddddddd",
    "cccccccccccc",
    "ALTER TABLE purchases ADD COLUMN number integer NOT NULL;",
    "\nALTER TABLE purchases DROP COLUMN number;",
  ),
  "revisions/5.sql": revision(
    "eeeeeeeeeeee",
    "dddddddddddd",
    `ALTER TABLE purchases ADD COLUMN region text;
UPDATE purchases SET region = 'r' || id;
ALTER TABLE purchases ALTER COLUMN region SET NOT NULL;`,
    "\nALTER TABLE purchases DROP COLUMN region;",
  ),
};

interface Answer {
  readonly expanded: readonly { readonly because: string | null }[];
  readonly findings: readonly { readonly rule: string; readonly file: string }[];
  readonly obligations: readonly { readonly object: string; readonly due: string; readonly reason: string }[];
}

test("other changes become revisions, and nothing is left to be said but what a person has to permit", async () => {
  const scratch = await createTestDatabase();
  try {
    const folder = temporaryFolder({
      "aludel.config.json": JSON.stringify({
        dialect: "postgres",
        revisions: "revisions",
        scratch: scratch.url,
        lint: { obligations: { days: 90 } },
      }),
      ...files,
    });
    const answer = async (...words: readonly string[]) =>
      JSON.parse((await aludel(folder, ["lint", ...words, "--json"])).stdout) as Answer;
    const { expanded, findings } = await answer("bbbb:head", "--fix", "--expand");
    expect(expanded.map(({ because }) => because)).toEqual([null, null, null, null]);
    expect(findings.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
      "revisions/3_2_contract.sql drop-column",
    ]);
    const written = () => readdirSync(join(folder, "revisions")).sort();
    expect(written()).toEqual([
      ...["1.sql", "2_1_expand.ts", "2_2_contract.ts", "3_1_expand.sql", "3_2_contract.sql"],
      ...["4_1_expand.sql", "4_2_contract.sql", "5_1_expand.sql", "5_2_backfill.sql", "5_3_contract.sql"],
    ]);
    expect((await answer("--obligations")).obligations).toEqual([]);
    // As long as its last revision is not there, each has a day when it is due.
    const due = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
    const left: string[] = [];
    for (const last of ["5_3_contract.sql", "4_2_contract.sql", "3_2_contract.sql", "2_2_contract.ts"]) {
      for (const name of written().filter((name) => name >= last)) rmSync(join(folder, "revisions", name));
      const { obligations } = await answer("--obligations");
      expect(obligations.every((one) => one.due === due)).toBe(true);
      left.push(obligations.map(({ object, reason }) => `${object} ${reason}`).join(", "));
    }
    expect(left).toMatchInlineSnapshot(`
      [
        "public.purchases.purchases_region_fill old code leaves region out",
        "public.purchases.number it becomes NOT NULL",
        "public.purchases.note the column is dropped when nothing names it",
        "public.orders old code names it; it is purchases now",
      ]
    `);
  } finally {
    await scratch.drop();
  }
});
