import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

async function explain(
  folder: string,
  ...words: readonly string[]
): Promise<readonly Record<string, unknown>[]> {
  const { exit, stdout } = await aludel(folder, ["explain", "--json", ...words]);
  expect(exit).toBe(0);
  return JSON.parse(stdout);
}

const history = {
  "1.sql":
    "CREATE TABLE parent (id int PRIMARY KEY);\nCREATE TABLE t (id int, name varchar(10));\nCREATE INDEX ON t (id);\n",
  "2.sql": `-- a comment
ALTER TABLE t
  ALTER COLUMN name TYPE varchar(20);
CREATE TABLE n (id int REFERENCES parent);
ALTER TABLE n ADD COLUMN x int UNIQUE;
CREATE INDEX CONCURRENTLY i ON t (name);
`,
};

describe("files of SQL", () => {
  test("are one history: one record a statement, on what existed before its file", async () => {
    const records = await explain(temporaryFolder(history), "1.sql", "2.sql");
    expect(records.slice(0, 3).map(({ locks, indexBuilds }) => ({ locks, indexBuilds }))).toEqual([
      { locks: {}, indexBuilds: [] },
      { locks: {}, indexBuilds: [] },
      { locks: {}, indexBuilds: [] },
    ]);
    const nothing = {
      rewrites: [],
      scans: [],
      indexBuilds: [],
      foreignKeyChecks: [],
      transaction: "any",
      analysed: true,
    };
    expect(records.slice(3)).toEqual([
      {
        file: "2.sql",
        line: 2,
        endLine: 3,
        sql: "ALTER TABLE t\n  ALTER COLUMN name TYPE varchar(20)",
        ...nothing,
        locks: { "public.t": "ACCESS EXCLUSIVE" },
      },
      {
        file: "2.sql",
        line: 4,
        endLine: 4,
        sql: "CREATE TABLE n (id int REFERENCES parent)",
        ...nothing,
        locks: { "public.parent": "SHARE ROW EXCLUSIVE" },
      },
      {
        file: "2.sql",
        line: 5,
        endLine: 5,
        sql: "ALTER TABLE n ADD COLUMN x int UNIQUE",
        ...nothing,
        locks: {},
      },
      {
        file: "2.sql",
        line: 6,
        endLine: 6,
        sql: "CREATE INDEX CONCURRENTLY i ON t (name)",
        ...nothing,
        locks: { "public.t": "SHARE UPDATE EXCLUSIVE" },
        indexBuilds: ["public.t"],
        transaction: "forbidden",
      },
    ]);
  });

  test("the server's version decides", async () => {
    const folder = temporaryFolder({
      "1.sql": "CREATE TABLE t (a int CHECK (a IS NOT NULL));",
      "2.sql": "ALTER TABLE t ALTER a SET NOT NULL;",
    });
    const scans = async (version: string) =>
      (await explain(folder, "1.sql", "2.sql", "--server-version", version)).at(-1)?.["scans"];
    expect(await scans("11")).toEqual(["public.t"]);
    expect(await scans("12")).toEqual([]);
  });

  test("what cannot be read is named, and the rest goes on", async () => {
    const folder = temporaryFolder({
      "a.sql":
        "ALTER TABLE t ADD COLUMN IF;\n\\set x 1\nDO $$ BEGIN EXECUTE 'DROP TABLE ' || current_user; END $$;\nDROP TABLE t;\n",
    });
    const records = await explain(folder, "a.sql");
    expect(records.map(({ line, analysed, locks }) => ({ line, analysed, locks }))).toEqual([
      { line: 1, analysed: false, locks: {} },
      { line: 2, analysed: true, locks: {} },
      { line: 3, analysed: false, locks: {} },
      { line: 4, analysed: true, locks: { "public.t": "ACCESS EXCLUSIVE" } },
    ]);
  });

  test("for a person", async () => {
    const folder = temporaryFolder(history);
    const { stdout, stderr } = await aludel(folder, ["explain", "1.sql", "2.sql"]);
    expect(stdout).toContain(
      "   6  CREATE INDEX CONCURRENTLY i ON t (name)\n      public.t  SHARE UPDATE EXCLUSIVE  reads and writes go on while an index is built\n      cannot run in a transaction",
    );
    expect(stdout).toContain("locks nothing that was there before");
    expect(stderr).toContain("7 statements on PostgreSQL 18; none would keep others from writing");
  });

  test("a path that is not there is an error of the command line's", async () => {
    expect((await aludel(temporaryFolder({}), ["explain", "none.sql"])).exit).toBe(2);
  });
});

test("--timeline draws who is blocked from which statement to which", async () => {
  const folder = temporaryFolder({
    "1.sql": `ALTER TABLE orders ADD COLUMN note text;
CREATE INDEX items_order ON items (order_id);
ALTER TABLE customers ADD COLUMN vip boolean;
`,
    "2.sql": "CREATE TABLE shops (id int);",
  });
  const { exit, stdout } = await aludel(folder, ["explain", "--timeline", "1.sql", "2.sql"]);
  expect(exit).toBe(0);
  expect(stdout).toBe(`1.sql
  1  line 1: ALTER TABLE orders ADD COLUMN note text
  2  line 2: CREATE INDEX items_order ON items (order_id)
  3  line 3: ALTER TABLE customers ADD COLUMN vip boolean

                   1 2 3
  public.orders    █████
  public.customers     █
  public.items       ▒▒▒
  █ reads and writes blocked  ▒ writes blocked  · locked, others go on

2.sql
  1  line 1: CREATE TABLE shops (id int)

  locks nothing that was there before
`);
});
