import { expect, test } from "vitest";
import { postgres } from "../../../src/dialect/postgres/postgres.js";
import { sqlite } from "../../../src/dialect/sqlite/sqlite.js";
import { queryFiles, readQueries } from "../../../src/gate/compat/read-queries.js";
import { temporaryFolder } from "../../temporary-folder.js";

async function read(files: Readonly<Record<string, string>>, dialect = postgres) {
  const folder = temporaryFolder(files);
  const found = await queryFiles(folder, ["**/*", "!**/*.md"]);
  const { queries, unread } = await readQueries(
    folder,
    found.map((path) => ({ path, file: path })),
    dialect,
  );
  return {
    queries: queries.map(({ place, sql }) => `${place} ${sql}`),
    unread: unread.map(({ place, reason }) => `${place} ${reason}`),
  };
}

test("scripts: every statement that asks, each text once, with named parameters", async () => {
  const files = {
    "a.sql": `-- name: one
SELECT id FROM persons
  WHERE name = :name AND ':no' <> note::text AND tags[1:2] = :tags OR name = :name;

SET search_path = x; BEGIN;
(SELECT 1);
insert into persons (id) values (1);
CREATE TABLE t (id int);`,
    "b.sql": "select   id from t;\nSELECT 1; select id\nfrom t",
    "broken.sql": "SELECT 1;\nSELEKT 2;",
    "notes.md": "SELECT none;",
  };
  expect(await read(files)).toEqual({
    queries: [
      `a.sql:2 SELECT id FROM persons
  WHERE name = $1 AND ':no' <> note::text AND tags[1:2] = $2 OR name = $1`,
      "a.sql:6 (SELECT 1)",
      "a.sql:7 insert into persons (id) values (1)",
      "b.sql:1 select   id from t",
      "b.sql:2 SELECT 1",
    ],
    unread: ['broken.sql:2 syntax error at or near "SELEKT"'],
  });
});

test("SQLite knows names of parameters, and a PRAGMA asks nothing", async () => {
  const text = "SELECT * FROM t WHERE a = :a AND b = ?; PRAGMA user_version; REPLACE INTO t VALUES (@x)";
  expect(await read({ "a.sql": text }, sqlite)).toEqual({
    queries: ["a.sql:1 SELECT * FROM t WHERE a = :a AND b = ?", "a.sql:1 REPLACE INTO t VALUES (@x)"],
    unread: [],
  });
});

test("logs: JSON in lines and whole, what Drizzle prints, and what is none of them", async () => {
  const files = {
    "a.jsonl": [
      '{"sql":"SELECT 1"}',
      '{"level":30,"query":"/* trace */ select 2 ;","params":[1]}',
      '{"text":"begin"}',
      "no json",
      '{"statement": "INSERT INTO t VALUES ($1)"}',
      '{"sql": 3}',
      '{"sql":"SELECT 1"}',
    ].join("\n"),
    "b.json": '["select 4", {"sql": "select 5"}, null]',
    "c.log": [
      'Query: select "id" from "t" where "a" = $1 -- params: ["x -- params: y"]',
      "GET /persons 200",
      "2026 INFO Query: select 6",
      "GET /persons 200",
      "Query: select",
      "  7 -- params: [1]",
      "",
    ].join("\n"),
  };
  expect(await read(files)).toEqual({
    queries: [
      "a.jsonl:1 SELECT 1",
      "a.jsonl:2 select 2",
      "a.jsonl:5 INSERT INTO t VALUES ($1)",
      "b.json:1 select 4",
      "b.json:1 select 5",
      'c.log:1 select "id" from "t" where "a" = $1',
      "c.log:3 select 6",
      "c.log:5 select\n  7",
    ],
    unread: [],
  });
});

test("what a server has noted, as a table", async () => {
  const files = {
    "used.csv": [
      "calls,query",
      '7,"SELECT ""a"", $1',
      'FROM t"',
      "3,<insufficient privilege>",
      "1,SELECT now() - interval $1",
      "1,COMMIT",
      "",
    ].join("\r\n"),
  };
  expect(await read(files)).toEqual({
    queries: ['used.csv:2 SELECT "a", $1\r\nFROM t', "used.csv:5 SELECT now() - CAST($1 AS interval)"],
    unread: ["used.csv:4 its text is <insufficient privilege>"],
  });
});
