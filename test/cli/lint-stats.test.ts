import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { on } from "../run/project.js";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const tables = `CREATE SCHEMA "Shop x";
CREATE TABLE small (id int);
INSERT INTO small SELECT generate_series(1, 5);
CREATE TABLE "Shop x"."Big ""one""" (id int) WITH (autovacuum_enabled = off);
INSERT INTO "Shop x"."Big ""one""" SELECT generate_series(1, 20000);
CREATE TABLE parts (id int) PARTITION BY RANGE (id);
CREATE TABLE part_one PARTITION OF parts FOR VALUES FROM (0) TO (100);
INSERT INTO parts SELECT generate_series(1, 7);
ANALYZE;
CREATE TABLE unknown (id int) WITH (autovacuum_enabled = off);
INSERT INTO unknown VALUES (1);`;

const sql = `ALTER TABLE small ADD CONSTRAINT a CHECK (id > 0);
ALTER TABLE "Shop x"."Big ""one""" ADD CONSTRAINT a CHECK (id > 0);
ALTER TABLE parts ADD CONSTRAINT a CHECK (id > 0);
ALTER TABLE unknown ADD CONSTRAINT a CHECK (id > 0);
`;

interface Answer {
  readonly findings: readonly { rule: string; range: { line: number } }[];
}

test("sizes come from a database that is only read, or from the file that is written of it", async () => {
  const database = await createTestDatabase();
  try {
    const folder = temporaryFolder({
      "aludel.config.json": JSON.stringify({
        dialect: "postgres",
        environments: { production: { url: database.url } },
      }),
      "a.sql": sql,
    });
    await on(database.url, folder, (connection) => connection.run(tables));
    const linesOf = async (...words: readonly string[]) => {
      const { stdout } = await aludel(folder, ["lint", "--from-file", "a.sql", "--json", ...words]);
      const { findings } = JSON.parse(stdout) as Answer;
      return findings.filter(({ rule }) => rule === "check-without-not-valid").map(({ range }) => range.line);
    };
    expect(await linesOf()).toEqual([1, 2, 3, 4]);
    expect(await linesOf("--stats", "env:production")).toEqual([2, 4]);
    expect(await linesOf("--stats", database.url)).toEqual([2, 4]);

    const written = await aludel(folder, [
      "lint",
      "--stats",
      "env:production",
      "--write-stats",
      "sizes.json",
    ]);
    expect(written).toMatchObject({ exit: 0 });
    expect(`${written.stdout}${written.stderr}`).toContain("wrote the sizes of 5 tables to sizes.json");
    const text = readFileSync(join(folder, "sizes.json"), "utf8");
    const rows = (JSON.parse(text) as { schema: string; table: string; rows: number }[]).map(
      ({ schema, table, rows }) => `${schema}.${table} ${rows}`,
    );
    expect(rows.sort()).toEqual([
      'Shop x.Big "one" 20000',
      "public.part_one 7",
      "public.parts 7",
      "public.small 5",
      "public.unknown -1",
    ]);
    expect(await linesOf("--stats", "sizes.json")).toEqual([2, 4]);
  } finally {
    await database.drop();
  }
});

test("what cannot be asked is said, without a password", async () => {
  const folder = temporaryFolder({ "a.sql": sql, "aludel.config.json": '{ "dialect": "postgres" }' });
  const lint = (...words: readonly string[]) => aludel(folder, ["lint", "--from-file", "a.sql", ...words]);
  const refused = await lint("--stats", "postgres://me:s3cr3t@127.0.0.1:1/x");
  expect(refused.exit).toBe(2);
  expect(refused.stderr).toContain("error[connection-failed]");
  expect(`${refused.stdout}${refused.stderr}`).not.toContain("s3cr3t");
  const named = await lint("--stats", "env:prod");
  expect(named.exit).toBe(2);
  expect(named.stderr).toContain("error[environment-unknown]");
  expect((await lint("--write-stats", "x.json")).stderr).toContain("none is named");
  expect((await lint("--stats", "sizes.json")).stderr).toContain("The sizes of tables cannot be read");
  const sqlite = await lint("--stats", "sqlite:none.db");
  expect(sqlite.stderr).toContain("does not know how many rows");
  expect(existsSync(join(folder, "none.db"))).toBe(false);
});
