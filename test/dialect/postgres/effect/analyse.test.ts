import { describe, expect, test } from "vitest";
import { analysePostgres } from "../../../../src/dialect/postgres/effect/analyse.js";
import type { AnalysedStatement } from "../../../../src/effect/statement.js";
import { showRelation } from "../../../../src/effect/world.js";

async function analyse(...texts: readonly string[]): Promise<readonly AnalysedStatement[]> {
  const sources = texts.map((text, at) => ({ file: `${at}.sql`, text }));
  return analysePostgres(sources, { serverVersion: 18, inTransaction: true });
}

/** `line: locks | work`, of the last text. */
async function felt(...texts: readonly string[]): Promise<readonly string[]> {
  const analysed = await analyse(...texts);
  return analysed
    .filter(({ source }) => source === texts.length - 1)
    .map(({ line, onExisting, before }) => {
      const name = (id: number) => showRelation(before.relations.get(id) ?? { namespace: "?", name: "?" });
      const locks = [...onExisting.locks].map(([id, mode]) => `${name(id)} ${mode}`).sort();
      const { rewrites, scans, indexBuilds, foreignKeyChecks, analysed: known } = onExisting;
      const work = [...rewrites, ...scans, ...indexBuilds, ...foreignKeyChecks].map(name);
      return `${line}: ${locks.join(", ")} | ${work.join(", ")}${known ? "" : " ?"}`;
    });
}

const t =
  "CREATE TABLE t (id int PRIMARY KEY, a int, v varchar(10)); CREATE TABLE c (t_id int REFERENCES t);";

describe("a script of whichever tool", () => {
  test("psql's commands and the rows of COPY are no statements of the server's", async () => {
    const text = "\\set x 1\nCOPY t FROM stdin;\n1\t'\\N\n\\.\nSELECT :'x', :x \\gexec\nDROP INDEX t_a;\n";
    expect(await felt("CREATE TABLE t (a int); CREATE INDEX t_a ON t (a);", text)).toEqual([
      "1:  | ",
      "2: public.t ROW EXCLUSIVE | ",
      "5:  | ",
      "6: public.t ACCESS EXCLUSIVE | ",
    ]);
  });

  test("what does not parse keeps to itself, an open quote too", async () => {
    const text = "ALTER TABLE t ADD COLUMN IF;;\nSELECT 'open;\nDROP TABLE c;\nALTER TABEL t;\n";
    const analysed = await analyse(t, text);
    const own = analysed.filter(({ source }) => source === 1);
    expect(own.map(({ line, sql, effect }) => [line, sql, effect.analysed])).toEqual([
      [1, "ALTER TABLE t ADD COLUMN IF", false],
      [2, "SELECT 'open", false],
      [3, "DROP TABLE c", true],
      [4, "ALTER TABEL t", false],
    ]);
  });

  test("the way back stands apart: the next file goes on from the way up", async () => {
    const first = "-- +goose Up\nCREATE TABLE t (a int);\n-- +goose Down\nDROP TABLE t;\n";
    const analysed = await analyse(first, "ALTER TABLE t ADD b int;");
    expect(analysed.map(({ section, onExisting }) => [section, onExisting.locks.size])).toEqual([
      ["up", 0],
      ["down", 1],
      ["up", 1],
    ]);
  });

  test.each([
    ["deep", `SELECT ${"(".repeat(100_000)}1${")".repeat(100_000)}`],
    ["a long sum", `SELECT ${"1+".repeat(30_000)}1`],
    ["not text", "SELECT 1\0\u0001"],
    ["quotes", `'";$$`.repeat(1000)],
  ])("%s is not analysed, and nothing breaks", async (_, text) => {
    const analysed = await analyse(text);
    expect(analysed.some(({ effect }) => !effect.analysed)).toBe(true);
  });
});

describe("code", () => {
  const block = (body: string) => `DO $$\nBEGIN\n${body}\nEND $$;`;

  test.each([
    ["statements", "ALTER TABLE t ALTER a SET NOT NULL;", "1: public.t ACCESS EXCLUSIVE | public.t"],
    [
      "EXECUTE of a constant",
      "EXECUTE format('ALTER TABLE %I ALTER a SET NOT NULL', 't');",
      "1: public.t ACCESS EXCLUSIVE | public.t",
    ],
    ["EXECUTE of what nobody knows", "EXECUTE current_user;", "1:  |  ?"],
    [
      "a condition that holds",
      "IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'n') THEN ALTER TABLE t ADD n int; END IF;",
      "1: public.t ACCESS EXCLUSIVE | ",
    ],
    [
      "a condition that does not",
      "IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'c_t_id_fkey' AND conrelid = 'public.c'::regclass) THEN ALTER TABLE c ADD FOREIGN KEY (t_id) REFERENCES t; END IF;",
      "1:  | ",
    ],
  ])("%s", async (_, body, expected) => {
    expect(await felt(t, block(body))).toEqual([expected]);
  });

  test("of a function that the history has made", async () => {
    const made =
      "CREATE FUNCTION f(x int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE t ALTER v TYPE int USING x; RETURN x; END $$;";
    expect(await felt(t, made, "SELECT f(1);")).toEqual(["1: public.t ACCESS EXCLUSIVE | public.t"]);
  });
});

describe("the world", () => {
  test.each([
    [
      "names are looked up in the search path",
      "SET search_path = s; CREATE SCHEMA s; CREATE TABLE s.t (a int);",
      "ALTER TABLE t ADD b int;",
      "1: s.t ACCESS EXCLUSIVE | ",
    ],
    [
      "a renamed table is the same one",
      `${t} ALTER TABLE t RENAME TO u;`,
      "ALTER TABLE c DROP CONSTRAINT c_t_id_fkey;",
      "1: public.c ACCESS EXCLUSIVE, public.u ACCESS EXCLUSIVE | ",
    ],
    [
      "what was rolled back is not there",
      `${t} BEGIN; ALTER TABLE t ALTER a SET NOT NULL; ROLLBACK;`,
      "ALTER TABLE t ALTER a SET NOT NULL;",
      "1: public.t ACCESS EXCLUSIVE | public.t",
    ],
    [
      "a table that nobody saw made has columns of unknown types",
      "",
      "ALTER TABLE x ALTER y TYPE text;",
      "1: public.x ACCESS EXCLUSIVE | public.x",
    ],
    ["nor is what IF EXISTS does not find", t, "DROP TABLE IF EXISTS x;", "1:  | "],
  ])("%s", async (_, before, text, expected) => {
    expect(await felt(before, text)).toEqual([expected]);
  });
});
