import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Connection } from "../../src/dialect/connection.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const header = (message: string, id: string, revises: string, sign: string) =>
  `${message}\n\nRevision: ${id}\nRevises: ${revises}\nCreated: 2026-01-01T00:00:00Z`
    .split("\n")
    .map((line) => `${sign} ${line}`.trimEnd())
    .join("\n");

const base = `${header("make orders", "aaaaaaaaaaaa", "none", "--")}

-- aludel:upgrade
CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (
  id integer PRIMARY KEY,
  "Note ""x""" text NOT NULL DEFAULT 'none' UNIQUE CHECK ("Note ""x""" <> ''),
  total text NOT NULL DEFAULT '7' CHECK (total <> 'total'),
  UNIQUE (total, id)
);
CREATE INDEX lowered ON orders (lower("Note ""x""") DESC, id) WHERE "Note ""x""" <> 'Note "x"';
CREATE INDEX ON orders (total) WHERE id > 0;
COMMENT ON COLUMN orders.total IS 'in pounds';
CREATE VIEW notes AS SELECT "Note ""x""" FROM orders;

-- aludel:downgrade
DROP VIEW notes;
DROP TABLE orders;
DROP TABLE customers;
`;

const type = `${header("totals are numbers", "bbbbbbbbbbbb", "aaaaaaaaaaaa", "--")}

-- aludel:upgrade
-- destructive: approved (dba: it is kept as a number)
ALTER TABLE orders ALTER COLUMN total TYPE varchar(30) USING rtrim(orders.total, 'p');

-- aludel:downgrade
ALTER TABLE orders ALTER COLUMN total TYPE text USING total || 'p';
`;

const rename = `/**
${header("notes are remarks", "cccccccccccc", "bbbbbbbbbbbb", " *")}
 */
import { defineRevision } from "aludel";

export default defineRevision({
  id: "cccccccccccc",
  revises: "bbbbbbbbbbbb",
  async upgrade(op) {
    await op.renameColumn("orders", 'Note "x"', "Remark ü");
  },
  async downgrade(op) {
    await op.renameColumn("orders", "Remark ü", 'Note "x"');
  },
});
`;

interface Answer {
  readonly expanded: readonly {
    readonly because: string | null;
    readonly revisions: readonly { readonly id: string; readonly file: string }[];
  }[];
  readonly findings: readonly { readonly rule: string; readonly file: string; readonly remedy: string }[];
}

const files = (scratch: string, url: string) => ({
  "aludel.config.ts": `import { defineConfig } from "aludel";
export default defineConfig({
  dialect: "postgres", revisions: "revisions",
  scratch: ${JSON.stringify(scratch)}, environments: { live: ${JSON.stringify(url)} },
});
`,
  "revisions/1_base.sql": base,
  "revisions/2_type.sql": type,
  "revisions/3_rename.ts": rename,
});

async function expanded(folder: string, ...words: readonly string[]): Promise<Answer> {
  const { stdout } = await aludel(folder, ["lint", ...words, "--fix", "--expand", "--json"]);
  return JSON.parse(stdout) as Answer;
}

