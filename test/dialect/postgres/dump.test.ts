import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { linesOf } from "../../../src/dialect/postgres/dump/open-text.js";
import { copiedValue, type Piece, pieces } from "../../../src/dialect/postgres/dump/pieces.js";
import { dumps } from "../../../src/dialect/postgres/dump/restore.js";
import { openPostgresScratch } from "../../../src/dialect/postgres/scratch.js";
import { temporaryFolder } from "../../temporary-folder.js";

async function take(text: string): Promise<readonly Piece[]> {
  async function* lines() {
    yield* text.split("\n");
  }
  const found: Piece[] = [];
  for await (const piece of pieces(lines(), "dump.sql")) found.push(piece);
  return found;
}

describe("a dump is taken apart", () => {
  test("SQL, rows, and the commands that pg_dump writes", async () => {
    const found = await take(
      "\\restrict abc\nSELECT 1;\n\\connect shop\nSELECT 2;\nCOPY public.t (a, b) FROM stdin;\n1\tx\\ty\n\\N\t\n\\.\n\nSELECT 3;\nCOPY e  FROM stdin;\n\n\\.\n\\unrestrict abc",
    );
    expect(found).toEqual([
      { kind: "sql", text: "\nSELECT 1;\n\nSELECT 2;", line: 1 },
      {
        kind: "rows",
        into: "public.t (a, b)",
        rows: [
          ["1", "x\ty"],
          [null, ""],
        ],
        line: 5,
      },
      { kind: "sql", text: "\nSELECT 3;", line: 9 },
      { kind: "rows", into: "e", rows: [[]], line: 11 },
    ]);
  });

  test.each([
    ["in a quote", "SELECT '\n\\d\nCOPY t FROM stdin;\n';"],
    ["in a body", "CREATE FUNCTION a$1() AS $x$ '\n\\d\nCOPY t FROM stdin;\n$x$;"],
    ["in a comment", "/* /* */\n\\d\n*/ SELECT 1;"],
    ["in a name", 'SELECT "\n\\d\n";'],
    ["behind a backslash", "SELECT E'\\'\n\\d\n';"],
    ["behind a constant of a type", "SELECT DATE'\\' -- it's\n, $$\n\\d\n$$;"],
  ])("a backslash %s is no command", async (_, text) => {
    expect(await take(text)).toEqual([{ kind: "sql", text, line: 1 }]);
  });

  test.each([
    ["\\i other.sql", 1, "The dump has a command of psql"],
    ["\\connect a\n\\connect b", 2, "several databases"],
    ["COPY t FROM stdin WITH (FORMAT csv);", 1, "COPY has options"],
    ["COPY t (a) FROM stdin;\n1", 2, "ends among the rows"],
  ])("%s is told", async (text, line, message) => {
    await expect(take(text)).rejects.toMatchObject({
      code: "dump-unreadable",
      message: expect.stringContaining(message),
      where: { file: "dump.sql", line },
    });
  });

  test("values", () => {
    const values = ["\\N", "\\\\N", "a\\tb\\n\\\\", "\\x41\\101", "plain", "\\."];
    expect(values.map(copiedValue)).toEqual([null, "\\N", "a\tb\n\\", "AA", "plain", "."]);
  });
});

async function lines(file: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const line of linesOf(file)) found.push(line);
  return found;
}

test("text, compressed text, and what only pg_restore reads", async () => {
  const folder = temporaryFolder({
    "a.sql": "one\r\ntwo\u2028\n",
    "b.dump": "PGDMP and so on",
    "bin/pg_restore": "#!/bin/sh\necho restored; [ $# = 4 ]\n",
  });
  writeFileSync(join(folder, "a.gz"), gzipSync("one\ntwo"));
  chmodSync(join(folder, "bin/pg_restore"), 0o755);
  expect(await lines(join(folder, "a.sql"))).toEqual(["one", "two\u2028"]);
  expect(await lines(join(folder, "a.gz"))).toEqual(["one", "two"]);
  const path = process.env["PATH"];
  onTestFinished(() => {
    process.env["PATH"] = path;
  });
  process.env["PATH"] = `${join(folder, "bin")}:${path}`;
  expect(await lines(join(folder, "b.dump"))).toEqual(["restored"]);
  process.env["PATH"] = folder;
  await expect(lines(join(folder, "b.dump"))).rejects.toMatchObject({
    code: "dump-unreadable",
    remedy: expect.stringContaining("pg_dump --format=plain"),
  });
  await expect(lines(join(folder, "none"))).rejects.toMatchObject({ code: "dump-unreadable" });
});

const dump = `\\restrict x
SET statement_timeout = 0;
SET of_a_newer_server = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA public;
CREATE TABLE public.persons (id integer NOT NULL, name text, tags text[]);
ALTER TABLE public.persons OWNER TO app;
ALTER TABLE public.persons ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.persons_id_seq);
COPY public.persons (id, name, tags) FROM stdin;
1\tit's\\n\\\\.\t{"a,b",NULL}
7\t\\N\t\\N
\\.
CREATE TABLE public.nothing (
);
COPY public.nothing  FROM stdin;


\\.
SELECT pg_catalog.setval('public.persons_id_seq', 7, true);
INSERT INTO public.persons (name) VALUES ('x');
INSERT INTO public.persons (name) VALUES ('y');
CREATE POLICY p ON public.persons TO app USING (true);
GRANT ALL ON TABLE public.persons TO app;
\\unrestrict x
`;

test("a dump becomes a database, and one that does not says where", { timeout: 60_000 }, async () => {
  const folder = temporaryFolder({ "good.sql": dump, "bad.sql": `${dump}\nSELECT no_such();\n` });
  const scratch = await openPostgresScratch({ url: "pglite:", environmentUrl: null, directory: folder });
  onTestFinished(() => scratch.dispose());
  // One database for both: what the first has made goes before the second comes.
  const openScratch = async () => ({ ...scratch, dispose: async () => undefined });
  const restored = await dumps.restore(join(folder, "good.sql"), { directory: folder, openScratch });
  expect(restored).toMatchObject({ leftOut: 5, description: "PGlite in memory with good.sql" });
  const { connection } = restored;
  expect(await connection.query("SELECT id, name, tags::text FROM persons ORDER BY id")).toEqual([
    { id: 1, name: "it's\n\\.", tags: '{"a,b",NULL}' },
    { id: 7, name: null, tags: null },
    { id: 8, name: "x", tags: null },
    { id: 9, name: "y", tags: null },
  ]);
  expect(await connection.query("SELECT count(*)::int AS n FROM nothing")).toEqual([{ n: 2 }]);
  await connection.run("DROP TABLE persons, nothing");
  await expect(
    dumps.restore(join(folder, "bad.sql"), { directory: folder, openScratch }),
  ).rejects.toMatchObject({ code: "dump-unreadable", where: { line: 27, statement: "SELECT no_such()" } });
});
