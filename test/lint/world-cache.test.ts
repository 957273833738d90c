import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analysePostgres } from "../../src/dialect/postgres/effect/analyse.js";
import type { World } from "../../src/effect/world.js";
import type { HistoryEnd } from "../../src/lint/analyse-files.js";
import { writeLine } from "../../src/lint/kept-text.js";
import { openWorldCache } from "../../src/lint/world-cache.js";
import { emptySchema, table } from "../../src/schema/build.js";
import { temporaryFolder } from "../temporary-folder.js";

const sql = `CREATE SCHEMA "order x";
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0) NOT NULL;
CREATE TABLE customers (id bigserial PRIMARY KEY, "naïve ü" mood DEFAULT 'ok', CHECK (length("naïve ü"::text) > 1));
CREATE TABLE "order x".orders (id int GENERATED ALWAYS AS IDENTITY, amount positive, customer bigint REFERENCES customers,
  total numeric GENERATED ALWAYS AS (amount * 2) STORED, UNIQUE (amount, customer)) WITH (fillfactor = 70);
CREATE INDEX ON "order x".orders (lower(amount::text)) WHERE amount > 3;
CREATE VIEW open_orders AS SELECT * FROM "order x".orders JOIN customers ON true;
CREATE TABLE parts (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER t BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON customers USING (true);
CREATE STATISTICS s ON id, at FROM parts_1;
SET lock_timeout = '5s';
ALTER TABLE nobody_saw_it_made ADD COLUMN x text;`;

/** Everything in a world, as text. */
function told(world: World): readonly string[] {
  const { relations, relationNames, constraintNames, types, typeNames, functions, ...rest } = world;
  const maps = [relations, relationNames, constraintNames, types, typeNames, functions];
  return [writeLine(rest), ...maps.flatMap((map) => [...map].map(writeLine).sort())];
}

test("what a history has led to is the same when it was kept", async () => {
  const root = temporaryFolder();
  mkdirSync(join(root, "node_modules"));
  const statements = await analysePostgres([{ file: "a.sql", text: sql }], {
    serverVersion: 18,
    inTransaction: true,
  });
  const last = statements.at(-1);
  if (last === undefined) throw new Error("nothing was read");
  const end: HistoryEnd = { world: last.after, from: { source: 1, position: statements.length } };
  const schema = { ...emptySchema("postgres"), tables: new Map([["customers", table("customers")]]) };
  const cache = openWorldCache(root, ["postgres"]);
  cache.keep(["a", "b"], end, schema);

  const known = cache.find(["a", "b", "c"]);
  if (known === null) throw new Error("it was not kept");
  expect(known.length).toBe(2);
  expect(known.end.from).toEqual(end.from);
  expect(told(known.end.world)).toEqual(told(end.world));
  expect(known.schema()).toEqual(schema);
  expect([
    ...(known.end.world.relations.get(last.after.relationNames.get("public\0customers") ?? 0)?.indexes ?? []),
  ]).toHaveLength(1);
  expect([cache.find(["a"]), cache.find(["a", "c", "b"])]).toEqual([null, null]);
});