test("a rename and another type become revisions that old and new code can live with", async () => {
  const [scratch, live] = [await createTestDatabase(), await createTestDatabase()];
  const connection: Connection = await postgres.connect(live.url, { directory: process.cwd() });
  try {
    const folder = temporaryFolder(files(scratch.url, live.url));
    const { expanded: chains, findings } = await expanded(folder, "bbbb", "cccc");
    expect(chains.map(({ because }) => because)).toEqual([null, null]);
    expect(readdirSync(join(folder, "revisions")).sort()).toEqual([
      "1_base.sql",
      "2_type_1_expand.sql",
      "2_type_2_backfill.sql",
      "2_type_3_contract.sql",
      "3_rename_1_expand.ts",
      "3_rename_2_backfill.ts",
      "3_rename_3_contract.ts",
    ]);
    for (const name of ["2_type_1_expand.sql", "3_rename_1_expand.ts"])
      expect(readFileSync(join(folder, "revisions", name), "utf8")).toMatch(/aludel:until \d{4}-\d\d-\d\d /);
    // Nobody has said that a column of the rename may be lost.
    expect(findings.map(({ rule, file }) => `${file} ${rule}`)).toEqual([
      "revisions/3_rename_3_contract.ts drop-column",
    ]);
    const [types, renames] = chains.map(({ revisions }) => revisions.map(({ id }) => id));
    const upgrade = async (id: string | undefined) =>
      expect(await aludel(folder, ["upgrade", id ?? ""])).toMatchObject({ exit: 0 });
    const rows = (columns: string) => connection.query(`SELECT ${columns} FROM orders ORDER BY id`);

    await upgrade("aaaa");
    await connection.run(`INSERT INTO orders SELECT n, 'n' || n, n || 'p' FROM generate_series(1, 3) n`);
    await upgrade(types?.[0]);
    await connection.run(`INSERT INTO orders (id, "Note ""x""", total) VALUES (4, 'n4', '4p')`);
    await connection.run("UPDATE orders SET total = '20p' WHERE id = 2");
    await upgrade(types?.[1]);
    expect(await rows("total, total_new")).toEqual(
      ["1", "20", "3", "4"].map((n) => ({ total: `${n}p`, total_new: n })),
    );
    await upgrade(types?.[2]);
    expect(await rows("total")).toEqual(["1", "20", "3", "4"].map((total) => ({ total })));

    await upgrade(renames?.[0]);
    await connection.run(`INSERT INTO orders (id, "Note ""x""") VALUES (5, 'old')`);
    await connection.run(`INSERT INTO orders (id, "Remark ü") VALUES (6, 'new')`);
    await connection.run(`INSERT INTO orders (id) VALUES (7)`);
    await connection.run(`UPDATE orders SET "Remark ü" = 'changed' WHERE id = 5`);
    await connection.run(`UPDATE orders SET "Note ""x""" = 'changed, too' WHERE id = 6`);
    await upgrade(renames?.[1]);
    expect(await rows(`"Note ""x""" AS old, "Remark ü" AS new`)).toEqual(
      ["n1", "n2", "n3", "n4", "changed", "changed, too", "none"].map((old) => ({ old, new: old })),
    );
    await upgrade(renames?.[2]);
    expect(await aludel(folder, ["downgrade", "aaaa"])).toMatchObject({ exit: 0 });
    expect(await rows(`"Note ""x""" AS note, total`)).toEqual(
      ["n1 1p", "n2 20p", "n3 3p", "n4 4p", "changed 7p", "changed, too 7p", "none 7p"].map((row) => {
        const [, note, total] = /^(.*) (\w+)$/.exec(row) ?? [];
        return { note, total };
      }),
    );
  } finally {
    await connection.close();
    await scratch.drop();
    await live.drop();
  }
});

test("a key that others refer to has such revisions, and what does more stays", async () => {
  const [scratch, live] = [await createTestDatabase(), await createTestDatabase()];
  try {
    const more = rename.replace(
      `"Remark ü");`,
      `"Remark ü");\n    await op.execute("ALTER TABLE orders ADD COLUMN more text");`,
    );
    const referenced = type
      .replace(/ALTER COLUMN total TYPE varchar\(30\) USING [^;]*/, "ALTER COLUMN id TYPE bigint")
      .replace(/ALTER COLUMN total TYPE text USING [^;]*/, "ALTER COLUMN id TYPE integer");
    const folder = temporaryFolder({
      ...files(scratch.url, live.url),
      "revisions/1_base.sql": base
        .replace("id integer PRIMARY KEY", "id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
        .replace("CREATE VIEW", "CREATE TABLE lines (order_id integer REFERENCES orders);\nCREATE VIEW")
        .replace("DROP TABLE orders", "DROP TABLE lines;\nDROP TABLE orders"),
      "revisions/2_type.sql": referenced,
      "revisions/3_rename.ts": more,
    });
    const { expanded: chains, findings } = await expanded(folder, "bbbb", "cccc", "--dry-run");
    const named = /`aludel lint --fix --expand`/;
    expect(findings.map(({ rule, remedy }) => `${rule} ${named.test(remedy)}`)).toEqual([
      "rename-column true",
    ]);
    expect(chains.map(({ because }) => because)).toEqual([
      null,
      "it does more than that: put what takes several deploys into a revision of its own",
    ]);
    expect(readFileSync(join(folder, "revisions/3_rename.ts"), "utf8")).toBe(more);
    expect((await aludel(folder, ["lint", "--expand"])).exit).toBe(2);
  } finally {
    await scratch.drop();
    await live.drop();
  }
});
