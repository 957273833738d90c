import { expect, test } from "vitest";
import { analysePostgres } from "../../../../src/dialect/postgres/effect/analyse.js";
import { onServer } from "../database.js";

/** Functions that say nothing of their volatility: the server looks into those that it puts in their place. */
const functions: readonly (readonly [returns: string, body: string])[] = [
  ["int", "LANGUAGE sql AS 'SELECT 1'"],
  ["timestamptz", "LANGUAGE sql AS 'SELECT now() -- random()\n;'"],
  ["timestamp", "LANGUAGE sql AS $$ SELECT (now() AT TIME ZONE 'utc')::timestamp $$"],
  ["float8", "LANGUAGE sql AS 'SELECT random()'"],
  ["int", "LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'"],
  ["int", "LANGUAGE sql AS 'SELECT count(*)::int FROM pg_class'"],
  ["int", "LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"],
  ["int", "LANGUAGE sql SET work_mem = '1MB' AS 'SELECT 1'"],
  ["int", "LANGUAGE sql AS 'SELECT f0() + 1'"],
  ["float8", "LANGUAGE sql AS 'SELECT coalesce(f3(), 1)'"],
  ["int", "BEGIN ATOMIC SELECT 1; END"],
  ["timestamp", "LANGUAGE sql RETURN (now() AT TIME ZONE 'utc')::timestamp"],
  ["float8", "LANGUAGE sql BEGIN ATOMIC\n  SELECT random();\nEND"],
  ["int", "LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END"],
  ["float8", "RETURN random() + CASE WHEN true THEN 1 END"],
  ["text", "LANGUAGE sql AS 'SELECT CASE WHEN (true) THEN lower(''random()'') ELSE NULL END'"],
];

const history = `CREATE TABLE t (id int);
${functions.map(([returns, body], at) => `CREATE FUNCTION f${at}() RETURNS ${returns} ${body};`).join("\n")}`;
const add = (at: number) => `ALTER TABLE t ADD COLUMN c${at} ${functions[at]?.[0]} DEFAULT f${at}()`;

test("a column's default is as volatile as the server finds it", { timeout: 60_000 }, async () => {
  await onServer(async (connection) => {
    await connection.run(`${history}\nINSERT INTO t VALUES (1)`);
    const file = async () =>
      (await connection.query("SELECT relfilenode::text AS file FROM pg_class WHERE relname = 't'"))[0]?.[
        "file"
      ];
    const expected: boolean[] = [];
    const told: boolean[] = [];
    for (const at of functions.keys()) {
      const before = await file();
      await connection.run(add(at));
      expected.push((await file()) !== before);
      const sources = [history, add(at)].map((text, number) => ({ file: `${number}.sql`, text }));
      const statements = await analysePostgres(sources, { serverVersion: 18, inTransaction: true });
      told.push((statements.at(-1)?.onExisting.rewrites.length ?? 0) > 0);
    }
    expect(told).toEqual(expected);
    expect(new Set(expected)).toEqual(new Set([true, false]));
  });
});
